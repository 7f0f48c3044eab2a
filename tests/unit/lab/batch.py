"""A class to grade, and submissions that are no good, made up for tests."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from solving import handed_in, lab, right

from gradstudio import cli, resources, storage
from gradstudio.lab.judging import Result
from gradstudio.lab.sandbox import results
from gradstudio.lab.worker import Assignment, Job, Limits

FORKS = hasattr(os, "fork")


forks = pytest.mark.skipif(not FORKS, reason="this system cannot fork")


def assignment(name: str = "xyz", limits: Limits | None = None) -> Assignment:
    return Assignment(
        resources.path("labs", f"{name}.gradlab").read_bytes(),
        resources.path("labs", "keys", f"{name}.gradkey").read_bytes(),
        limits or Limits(),
    )


def raw(student: str = "1", name: str = "xyz", **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(handed_in(*right(*lab(name), student)))
    found["lab"].update(changes)
    return found


def alone(data: bytes, limits: Limits) -> Result:
    """Return what comes of one submission, judged in a process of its own."""
    jobs = [(Job("1", "a.gradstudio"), data)]
    ((number, result),) = results(assignment("xyz", limits), jobs, 1)
    assert number == 0
    return result


def reason(result: Result) -> str:
    return "; ".join(one.en for one in (*result.reasons, *result.notes))


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = cli.run([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def files_of(name: str) -> tuple[Path, Path]:
    path = resources.path("labs", f"{name}.gradlab")
    return path, path.parent / "keys" / f"{name}.gradkey"


def chain(nodes: int, op: str = "op") -> bytes:
    """Return a submission with so many nodes in a row."""
    rest = ",".join(f'"n{at}":{{"{op}":"neg","inputs":["n{at - 1}"]}}' for at in range(1, nodes))
    head = '{"format":"gradstudio","version":1,"lab":{"id":"xyz"},"nodes":{'
    return f'{head}"n0":{{"op":"input","value":1}},{rest}}}}}'.encode()


def hostile() -> dict[str, tuple[bytes | Callable[[], bytes], str]]:
    """Submissions that are no good, and what their rows say."""
    good = raw()
    text = json.dumps(good)
    large = {"dtype": "float64", "shape": [10**6, 10**6], "data": "AAAA"}
    newer = json.dumps({**good, "version": 99})
    return {
        "array of 8 TB": (
            json.dumps({**good, "nodes": {"x": {"op": "input", "value": large}}}).encode(),
            "node x: its value holds more or fewer numbers",
        ),
        "deep nesting": (
            text.replace(
                '"lab": {', '"lab": {"deep": ' + "[" * 10**5 + "]" * 10**5 + ", "
            ).encode(),
            "nested too deeply",
        ),
        "50 MB": (b'{"format": "gradstudio",' + b" " * (50 * 2**20) + b"}", "too large: more than"),
        "duplicate keys": (
            text.replace('"lab": {', '"lab": {"id": "xyz", ').encode(),
            "“id” stands twice",
        ),
        "truncated": (text[: len(text) // 2].encode(), "damaged or cut off at line 1"),
        "not UTF-8": (text.encode("utf-16"), "is not UTF-8"),
        "another lab": (
            handed_in(*right(*lab("patterns"), "1")),
            "answers to patterns, not to xyz",
        ),
        "newer version": (newer.encode(), "made by a newer GradStudio (format version 99"),
        "empty": (b"", "the file is empty"),
        "no graph": (b"[1, 2, 3]", "this is no GradStudio file"),
        "no answers": (storage.dumps(lab("xyz")[0].graph), "a graph without answers"),
        "infinite": (text.replace('"-', '"').replace("6.0", "1e999").encode(), "too large"),
        "answers that are none": (
            json.dumps({**good, "lab": {"id": "xyz", "answers": [1]}}).encode(),
            "“answers” must be an object, not a list",
        ),
        "a cycle": (
            json.dumps(
                {**good, "nodes": {**good["nodes"], "q": {"op": "neg", "inputs": ["f"]}}}
            ).encode(),
            "form a cycle",
        ),
        "an op that is none": (
            json.dumps({**good, "nodes": {"q": {"op": "__import__"}}}).encode(),
            "there is no op called",
        ),
        "a million nodes": (partial(chain, 10**6), "too large: more than 4 MB"),
        "many nodes": (partial(chain, 50_000), "50000 nodes; 20000 are the most"),
        "many nodes, counted late": (
            partial(chain, 50_000, r"\u006fp"),
            "50000 nodes; 20000 are the most",
        ),
    }


HOSTILE = hostile()


def built(student: str, names: str, extra: str = "sin") -> bytes:
    """Return a submission to the sigmoid lab whose node h is made of many."""
    exercise, key = lab("sigmoid")
    session, _ = right(exercise, key, student)
    graph = session.task.given
    x0 = session.task.given.nodes["x0"].value
    graph = graph.add(f"{names}0", "constant", value=x0)  # the variant's own number
    graph = graph.add(
        f"{names}1", "mul", [f"{names}0", "w0"] if names < "m" else ["w0", f"{names}0"]
    )
    for at, op in enumerate(("neg", extra, "cos", "exp", "neg", "tanh"), start=2):
        graph = graph.add(f"{names}{at}", op, [f"{names}{at - 1}"])
    return handed_in(session, graph.add("h", "sigmoid", [f"{names}7"]))


def class_of(count: int, name: str) -> dict[str, bytes]:
    """Return submissions in which many things are right and some are not."""
    rng = random.Random(20240229)
    exercise, key = lab(name)
    works = {}
    for at in range(count):
        student = f"{20240000 + at}"
        session, graph = right(exercise, key, student)
        for item in exercise.items:
            for blank, text in session.answers.get(item, {}).items():
                if rng.random() < 0.15:
                    session = session.enter(
                        item, blank, rng.choice(["", "1", "nan", text.replace("−", "")])
                    )
        works[student] = handed_in(session, graph)
    return works
