"""What is painted quickly looks as if it were painted one by one."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gradstudio.gui.canvas.curves import curve
from gradstudio.gui.canvas.swift import paint_rising


def drawn(scale, paint):
    """What `paint` paints, as darkness from 0 to 1."""
    image = QImage(300, 160, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    painter.translate(0.3, 0.6)
    paint(painter)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(160, image.bytesPerLine())
    return 1 - rows[:, :300] / 255


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.5, 2.0, 4.0])
@pytest.mark.parametrize("down", [True, False])
def test_strands_are_one_curve(qapp, scale, down):
    pen = QPen(QColor("black"), 1.8)
    top, bottom = QPointF(10, 10), QPointF(10 + 250 / scale - 20, 10 + 130 / scale - 20)
    if not down:
        top, bottom = QPointF(top.x(), bottom.y()), QPointF(bottom.x(), top.y())
    path = curve(top, bottom)

    def one(painter):
        painter.setPen(pen)
        painter.drawPath(path)

    def many(painter):
        before = painter.transform()
        paint_rising(painter, [path], [down], pen, scale)
        # Nothing of the painter is left shifted.
        assert painter.transform().map(QPointF(1, 1)) == before.map(QPointF(1, 1))

    slow, fast = drawn(scale, one), drawn(scale, many)
    assert fast.sum() == pytest.approx(slow.sum(), rel=0.15)
    # It is where the curve is, but for the edges of its pixels.
    assert np.abs(fast - slow).sum() < 0.35 * slow.sum()
