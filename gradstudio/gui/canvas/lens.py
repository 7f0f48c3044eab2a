"""How the canvas is looked at: zoom, pan and fit of a view whose scroll bars are hidden."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsView

LEAST_ZOOM, MOST_ZOOM = 0.1, 8.0
MARGIN_PX = 20.0


class Lens:
    """The zoom and the place of one view."""

    def __init__(self, view: QGraphicsView) -> None:
        self._view = view

    @property
    def zoom(self) -> float:
        """The scale: 1 at 100 %."""
        return float(self._view.transform().m11())

    def seen(self, at: QPointF) -> QPointF:
        """Return where a point of the scene is seen, in the viewport's coordinates."""
        return self._view.viewportTransform().map(at)

    def scene(self, at: QPointF) -> QPointF:
        """Return the point of the scene that is seen at `at`."""
        return self._view.viewportTransform().inverted()[0].map(at)

    def zoom_at(self, at: QPointF, factor: float) -> None:
        """Zoom by `factor`, within the limits; what is seen at `at` stays there."""
        # To fit a very large graph it may have gone below the limit.
        wanted = min(max(self.zoom * factor, min(LEAST_ZOOM, self.zoom)), MOST_ZOOM)
        fixed = self.scene(at)
        self._view.scale(wanted / self.zoom, wanted / self.zoom)
        self.pan((at - self.seen(fixed)).toPoint())

    def pan(self, by: QPoint) -> None:
        """Move what is seen by so many px of the screen."""
        across, down = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        across.setValue(across.value() - by.x())
        down.setValue(down.value() - by.y())

    def fit(self, bounds: QRectF) -> None:
        """Show all of `bounds`, at 100 % where there is room."""
        if bounds.isEmpty():
            bounds = QRectF(-1, -1, 2, 2)
        scale = self.scale_for(bounds)
        self._view.scale(scale / self.zoom, scale / self.zoom)
        self._view.centerOn(bounds.center())

    def scale_for(self, bounds: QRectF) -> float:
        """Return the scale at which all of `bounds` is in sight, at most 1."""
        space = self._view.viewport().rect()
        return min(
            1.0,
            max(space.width() - 2 * MARGIN_PX, 1) / max(bounds.width(), 1),
            max(space.height() - 2 * MARGIN_PX, 1) / max(bounds.height(), 1),
        )
