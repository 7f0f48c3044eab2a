"""A graph of single numbers as calls over numbered slots: forward, then backward.

The rules of an op are recorded once for each kind of use (`mul` by a constant, `max` of which one
input is trained …); a node then only renumbers that pattern's slots, about a microsecond's work.
The executors of scalars all start from this list.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from gradstudio.engine.evaluate import depends
from gradstudio.engine.forms import SHARE
from gradstudio.engine.lowering import applied, exponents, fed_by
from gradstudio.engine.program import walk
from gradstudio.engine.recording import VIEWS, Recorder, Recording
from gradstudio.graph import Graph, Node
from gradstudio.ops import Shape, unbroadcast
from gradstudio.ops.base import Elementwise

ScalarCall: TypeAlias = tuple[Any, ...]
"""(kind, output, *inputs)."""


class NotScalarError(Exception):
    """An array of more than one number turned up."""


@dataclass
class ScalarCode:
    """Calls over slots that hold one number each.

    Args:
        end: the node whose gradient is taken, or that is computed last.
        leaves: the slot of every leaf; the trained ones come first, in their order.
        literals: the slots of numbers that never change.
        calls: what to compute, each after what it needs.
        values: the slot of every node.
        grads: the slot of the gradient of every node that depends on a trained leaf.
        shapes: of every node: all have one entry, but () and (1, 1) are told apart.
        size: how many slots there are.
    """

    end: str
    leaves: dict[str, int] = field(default_factory=dict)
    literals: dict[int, float] = field(default_factory=dict)
    calls: list[ScalarCall] = field(default_factory=list)
    values: dict[str, int] = field(default_factory=dict)
    grads: dict[str, int] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    size: int = 0
    _known: dict[float, int] = field(default_factory=dict)

    def slot(self) -> int:
        """Return a new slot."""
        self.size += 1
        return self.size - 1

    def literal(self, number: float) -> int:
        """Return the slot of a number."""
        slot = self._known.get(number)
        if slot is None or number != number:
            slot = self._known[number] = self.slot()
            self.literals[slot] = number
        return slot


class _Pattern(NamedTuple):
    """Calls over local slots: first come the inputs, then the numbers, then one a call.

    A result is None where no gradient goes.
    """

    calls: tuple[ScalarCall, ...]
    numbers: tuple[float, ...]
    results: tuple[int | None, ...]
    shape: Shape


def scalar_code(
    graph: Graph,
    end: str,
    shapes: Mapping[str, Shape],
    wrt: tuple[str, ...] = (),
    *,
    record: bool = False,
    also: tuple[str, ...] = (),
) -> ScalarCode | None:
    """Return the code of a graph, or None where it holds an array of more than one number.

    Args:
        graph: the graph.
        end: its output.
        shapes: of the leaves upstream of it.
        wrt: the leaves whose gradient is asked, if any is.
        record: whether every node's value and gradient is asked for.
        also: other nodes to compute, where there is no backward pass.

    Raises:
        GradStudioError: a node is not connected, or shapes do not fit.
    """
    order = tuple(walk(graph, (end, *also)))
    if any(math.prod(shapes[name]) != 1 for name in order if graph.nodes[name].is_leaf):
        return None
    code = ScalarCode(end)
    try:
        known = _forward(graph, order, code, shapes, wrt)
        if wrt:
            _backward(
                graph, order, code, depends(graph, order, set(wrt).intersection(order)), known
            )
    except NotScalarError:
        return None
    if not record:
        code.values = {name: code.values[name] for name in (*code.leaves, end)}
        code.shapes = {name: code.shapes[name] for name in (*code.leaves, end)}
        code.grads = {name: code.grads[name] for name in wrt}
    return code


def _forward(
    graph: Graph,
    order: tuple[str, ...],
    code: ScalarCode,
    shapes: Mapping[str, Shape],
    wrt: tuple[str, ...],
) -> dict[str, float]:
    """Add the forward pass; return the exponents whose numbers are part of it."""
    known = exponents(graph, order)
    patterns: dict[Any, _Pattern] = {}
    for name in wrt:
        code.leaves[name] = code.slot()
    for name in order:
        node = graph.nodes[name]
        if node.is_leaf:
            code.shapes[name] = shapes[name]
            if name in known:
                code.values[name] = code.literal(known[name])
            else:
                if name not in code.leaves:
                    code.leaves[name] = code.slot()
                code.values[name] = code.leaves[name]
            continue
        sources = fed_by(graph, name)
        fed = tuple([code.shapes[source] for source in sources])
        numbers = tuple([known.get(source) for source in sources])
        key = (node.rules, fed, numbers, *node.settings.items())
        pattern = patterns.get(key)
        if pattern is None:
            pattern = patterns[key] = _forward_pattern(graph, name, fed, numbers)
        code.shapes[name] = pattern.shape
        (out,) = _placed(code, pattern, [code.values[source] for source in sources])
        if out is None:
            raise NotScalarError
        code.values[name] = out
    return known


def _backward(
    graph: Graph,
    order: tuple[str, ...],
    code: ScalarCode,
    reached: set[str],
    known: Mapping[str, float],
) -> None:
    """Add the backward pass from the last node of `order`."""
    patterns: dict[Any, _Pattern] = {}
    one = code.literal(1.0)
    found: dict[str, int] = {code.end: one} if code.end in reached else {}
    values, grads, shapes = code.values, code.grads, code.shapes
    for name in reversed(order):
        g = found.pop(name, None)
        if g is None:
            continue
        grads[name] = g
        node = graph.nodes[name]
        if node.is_leaf:
            continue
        sources = node.inputs
        fed = tuple([shapes[source] for source in sources])  # type: ignore[index]  # connected
        wanted = tuple([source in reached for source in sources])
        numbers = tuple([known.get(source) for source in sources])  # type: ignore[arg-type]  # same
        key = (node.rules, fed, wanted, numbers, g == one, *node.settings.items())
        pattern = patterns.get(key)
        if pattern is None:
            shape = shapes[name]
            pattern = _backward_pattern(node, fed, wanted, numbers, shape, seed=g == one)
            patterns[key] = pattern
        inputs = [values[source] for source in sources]  # type: ignore[index]  # same
        pulled = _placed(code, pattern, [*inputs, values[name], g])
        for source, part in zip(sources, pulled, strict=True):
            if part is None or source is None:
                continue
            before = found.get(source)
            if before is not None:
                total = code.slot()
                code.calls.append((np.add, total, before, part))
                part = total
            found[source] = part
    for name in code.leaves:
        if name in reached and name not in grads:
            grads[name] = code.literal(0.0)


def _placed(code: ScalarCode, pattern: _Pattern, at: list[int]) -> list[int | None]:
    """Add the calls of a pattern over the slots `at`; return the slots of its results."""
    at += [code.literal(number) for number in pattern.numbers]
    slot = code.size
    calls = code.calls
    for call in pattern.calls:
        if len(call) == 3:
            calls.append((call[0], slot, at[call[1]], at[call[2]]))
        else:
            calls.append((call[0], slot, *[at[one] for one in call[1:]]))
        at.append(slot)
        slot += 1
    code.size = slot
    return [None if one is None else at[one] for one in pattern.results]


def _forward_pattern(
    graph: Graph, name: str, fed: tuple[Shape, ...], numbers: tuple[float | None, ...]
) -> _Pattern:
    recording = Recording()
    inputs = _inputs(recording, fed, numbers)
    out = applied(recording, name, graph.nodes[name], inputs)
    return _pattern(recording, [one.at for one in inputs], [out.at], out.shape)


def _backward_pattern(
    node: Node,
    fed: tuple[Shape, ...],
    wanted: tuple[bool, ...],
    numbers: tuple[float | None, ...],
    shape: Shape,
    *,
    seed: bool,
) -> _Pattern:
    recording = Recording()
    inputs = _inputs(recording, fed, numbers)
    out = recording.leaf(shape)
    g = recording.recorder(np.ones(shape)) if seed else recording.leaf(shape)
    pulled = node.rules.vjp(g, out, *inputs, **node.settings)
    results = [
        unbroadcast(recording.recorder(part), to).at if part is not None and asked else None
        for part, to, asked in zip(pulled, fed, wanted, strict=True)
    ]
    return _pattern(recording, [*(one.at for one in inputs), out.at, g.at], results, shape)


def _inputs(
    recording: Recording, shapes: tuple[Shape, ...], numbers: tuple[float | None, ...]
) -> list[Recorder]:
    return [
        recording.leaf(shape) if number is None else recording.recorder(np.full(shape, number))
        for shape, number in zip(shapes, numbers, strict=True)
    ]


def _pattern(
    recording: Recording, inputs: list[int], results: list[int | None], shape: Shape
) -> _Pattern:
    """Return what a recording of single numbers computes, without the calls that only reshape."""
    calls: dict[int, ScalarCall] = {}
    same: dict[int, int] = {}
    needed = recording.needed(one for one in results if one is not None)
    for call in needed:
        if math.prod(recording.shapes[call.output]) != 1:
            raise NotScalarError
        fed = [same.get(one, one) for one in call.inputs]
        if call.kind in VIEWS or call.kind == "reduce":
            same[call.output] = fed[0]
        elif call.kind is np.multiply and recording.number(fed[1]) == 1.0:
            same[call.output] = fed[0]  # a condition times 1.0: here it is 0.0 or 1.0 anyway
        elif call.kind == "op":
            if not issubclass(call.detail[0], Elementwise):
                raise NotScalarError
            calls[call.output] = (call.detail, *fed)
        elif call.kind == "concatenate":
            raise NotScalarError
        else:
            calls[call.output] = (np.multiply if call.kind == "matmul" else call.kind, *fed)
    for out, (kind, *inputs_of) in calls.items():
        if kind is np.add and (shared := _shared(recording, calls, inputs_of)):
            calls[out] = (SHARE, *shared)
    wanted = [None if one is None else same.get(one, one) for one in results]
    return _numbered(recording, inputs, calls, wanted, shape)


def _shared(
    recording: Recording, calls: Mapping[int, ScalarCall], fed: list[int]
) -> tuple[int, int] | None:
    """Return x and y where `fed` are [x > y] and ½ [x = y]."""
    first: ScalarCall = calls.get(fed[0], ())
    half: ScalarCall = calls.get(fed[1], ())
    if not first or not half or first[0] not in (np.greater, np.less):
        return None
    if half[0] is not np.multiply or recording.number(half[1]) != 0.5:
        return None
    tie: ScalarCall = calls.get(half[2], ())
    if not tie or tie[0] is not np.equal or set(tie[1:]) != set(first[1:]):
        return None
    x, y = first[1:]
    return (x, y) if first[0] is np.greater else (y, x)


def _numbered(
    recording: Recording,
    inputs: list[int],
    calls: dict[int, ScalarCall],
    results: list[int | None],
    shape: Shape,
) -> _Pattern:
    """Return the calls the results need, renumbered."""
    needed: set[int] = {one for one in results if one is not None}
    for out in reversed(calls):
        if out in needed:
            needed.update(calls[out][1:])
    at: dict[int, int] = {slot: i for i, slot in reversed(list(enumerate(inputs)))}
    numbers: list[float] = []
    for slot in sorted(needed):
        if slot not in at and slot not in calls:
            number = recording.number(slot)
            if number is None:
                raise NotScalarError
            at[slot] = len(inputs) + len(numbers)
            numbers.append(number)
    kept = [(out, call) for out, call in calls.items() if out in needed]
    for i, (out, _) in enumerate(kept, len(inputs) + len(numbers)):
        at[out] = i
    return _Pattern(
        tuple((kind, *(at[one] for one in fed)) for _, (kind, *fed) in kept),
        tuple(numbers),
        tuple(None if one is None else at[one] for one in results),
        shape,
    )
