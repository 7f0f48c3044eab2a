"""Starting the window: the application, its look and language, and the first graph."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from gradstudio import __version__, resources
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.dialogs import Message
from gradstudio.gui.main_window import MainWindow

FIRST_EXAMPLE = "sigmoid.gradstudio"
SWITCH_S = 0.001
_LOG = logging.getLogger(__name__)


def main(argv: list[str]) -> int:
    """Open the window and return the exit code once it was closed.

    Args:
        argv: the command line without the program's name; the files to open.
    """
    app = QApplication([sys.argv[0], *argv])
    app.setApplicationName("GradStudio")
    app.setOrganizationName("GradStudio")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("gradstudio")
    # A training run is Python at work in a thread; the window's turn comes sooner than by default.
    sys.setswitchinterval(SWITCH_S)
    appearance = Appearance(app)
    appearance.apply()
    window = MainWindow(appearance)
    sys.excepthook = _Excepthook()
    if not argv:
        open_first_example(window)
    window.show()
    # What cannot be opened is said in a window that is there.
    window.filing.open_files(map(Path, argv))
    return app.exec()


def open_first_example(window: MainWindow) -> None:
    """Show a newcomer a graph that is already evaluated."""
    try:
        path = resources.path("examples", FIRST_EXAMPLE)
    except FileNotFoundError:
        return
    window.filing.open_example(path)


class _Excepthook:
    """Shows an error nobody caught; the document is a value and survives it."""

    def __init__(self) -> None:
        self._showing = False

    def __call__(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        _LOG.error("%s", details)
        # One box at a time: an error while painting would come again and again.
        if self._showing:
            return
        self._showing = True
        text = QCoreApplication.translate(
            "MainWindow",
            "Something went wrong inside GradStudio. Your graph is still there; save it now.",
        )
        Message.ask(text, QApplication.activeWindow(), details)
        self._showing = False
