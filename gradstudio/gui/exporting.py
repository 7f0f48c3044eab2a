"""What leaves the window: the graph in another language, and pictures of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QMimeData, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from gradstudio import files
from gradstudio.emit import EMITTERS
from gradstudio.errors import GradStudioError
from gradstudio.gui.canvas.plate import Plate, Wish, shot
from gradstudio.gui.dialogs import FileToSave, Message
from gradstudio.gui.picture_dialog import PictureDialog
from gradstudio.gui.theme import LIGHT
from gradstudio.gui.wording import sentence

if TYPE_CHECKING:
    from gradstudio.gui.main_window import MainWindow

_SUFFIXES = {
    "formula": ".txt",
    "latex": ".tex",
    "numpy": ".py",
    "numpy-modular": ".py",
    "torch": ".py",
    "tikz": ".tex",
}
"""Of the others, the suffix is the name."""
SLIDE_SCALE = 2.0


class PaperDialog(QPrintDialog):
    """Asks for a printer and its paper."""

    @classmethod
    def ask(cls, printer: QPrinter, parent: QWidget) -> bool:
        """Return whether to print; `printer` then knows how."""
        dialog = cls(printer, parent)
        wanted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return wanted


class Exporting(QObject):
    """Writes what the current page of a window shows.

    Args:
        window: whose.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def export(self, language: str) -> None:
        """Ask where to write the graph in another language, with its values, and do it."""
        if self._window.labs.refused():
            return
        try:
            text = EMITTERS[language](self._window.document.graph)
        except GradStudioError as wrong:
            Message.ask(sentence(wrong), self._window)
            return
        kinds = self.tr("Text (*{suffix})")
        self._write(text.encode(), language, self.tr("Export as"), kinds)

    def export_picture(self) -> None:
        """Ask what a picture is to be like and where it goes, and write it."""
        window = self._window
        asked = PictureDialog.ask(window.canvas.selection(), window.canvas.theme, window)
        if asked is None:
            return
        language, wish = asked[0], replace(asked[1], inside=window.canvas.inside)
        content = self._shot(language, wish)
        if content is not None:
            kinds = self.tr("Picture (*{suffix})")
            self._write(content, language, self.tr("Export picture"), kinds)

    def copy_picture(self) -> None:
        """Put a picture of the selection, or of all, on the clipboard: as pixels and as SVG."""
        window = self._window
        canvas = window.canvas
        wish = Wish(
            canvas.theme, SLIDE_SCALE, names=canvas.selection() or None, inside=canvas.inside
        )
        vector = self._shot("svg", wish)
        pixels = None if vector is None else self._shot("png", wish)
        if vector is None or pixels is None:
            return
        data = QMimeData()
        data.setData("image/svg+xml", QByteArray(vector))
        data.setData("image/png", QByteArray(pixels))
        QGuiApplication.clipboard().setMimeData(data)
        window.status.say(self.tr("The picture is on the clipboard"))

    def print_graph(self) -> None:
        """Ask for a printer and print the graph on one page, in light colours."""
        window = self._window
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(window.document.title)
        try:
            wish = Wish(LIGHT, transparent=True, inside=window.canvas.inside)
            plate = Plate(window.document, window.playback, wish)
        except GradStudioError as wrong:
            Message.ask(sentence(wrong), window)
            return
        try:
            if plate.bounds.width() > plate.bounds.height():
                printer.setPageOrientation(printer.pageLayout().orientation().Landscape)
            if PaperDialog.ask(printer, window):
                plate.print_on(printer)
        finally:
            plate.close()

    def _shot(self, language: str, wish: Wish) -> bytes | None:
        window = self._window
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            return shot(window.document, window.playback, wish, language)
        except GradStudioError as wrong:
            said = sentence(wrong)
        finally:
            QGuiApplication.restoreOverrideCursor()
        Message.ask(said, window)
        return None

    def _write(self, content: bytes, language: str, title: str, kinds: str) -> None:
        window = self._window
        suffix = _SUFFIXES.get(language, f".{language}")
        proposal = window.filing.proposal(suffix)
        path = FileToSave.ask(title, kinds.format(suffix=suffix), proposal, suffix, window)
        if path is None:
            return
        try:
            files.write(path, content)
        except GradStudioError as wrong:
            Message.ask(sentence(wrong), window)
        else:
            window.status.say(self.tr("Wrote {file}").format(file=path.name))
