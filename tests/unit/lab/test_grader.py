"""A class graded: the late rule, resuming, and the same bytes for any order."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from batch import class_of, files_of, forks, run
from solving import handed_in, lab, right, write_class

from gradstudio import resources
from gradstudio.lab.exercise import loads
from gradstudio.lab.grader import grade
from gradstudio.lab.handed_in import collect, with_roster
from gradstudio.lab.judging import judge
from gradstudio.lab.roster import read_roster
from gradstudio.lab.worker import Assignment


def dated(due: str, **late: Any) -> Assignment:
    found = json.loads(resources.path("labs", "xyz.gradlab").read_bytes())
    found.update(due=due, late=late)
    return Assignment(json.dumps(found).encode(), None)


def test_the_late_rule(tmp_path: Path) -> None:
    due = "2026-03-20T23:59:00+08:00"
    stamps = {
        "early": "2026-03-20T23:59:00+08:00",
        "first": "2026-03-21 00:30:00 Asia/Shanghai",
        "second": "2026-03-22 15:58:23.948203 UTC",
        "long": "2026-04-30T00:00:00+08:00",
    }
    exercise = loads(dated(due, percent_a_day=10, most_days=3).exercise)
    _, key = lab("xyz")
    works = {name: handed_in(*right(exercise, key, name)) for name in stamps}
    folder = write_class(tmp_path / "class", exercise, works)
    for name, stamp in stamps.items():
        (folder / name / "timestamp.txt").write_text(stamp)
    grades = {
        one.student: one
        for one in grade(dated(due, percent_a_day=10, most_days=3), collect([folder], "xyz"))
    }
    assert {name: one.days_late for name, one in grades.items()} == {
        "early": 0, "first": 1, "second": 2, "long": 41,
    }  # fmt: skip
    assert {name: one.score for name, one in grades.items()} == {
        "early": 6, "first": 5.4, "second": 4.8, "long": 0,
    }  # fmt: skip
    assert all(one.result.points == 6 for one in grades.values())
    roster = tmp_path / "roster.csv"
    roster.write_text("student_id,due\nsecond,2026-03-30T00:00:00+08:00\n", encoding="utf-8")
    entries = with_roster(collect([folder], "xyz"), read_roster(roster))
    again = {one.student: one for one in grade(dated(due, percent_a_day=10), entries)}
    assert again["second"].days_late == 0
    # Without a stamp the file's own time counts.
    (folder / "first" / "timestamp.txt").unlink()
    os.utime(folder / "first" / "xyz.gradstudio", (0, 0))
    (first,) = grade(dated(due), collect([folder / "first"], "xyz"))
    assert first.days_late == 0


@forks
def test_a_class_of_300_gets_the_same_grades_at_1_2_and_4_jobs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    works = class_of(300, "patterns")
    works["20240007"] = b"{"
    works["20240008"] = works["20240009"]
    folder = write_class(tmp_path / "class", lab("patterns")[0], works)
    path, key = files_of("patterns")
    students = sorted(folder.iterdir())
    outputs = []
    for jobs, order in ((1, students), (2, [folder]), (4, list(reversed(students)))):
        out = tmp_path / str(jobs)
        out.mkdir()
        code, said, err = run(
            capsys, "grade", path, "--key", key, *order, "--csv", out / "book.csv",
            "--html", out / "html", "--json", "--jobs", jobs,
        )  # fmt: skip
        assert code == 1
        assert err == ""
        found = {
            str(one.relative_to(out)): one.read_bytes() for one in out.rglob("*") if one.is_file()
        }
        outputs.append((said, found))
    assert outputs[0] == outputs[1] == outputs[2]
    said, found = outputs[0]
    assert set(found) >= {"book.csv", "book.items.csv", "html/index.html"}
    assert len(found) == 303
    rows = list(csv.DictReader(io.StringIO(found["book.csv"].decode())))
    assert len(rows) == 300
    assert list(rows[0]) == [
        "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
        "raw_score", "late_submission_penalty", "score", "max_score",
    ]  # fmt: skip
    by_student = {row["student_id"]: row for row in rows}
    assert by_student["20240007"]["score"] == "0"
    assert 5 < sum(float(row["score"]) for row in rows) / 300 < 16
    exercise, known = lab("patterns")
    for student in ("20240000", "20240123", "20240299"):
        alone_ = judge(exercise, known, student, works[student])
        assert float(by_student[student]["score"]) == pytest.approx(alone_.points, abs=1e-4)


def test_a_run_goes_on_after_an_interruption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from gradstudio.lab import grader

    folder = write_class(tmp_path / "class", lab("xyz")[0], class_of(8, "xyz"))
    path, key = files_of("xyz")
    arguments = ("grade", path, "--key", key, folder, "--csv", tmp_path / "book.csv", "--jobs", 1)
    real = grader.results
    judged: list[int] = []

    def interrupted(*given: Any) -> Any:
        for number, found in enumerate(real(*given)):
            if number == 3:
                raise KeyboardInterrupt
            yield found

    monkeypatch.setattr(grader, "results", interrupted)
    code, _, err = run(capsys, *arguments)
    assert code == 130
    assert "run the same command again" in err
    journal = tmp_path / ".book.csv.unfinished"
    assert journal.read_bytes().count(b"\n") == 4
    # The machine went down in the middle of a line.
    journal.write_bytes(journal.read_bytes()[:-20])

    def counted(given: Any, jobs: Any, workers: int) -> Any:
        jobs = list(jobs)
        judged.append(len(jobs))
        yield from real(given, jobs, workers)

    monkeypatch.setattr(grader, "results", counted)
    assert run(capsys, *arguments)[0] == 1
    assert judged == [6]
    assert not journal.exists()
    book = (tmp_path / "book.csv").read_bytes()
    assert run(capsys, *arguments)[0] == 1
    assert judged == [6, 8]
    assert (tmp_path / "book.csv").read_bytes() == book


def test_passed_is_what_lost_no_point(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Points lost to hints and to the late rule are lost, whatever the answers were."""
    exercise, key = lab("xyz")
    whole, graph = right(exercise, key, "whole")
    hinted, _ = right(exercise, key, "hinted")
    hinted, _ = hinted.take_hint("forward")
    folder = write_class(
        tmp_path / "class",
        exercise,
        {"whole": handed_in(whole, graph), "hinted": handed_in(hinted, hinted.task.given)},
    )
    path, known = files_of("xyz")
    arguments = ("grade", path, "--key", known, "--json", "--jobs", 1)
    assert run(capsys, *arguments, folder / "whole")[0] == 0
    code, out, _ = run(capsys, *arguments, folder / "hinted")
    (row,) = json.loads(out)["students"]
    assert (code, row["status"]) == (1, "partial")
    assert 0 < row["score"] < 6
    work = folder / "hinted" / "xyz.gradstudio"
    assert run(capsys, "lab", "try", path, work, "--key", known, "--student", "hinted")[0] == 1
    due = dated("2026-03-20T23:59:00+08:00", percent_a_day=10, most_days=3)
    (folder / "whole" / "timestamp.txt").write_text("2026-03-22T00:00:00+08:00")
    assert [one.status for one in grade(due, collect([folder / "whole"], "xyz"))] == ["partial"]
    (folder / "whole" / "timestamp.txt").write_text("2027-03-22T00:00:00+08:00")
    assert [one.status for one in grade(due, collect([folder / "whole"], "xyz"))] == ["failed"]
