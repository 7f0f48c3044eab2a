"""What the menu of the right mouse button says about frames and notes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF
from PySide6.QtGui import QAction, QActionGroup, QColor, QIcon, QKeySequence, QPixmap
from PySide6.QtWidgets import QMenu

from gradstudio.annotations import COLOURS
from gradstudio.errors import mark
from gradstudio.gui.canvas.commands import entry
from gradstudio.gui.theme import named_colour

if TYPE_CHECKING:
    from collections.abc import Callable

    from gradstudio.gui.canvas.boards import Handle
    from gradstudio.gui.canvas.view import Canvas

_SWATCH_PX = 14
_COLOUR_NAMES = {
    "blue": mark("BoardMenu", "Blue"),
    "green": mark("BoardMenu", "Green"),
    "yellow": mark("BoardMenu", "Yellow"),
    "red": mark("BoardMenu", "Red"),
    "purple": mark("BoardMenu", "Purple"),
    "grey": mark("BoardMenu", "Grey"),
}


class BoardMenu(QObject):
    """Adds entries to one menu of one canvas."""

    def __init__(self, menu: QMenu, canvas: Canvas) -> None:
        super().__init__(menu)
        self._menu = menu
        self._canvas = canvas

    def fill(self, handle: Handle) -> None:
        """Fill the menu of a frame or a note."""
        if handle.kind == "note":
            self._fill_note(handle.name)
        else:
            self._fill_frame(handle.name)

    def fill_for_nodes(self) -> None:
        """Add what can be done with the selected nodes and the frames around them."""
        canvas = self._canvas
        homes, selected = canvas.document.graph.annotations.homes, canvas.selection()
        self._menu.addSeparator()
        entry(self._menu, "frame", canvas)
        if canvas.inside is not None:
            entry(self._menu, "leave_frame", canvas)
        if any(node in homes for node in selected):
            self._add(
                self.tr("Take out of the frame"), lambda: canvas.annotating.take_out(selected)
            )

    def fill_for_nothing(self, where: QPointF) -> None:
        """Add what can be made where there is nothing."""
        if self._canvas.inside is not None:
            entry(self._menu, "leave_frame", self._canvas)
        add_note = self._canvas.annotating.add_note
        entry(self._menu, "add_note", self._canvas, run=lambda: add_note(where))

    def _fill_frame(self, name: str) -> None:
        canvas, annotating = self._canvas, self._canvas.annotating
        frame = canvas.document.graph.annotations.frames[name]
        self._add(self.tr("Rename…"), lambda: annotating.rename(name), "F2")
        self._colours(frame.colour, lambda one: annotating.colour_frames((name,), one))
        self._menu.addSeparator()
        text = self.tr("Unfold") if frame.folded else self.tr("Fold")
        fold = partial(annotating.set_folded, (name,), not frame.folded)
        entry(self._menu, "fold", canvas, text, fold)
        self._add(self.tr("Go inside"), lambda: canvas.levels.go_into(name), "Return")
        fit = self._add(self.tr("Fit to its nodes"), lambda: annotating.cover(name, None))
        fit.setEnabled(frame.rect is not None)
        self._menu.addSeparator()
        entry(self._menu, "unframe", canvas)
        entry(self._menu, "copy", canvas)
        entry(self._menu, "duplicate", canvas)
        entry(self._menu, "delete", canvas, self.tr("Delete with its nodes"))

    def _fill_note(self, name: str) -> None:
        canvas, annotating = self._canvas, self._canvas.annotating
        note = canvas.document.graph.annotations.notes[name]
        self._add(self.tr("Edit…"), lambda: annotating.edit_note(name), "F2")
        self._colours(note.colour, lambda one: annotating.colour_notes((name,), one))
        self._menu.addSeparator()
        for command in ("copy", "duplicate", "delete"):
            entry(self._menu, command, canvas)

    def _colours(self, now: str, choose: Callable[[str], None]) -> None:
        colours = self._menu.addMenu(self.tr("Colour"))
        group = QActionGroup(colours)
        for colour in COLOURS:
            swatch = QPixmap(_SWATCH_PX, _SWATCH_PX)
            swatch.fill(QColor(named_colour(self._canvas.theme, colour)))
            action = colours.addAction(QIcon(swatch), self.tr(_COLOUR_NAMES[colour]))
            action.setCheckable(True)
            action.setChecked(colour == now)
            group.addAction(action)
            action.triggered.connect(lambda _=False, one=colour: choose(one))

    def _add(
        self,
        text: str,
        do: Callable[[], object],
        keys: str = "",
    ) -> QAction:
        action = self._menu.addAction(text)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _=False: do())
        return action
