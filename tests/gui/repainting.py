"""Whether the screen shows what it should where only parts of it were painted anew."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gradstudio.gui.canvas.view import Canvas

SMOOTH_PX = 12
"""So many pixels may be other: the border of a part that was painted alone is smooth."""
LEVELS = 24


def is_stale(canvas: Canvas) -> bool:
    """Return whether the screen becomes another one when all of the canvas is painted at once."""
    canvas.flash.end()
    # What is shown for the first time is painted a turn later.
    QApplication.processEvents()
    QApplication.processEvents()
    shown = _screen(canvas)
    canvas._layers._ground_key = ()
    canvas.viewport().repaint()
    anew = _screen(canvas)
    if shown == anew:
        return False
    other = np.abs(_pixels(shown) - _pixels(anew)).max(axis=2) > LEVELS
    return int(other.sum()) >= SMOOTH_PX


def _screen(canvas: Canvas) -> QImage:
    return canvas.screen().grabWindow(canvas.winId()).toImage()


def _pixels(image: QImage) -> npt.NDArray[np.int16]:
    """Return the pixels of an image of 32 bits each: (height, width, 4)."""
    bits = np.frombuffer(image.constBits(), np.uint8)
    return bits.reshape(image.height(), image.width(), 4).astype(np.int16)
