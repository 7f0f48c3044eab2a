"""What fingers on a trackpad mean where the system tells of more than scrolling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QNativeGestureEvent

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

Kind = Qt.NativeGestureType


def heed(canvas: Canvas, event: QNativeGestureEvent) -> bool:
    """Do what the gesture means; return False where it means nothing here.

    A pinch zooms at the fingers, two fingers that slide pan, and a double tap of two goes to 100 %
    there, or from there back to all.
    """
    kind = event.gestureType()
    if kind == Kind.ZoomNativeGesture:
        canvas.lens.zoom_at(event.position(), max(1 + event.value(), 0.1))
    elif kind == Kind.PanNativeGesture:
        canvas.lens.pan(event.delta().toPoint())
    elif kind == Kind.SmartZoomNativeGesture:
        if canvas.zoom < 1:
            canvas.lens.zoom_at(event.position(), 1 / canvas.zoom)
        else:
            canvas.lens.fit()
    else:
        return False
    return True
