"""A canonical hash of what a student made: the same for the same work under other names.

Names and layout are undone, inputs of commutative ops are sorted, and a number of the student's own
variant counts as such, whatever it is. What the exercise gave is called by its
name, and only what was added to it counts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from gradstudio.engine.program import walk
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.lab.exercise import Exercise
from gradstudio.lab.items import Item
from gradstudio.lab.items.expression import Expression
from gradstudio.lab.items.formulas import Formulas
from gradstudio.lab.task import Task, Work
from gradstudio.lab.typed_formula import read
from gradstudio.node import OUT, UPSTREAM

_COMMUTATIVE = frozenset(("add", "mul", "max", "min", "equal"))
_USUAL = frozenset(np.float64(number).tobytes() for number in (0, 0.5, 1, 2))
"""Numbers that formulas have of their own accord, whatever a student's variant is."""


@dataclass(frozen=True)
class Likeness:
    """What identical work has in common.

    Args:
        digest: equal for equal work; empty where there is none.
        size: how many nodes of a student's own went into it.
    """

    digest: str = ""
    size: int = 0


def likeness(exercise: Exercise, work: Work) -> Likeness:
    """Return what identifies the graph and the formulas a student made."""
    pieces: list[str] = []
    size = 0
    task = work.task
    ends = [
        name
        for name in work.graph.outputs()
        if name not in task.given and not work.graph.nodes[name].is_leaf
    ]
    for end in ends:
        hashes = _hashes(work.graph, end, task)
        pieces.append(hashes[end])
        size += sum(name not in task.given for name in hashes)
    pieces.sort()
    for id, item in exercise.items.items():
        for blank, names in _formulas(item):
            text = work.entries(id).get(blank, "").strip()
            if text:
                try:
                    graph = read(text, names)
                except GradStudioError:
                    continue
                hashes = _hashes(graph, graph.output_of(), task)
                pieces.append(f"{id}.{blank}:{hashes[graph.output_of()]}")
                size += len(hashes)
    if not size:
        return Likeness()
    return Likeness(_hash(*pieces), size)


def _formulas(item: Item) -> list[tuple[str, tuple[str, ...]]]:
    """Return the blanks of an item that hold formulas, and what these are made of."""
    if isinstance(item, Expression):
        return [("formula", item.names)]
    if isinstance(item, Formulas):
        names = (*item.inputs, OUT, UPSTREAM)
        return [("forward", item.inputs), *((port, names) for port in item.inputs)]
    return []


def _hashes(graph: Graph, end: str, task: Task) -> dict[str, str]:
    """Return a hash of each node above `end`, without names."""
    drawn = {np.asarray(task.given.nodes[name].value).tobytes() for name in task.drawn} - _USUAL
    found: dict[str, str] = {}
    for name in walk(graph, (end,)):
        node = graph.nodes[name]
        if name in task.given and node.is_leaf:
            found[name] = _hash("given", name)
            continue
        if node.is_leaf:
            value = b"" if node.value is None else np.asarray(node.value).tobytes()
            number = value.hex() if node.value is not None else name
            found[name] = _hash("drawn") if value in drawn else _hash(node.op, number)
            continue
        inputs = [found.get(one or "", "") for one in node.inputs]
        if node.op in _COMMUTATIVE:
            inputs.sort()
        settings = sorted((key, repr(value)) for key, value in node.settings.items())
        rules = "" if node.definition is None else node.definition.forward.text
        found[name] = _hash(node.op, repr(node.muted), rules, repr(settings), *inputs)
    return found


def _hash(*words: str) -> str:
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:24]
