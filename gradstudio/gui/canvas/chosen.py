"""What is done with all that is selected on a canvas: removed, added once more, put elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from gradstudio.gui.canvas.sketch import indices

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas


class Chosen:
    """The selected nodes and notes of one canvas."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas

    def delete(self) -> None:
        """Remove them."""
        canvas = self._canvas
        canvas.edits.delete(canvas.selection(), canvas.boards.chosen_notes)

    def duplicate(self) -> None:
        """Add them once more."""
        canvas = self._canvas
        canvas.edits.duplicate(canvas.selection(), canvas.boards.chosen_notes)

    def copy(self) -> None:
        """Put them on the clipboard."""
        canvas = self._canvas
        canvas.edits.copy(canvas.selection(), canvas.boards.chosen_notes)

    def cut(self) -> None:
        """Put them on the clipboard and remove them."""
        canvas = self._canvas
        canvas.edits.cut(canvas.selection(), canvas.boards.chosen_notes)

    def copy_formula(self) -> None:
        """Put the formula of the nodes on the clipboard."""
        self._canvas.edits.copy_formula(self._canvas.selection())

    def paste(self, at: QPointF | None = None) -> None:
        """Add the graph or the formula on the clipboard, and select that.

        Args:
            at: where it goes, in scene coordinates; without it, where the pointer is.
        """
        canvas = self._canvas
        clear = at is None and canvas.pointer.at is None
        pasted = canvas.edits.paste(canvas.aim() if at is None else at, clear=clear)
        if pasted and canvas.selection():
            sketch = canvas.picture.sketch
            canvas.lens.keep_in_sight(sketch.bounds(indices(sketch, canvas.selection())))
