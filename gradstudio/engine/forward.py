"""All values of a graph, again and again: what a changed leaf reaches is computed, and no more.

For a window that follows a dragged number, and for every caller that wants values without
gradients. Which calls a leaf reaches is found when it first changes. Single numbers are computed
from a list of calls, and by a generated function once a leaf has changed `PAYS_AFTER` times;
arrays by the calls of a tape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from gradstudio.engine.floats import LARGEST_GENERATED, PAYS_AFTER
from gradstudio.engine.forms import FAILS
from gradstudio.engine.generated import pieces
from gradstudio.engine.interpreted import Interpreted, exact
from gradstudio.engine.lowering import exponents, lower
from gradstudio.engine.program import no_value, walk
from gradstudio.engine.scalars import ScalarCode, scalar_code
from gradstudio.engine.tape import Binding, Tape, run
from gradstudio.graph import Graph
from gradstudio.ops import Array, Shape


class CompiledForward:
    """Every value of a finished graph.

    Args:
        graph: the graph; its leaves begin with their values in it.
        dtype: float64 or float32.

    Raises:
        GradStudioError: a node is not connected or has no value, or shapes do not fit.
    """

    def __init__(self, graph: Graph, *, dtype: npt.DTypeLike = np.float64) -> None:
        self._graph = graph
        self._dtype = np.dtype(dtype)
        self._order = tuple(walk(graph, graph.nodes))
        self._leaves: dict[str, Array] = {}
        for name in self._order:
            node = graph.nodes[name]
            if node.is_leaf:
                if node.value is None:
                    raise no_value(name)
                self._leaves[name] = node.value
        self._exponents = exponents(graph, self._order)
        self._values = self._made()

    @property
    def executor(self) -> str:
        """What computes: `arrays`, or `floats` where every value is one number."""
        return self._values.name

    def set_values(self, values: Mapping[str, npt.ArrayLike]) -> None:
        """Give leaves other values, and compute what depends on them.

        Raises:
            GradStudioError: shapes do not fit, or an op refuses a value.
        """
        arrays = {name: np.asarray(value) for name, value in values.items()}
        for name, value in arrays.items():
            if value.shape != self._leaves[name].shape or name in self._exponents:
                self._leaves.update(arrays)
                self._graph = self._graph.set_values(arrays)
                self._exponents = exponents(self._graph, self._order)
                self._values = self._made()
                return
        self._leaves.update(arrays)
        self._values.change(arrays)

    def value(self, name: str) -> Array:
        """Return the present value of a node."""
        return self._values.value(name)

    def _made(self) -> _Floats | _Arrays:
        shapes = {name: value.shape for name, value in self._leaves.items()}
        end, *others = self._order[-1], *self._order[:-1]
        code = scalar_code(self._graph, end, shapes, record=True, also=tuple(others))
        made = _Floats(code) if code else _Arrays(self._graph, self._order, shapes, self._dtype)
        made.change(self._leaves)
        return made


class _Floats:
    """The values of single numbers."""

    name = "floats"

    def __init__(self, code: ScalarCode) -> None:
        self._code = code
        self._values = [0.0] * code.size
        for slot, number in code.literals.items():
            self._values[slot] = number
        self._parts: dict[tuple[str, ...], ScalarCode] = {}
        self._lists: dict[tuple[str, ...], Interpreted] = {}
        self._functions: dict[tuple[str, ...], list[Callable[[list[float]], None]]] = {}
        self._changes: dict[tuple[str, ...], int] = {}

    def change(self, values: Mapping[str, Array]) -> None:
        """Take over the values of leaves and compute what they reach."""
        leaves = tuple(values)
        for name in leaves:
            if name in self._code.leaves:
                self._values[self._code.leaves[name]] = float(values[name].reshape(()))
        part = self._parts.get(leaves)
        if part is None:
            part = self._parts[leaves] = self._reached(leaves)
            self._lists[leaves] = Interpreted(part)
        count = self._changes[leaves] = self._changes.get(leaves, 0) + 1
        if count == PAYS_AFTER and len(part.calls) <= LARGEST_GENERATED:
            self._functions[leaves] = pieces(part, [call[1] for call in part.calls])
        try:
            if leaves in self._functions:
                for function in self._functions[leaves]:
                    function(self._values)
            else:
                self._lists[leaves].run(self._values)
        except FAILS:
            exact(part, self._values)

    def value(self, name: str) -> Array:
        """Return the value of a node."""
        return np.full(self._code.shapes[name], self._values[self._code.values[name]])

    def _reached(self, leaves: Iterable[str]) -> ScalarCode:
        code = self._code
        reached = {code.leaves[name] for name in leaves if name in code.leaves}
        calls = []
        for call in code.calls:
            if not reached.isdisjoint(call[2:]):
                reached.add(call[1])
                calls.append(call)
        return replace(code, calls=calls)


class _Arrays:
    """The values of arrays."""

    name = "arrays"

    def __init__(
        self,
        graph: Graph,
        order: tuple[str, ...],
        shapes: Mapping[str, Shape],
        dtype: np.dtype[Any],
    ) -> None:
        self._lowered = lower(graph, order, shapes)
        slots = set(self._lowered.values.values())
        leaves = self._lowered.leaves.values()
        self._binding = Binding(
            self._lowered.recording, leaves, slots, slots, leaves, homes={}, dtype=dtype
        )
        with np.errstate(all="ignore"):
            run(self._binding.prologue)
        self._tapes: dict[tuple[str, ...], Tape] = {}

    def change(self, values: Mapping[str, Array]) -> None:
        """Take over the values of leaves and compute what they reach."""
        leaves = tuple(values)
        for name, value in values.items():
            if name in self._lowered.leaves:
                self._binding.array(self._lowered.leaves[name])[...] = value
        tape = self._tapes.get(leaves)
        if tape is None:
            tape = self._tapes[leaves] = self._reached(leaves)
        with np.errstate(all="ignore"):
            run(tape)

    def value(self, name: str) -> Array:
        """Return the value of a node."""
        return self._binding.array(self._lowered.values[name]).copy()

    def _reached(self, leaves: Iterable[str]) -> Tape:
        slots = self._lowered.leaves
        reached = {slots[name] for name in leaves if name in slots}
        for call in self._lowered.recording.calls:
            if not reached.isdisjoint(call.inputs):
                reached.add(call.output)
        binding = self._binding
        return [
            call
            for call, slot in zip(binding.tape, binding.written, strict=True)
            if slot in reached
        ]
