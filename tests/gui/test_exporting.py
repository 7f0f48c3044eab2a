"""Pictures out of the window: to a file, to the clipboard, to a printer."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gradstudio import files, resources
from gradstudio.cli import run
from gradstudio.formula import parse
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.canvas.plate import Wish
from gradstudio.gui.dialogs import Answer, FileToSave, UnsavedChanges
from gradstudio.gui.exporting import PaperDialog
from gradstudio.gui.main_window import MainWindow
from gradstudio.gui.picture_dialog import PictureDialog
from gradstudio.gui.theme import DARK, LIGHT

EXAMPLES = sorted(resources.path("examples").glob("*.gradstudio"))
BEGINS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF-", "tikz": b"\\documentclass"}


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)
    made = MainWindow(Appearance(qapp))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    graph = parse("f = (x + y) * z", values={"x": -2.0, "y": 5.0, "z": -4.0})
    made.document.commit("begin", graph)
    made.document.settle()
    yield made
    QSettings().clear()


@pytest.mark.parametrize("language", list(BEGINS))
def test_a_picture_is_written(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    proposals: list[Path] = []

    def where(title: str, kinds: str, proposal: Path, suffix: str, parent: QWidget) -> Path:
        proposals.append(proposal)
        return tmp_path / f"out{suffix}"

    monkeypatch.setattr(PictureDialog, "ask", lambda *args: (language, Wish(LIGHT)))
    monkeypatch.setattr(FileToSave, "ask", where)
    window.menus.actions["export_picture"].trigger()
    (written,) = tmp_path.iterdir()
    assert written.read_bytes().startswith(BEGINS[language])
    assert proposals[0].name == f"graph{written.suffix}"
    assert f"Wrote out{written.suffix}" in window.status.currentMessage()


def test_a_folder_that_cannot_be_written_is_said(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    monkeypatch.setattr(PictureDialog, "ask", lambda *args: ("svg", Wish(LIGHT)))
    monkeypatch.setattr(FileToSave, "ask", lambda *args: tmp_path / "none" / "out.svg")
    window.menus.actions["export_picture"].trigger()
    assert said
    assert "out.svg: not saved: " in said[0]


def test_an_export_that_fails_leaves_the_file_as_it_was(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    path = tmp_path / "out.svg"
    path.write_bytes(b"the one of yesterday")
    monkeypatch.setattr(PictureDialog, "ask", lambda *args: ("svg", Wish(LIGHT)))
    monkeypatch.setattr(FileToSave, "ask", lambda *args: path)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(files.os, "fsync", full)
        window.menus.actions["export_picture"].trigger()
    assert "out.svg: not saved: " in said[0]
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"the one of yesterday"]


def test_the_dialog_offers_what_there_is_and_remembers(window: MainWindow) -> None:
    dialog = PictureDialog(("x", "y"), DARK, window)
    assert dialog.of.currentData() == ("x", "y")
    dialog.language.setCurrentIndex(dialog.language.findData("png"))
    dialog.scale.setValue(3.0)
    dialog.transparent.setChecked(True)
    language, wish = dialog.answer()
    assert (language, wish) == ("png", Wish(DARK, 3.0, True, ("x", "y")))
    dialog.language.setCurrentIndex(dialog.language.findData("tikz"))
    assert not dialog.scale.isEnabled()
    assert not dialog.colours.isEnabled()
    dialog.deleteLater()
    again = PictureDialog((), LIGHT, window)
    assert again.of.count() == 1
    assert again.answer() == ("png", Wish(LIGHT, 3.0, True, None))
    again.deleteLater()


def test_the_dialog_takes_settings_as_they_come(window: MainWindow) -> None:
    QSettings().setValue("picture/scale", "large")
    QSettings().setValue("picture/format", "gif")
    QSettings().setValue("picture/colours", 99)
    dialog = PictureDialog((), LIGHT, window)
    assert dialog.answer()[0] == "png"
    assert dialog.scale.value() == 2.0
    dialog.deleteLater()


def test_a_picture_goes_to_the_clipboard(window: MainWindow) -> None:
    window.menus.actions["copy_picture"].trigger()
    data = QGuiApplication.clipboard().mimeData()
    assert bytes(data.data("image/png").data()).startswith(BEGINS["png"])
    assert b"<svg" in bytes(data.data("image/svg+xml").data())
    whole = len(data.data("image/svg+xml"))
    window.canvas.select(("x",))
    window.menus.actions["copy_picture"].trigger()
    assert len(QGuiApplication.clipboard().mimeData().data("image/svg+xml")) < whole


def test_the_graph_is_printed_on_one_page(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = tmp_path / "paper.pdf"

    def to_file(printer: QPrinter, parent: QWidget) -> bool:
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(paper))
        return True

    monkeypatch.setattr(PaperDialog, "ask", to_file)
    window.menus.actions["print"].trigger()
    content = paper.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 1


def test_an_empty_page_has_no_pictures(window: MainWindow, said: list[str]) -> None:
    window.new()
    for name in ("export_picture", "copy_picture", "print"):
        assert not window.menus.actions[name].isEnabled()
    window.exporting.copy_picture()
    window.exporting.print_graph()
    assert said == ["There is nothing to make a picture of"] * 2
    assert QGuiApplication.overrideCursor() is None
    assert window.cursor().shape() != Qt.CursorShape.WaitCursor


# -- on the command line -----------------------------------------------------------------------


@pytest.mark.parametrize("language", list(BEGINS))
def test_the_command_draws_pictures(
    qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    out = str(tmp_path / "out")
    assert run(["export", "xyz", "--to", language, "--theme", "dark", "-o", out]) == 0
    assert Path(out).read_bytes().startswith(BEGINS[language])
    assert run(["export", "--formula", "", "--to", language, "-o", out]) == 2
    assert "nothing to make a picture of" in capsys.readouterr().err
    assert Path(out).read_bytes().startswith(BEGINS[language])


@pytest.mark.parametrize("language", list(BEGINS))
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_drawn(
    qapp: QApplication, capsysbinary: pytest.CaptureFixture[bytes], example: Path, language: str
) -> None:
    assert run(["export", str(example), "--to", language]) == 0
    captured = capsysbinary.readouterr()
    assert captured.out.startswith(BEGINS[language])
    assert captured.err == b""


def test_a_picture_is_as_large_as_asked_but_not_larger_than_can_be(
    qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = []
    for scale in ("0.5", "2", "16"):
        out = tmp_path / f"{scale}.png"
        code = run(["export", "udl-chain", "--to", "png", "--scale", scale, "-o", str(out)])
        if code == 0:
            sizes.append(out.stat().st_size)
    assert code == 2
    assert len(sizes) == 2
    assert sizes[0] < sizes[1]
    assert "choose a smaller scale" in capsys.readouterr().err
