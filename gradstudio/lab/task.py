"""An exercise as one student has it: the given graph with their own numbers, and what is locked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from gradstudio.engine.evaluate import Evaluation, evaluate
from gradstudio.engine.program import walk
from gradstudio.graph import EMPTY, Graph, Node
from gradstudio.lab.variants import student_key
from gradstudio.ops import Array


class Forward(Protocol):
    """What asks for values of the given graph."""

    def followed(self, work: Work) -> tuple[Any, Mapping[str, Array]]:
        """Return what is said of the values, and these as the student has them."""


class Backward(Protocol):
    """What asks for gradients of the given graph."""

    @property
    def id(self) -> str:
        """What the answers are filed under."""

    @property
    def output(self) -> str:
        """What is differentiated."""

    def places(self, task: Task) -> Iterable[str]:
        """Return the edges and nodes that are asked, as its blanks are called."""


@dataclass(frozen=True)
class Task:
    """What an exercise is for one student.

    Args:
        lab: the exercise's id.
        student: the student's id.
        given: the graph as it is handed out, with this student's numbers.
        drawn: the leaves whose values are this student's own.
        editable: the given nodes that may be changed.
        trained: whether parameters are, so that other values in them are no one's fault.
        forward: what asks for values of the graph.
        backward: what asks for gradients of it.
    """

    lab: str
    student: str
    given: Graph
    drawn: frozenset[str] = frozenset()
    editable: frozenset[str] = frozenset()
    trained: bool = False
    forward: tuple[Forward, ...] = ()
    backward: tuple[Backward, ...] = ()
    _evaluations: dict[str, Evaluation] = field(default_factory=dict, compare=False, repr=False)

    def evaluation(self, output: str) -> Evaluation:
        """Return every number of the given graph, with the gradients of `output`."""
        found = self._evaluations.get(output)
        if found is None:
            found = self._evaluations[output] = evaluate(self.given, output=output)
        return found

    @property
    def seed(self) -> str:
        """The student's id as variants see it: what is drawn for one depends on nothing else."""
        return student_key(self.student)

    @property
    def locked(self) -> tuple[str, ...]:
        """The given nodes that must stay as they are."""
        return tuple(name for name in self.given.nodes if name not in self.editable)

    def changed(self, graph: Graph) -> Iterator[str]:
        """Yield the locked nodes that `graph` has not as they were given.

        Whether a node lies elsewhere is of no interest. Where there is something to train, the
        values of parameters are none either: it is trained anew from the given ones.
        """
        for name in self.locked:
            mine, given = graph.nodes.get(name), self.given.nodes[name]
            free = self.trained and given.op == "parameter"
            if mine is None or not _same(mine, given, free):
                yield name

    def restored(self, graph: Graph) -> Graph:
        """Return `graph` with the locked values as they were given, as far as nodes allow it.

        What a submission stores in a locked leaf is not believed.
        """
        nodes = dict(graph.nodes)
        for name in self.locked:
            mine, given = nodes.get(name), self.given.nodes[name]
            if mine is not None and mine.is_leaf and given.is_leaf:
                nodes[name] = replace(mine, op=given.op, value=given.value)
        return replace(graph, nodes=nodes)


def _same(mine: Node, given: Node, free: bool) -> bool:
    fields = ("op", "inputs", "definition", "muted")
    if any(getattr(mine, one) != getattr(given, one) for one in fields):
        return False
    if dict(mine.settings) != dict(given.settings):
        return False
    if free or given.value is None or mine.value is None:
        return free or mine.value is given.value
    return bool(np.array_equal(mine.value, given.value))


@dataclass(frozen=True)
class Work:
    """What a student did, as items see it.

    Args:
        task: the exercise as the student has it.
        graph: the student's graph; nothing computed is in it.
        answers: what stands in the blanks, by item, then by blank, as it was typed.
    """

    task: Task
    graph: Graph
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: EMPTY)

    def entries(self, item: str) -> Mapping[str, str]:
        """Return what stands in the blanks of one item."""
        return self.answers.get(item, EMPTY)

    @property
    def values(self) -> Mapping[str, Array]:
        """The values of given nodes as the student has them, where they were asked."""
        own: dict[str, Array] = {}
        for item in self.task.forward:
            own.update(item.followed(self)[1])
        return own


def above(graph: Graph, output: str) -> Graph:
    """Return `output` and everything it depends on, with nothing else of the graph."""
    nodes = {name: graph.nodes[name] for name in walk(graph, (output,))}
    return Graph(nodes, output=output, definitions=graph.definitions)
