"""What a class handed in: whose each file is, and which are no submissions."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path

import pytest
from batch import assignment, files_of, run
from solving import handed_in, lab, right, write_class

from gradstudio.errors import GradStudioError
from gradstudio.lab.grader import grade, notices
from gradstudio.lab.handed_in import Entry, collect


def test_a_class_is_found_in_folders_and_files(tmp_path: Path) -> None:
    data = b"{}"
    folder = write_class(tmp_path / "class", lab("xyz")[0], {"b": data, "a": data})
    (folder / "c.gradstudio").write_bytes(data)
    (folder / "empty").mkdir()
    (folder / ".hidden").mkdir()
    (folder / "notes.txt").write_text("x")
    names = [entry.student for entry in collect([folder], "xyz")]
    assert names == ["a", "b", "c", "empty"]
    assert [one.student for one in collect(sorted(folder.glob("[a-z]*"), reverse=True), "xyz")] == [
        "a", "b", "c", "empty", "notes.txt",
    ]  # fmt: skip
    (entry,) = collect([folder / "a"], "xyz")
    assert (entry.student, entry.read()) == ("a", data)
    flat = tmp_path / "flat"
    flat.mkdir()
    for name in ("x", "y"):
        (flat / f"{name}.gradstudio").write_bytes(data)
    assert [one.student for one in collect([flat], "xyz")] == ["x", "y"]
    # The same file twice is one; two files of one student are a question to the assistant.
    assert len(collect([flat, flat / "x.gradstudio"], "xyz")) == 2
    other = write_class(tmp_path / "d", lab("xyz")[0], {"X": data})
    double = {one.student: one for one in collect([flat, other / "X"], "xyz")}["X"]
    assert "two submissions were handed in for X" in str(double.reason)


def test_what_is_no_submission_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = handed_in(*right(*lab("xyz"), "good"))
    folder = write_class(tmp_path / "class", lab("xyz")[0], {"good": good, "two": good})
    (folder / "two" / "other.gradstudio").write_bytes(good)
    (folder / "empty").mkdir()
    (folder / "linked").mkdir()
    (folder / "linked" / "a.gradstudio").symlink_to("/etc/passwd")
    (folder / "link").symlink_to(folder / "good")
    (folder / "inside").mkdir()
    (folder / "inside" / "a.gradstudio").mkdir()
    if hasattr(os, "mkfifo"):
        (folder / "pipe").mkdir()
        os.mkfifo(folder / "pipe" / "a.gradstudio")
    code, out, _ = run(
        capsys, "grade", *files_of("xyz")[:1], folder, "/dev/zero", "--jobs", 1, "--json"
    )
    assert code == 1
    rows = {one["student_id"]: one for one in json.loads(out)["students"]}
    assert rows["good"]["score"] == 6
    expected = {
        "two": "several files were handed in",
        "empty": "there is no .gradstudio file in the folder empty",
        "linked": "a.gradstudio: this is a symbolic link",
        "link": "link: this is a symbolic link",
        "inside": "a.gradstudio",
        "zero": "this is no ordinary file",
    }
    if "pipe" in rows:
        expected["pipe"] = "this is no ordinary file"
    for student, said in expected.items():
        assert rows[student]["status"] == "error"
        assert rows[student]["score"] == 0
        assert any(said in note for note in rows[student]["notes"]), (student, rows[student])
    assert str(tmp_path) not in out


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names are bytes on Linux only")
def test_a_name_that_is_no_text_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = handed_in(*right(*lab("xyz"), "1"))
    folder = write_class(tmp_path / "class", lab("xyz")[0], {"1": good, "\x1b[31m": good})
    odd = folder / os.fsdecode(b"\xff\xfe")
    odd.mkdir()
    (odd / os.fsdecode(b"\xff.gradstudio")).write_bytes(b"{")
    code, out, _ = run(
        capsys, "grade", files_of("xyz")[0], folder, "--json", "--html", tmp_path / "html",
        "--csv", tmp_path / "book.csv", "--jobs", 1,
    )  # fmt: skip
    assert code == 1
    rows = {one["student_id"]: one["status"] for one in json.loads(out)["students"]}
    assert rows == {"1": "passed", "\x1b[31m": "partial", "\ufffd\ufffd": "error"}
    assert "\x1b" not in (tmp_path / "book.csv").read_text(encoding="utf-8")


def entries_of(*paths: Path, listed: tuple[str, ...] = ()) -> dict[str, Entry]:
    return {one.student: one for one in collect(paths, "xyz", listed)}


def put(folder: Path, *names: str) -> Path:
    """Write files into a folder, and return it."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


@pytest.mark.parametrize(
    "inside",
    [
        ("xyz.gradstudio", "1/xyz.gradstudio"),
        ("1/xyz.gradstudio",),
        ("1.gradstudio",),
        ("1.gradstudio", "2.gradstudio"),
        ("work.gradstudio", "1/xyz.gradstudio", "3/xyz.gradstudio"),
    ],
)
@pytest.mark.parametrize("honest", ["xyz.gradstudio", "work.gradstudio", None])
def test_nobody_hands_in_for_another(
    tmp_path: Path, inside: tuple[str, ...], honest: str | None
) -> None:
    """What a student puts into his folder touches nobody else's, however the class is given."""
    for student in "13":
        (tmp_path / student).mkdir(parents=True)
        if honest is not None:
            put(tmp_path / student, honest)
    put(tmp_path / "2", *inside)
    for paths in ([tmp_path], sorted(tmp_path.iterdir())):
        found = entries_of(*paths)
        assert list(found) == ["1", "2", "3"]
        for student in "13":
            path = found[student].path
            assert path == (None if honest is None else tmp_path / student / honest)
        if "xyz.gradstudio" in inside:
            assert found["2"].path == tmp_path / "2" / "xyz.gradstudio"
            assert "folders beside xyz.gradstudio" in str(found["2"].notes[0])
    if honest is not None:
        by_file = entries_of(*tmp_path.glob("*/*.gradstudio"))
        assert by_file.keys() - {"2"} == {"1", "3"}
        assert all(by_file[one].path == tmp_path / one / honest for one in "13")


def test_a_file_called_by_the_lab_is_its_folders(tmp_path: Path) -> None:
    for student in "12":
        put(tmp_path / student, "xyz.gradstudio")
    (tmp_path / "1" / "timestamp.txt").write_text("2026-03-20T23:59:00+08:00")
    found = entries_of(*tmp_path.glob("*/*"))
    assert list(found) == ["1", "2"]
    assert found["1"].at == datetime.fromisoformat("2026-03-20T23:59:00+08:00")
    assert not found["1"].by_file


def test_a_class_may_have_one_file(tmp_path: Path) -> None:
    flat = put(tmp_path / "submitted", "20240001.gradstudio")
    assert list(entries_of(flat)) == ["20240001"]
    assert list(entries_of(put(tmp_path / "17", "xyz.gradstudio"))) == ["17"]
    # Whether a folder or a file is called by the student, the roster knows.
    other = put(tmp_path / "18", "work.gradstudio")
    assert list(entries_of(other)) == ["work"]
    assert list(entries_of(other, listed=("18",))) == ["18"]
    assert list(entries_of(other / "work.gradstudio", listed=("18",))) == ["18"]


def test_classes_side_by_side(tmp_path: Path) -> None:
    flat = put(tmp_path / "b", "3.gradstudio", "4.gradstudio")
    folders = put(tmp_path / "a", "1/xyz.gradstudio", "2/work.gradstudio")
    assert list(entries_of(folders, flat)) == ["1", "2", "3", "4"]


NO_TIMES = ("2026-03-20 23:59:00", "2026-03-20 23:59:00 CST", "soon", "", "\ufffd")
NO_TIMES += ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")


@pytest.mark.parametrize("stamp", NO_TIMES)
def test_a_time_without_its_zone_is_named(tmp_path: Path, stamp: str) -> None:
    put(tmp_path / "1", "xyz.gradstudio")
    (tmp_path / "1" / "timestamp.txt").write_text(stamp, encoding="utf-8")
    (entry,) = collect([tmp_path], "xyz")
    assert entry.at is not None
    assert "timestamp.txt holds no time with its zone" in str(entry.notes[0])
    graded = {one.student: one for one in grade(assignment(), [entry])}
    assert any("timestamp.txt" in note.en for note in notices(graded["1"]))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_what_is_no_ordinary_file_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "1.gradstudio")
    (entry,) = collect([tmp_path / "1.gradstudio"], "xyz")
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(GradStudioError, match="this is no ordinary file"):
        entry.read()


def test_an_id_with_signs_no_file_name_has_gets_its_own_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The window calls the file of “A 17” xyz-A_17: the work itself says whose numbers it has."""
    path, key = files_of("xyz")
    work = handed_in(*right(*lab("xyz"), "A 17"))
    (tmp_path / "xyz-A_17.gradstudio").write_bytes(work)
    (tmp_path / "xyz-B_17.gradstudio").write_bytes(work)
    code, out, _ = run(capsys, "grade", path, "--key", key, tmp_path, "--json", "--jobs", 1)
    assert code == 1
    rows = {one["student_id"]: one for one in json.loads(out)["students"]}
    assert rows["A 17"]["status"] == "passed"
    assert rows["A 17"]["notes"] == ["the same work as B_17"] or not rows["A 17"]["notes"]
    assert any("it is the work of A 17" in note for note in rows["B_17"]["notes"])
    # Two of one student are a question, also when only the work tells that they are.
    folder = tmp_path / "folders"
    write_class(folder, lab("xyz")[0], {"A 17": work})
    code, out, _ = run(
        capsys, "grade", path, "--key", key, tmp_path / "xyz-A_17.gradstudio", folder, "--json"
    )
    (row,) = json.loads(out)["students"]
    assert (row["student_id"], row["status"]) == ("A 17", "error")
    assert row["notes"] == ["two submissions were handed in for A 17"]
