"""Into which frame one has gone on a canvas, and what that and folded frames mean for nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gradstudio.graph import Graph, Point

if TYPE_CHECKING:
    from gradstudio.gui.canvas.mirror import Mirror
    from gradstudio.gui.canvas.view import Canvas


class Levels(QObject):
    """The frames of one canvas as something to go into and out of.

    Args:
        canvas: the canvas.
        mirror: draws what lies on the level one is on.
    """

    def __init__(self, canvas: Canvas, mirror: Mirror) -> None:
        super().__init__(canvas)
        self._canvas, self._mirror = canvas, mirror
        canvas.document.restarted.connect(self._begin)

    def is_guest(self, name: str) -> bool:
        """Return whether a node only stands beside the inside of the frame that is shown."""
        view = self._mirror.view
        return view is not None and name in view.guests

    def together(self, name: str) -> tuple[str, ...]:
        """Return the nodes in the same block as a node, or just itself."""
        view = self._mirror.view
        block = None if view is None else view.block_of.get(name)
        return (name,) if block is None else block.nodes

    def room_for(self, graph: Graph, frames: Iterable[str], *, folded: bool) -> Mapping[str, Point]:
        """Return where nodes of `graph` must go so that these frames can be folded or unfolded."""
        return self._mirror.room_for(graph, frames, folded=folded)

    def real(self, shown: Mapping[str, Point]) -> Mapping[str, Point]:
        """Return where nodes go that are to be shown at these places: those in a block with it."""
        return self._mirror.real(shown)

    def go_into(self, frame: str | None) -> None:
        """Draw the inside of a frame alone, or with None everything again."""
        canvas, left = self._canvas, self._mirror.inside
        if frame == left:
            return
        canvas.cancel_gesture()
        canvas.overlays.close_editor()
        self._mirror.enter(frame)
        canvas.select(() if frame is not None else canvas.selection())
        canvas.boards.refresh()
        canvas.crumbs.refresh()
        canvas.find_bar.refresh()
        canvas.lens.fit()
        annotations = canvas.document.graph.annotations
        if left is not None and left in annotations.frames:
            nested = annotations.path(left)
            if frame is None or frame in nested:
                canvas.annotating.choose(left)
        canvas.viewport().update()
        # What can be done is something else here.
        canvas.selection_changed.emit(canvas.selection())

    def go_out(self) -> None:
        """Draw what the frame gone into lies in."""
        inside = self._mirror.inside
        if inside is not None:
            self.go_into(self._canvas.document.graph.annotations.frames[inside].inside)

    def _begin(self) -> None:
        """Another document was opened: show all of it, whatever its frames are called."""
        if self._mirror.inside is not None:
            self._mirror.enter(None)
            self._canvas.boards.refresh()
            self._canvas.crumbs.refresh()
        self._mirror.forget()
