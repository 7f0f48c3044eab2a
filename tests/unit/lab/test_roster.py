"""The roster: who is missing, who has more time, and what is no roster."""

from __future__ import annotations

from pathlib import Path

import pytest
from solving import lab, write_class

from gradstudio.errors import FileError
from gradstudio.lab.handed_in import collect, with_roster
from gradstudio.lab.roster import Listed, read_roster


def test_a_roster_tells_who_is_missing_and_who_has_more_time(tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "student_id,name,due\nA1,Li Lei,\nb2,韩梅梅,2026-03-25T23:59:00+08:00\nc3,,\n",
        encoding="utf-8-sig",
    )
    listed = read_roster(roster)
    assert [one.student for one in listed.values()] == ["A1", "b2", "c3"]
    entries = collect(
        [write_class(tmp_path / "class", lab("xyz")[0], {"a1": b"{}", "b2": b"{}", "z9": b"{}"})],
        "xyz",
    )
    found = {one.student: one for one in with_roster(entries, listed)}
    assert sorted(found) == ["A1", "b2", "c3", "z9"]
    assert found["c3"].missing
    assert not found["A1"].missing
    assert found["b2"].listed == listed["b2"]
    assert listed["b2"].due is not None
    assert listed["b2"].name == "韩梅梅"
    roster.write_text("1\n2\n", encoding="utf-8")
    assert [one.student for one in read_roster(roster).values()] == ["1", "2"]
    roster.write_text("student_id,due\n1,soon\n", encoding="utf-8")
    with pytest.raises(Exception, match="row 2: due must be a time with its zone"):
        read_roster(roster)
    roster.write_bytes(b"\xff\xfe1\x00")
    with pytest.raises(Exception, match="not UTF-8"):
        read_roster(roster)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Matriculation,Name\n17,Li Lei\n", "no column is called student_id"),
        ("Matriculation\n17\n18\n", "no column is called student_id"),
        ("student_id,due\n17,\n 17 ,2026-03-25T23:59:00+08:00\n", "row 3: 17 stands there twice"),
        ("a1\nA1\n", "row 2: A1 stands there twice"),
        ("student_id,due\n17,2026-03-25 23:59:00 CST\n", "row 2: due must be a time with its zone"),
        ("student_id\n", "names no students"),
    ],
)
def test_a_roster_that_leaves_a_question_is_refused(tmp_path: Path, text: str, said: str) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match=said):
        read_roster(roster)


@pytest.mark.parametrize("header", ["Student ID", "student-id", "STUDENT_ID", "学号"])
def test_columns_are_known_as_they_are_usually_written(tmp_path: Path, header: str) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(f"{header},First Name,姓,Email\n17,Lei,Li,l@x.edu\n", encoding="utf-8")
    (one,) = read_roster(roster).values()
    assert one == Listed("17", first_name="Lei", last_name="Li", email="l@x.edu")


def test_an_id_is_found_under_the_name_its_file_has(tmp_path: Path) -> None:
    """In a file's name not every sign of an id can stand: the roster knows which it was."""
    for name in ("xyz-A_17", "xyz-B_1", "C_1"):
        (tmp_path / f"{name}.gradstudio").write_bytes(b"{}")
    roster = tmp_path / "roster.csv"
    roster.write_text("A 17\nB 1\nB/1\nC_1\nC 1\n", encoding="utf-8")
    entries = with_roster(collect([tmp_path], "xyz"), read_roster(roster))
    found = {one.student: one.missing for one in entries}
    # Whose of two a file is only the work itself can tell.
    assert found == {
        "A 17": False, "B 1": True, "B/1": True, "B_1": False, "C 1": True, "C_1": False,
    }  # fmt: skip
