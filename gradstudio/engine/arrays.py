"""The array executor: forward, backward and update as one tape of NumPy calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gradstudio.engine.affine import layers
from gradstudio.engine.lowering import lower
from gradstudio.engine.tape import Binding, Descent, Flat, computes, run
from gradstudio.graph import Graph
from gradstudio.ops import Array, Shape


class ArrayExecutor:
    """Runs steps of a graph of arrays.

    Args:
        graph: the graph.
        end: the loss.
        shapes: the shape of every leaf upstream of it.
        wrt: the leaves that are trained; without any there is no backward pass.
        inputs: the leaves that are loaded anew before a step; what depends on others alone is
            computed when they are loaded.
        dtype: float64 or float32.
        record: whether every node's value and gradient is asked for.
    """

    name = "arrays"

    def __init__(
        self,
        graph: Graph,
        end: str,
        shapes: Mapping[str, Shape],
        wrt: tuple[str, ...],
        inputs: frozenset[str],
        dtype: np.dtype[Any],
        record: bool,
    ) -> None:
        lowered = lower(graph, (end,), shapes, frozenset(wrt))
        self._lowered = lowered
        asked = {name: lowered.grads[name] for name in wrt}
        kept = {*lowered.values.values(), *lowered.grads.values()} if record else set()
        results = {lowered.values[end], *asked.values(), *kept}
        trained = {lowered.leaves[name]: name for name in wrt if name in lowered.leaves}
        found = layers(
            lowered.recording,
            lowered.recording.needed(results),
            results,
            {slot: asked[name] for slot, name in trained.items()},
        )
        below = {trained[layer.weight]: trained[layer.bias] for layer in found}
        self._parameters = Flat({name: shapes[name] for name in wrt}, dtype, below)
        self._gradients = Flat({name: shapes[name] for name in wrt}, dtype, below)
        changing = {lowered.leaves[name] for name in {*wrt, *inputs} if name in lowered.leaves}
        homes = {lowered.leaves[name]: view for name, view in self._parameters.views.items()}
        copied = {}
        for name, slot in asked.items():
            if slot in homes or not computes(lowered.recording, slot):
                copied[name] = slot
            else:
                homes[slot] = self._gradients.views[name]
        self._binding = Binding(
            lowered.recording,
            lowered.leaves.values(),
            results,
            kept,
            changing,
            homes,
            dtype,
            {layer: self._memory(trained[layer.weight]) for layer in found},
        )
        self._tape = list(self._binding.tape)
        for name, slot in copied.items():
            self._tape.append((np.copyto, (self._gradients.views[name], self._array(slot))))
        self._loss = self._array(lowered.values[end])
        self._descent = Descent(self._parameters.array, self._gradients.array)

    def _memory(self, weight: str) -> tuple[Array, Array]:
        """Return a weight with its bias below it, and their gradients likewise."""
        return self._parameters.stacked[weight], self._gradients.stacked[weight]

    def _array(self, slot: int) -> Array:
        return self._binding.array(slot)

    def load(self, values: Mapping[str, Array]) -> None:
        """Take over the values of leaves; names that are not read are passed over."""
        leaves = self._lowered.leaves
        for name, value in values.items():
            if name in leaves:
                self._array(leaves[name])[...] = value
        if self._binding.prologue:
            with np.errstate(all="ignore"):
                run(self._binding.prologue)

    def descend(self, learning_rate: float, momentum: float) -> None:
        """Say how `steps` updates; the velocity begins at zero."""
        self._descent.begin(learning_rate, momentum)

    def gradients(self) -> float:
        """Run forward and backward once; return the loss."""
        with np.errstate(all="ignore"):
            run(self._tape)
        return float(self._loss.reshape(()))

    def steps(self, count: int) -> list[float]:
        """Run steps; return the loss of each, before its update."""
        losses = []
        loss = self._loss.reshape(())
        tape = self._tape + self._descent.tape
        with np.errstate(all="ignore"):
            for _ in range(count):
                for function, arguments in tape:
                    function(*arguments)
                losses.append(loss.item())
        return losses

    @property
    def parameters(self) -> Mapping[str, Array]:
        """The trained leaves; views that later steps write to."""
        return self._parameters.views

    def grad(self, name: str) -> Array:
        """Return the gradient of a node after the latest step (a view)."""
        view = self._gradients.views.get(name)
        return self._array(self._lowered.grads[name]) if view is None else view

    def value(self, name: str) -> Array:
        """Return the value of a node in the latest step (a view)."""
        return self._array(self._lowered.values[name])
