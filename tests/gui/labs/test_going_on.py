"""Work on a lab that was not saved, or is opened once more by its lab: it is not begun anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab_by_hand import STUDENT, answer, begin
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gradstudio import resources
from gradstudio.gui import lab_copies
from gradstudio.gui.lab_dialogs import GoOn, HintPrice, StudentDialog
from gradstudio.gui.lab_session import OPEN, PARTLY, RIGHT
from gradstudio.gui.main_window import MainWindow

WRONG_ENTRIES = {"q": "1", "f": "5"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked; the answer is to go on."""
    texts: list[str] = []
    monkeypatch.setattr(GoOn, "ask", lambda text, *args: texts.append(text) or True)
    return texts


def test_what_was_checked_is_there_after_a_crash(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    begin(window, "xyz")
    answer(qtbot, window, "forward", WRONG_ENTRIES)
    monkeypatch.setattr(HintPrice, "ask", lambda *args: True)
    window.menus.actions["hint"].trigger()
    window.close_page()
    assert asked == []

    session = begin(window, "xyz")
    assert asked == ["By hand: (x + y) · z"]
    assert session.text("forward", "f") == "5"
    assert session.state("forward") == PARTLY
    assert session.session.attempts_left("forward") == 7
    assert session.session.hints == {"forward": 1}
    # No file of the student's has it yet.
    assert window.document.path is None
    assert window.document.modified


def test_it_can_be_begun_anew_or_left_alone(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(window, "xyz")
    answer(qtbot, window, "forward", WRONG_ENTRIES)
    pages = len(window.pages)
    monkeypatch.setattr(GoOn, "ask", lambda *args: None)
    window.filing.open_file(resources.path("labs", "xyz.gradlab"))
    assert len(window.pages) == pages
    monkeypatch.setattr(GoOn, "ask", lambda *args: False)
    session = begin(window, "xyz")
    assert session.text("forward", "f") == ""
    assert session.state("forward") == OPEN
    assert session.session.attempts_left("forward") == 8


def test_the_file_that_lies_beside_the_lab_is_gone_on_with(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, asked: list[str]
) -> None:
    lab = tmp_path / "xyz.gradlab"
    lab.write_bytes(resources.path("labs", "xyz.gradlab").read_bytes())
    window.filing.open_file(lab)
    QApplication.processEvents()
    answer(qtbot, window, "forward", {"q": "1", "f": "4"})
    file = tmp_path / f"xyz-{STUDENT}.gradstudio"
    assert window.filing.save_to(file)
    window.close_page()
    for copy in lab_copies.folder().iterdir():
        copy.unlink()

    window.filing.open_file(lab)
    assert len(asked) == 1
    assert window.document.path == file
    assert not window.document.modified
    assert window.labs.lab is not None
    assert window.labs.lab.state("forward") == RIGHT
    # It is open already: it comes to the front.
    pages = len(window.pages)
    window.filing.open_file(lab)
    assert len(window.pages) == pages


def test_of_two_the_one_with_more_in_it_is_gone_on_with(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, asked: list[str]
) -> None:
    lab = tmp_path / "xyz.gradlab"
    lab.write_bytes(resources.path("labs", "xyz.gradlab").read_bytes())
    window.filing.open_file(lab)
    QApplication.processEvents()
    answer(qtbot, window, "forward", WRONG_ENTRIES)
    assert window.filing.save_to(tmp_path / f"xyz-{STUDENT}.gradstudio")
    assert window.labs.lab is not None
    window.labs.lab.type("forward", "f", "4")
    window.menus.actions["check_item"].trigger()
    window.close_page()
    window.filing.open_file(lab)
    assert window.labs.lab is not None
    assert window.labs.lab.text("forward", "f") == "4"
    assert window.document.path is None


def test_nobody_goes_on_with_work_of_another(
    window: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    asked: list[str],
) -> None:
    content = resources.path("labs", "xyz.gradlab").read_text(encoding="utf-8")
    begin(window, "xyz")
    answer(qtbot, window, "forward", WRONG_ENTRIES)
    other = tmp_path / "xyz.gradlab"
    other.write_text(content.replace('"id": "xyz"', '"id": "xyz", "seed": 2'), encoding="utf-8")
    window.filing.open_file(other)
    monkeypatch.setattr(StudentDialog, "ask", lambda *args: ("20240002", "Han Meimei"))
    begin(window, "xyz")
    assert asked == []
    # What cannot be read is no work, and keeps nobody from beginning.
    monkeypatch.setattr(StudentDialog, "ask", lambda *args: (STUDENT, "Li Lei"))
    for copy in lab_copies.folder().iterdir():
        copy.write_text("{", encoding="utf-8")
    session = begin(window, "xyz")
    assert asked == []
    assert session.session.attempts_left("forward") == 8
