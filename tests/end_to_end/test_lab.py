"""Is a lab solved in the real window by keyboard alone, and what it writes graded?"""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from real_window import Program, Screen, missing

from gradstudio import resources

STUDENT = "20240001"
ANSWERS = {"forward": ("1", "4"), "backward": ("4", "1", "4", "4")}
"""Of the lab `xyz` for that student: x = 3, y = −2, z = 4, blank by blank."""

pytestmark = pytest.mark.skipif(
    bool(missing()), reason=f"not installed: {', '.join(missing()) or 'nothing'}"
)


def test_a_lab_is_solved_by_keyboard_alone_and_graded(tmp_path: Path) -> None:
    with Screen() as screen:
        program = Program(screen, tmp_path, resources.path("labs", "xyz.gradlab"))
        try:
            handed_in = solve(program, tmp_path)
        finally:
            program.stop()

    table = tmp_path / "book.csv"
    command = [sys.executable, "-m", "gradstudio", "grade"]
    command += [str(resources.path("labs", "xyz.gradlab")), str(handed_in)]
    command += ["--key", str(resources.path("labs", "keys", "xyz.gradkey")), "--csv", str(table)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    with table.open(encoding="utf-8-sig", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row["student_id"] == STUDENT
    assert float(row["raw_score"]) == float(row["max_score"]) == 6


def solve(program: Program, folder: Path) -> Path:
    screen = program.screen
    # The window is shown once it is known who works.
    program.wait("dialog() is not None")
    screen.focus(program.ask("int(dialog().winId())"))
    program.wait("dialog().isActiveWindow()")
    screen.type(STUDENT)
    screen.press("Tab")
    screen.type("Li Lei")
    screen.press("Return")
    program.begin()
    program.wait("window.page.lab is not None")
    focus = "type(QApplication.focusWidget()).__name__"
    program.wait(focus, "BlankField")

    # A slip first: it is named, and costs one attempt.
    screen.type("7")
    screen.press("Tab")
    screen.type("4")
    screen.press("Return")
    program.wait("window.page.lab_panel.attempts.text()", "7 attempts left")
    assert program.ask("window.page.lab_panel.words.text").startswith("q: ")
    assert not program.ask("list(window.document.evaluation.grads)")

    screen.press("shift+Tab")
    for item, entries in ANSWERS.items():
        program.wait("window.page.lab.current", item)
        program.wait(focus, "BlankField")
        for text in entries:
            screen.press("ctrl+a")
            screen.type(text)
            screen.press("Tab")
        screen.press("ctrl+Return")
        program.wait(f"window.page.lab.state({item!r})", "right")
        screen.press("F8")
    assert program.ask("'f' in window.document.evaluation.grads")

    path = folder / f"xyz-{STUDENT}.gradstudio"
    screen.press("ctrl+shift+Return")
    program.wait("dialog() is not None")
    screen.focus(program.ask("int(dialog().winId())"))
    program.wait("dialog().isActiveWindow()")
    screen.press("ctrl+a")
    screen.type(str(path))
    screen.press("Return")
    program.wait("window.document.modified", False)
    screen.focus(program.ask("int(window.winId())"))
    screen.press("ctrl+q")
    assert program.ended() == 0
    assert path.exists()
    return path
