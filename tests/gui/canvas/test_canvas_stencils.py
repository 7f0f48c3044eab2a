"""Nodes that are copied from stencils look as if each had been drawn."""

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QImage, QPainter, QPixmap

from gradstudio import rewiring
from gradstudio.gui.canvas import stencils
from gradstudio.gui.canvas.stencils import Form, Stencils
from gradstudio.gui.theme import DARK


def pixels(canvas, ratio=1):
    """Return how the nodes look, with so many pixels to each px: (high, wide, 3)."""
    pixmap = QPixmap(canvas.viewport().size() * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill("white")
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setTransform(canvas.viewportTransform())
    canvas.picture.paint_nodes(painter, np.arange(len(canvas.document.graph)), canvas.zoom)
    painter.end()
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[..., :3].astype(int)


def apart(one, other):
    """Return the share of pixels that anybody could tell apart."""
    return (np.abs(one - other).max(axis=2) > 48).mean()


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("zoom", [1.37, 0.71, 0.33])
def test_copies_look_as_what_is_drawn(hand, circuit, zoom, ratio):
    graph = circuit.add("m", "add", ("q",), at=(362.3, 40.6))
    hand.give(rewiring.mute(graph.add("n", "exp", ("m",), at=(460, 40)), ["n"]))
    canvas = hand.canvas
    canvas.lens.zoom_at(QPointF(500, 350), zoom / canvas.zoom)
    copied = pixels(canvas, ratio)
    assert canvas._mirror._stencils._made
    canvas.picture.on_paper = True
    drawn = pixels(canvas, ratio)
    assert apart(drawn, copied) < 0.0005


def test_what_is_marked_is_not_a_copy_of_what_is_not(hand, circuit):
    hand.give(circuit)
    hand.canvas.lens.pan(QPoint(3, 5))
    before = pixels(hand.canvas)
    hand.click(hand.node("f"))
    marked = pixels(hand.canvas)
    x, y = hand.node("f").toPoint().toTuple()
    assert (before != marked)[y - 30 : y + 30, x - 30 : x + 30].sum() > 300
    hand.canvas.select(())
    hand.move(QPointF(5, 5))
    assert (before == pixels(hand.canvas)).all()


def test_no_more_are_kept_than_there_is_room_for(hand, circuit, monkeypatch):
    hand.give(circuit)
    whole = pixels(hand.canvas)
    monkeypatch.setattr(stencils, "MOST_KEPT_PX", 1)
    hand.canvas._mirror._stencils._made.clear()
    assert (whole == pixels(hand.canvas)).all()
    assert len(hand.canvas._mirror._stencils._made) == 1
    monkeypatch.setattr(stencils, "MOST_SIDE_PX", 1)
    hand.canvas._mirror._stencils._made.clear()
    assert apart(whole, pixels(hand.canvas)) < 0.0005


def test_a_form_is_painted_once_for_a_scale(qapp):
    kept = Stencils(dark=False)
    number = kept.number(Form((10.0, 10.0), True, "op", False, 1.0, True))
    assert number == kept.number(Form((10.0, 10.0), True, "op", False, 1.0, True))
    kept.fit(1.0, 1.0)
    painted = []
    for _ in range(2):
        pixmap, left, top = kept.copy(number, 0, lambda painter, form: painted.append(form))
        assert pixmap.width() == 2 * left + 1
        assert pixmap.height() == 2 * top + 1
    assert len(painted) == 1
    kept.fit(1.0, 1.0)
    assert kept._made
    kept.fit(1.1, 1.0)
    assert not kept._made


def test_what_was_measured_goes_with_the_fonts_it_was_measured_in(hand, circuit):
    hand.give(circuit)
    hand.canvas.grab()
    fonts = weakref.ref(hand.canvas.picture.fonts)
    hand.canvas.set_theme(DARK)
    hand.canvas.grab()
    gc.collect()
    assert fonts() is None
