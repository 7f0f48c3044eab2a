"""A canonical hash of what a student made: the same for the same work under other names.

Names and layout are undone, inputs of commutative ops are sorted, and a number of the student's own
variant counts as the leaf it was drawn for, whatever it is. What the exercise gave is called by its
name. Only what an item asks for is compared, so that nothing put beside it hides a copy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gradstudio.engine.program import walk
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.lab.exercise import Exercise
from gradstudio.lab.items import Item
from gradstudio.lab.items.build import Build
from gradstudio.lab.items.expression import Expression
from gradstudio.lab.items.formulas import Formulas
from gradstudio.lab.items.training import Training
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
        size: how many nodes of a student's own went into it, each counted once.
    """

    digest: str = ""
    size: int = 0


def likeness(exercise: Exercise, work: Work) -> Likeness:
    """Return what identifies the graph and the formulas a student made.

    A note for the assistant is all that comes of it: work that cannot be compared is like no other.
    """
    try:
        return _likeness(exercise, work)
    except (GradStudioError, ArithmeticError, ValueError, LookupError):
        return Likeness()


def _likeness(exercise: Exercise, work: Work) -> Likeness:
    graph, task = work.graph, work.task
    asked = {
        id: item.output
        for id, item in exercise.items.items()
        if isinstance(item, Build | Training) and item.output in graph.nodes
    }
    hashes = _hashes(graph, asked.values(), task)
    size = sum(name not in task.given for name in hashes)
    pieces = [f"{id}:{hashes[end]}" for id, end in asked.items() if size]
    for id, item in exercise.items.items():
        for blank, names in _formulas(item):
            text = work.entries(id).get(blank, "").strip()
            if text:
                try:
                    formula = read(text, names)
                except GradStudioError:
                    continue
                end = formula.output_of()
                hashes = _hashes(formula, (end,), task)
                pieces.append(f"{id}.{blank}:{hashes[end]}")
                size += sum(not node.is_leaf for node in formula.nodes.values())
    return Likeness(_hash(*pieces), size) if size else Likeness()


def _formulas(item: Item) -> list[tuple[str, tuple[str, ...]]]:
    """Return the blanks of an item that hold formulas, and what these are made of."""
    if isinstance(item, Expression):
        return [("formula", item.names)]
    if isinstance(item, Formulas):
        names = (*item.inputs, OUT, UPSTREAM)
        return [("forward", item.inputs), *((port, names) for port in item.inputs)]
    return []


def _hashes(graph: Graph, ends: Iterable[str], task: Task) -> dict[str, str]:
    """Return a hash of each node above `ends`, without names, in one walk."""
    drawn: dict[bytes, str] = {}
    for name in sorted(task.drawn):
        drawn.setdefault(_bytes(task.given.nodes[name].value), name)
    found: dict[str, str] = {}
    for name in walk(graph, ends):
        node = graph.nodes[name]
        if node.is_leaf:
            if name in task.given:
                found[name] = _hash("given", name)
                continue
            value = _bytes(node.value)
            leaf = None if value in _USUAL else drawn.get(value)
            found[name] = _hash(node.op, value.hex()) if leaf is None else _hash("drawn", leaf)
            continue
        inputs = [found.get(one or "", "") for one in node.inputs]
        if node.op in _COMMUTATIVE:
            inputs.sort()
        settings = sorted((key, repr(value)) for key, value in node.settings.items())
        rules = "" if node.definition is None else node.definition.forward.text
        found[name] = _hash(node.op, repr(node.muted), rules, repr(settings), *inputs)
    return found


def _bytes(value: object) -> bytes:
    return b"" if value is None else np.asarray(value).tobytes()


def _hash(*words: str) -> str:
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:24]
