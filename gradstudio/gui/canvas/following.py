"""How a canvas follows its document: to another graph, to other numbers, to another step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gradstudio.engine.evaluate import Evaluation
from gradstudio.graph import Graph
from gradstudio.gui.playback import Playback
from gradstudio.gui.theme import Theme

if TYPE_CHECKING:
    from gradstudio.gui.canvas.mirror import Mirror
    from gradstudio.gui.canvas.view import Canvas


class Following(QObject):
    """Lets everything on one canvas hear of a change, in the order in which that must be.

    Args:
        canvas: the canvas.
        mirror: draws the graph.
        playback: how far its numbers are shown.
    """

    def __init__(self, canvas: Canvas, mirror: Mirror, playback: Playback) -> None:
        super().__init__(canvas)
        self._canvas, self._mirror = canvas, mirror
        canvas.document.changed.connect(self.follow)
        canvas.document.evaluated.connect(self.take)
        playback.moved.connect(self.replay)

    def follow(self, before: Graph, after: Graph) -> None:
        """Show another graph."""
        canvas = self._canvas
        canvas.cancel_gesture()
        canvas.cycle.show(())
        if after is not before:
            canvas.overlays.close_editor()
            canvas.overlays.close_finder()
        fresh = after.nodes.keys().isdisjoint(before.nodes)
        if self._mirror.follow(before, after):
            canvas.viewport().update()
        canvas.overlays.refresh_slider()
        canvas.boards.refresh()
        canvas.crumbs.refresh()
        canvas.find_bar.refresh()
        canvas.follow_blanks()
        canvas.announce()
        canvas.lens.meet(new=fresh)
        canvas.minimap.follow()

    def take(self, evaluation: Evaluation) -> None:
        """Show other numbers."""
        canvas = self._canvas
        runs = canvas.document.previewing and canvas.trial is None
        canvas.flash.begin(canvas.picture.evaluation, evaluation, quiet=runs)
        self._mirror.take(evaluation)
        canvas.boards.refresh()
        canvas.find_bar.refresh_values()
        if evaluation.values:
            canvas.lens.take_results()
        canvas.follow_blanks()
        canvas.repaint_all()

    def replay(self) -> None:
        """Show numbers as far as the playback has come."""
        canvas = self._canvas
        self._mirror.mark_playback()
        current = canvas.picture.marks.current
        if current >= 0 and canvas.gesture is None:
            canvas.lens.keep_in_sight(canvas.picture.sketch.rect(current))
        canvas.refocus()
        canvas.repaint_all()

    def restyle(self, theme: Theme) -> None:
        """Show everything in other colours, or in the font the canvas has now."""
        canvas = self._canvas
        canvas.cancel_gesture()
        self._mirror.restyle(theme, canvas.font())
        canvas.follow_blanks()
        canvas.boards.refresh()
        canvas.find_bar.refresh()
        canvas.minimap.update()
        canvas.viewport().update()
