"""Identical work is found under other names, and nothing else is."""

from __future__ import annotations

from pathlib import Path

from batch import assignment, built
from solving import handed_in, lab, right, write_class

from gradstudio.lab.grader import grade
from gradstudio.lab.handed_in import collect


def test_identical_work_is_found_under_other_names(tmp_path: Path) -> None:
    works = {"1": built("1", "a"), "2": built("2", "z"), "3": built("3", "q", "cos")}
    folder = write_class(tmp_path / "class", lab("sigmoid")[0], works)
    grades = {one.student: one for one in grade(assignment("sigmoid"), collect([folder], "xyz"))}
    assert {name: one.alike for name, one in grades.items()} == {"1": ["2"], "2": ["1"], "3": []}
    # What everyone has to make is not compared.
    works = {name: handed_in(*right(*lab("sigmoid"), name)) for name in "456"}
    folder = write_class(tmp_path / "other", lab("sigmoid")[0], works)
    assert not any(one.alike for one in grade(assignment("sigmoid"), collect([folder], "xyz")))
