"""What lies open over the picture to type or drag in: at most one editor, finder and slider."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRect
from shiboken6 import isValid

from gradstudio.gui.canvas import places
from gradstudio.gui.canvas.caret import RIGHT
from gradstudio.gui.canvas.finder import Finder
from gradstudio.gui.canvas.inline import InlineEditor, NoteEditor
from gradstudio.gui.canvas.offers import Loose
from gradstudio.gui.canvas.slider import LeafSlider
from gradstudio.numbers import full_text

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas


class Overlays(QObject):
    """Opens and closes what lies over one canvas, and keeps it where it belongs.

    Args:
        canvas: which one; what is typed becomes one of its edits.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._editor: InlineEditor | NoteEditor | None = None
        self._slider: LeafSlider | None = None
        self.finder: Finder | None = None
        """What is open of `find_node`."""

    # -- editing in place -------------------------------------------------------------------

    def edit(self, name: str) -> None:
        """Edit a node: the value of a leaf, else what can be edited elsewhere."""
        if self._canvas.document.graph.nodes[name].is_leaf:
            self.edit_value(name)
        else:
            self._canvas.settings_wanted.emit(name)

    def edit_value(self, name: str) -> None:
        """Let a leaf's value be typed over it; for an array ask for a grid."""
        canvas = self._canvas
        node = canvas.document.graph.nodes[name]
        if node.value is not None and node.value.ndim:
            canvas.leaf_edit_requested.emit(name)
            return
        text = "" if node.value is None else full_text(float(node.value))
        label = self.tr("Value of {name}").format(name=name)
        self._type_over(name, text, label, lambda typed: canvas.edits.set_value(name, typed))

    def rename(self, name: str) -> None:
        """Let a node's name be typed over it."""
        label = self.tr("Name of {name}").format(name=name)
        self._type_over(name, name, label, lambda typed: self._canvas.edits.rename(name, typed))

    def _type_over(self, name: str, text: str, label: str, keep: Callable[[str], bool]) -> None:
        canvas = self._canvas
        self.close_editor()

        def place() -> QRect:
            return self._seen(canvas.picture.sketch.index[name])

        self.open_editor(InlineEditor(text, label, keep, place, canvas.viewport()))

    def open_editor(self, editor: InlineEditor | NoteEditor) -> None:
        """Let something be typed over the picture until the editor goes away."""
        self.close_editor()
        self._editor = editor
        editor.destroyed.connect(self._forget_editor)
        self._canvas.minimap.follow()

    def close_editor(self) -> None:
        """Close the editor that is open; what was typed is not kept."""
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.destroyed.disconnect(self._forget_editor)
            editor.close_editor()

    def _forget_editor(self) -> None:
        self._editor = None
        # The canvas itself may be what goes away.
        if isValid(self._canvas):
            self._canvas.minimap.follow()

    # -- the slider of a leaf ---------------------------------------------------------------

    def open_slider(self, name: str) -> None:
        """Show the slider of a leaf that holds a number."""
        self.close_slider()
        self._slider = LeafSlider(self._canvas, name)

    def close_slider(self) -> None:
        """Put the slider away; what it was moved to is kept."""
        slider, self._slider = self._slider, None
        if slider is not None:
            slider.close_slider()

    def refresh_slider(self) -> None:
        """Show what the leaf of the slider holds now; without such a leaf put it away."""
        if self._slider is not None and not self._slider.refresh():
            self.close_slider()

    # -- finding a node to add --------------------------------------------------------------

    def find_node(self, at: QPointF | None = None, link: Loose | None = None) -> None:
        """Let a node be found by typing and put it there.

        Args:
            at: where, in the viewport's coordinates; without it beside the node that keys speak
                of, which feeds it where that fits; else where there is room at the pointer, or
                near the middle while the pointer is elsewhere.
            link: a link of which one end is in the air there, to be linked to the node.
        """
        canvas = self._canvas
        canvas.cancel_gesture()
        self.close_editor()
        self.close_finder()
        if at is None and link is None and (place := canvas.caret.beside(RIGHT)) is not None:
            at, link = place, self._from_spoken()
        place = at or canvas.lens.seen(places.clear_for_node(canvas, canvas.aim()))
        self.finder = Finder(canvas, place, link or Loose())
        self.finder.destroyed.connect(self._forget_finder)

    def _from_spoken(self) -> Loose:
        """Return the link out of the node that keys speak of; nothing hidden in a block feeds."""
        canvas, name = self._canvas, self._canvas.caret.spoken
        if name is None or (canvas.view is not None and name in canvas.view.block_of):
            return Loose()
        x, y = canvas.picture.sketch.centres[canvas.picture.sketch.index[name]].tolist()
        return Loose(name, beside=(x, y))

    def close_finder(self) -> None:
        """Close what `find_node` opened."""
        finder, self.finder = self.finder, None
        if finder is not None:
            finder.destroyed.disconnect(self._forget_finder)
            finder.close_finder()

    def _forget_finder(self) -> None:
        self.finder = None

    # -- where they are ---------------------------------------------------------------------

    @property
    def worked_on(self) -> QRect | None:
        """Where what is edited in place, or the one node selected, is seen; None without one."""
        if self._editor is not None:
            return self._editor.geometry()
        selected = np.flatnonzero(self._canvas.picture.marks.selected)
        return self._seen(int(selected[0])) if len(selected) == 1 else None

    def follow(self) -> None:
        """Lie over the same nodes again after the canvas moved."""
        if self._slider is not None:
            self._slider.follow()
        if self._editor is not None:
            self._editor.follow()

    def keep_inside(self) -> None:
        """Stay within the canvas after its size changed."""
        if self.finder is not None:
            self.finder.keep_inside()

    def _seen(self, node: int) -> QRect:
        canvas = self._canvas
        rect = canvas.picture.sketch.rect(node)
        return canvas.viewportTransform().mapRect(rect).toAlignedRect()
