"""A program: the graph as a flat list of equations, in the order the walk from the output gives.

The walk is a depth-first post-order one, without recursion: a node comes right after everything it
needs. It is the order the screen numbers and the backward pass reverses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradstudio.errors import GraphError, mark
from gradstudio.graph import Graph
from gradstudio.ops import Array, Op, SettingValue


def walk(graph: Graph, ends: Iterable[str]) -> Iterator[str]:
    """Yield everything `ends` depend on, inputs in port order before the node that takes them."""
    nodes = graph.nodes
    seen: set[str] = set()
    for end in ends:
        if end in seen:
            continue
        seen.add(end)
        path = [(end, iter(nodes[end].inputs))]
        while path:
            name, inputs = path[-1]
            for source in inputs:
                if source is not None and source not in seen:
                    seen.add(source)
                    path.append((source, iter(nodes[source].inputs)))
                    break
            else:
                path.pop()
                yield name


@dataclass(frozen=True, slots=True)
class Equation:
    """One application of an op: slots in, slot out.

    Args:
        op: the op.
        inputs: the slots it reads, in port order.
        output: the slot it writes; no other equation writes it.
        settings: the op's settings, those at their default left out.
    """

    op: type[Op]
    inputs: tuple[int, ...]
    output: int
    settings: Mapping[str, SettingValue]


@dataclass(frozen=True)
class Program:
    """Equations over numbered slots.

    Args:
        arguments: the slot each named argument is put in before the equations run.
        constants: the slots that hold fixed arrays.
        equations: in an order in which every slot is written before it is read.
        results: the slots asked for.
        names: the slot of every named node, where it still has one.
    """

    arguments: Mapping[str, int]
    constants: Mapping[int, Array]
    equations: tuple[Equation, ...]
    results: tuple[int, ...]
    names: Mapping[str, int]

    @property
    def slots(self) -> int:
        """How many slots a run needs."""
        used = [*self.arguments.values(), *self.constants, *self.results]
        used += [equation.output for equation in self.equations]
        return max(used, default=-1) + 1

    def pruned(self) -> Program:
        """Return the program without the equations, constants and names no result needs."""
        needed = set(self.results)
        kept = []
        for equation in reversed(self.equations):
            if equation.output in needed:
                needed.update(equation.inputs)
                kept.append(equation)
        return replace(
            self,
            constants={slot: value for slot, value in self.constants.items() if slot in needed},
            equations=tuple(reversed(kept)),
            names={name: slot for name, slot in self.names.items() if slot in needed},
        )

    def run(self, arguments: Mapping[str, Array]) -> list[Any]:
        """Compute every slot.

        Args:
            arguments: a value for each argument.

        Returns:
            The value of each slot, by number; None for slots that are not used.
        """
        slots: list[Any] = [None] * self.slots
        for slot, constant in self.constants.items():
            slots[slot] = as_value(constant)
        for name, slot in self.arguments.items():
            slots[slot] = as_value(arguments[name])
        with np.errstate(all="ignore"):
            for equation in self.equations:
                inputs = [slots[slot] for slot in equation.inputs]
                slots[equation.output] = equation.op.forward(*inputs, **equation.settings)
        return slots


def as_value(array: Any) -> Any:
    """Return an array as the engine computes with it: NumPy's scalars are far quicker than 0-d."""
    return array if array.ndim else array[()]


def program_of(graph: Graph, output: str | None = None, arguments: Iterable[str] = ()) -> Program:
    """Return the program that computes `output` from `arguments`; other leaves are constants.

    Raises:
        GraphError: there is no one output, or a node upstream of it has a free port or no value.
    """
    wanted = graph.output_of(output)
    given = set(arguments)
    slots: dict[str, int] = {}
    constants: dict[int, Array] = {}
    equations = []
    for slot, name in enumerate(walk(graph, [wanted])):
        node = graph.nodes[name]
        slots[name] = slot
        if node.is_leaf:
            if name not in given:
                if node.value is None:
                    raise no_value(name)
                constants[slot] = node.value
            continue
        if None in node.inputs or not node.inputs:
            raise not_connected(graph, name)
        inputs = tuple(slots[source] for source in node.inputs if source is not None)
        equations.append(Equation(node.rules, inputs, slot, node.settings))
    used = {name: slots[name] for name in given if name in slots}
    return Program(used, constants, tuple(equations), (slots[wanted],), slots)


def no_value(name: str) -> GraphError:
    """Return the error of a leaf without a value."""
    return GraphError(mark("core", "{node} has no value yet"), node=name)


def not_connected(graph: Graph, name: str) -> GraphError:
    """Return the error of a node with a free port, naming the port."""
    node = graph.nodes[name]
    ports = node.rules.ports(len(node.inputs))
    free = [port for port, source in zip(ports, node.inputs, strict=False) if source is None]
    return GraphError(
        mark("core", "{node}: nothing is connected to its input {ports}"),
        node=name,
        ports=", ".join(free or ports),
    )
