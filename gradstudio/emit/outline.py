"""What every kind of source code asks of a graph: its numbers, its order, and what flows back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gradstudio.engine.evaluate import Evaluation, evaluate
from gradstudio.graph import Graph, Node


@dataclass(frozen=True)
class Outline:
    """A graph that has a value at its output, cut down to what that output needs.

    Args:
        found: the numbers.
        output: the node that is written last and differentiated.
    """

    found: Evaluation
    output: str

    @classmethod
    def of(cls, graph: Graph) -> Outline:
        """Evaluate `graph`.

        Raises:
            GradStudioError: it has no one output, or that has no value; the message names the node.
        """
        output = graph.output_of()
        outline = cls(evaluate(graph, output=output), output)
        for name in outline.order:
            if name in outline.found.errors:
                raise outline.found.errors[name]
        return outline

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The nodes the output needs, each after what it needs itself."""
        order = self.found.order
        return order[: order.index(self.output) + 1]

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The leaves among them."""
        return tuple(name for name in self.order if self.node(name).is_leaf)

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The computed nodes among them."""
        return tuple(name for name in self.order if not self.node(name).is_leaf)

    def node(self, name: str) -> Node:
        """Return the node called `name`."""
        return self.found.graph.nodes[name]

    def inputs(self, name: str) -> tuple[str, ...]:
        """Return what feeds a computed node: every port of it is connected."""
        return tuple(source for source in self.node(name).inputs if source is not None)

    def value(self, name: str) -> Any:
        """Return the value of a node."""
        return self.found.values[name]

    def literal(self, name: str) -> float | None:
        """Return the number a node stands for by itself, or None where it is no such constant."""
        node = self.node(name)
        if node.op != "constant" or node.value is None or node.value.ndim:
            return None
        return float(node.value)

    def literals(self, name: str) -> tuple[float | None, ...]:
        """Return for each input of a computed node the number that is written in its place.

        Where all inputs are numbers none is: Python would compute with them, and not NumPy, whose
        1 / 0 is inf. Nor is one given to code that an op states, which may ask for an array.
        """
        found = tuple(self.literal(source) for source in self.inputs(name))
        node = self.node(name)
        # A muted node may pass the number on, to where it must be an array again.
        computing = None in found and not node.muted and not node.rules.numpy_code
        return found if computing else (None,) * len(found)
