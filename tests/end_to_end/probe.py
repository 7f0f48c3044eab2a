"""Runs the program as its command does, and tells whoever started it what its window shows.

A question is a line of Python on stdin, evaluated where the window lives between two events; the
answer is a line of JSON on stdout. Questions only look: what is to be done is done from outside,
by mouse and keys.
"""

from __future__ import annotations

import json
import sys
import traceback
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from gradstudio import storage  # noqa: F401 - for questions
from gradstudio.cli import main

Place = tuple[int, int]


class Probe(QObject):
    """Answers questions in the thread it was made in."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def listen(self) -> None:
        """Hand on every line that comes, until there are no more."""
        for line in sys.stdin:
            self.asked.emit(line)

    def _answer(self, question: str) -> None:
        try:
            answer = {"answer": eval(question, {**globals(), "window": _window()})}
            text = json.dumps(answer, default=_plain)
        except Exception:  # noqa: BLE001 - whoever asked shall see it
            text = json.dumps({"raised": f"{question}{traceback.format_exc()}"})
        print(text, flush=True)


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else str(value)


def _window() -> QWidget | None:
    """Return the program's window once a person can see it."""
    for widget in QApplication.topLevelWidgets():
        handle = widget.windowHandle()
        if type(widget).__name__ == "MainWindow" and handle is not None and handle.isExposed():
            return widget
    return None


# -- where things are on the screen ---------------------------------------------------------------


def middle(widget: QWidget) -> Place | None:
    """Return the middle of a widget; None as long as it is not all to be seen."""
    whole = widget.visibleRegion().boundingRect() == widget.rect()
    return _place(widget, widget.rect().center()) if whole else None


def on_canvas(at: QPointF) -> Place:
    """Return a point of the canvas's viewport."""
    window: Any = _window()
    return _place(window.canvas.viewport(), at.toPoint())


def canvas_area() -> tuple[Place, Place]:
    """Return the corners of the canvas."""
    window: Any = _window()
    viewport = window.canvas.viewport()
    return _place(viewport, QPoint(0, 0)), _place(viewport, viewport.rect().bottomRight())


def chip(op: str) -> QWidget:
    """Return what is to be dragged from the palette."""
    window: Any = _window()
    (found,) = (one for one in window.palette_panel.chips() if one.op.name == op)
    return found


def menu_entry(text: str) -> Place | None:
    """Return the first entry that says `text`, in any case, in a menu that is open or the bar."""
    window: Any = _window()
    open_menus = [one for one in QApplication.topLevelWidgets() if isinstance(one, QMenu)]
    for menu in (*(one for one in open_menus if one.isVisible()), window.menuBar()):
        for action in menu.actions():
            if text.casefold() in action.text().replace("&", "").casefold():
                return _place(menu, menu.actionGeometry(action).center())
    return None


def _place(widget: QWidget, at: QPoint) -> Place:
    there = widget.mapToGlobal(at)
    return there.x(), there.y()


# -- what the window shows ------------------------------------------------------------------------


def edges() -> list[tuple[str, str, int, str, str]]:
    """Return source, target, port, and the value and gradient as they are painted, of all edges."""
    window: Any = _window()
    canvas = window.canvas
    return [
        (edge.source, edge.target, edge.port, *canvas.edge_text(edge.target, edge.port))
        for edge in canvas.document.graph.edges()
    ]


def dialog() -> QWidget | None:
    """Return the dialog that waits for an answer."""
    asking = QApplication.activeModalWidget()
    handle = asking.windowHandle() if asking is not None else None
    return asking if handle is not None and handle.isExposed() else None


def take_picture(path: str) -> bool:
    """Save what the whole screen shows; return whether that was done."""
    # What is still to be painted.
    QApplication.processEvents()
    screen = QApplication.primaryScreen()
    return bool(screen.grabWindow(0).save(path))


if __name__ == "__main__":
    probe = Probe()
    Thread(target=probe.listen, daemon=True).start()
    main()
