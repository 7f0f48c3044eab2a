"""Identical work is found under other names, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from batch import assignment, built, forks, raw
from solving import handed_in, lab, right, write_class

from gradstudio.graph import Graph
from gradstudio.lab import likeness
from gradstudio.lab.grader import grade
from gradstudio.lab.handed_in import collect
from gradstudio.lab.judging import Result, judge
from gradstudio.lab.sandbox import results
from gradstudio.lab.worker import Job, Limits


def test_identical_work_is_found_under_other_names(tmp_path: Path) -> None:
    works = {"1": built("1", "a"), "2": built("2", "z"), "3": built("3", "q", "cos")}
    folder = write_class(tmp_path / "class", lab("sigmoid")[0], works)
    grades = {
        one.student: one for one in grade(assignment("sigmoid"), collect([folder], "sigmoid"))
    }
    assert {name: one.alike for name, one in grades.items()} == {"1": ["2"], "2": ["1"], "3": []}
    # What everyone has to make is not compared.
    works = {name: handed_in(*right(*lab("sigmoid"), name)) for name in "456"}
    folder = write_class(tmp_path / "other", lab("sigmoid")[0], works)
    assert not any(one.alike for one in grade(assignment("sigmoid"), collect([folder], "sigmoid")))


def compared(student: str, change: Callable[[Graph], Graph]) -> Result:
    """Return what comes of work whose graph `change` has changed."""
    exercise, key = lab("sigmoid")
    session, graph = right(exercise, key, student)
    session = session.enter("slope", "formula", "")
    return judge(exercise, key, student, handed_in(session, change(graph)))


def long(graph: Graph, start: str = "s", nodes: int = 9) -> Graph:
    """Return a graph whose node h is made of many."""
    graph = graph.remove(["h"])
    for at in range(nodes):
        graph = graph.add(f"n{at}", "tanh", [f"n{at - 1}" if at else start])
    return graph.add("h", "sigmoid", [f"n{nodes - 1}"])


def test_what_is_put_beside_it_hides_no_copy() -> None:
    first = compared("1", long)
    assert first.likeness
    assert first.nodes == 10
    for beside in ("h", "n3", "w0"):
        other = compared("2", lambda one, by=beside: long(one).add("z", "neg", [by]))
        assert other.likeness == first.likeness
    assert first.likeness != compared("2", lambda one: long(one, "w0")).likeness


def test_a_node_that_is_used_twice_is_one() -> None:
    def shared(graph: Graph) -> Graph:
        graph = long(graph, nodes=4)
        graph = graph.add("u", "neg", ["n3"]).add("v", "exp", ["n3"])
        return graph.remove(["h"]).add("h", "mul", ["u", "v"])

    # n0 to n3, u, v, h: not enough to be compared.
    assert (compared("1", shared).nodes, compared("1", shared).likeness) == (7, "")


def test_numbers_drawn_for_two_leaves_are_two() -> None:
    """Who copies takes the numbers of their own variant in the same places, not others of it."""

    def of(student: str, leaf: str) -> str:
        value = lab("sigmoid")[0].task(student).given.nodes[leaf].value

        def change(graph: Graph) -> Graph:
            return long(graph.add("k", "constant", value=value), "k")

        return compared(student, change).likeness

    drawn = sorted(lab("sigmoid")[0].task("1").drawn)
    assert len({of("1", leaf) for leaf in drawn}) == len(drawn)
    assert of("1", "w1") == of("2", "w1")


@forks
def test_a_large_graph_costs_no_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of nodes and ends, none of which is asked for, take no time to compare."""
    found = raw("1", "sigmoid")
    for at in range(9000):
        found["nodes"][f"c{at}"] = {"op": "neg", "inputs": [f"c{at - 1}" if at else "s"]}
    for at in range(10_000):
        found["nodes"][f"e{at}"] = {"op": "neg", "inputs": ["c8999"]}
    jobs = [(Job("1", "a"), json.dumps(found).encode())]
    ((_, result),) = results(assignment("sigmoid", Limits(cpu_s=3)), jobs, 1)
    assert (result.status, result.points) == ("passed", 15)

    def fail(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(likeness, "walk", fail)
    assert compared("1", lambda graph: graph).points == 13
