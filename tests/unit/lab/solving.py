"""Students made up for tests: one who gets everything right, and slips to give others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gradstudio import resources, storage
from gradstudio.graph import Graph
from gradstudio.lab import exercise as exercises
from gradstudio.lab.exercise import Exercise, Key
from gradstudio.lab.session import Session, begin
from gradstudio.numbers import full_text

LABS = ("fan-out", "linear-fit", "patterns", "shapes", "sigmoid", "udl-chain", "write-an-op", "xyz")
FORMULAS = {
    "slope": {"formula": "out*(1-out)"},
    "dx": {"formula": "g @ W.T"},
    "dw": {"formula": "X.T @ g"},
    "db": {"formula": "sum(g, axis=0)"},
    "sigmoid": {"forward": "1/(1+exp(-x))", "x": "g*out*(1-out)"},
    "fit": {"learning_rate": "0.2", "steps": "60"},
}


def lab(name: str) -> tuple[Exercise, Key]:
    """Return an exercise that comes along, and its key."""
    path = resources.path("labs", f"{name}.gradlab")
    exercise = exercises.load(path)
    key = exercises.load_key(resources.path("labs", "keys", f"{name}.gradkey"), exercise)
    return exercise, key


def content(name: str) -> dict[str, Any]:
    """Return what the file of an exercise that comes along holds."""
    found: dict[str, Any] = json.loads(resources.path("labs", f"{name}.gradlab").read_bytes())
    return found


def text(value: Any) -> str:
    """Return a number or an array as a student types it."""
    array = np.asarray(value, dtype=float)
    return full_text(float(array)) if array.ndim == 0 else str(array.tolist())


def right(exercise: Exercise, key: Key, student: str) -> tuple[Session, Graph]:
    """Return the work of a student who gets everything right."""
    session, graph = begin(exercise, student, f"Student {student}")
    task = session.task
    for id, item in exercise.items.items():
        kind: Any = item
        own = key.items.get(id)
        if item.kind == "values":
            found = task.evaluation(kind.output)
            entries = {one.id: text(found.values[one.id]) for one in item.blanks(task)}
        elif item.kind == "gradients":
            found = task.evaluation(kind.output)
            entries = {
                one.id: text(
                    found.grads[one.id]
                    if one.port is None
                    else found.edge_grads[one.node, one.port]
                )
                for one in item.blanks(task)
            }
        elif item.kind == "order":
            asked = kind.asked(task)
            entries = {"order": " ".join(reversed(asked) if kind.backward else asked)}
        elif item.kind == "choice":
            entries = {"choice": " ".join(own.right)}
        elif item.kind == "number":
            entries = {"number": text(kind.wanted(task, own))}
        elif item.kind == "build":
            graph = graph.add(kind.output, "sigmoid", ["s"])
            entries = {}
        elif id == "leaky":
            slope = text(task.given.nodes["slope"].value)
            entries = {"forward": f"max(x, {slope}*x)", "x": f"g*where(x > 0, 1, {slope})"}
        else:
            entries = FORMULAS[id]
        for blank, typed in entries.items():
            session = session.enter(id, blank, typed)
    return session, graph


def handed_in(session: Session, graph: Graph) -> bytes:
    """Return the content of the submission."""
    return storage.dumps(session.submission(graph))


def exercise_of(
    graph: Graph, items: list[Mapping[str, Any]], key: Mapping[str, Any] | None = None, **more: Any
) -> tuple[Exercise, Key]:
    """Return an exercise made for one test, and its key."""
    exercise = exercises.loads(json.dumps(raw_of(graph, items, **more)).encode())
    keys = {"format": "gradkey", "version": 1, "lab": "made", "items": key or {}}
    return exercise, exercises.loads_key(json.dumps(keys).encode(), exercise)


def raw_of(graph: Graph, items: list[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """Return the content of an exercise made for one test."""
    both = {"en": "t", "zh": "题"}
    return {
        "format": "gradlab",
        "version": 1,
        "id": "made",
        "title": both,
        "instructions": both,
        "graph": json.loads(storage.dumps(graph)),
        "items": [{"title": both, "points": 1, **item} for item in items],
        **more,
    }


def write_class(folder: Path, exercise: Exercise, works: Mapping[str, bytes]) -> Path:
    """Write submissions as a class hands them in: a folder a student."""
    for student, data in works.items():
        own = folder / student
        own.mkdir(parents=True)
        (own / f"{exercise.id}.gradstudio").write_bytes(data)
    return folder
