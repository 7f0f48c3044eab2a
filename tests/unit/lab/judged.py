"""One item judged in a test, and what was said of it, in short."""

from __future__ import annotations

from typing import Any

from solving import exercise_of

from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.lab.exercise import Exercise, Key
from gradstudio.lab.items import Judgement
from gradstudio.lab.task import Work

OPTIONS = {name: {"en": name, "zh": name} for name in "abc"}
XYZ: dict[str, Any] = {"x": -2, "y": 5, "z": -4}


def judged(
    made: tuple[Exercise, Key],
    entries: dict[str, str],
    *,
    item: str = "i",
    graph: Graph | None = None,
    key: bool = True,
    also: dict[str, dict[str, str]] | None = None,
) -> Judgement:
    exercise, known = made
    task = exercise.task("s")
    work = Work(task, task.given if graph is None else graph, {**(also or {}), item: entries})
    return exercise.items[item].judge(work, known.items.get(item) if key else None)


def verdicts(judgement: Judgement) -> dict[str, str]:
    return {part.id: part.verdict.value for part in judgement.parts}


def mistakes(judgement: Judgement) -> dict[str, str]:
    return {part.id: part.mistake for part in judgement.parts if part.mistake}


def told(judgement: Judgement) -> str:
    return " ".join(one.say() for one in judgement.feedback())


def one(graph_text: str, values: dict[str, Any], /, **item: Any) -> tuple[Exercise, Key]:
    key = item.pop("key", None)
    graph = parse(graph_text, values=values)
    return exercise_of(graph, [{"id": "i", **item}], None if key is None else {"i": key})
