"""`gradstudio grade`: what it refuses, and what it says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from batch import files_of, run


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
