"""`gradstudio grade`: what it refuses, and what it says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from batch import files_of, run
from solving import handed_in, lab, right, write_class


@pytest.mark.parametrize("table", ["", "/", "."])
def test_a_gradebook_needs_a_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, table: str
) -> None:
    path, key = files_of("xyz")
    code, out, err = run(capsys, "grade", path, tmp_path, "--key", key, "--csv", table)
    assert (code, out, err) == (2, "", "gradstudio: --csv takes a file\n")


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, key = files_of("linear-fit")
    assert run(capsys, "grade", path, tmp_path)[2].startswith("gradstudio: ") is True
    code, _, err = run(capsys, "grade", path, tmp_path)
    assert code == 2
    assert "give its --key" in err
    code, _, err = run(capsys, "grade", path, tmp_path / "none", "--key", key)
    assert code == 2
    assert "No such file" in err
    code, _, err = run(capsys, "grade", path, tmp_path, "--key", files_of("xyz")[1])
    assert code == 2
    assert "this is the key of xyz, not of linear-fit" in err
    code, _, err = run(capsys, "grade", key, tmp_path)
    assert code == 2
    assert "no GradStudio file (no “format”: “gradlab”)" in err


def test_nothing_is_written_onto_what_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise, key = lab("xyz")
    folder = write_class(tmp_path / "class", exercise, {"1": handed_in(*right(exercise, key, "1"))})
    path = tmp_path / "w.gradlab"
    path.write_bytes(files_of("xyz")[0].read_bytes())
    roster = tmp_path / "book.items.csv"
    roster.write_text("1\n", encoding="utf-8")
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    arguments = ("grade", path, folder, "--roster", roster)
    for option, name in (
        ("--csv", "w.gradlab"),
        ("--csv", "book.csv"),
        ("--csv", "class/../w.gradlab"),
        ("--csv", "class/1/xyz.gradstudio"),
        ("--html", "class"),
        ("--html", "class/1/report"),
    ):
        code, out, err = run(capsys, *arguments, option, tmp_path / name)
        assert (code, out) == (2, ""), name
        assert option in err
    assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == before


def test_pages_of_an_earlier_run_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Or a student who is no longer graded would keep a page with points; other files stay."""
    exercise, key = lab("xyz")
    works = {student: handed_in(*right(exercise, key, student)) for student in "12"}
    folder = write_class(tmp_path / "class", exercise, works)
    pages = tmp_path / "html"
    arguments = ("grade", files_of("xyz")[0], "--html", pages, "--jobs", 1)
    assert run(capsys, *arguments, folder / "1", folder / "2")[0] == 0
    assert sorted(one.name for one in (pages / "students").iterdir()) == ["1.html", "2.html"]
    (pages / "students" / "notes.html").write_text("<p>mine</p>")
    assert run(capsys, *arguments, folder / "2")[0] == 0
    assert sorted(one.name for one in (pages / "students").iterdir()) == ["2.html", "notes.html"]
