"""How the canvas is looked at: zoom, pan, and what is brought into sight when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Signal

from gradstudio.gui.canvas.sketch import indices

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

LEAST_ZOOM, MOST_ZOOM = 0.1, 8.0
ZOOM_STEP = 1.25
WHEEL_BASE = 1.0015
"""What a wheel that turns by an eighth of a degree zooms by; a notch is 120 of them."""
MARGIN_PX = 20.0
FREE_PX = 40.0
"""What is left free around a graph that is shown enlarged."""
IN_SIGHT_PX = 90
"""How far from the border a node comes to stand that was out of sight."""


class Lens(QObject):
    """The zoom and the place of one canvas, whose scroll bars are hidden."""

    zoom_changed = Signal(float)

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._fit_when_shown = True
        self._fit_results = False
        self._met = 0
        """How many nodes there were when it last looked at the graph."""

    @property
    def zoom(self) -> float:
        """The scale: 1 at 100 %."""
        return float(self._canvas.transform().m11())

    def seen(self, at: QPointF) -> QPointF:
        """Return where a point of the scene is seen, in the viewport's coordinates."""
        return self._canvas.viewportTransform().map(at)

    def scene(self, at: QPointF) -> QPointF:
        """Return the point of the scene that is seen at `at`."""
        return self._canvas.viewportTransform().inverted()[0].map(at)

    def pan(self, by: QPoint) -> None:
        """Move what is seen by so many px of the screen."""
        canvas = self._canvas
        across, down = canvas.horizontalScrollBar(), canvas.verticalScrollBar()
        across.setValue(across.value() - by.x())
        down.setValue(down.value() - by.y())

    # -- zooming ----------------------------------------------------------------------------

    def zoom_in(self) -> None:
        """Zoom in a step, at the middle."""
        self.zoom_at(self._middle(), ZOOM_STEP)

    def zoom_out(self) -> None:
        """Zoom out a step, at the middle."""
        self.zoom_at(self._middle(), 1 / ZOOM_STEP)

    def zoom_reset(self) -> None:
        """Show it at 100 %."""
        self.zoom_at(self._middle(), 1 / self.zoom)

    def zoom_by(self, turned: int, at: QPointF) -> None:
        """Zoom as far as a wheel was turned, in eighths of a degree."""
        self.zoom_at(at, WHEEL_BASE**turned)

    def zoom_at(self, at: QPointF, factor: float) -> None:
        """Zoom by `factor`, within the limits; what is seen at `at`, in the viewport, stays."""
        self._fit_results = False
        # To fit a very large graph it may have gone below the limit.
        wanted = min(max(self.zoom * factor, min(LEAST_ZOOM, self.zoom)), MOST_ZOOM)
        fixed = self.scene(at)
        self._canvas.scale(wanted / self.zoom, wanted / self.zoom)
        self.pan((at - self.seen(fixed)).toPoint())
        self._changed()

    def _middle(self) -> QPointF:
        return QPointF(self._canvas.viewport().rect().center())

    def _changed(self) -> None:
        self._canvas.follow_lens()
        self.zoom_changed.emit(self.zoom)

    # -- fitting ----------------------------------------------------------------------------

    def fit(self) -> None:
        """Show all nodes, at 100 % where there is room."""
        picture, boards = self._canvas.picture, self._canvas.boards.bounds()
        bounds = picture.bounds(1.0).united(boards)
        # A smaller picture has larger numbers, which in turn want more room.
        for _ in range(2):
            bounds = picture.bounds(self._scale_for(bounds)).united(boards)
        self._fit_to(bounds)

    def enlarge(self, most: float) -> None:
        """Show all nodes larger than at 100 %, as far as there is room, and at most so large."""
        bounds, space = self._canvas.picture.bounds(1.0), self._canvas.viewport().rect()
        bounds.adjust(-FREE_PX, -FREE_PX, FREE_PX, FREE_PX)
        room = min(space.width() / bounds.width(), space.height() / bounds.height(), most)
        if room > self.zoom:
            self.zoom_at(self._middle(), room / self.zoom)

    def fit_selection(self) -> None:
        """Show the selected nodes."""
        canvas = self._canvas
        sketch, notes = canvas.picture.sketch, canvas.boards.chosen_notes
        nodes = indices(sketch, canvas.selection())
        bounds = sketch.bounds(nodes if len(nodes) or notes else None)
        for note in notes:
            bounds = bounds.united(canvas.boards.notes[note])
        self._fit_to(bounds)

    def _fit_to(self, bounds: QRectF) -> None:
        if bounds.isEmpty():
            bounds = QRectF(-1, -1, 2, 2)
        scale = self._scale_for(bounds)
        self._canvas.scale(scale / self.zoom, scale / self.zoom)
        self._canvas.centerOn(bounds.center())
        self._changed()

    def _scale_for(self, bounds: QRectF) -> float:
        """Return the scale at which all of `bounds` is in sight, at most 1."""
        space = self._canvas.viewport().rect()
        return min(
            1.0,
            max(space.width() - 2 * MARGIN_PX, 1) / max(bounds.width(), 1),
            max(space.height() - 2 * MARGIN_PX, 1) / max(bounds.height(), 1),
        )

    # -- bringing into sight ----------------------------------------------------------------

    def keep_in_sight(self, rect: QRectF) -> None:
        """Pan as little as brings `rect` and its numbers into sight."""
        canvas = self._canvas
        seen = canvas.viewportTransform().mapRect(rect).toAlignedRect()
        if not canvas.viewport().rect().contains(seen):
            canvas.ensureVisible(rect, IN_SIGHT_PX, IN_SIGHT_PX)

    def see_selection(self) -> None:
        """Bring the selected nodes into sight: by panning, or if they are too many all of them."""
        canvas = self._canvas
        sketch = canvas.picture.sketch
        bounds = sketch.bounds(indices(sketch, canvas.selection()))
        seen, space = canvas.viewportTransform().mapRect(bounds), canvas.viewport().rect()
        if seen.width() > space.width() or seen.height() > space.height():
            self.fit_selection()
        else:
            self.keep_in_sight(bounds)

    def show_node(self, name: str) -> None:
        """Bring a node into sight, at a scale at which it can be read."""
        canvas = self._canvas
        rect = canvas.picture.sketch.rect(canvas.picture.sketch.index[name])
        if canvas.shows_text:
            self.keep_in_sight(rect)
            return
        self.zoom_reset()
        canvas.centerOn(rect.center())

    def meet(self, *, new: bool) -> None:
        """Look at the graph after an edit; all of it if it is `new`: nothing was there before."""
        canvas = self._canvas
        count = len(canvas.document.graph)
        # A single node in sight was just put there by hand, and would hop away.
        whole = new and not (count == 1 and self.sees_all())
        self._fit_results = whole and count > 0
        if whole:
            self._fit_when_shown = not canvas.isVisible()
            self.fit()
        elif 0 < count < self._met and not self._sees_any():
            # What was looked at is gone: a paste was undone.
            self._return()
        self._met = count

    def _sees_any(self) -> bool:
        canvas = self._canvas
        seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        notes = canvas.boards.notes.values()
        return bool(len(canvas.picture.sketch.nodes_in(seen))) or any(map(seen.intersects, notes))

    def _return(self) -> None:
        """Pan as little as brings the graph into sight; where there is no room, show it all."""
        canvas = self._canvas
        bounds, space = canvas.picture.bounds(self.zoom), canvas.viewport().rect()
        seen = canvas.viewportTransform().mapRect(bounds)
        if seen.width() > space.width() or seen.height() > space.height():
            self.fit()
        else:
            self.keep_in_sight(bounds)

    def take_results(self) -> None:
        """Make room for the results of a new graph, which are known only now."""
        if self._fit_results:
            self._fit_results = False
            self.fit()

    def appear(self) -> None:
        """Look at a graph that came while the canvas was not seen."""
        if self._fit_when_shown:
            self._fit_when_shown = False
            self.fit()

    def sees_all(self) -> bool:
        """Return whether every node is in sight."""
        canvas = self._canvas
        sketch = canvas.picture.sketch
        seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        return all(seen.contains(sketch.rect(node)) for node in range(len(sketch.names)))
