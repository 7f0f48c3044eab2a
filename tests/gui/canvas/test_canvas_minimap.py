"""The minimap: when it is shown, what it shows, and panning by it; and fingers on a trackpad."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QColor, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import capture_exceptions
from shiboken6 import isValid

from gradstudio.graph import Graph, Node
from gradstudio.gui.canvas.minimap import MOST_DOTS, SHOWN
from gradstudio.gui.canvas.view import Canvas

LEFT = Qt.MouseButton.LeftButton
Kind = Qt.NativeGestureType


@pytest.fixture(autouse=True)
def _forget():
    yield
    QSettings().clear()


@pytest.fixture
def wide(hand, circuit):
    """The circuit at 100 % with a node far to the right."""
    hand.give(circuit.add("far", "neg", ("f",), at=(4000, 2000)))
    hand.canvas.lens.zoom_reset()
    hand.canvas.centerOn(200, 100)
    QApplication.processEvents()
    return hand


def middle(hand):
    return hand.canvas.mapToScene(hand.canvas.viewport().rect().center())


def test_it_is_hidden_while_all_is_in_sight(hand, circuit):
    hand.give(circuit)
    assert not hand.canvas.minimap.isVisible()
    hand.canvas.lens.zoom_at(hand.node("x"), 8)
    assert hand.canvas.minimap.isVisible()
    hand.canvas.lens.fit()
    assert not hand.canvas.minimap.isVisible()
    hand.canvas.lens.zoom_at(hand.node("x"), 8)
    hand.document.commit("elsewhere", Graph())
    hand.document.settle()
    assert not hand.canvas.minimap.isVisible()


def test_it_stays_in_its_corner_and_leaves_a_tiny_canvas(wide):
    minimap = wide.canvas.minimap
    for size in ((1000, 700), (700, 500)):
        wide.canvas.resize(*size)
        assert minimap.isVisible()
        assert wide.canvas.rect().contains(minimap.geometry())
        assert wide.canvas.width() - minimap.geometry().right() < 20
        assert wide.canvas.height() - minimap.geometry().bottom() < 20
    wide.canvas.resize(300, 200)
    assert not minimap.isVisible()


def test_a_click_and_a_drag_there_pan(wide, qtbot):
    minimap = wide.canvas.minimap
    scale, origin = minimap._scale()
    at = QPointF(4000, 2000) * scale + origin
    qtbot.mouseClick(minimap, LEFT, pos=at.toPoint())
    assert (middle(wide) - QPointF(4000, 2000)).manhattanLength() < 2 / scale
    assert wide.canvas.viewport().rect().contains(wide.node("far").toPoint())
    assert wide.steps() == 0
    # What is gripped off its middle does not jump.
    grip = (at + QPointF(3, 2)).toPoint()
    before = middle(wide)
    qtbot.mousePress(minimap, LEFT, pos=grip)
    assert (middle(wide) - before).manhattanLength() < 3
    there = grip - (at - (QPointF(200, 100) * scale + origin)).toPoint()
    qtbot.mouseMove(minimap, there)
    qtbot.mouseRelease(minimap, LEFT, pos=there)
    assert (middle(wide) - QPointF(200, 100)).manhattanLength() < 3 / scale


def test_the_wheel_there_zooms_the_middle(wide):
    before = middle(wide)
    minimap = wide.canvas.minimap
    at = QPointF(minimap.rect().center())
    none, turn = QPoint(), QPoint(0, 120)
    event = QWheelEvent(
        at,
        minimap.mapToGlobal(at),
        none,
        turn,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(minimap, event)
    assert wide.canvas.zoom == pytest.approx(1.197, abs=0.01)
    assert (middle(wide) - before).manhattanLength() < 2


def test_it_gets_out_of_the_way_of_a_drag_and_comes_back(wide):
    minimap = wide.canvas.minimap
    corner = QPointF(minimap.geometry().topLeft())
    wide.press(wide.node("q"))
    wide.move(wide.node("q") + QPointF(40, 40))
    assert minimap.isVisible()
    wide.move(corner - QPointF(4, 4))
    assert not minimap.isVisible()
    wide.release(QPointF(300, 300))
    assert minimap.isVisible()


def test_it_does_not_cover_what_is_edited(wide):
    minimap = wide.canvas.minimap
    wide.canvas.lens.pan((QPointF(minimap.geometry().center()) - wide.node("x")).toPoint())
    assert minimap.isVisible()
    wide.canvas.overlays.edit_value("x")
    assert not minimap.isVisible()
    wide.qtbot.keyClick(wide.editor(), Qt.Key.Key_Escape)
    wide.qtbot.waitUntil(minimap.isVisible)
    wide.canvas.select(("x",))
    assert not minimap.isVisible()
    wide.canvas.select(("q",))
    assert minimap.isVisible()


def test_it_is_drawn_anew_only_when_nodes_lie_otherwise(wide):
    minimap = wide.canvas.minimap
    minimap.repaint()
    drawn = minimap._pixmap.cacheKey()
    wide.canvas.lens.pan(QPointF(-50, 20).toPoint())
    wide.canvas.select(("q",))
    minimap.repaint()
    assert minimap._pixmap.cacheKey() == drawn
    wide.press(wide.node("q"))
    wide.move(wide.node("q") + QPointF(30, 40))
    minimap.repaint()
    assert minimap._pixmap.cacheKey() == drawn
    wide.release(wide.node("q") + QPointF(30, 40))
    minimap.repaint()
    assert minimap._pixmap.cacheKey() != drawn


def test_it_shows_nodes_the_selected_ones_and_what_is_seen(wide):
    wide.canvas.select(("far",))
    minimap = wide.canvas.minimap
    image = minimap.grab().toImage()
    scale, origin = minimap._scale()
    accent = QColor(wide.canvas.theme.accent)
    there = (QPointF(4000, 2000) * scale + origin).toPoint()
    assert image.pixelColor(there) == accent
    other = (QPointF(360, 150) * scale + origin).toPoint()
    assert image.pixelColor(other) != QColor(wide.canvas.theme.card)


def test_thousands_of_nodes_are_a_density(hand):
    count = MOST_DOTS + 1000
    nodes = {"n0": Node("input", value=np.float64(1))}
    for at in range(1, count):
        nodes[f"n{at}"] = Node("neg", (f"n{at - 1}",))
    places = {f"n{at}": (100.0 * (at % 60), 90.0 * (at // 60)) for at in range(count)}
    hand.give(Graph.build(nodes, positions=places))
    hand.canvas.lens.zoom_reset()
    minimap = hand.canvas.minimap
    assert minimap.isVisible()
    image = minimap.grab().toImage()
    scale, origin = minimap._scale()
    at = (QPointF(3000, 2000) * scale + origin).toPoint()
    bare = image.pixelColor(4, image.height() // 2)
    assert image.pixelColor(at) != bare


def test_it_can_be_switched_off(wide):
    SHOWN.set(False)
    wide.canvas.minimap.follow()
    assert not wide.canvas.minimap.isVisible()
    wide.canvas.centerOn(3000, 100)
    assert not wide.canvas.minimap.isVisible()


# -- fingers on a trackpad ------------------------------------------------------------------


def touch(hand, kind, at, value=0.0, delta=None):
    viewport = hand.canvas.viewport()
    event = QNativeGestureEvent(
        kind,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        viewport.mapToGlobal(at),
        value,
        delta or QPointF(),
    )
    QApplication.sendEvent(viewport, event)


def test_a_pinch_zooms_at_the_fingers(hand, circuit):
    hand.give(circuit)
    at = hand.node("f")
    zoom = hand.canvas.zoom
    touch(hand, Kind.ZoomNativeGesture, at, 0.25)
    assert hand.canvas.zoom == pytest.approx(1.25 * zoom)
    assert (hand.node("f") - at).manhattanLength() < 2
    for _ in range(60):
        touch(hand, Kind.ZoomNativeGesture, at, 0.5)
    assert hand.canvas.zoom == 8
    for _ in range(60):
        touch(hand, Kind.ZoomNativeGesture, at, -2.0)
    assert hand.canvas.zoom == pytest.approx(0.1)


def test_sliding_fingers_pan(hand, circuit):
    hand.give(circuit)
    at = hand.node("f")
    touch(hand, Kind.PanNativeGesture, at, delta=QPointF(30, -20))
    assert (hand.node("f") - at - QPointF(30, -20)).manhattanLength() < 2


def test_a_double_tap_goes_to_full_size_and_back(hand, circuit):
    hand.give(circuit)
    hand.canvas.lens.zoom_at(hand.node("f"), 0.4)
    at = hand.node("f")
    touch(hand, Kind.SmartZoomNativeGesture, at)
    assert hand.canvas.zoom == pytest.approx(1)
    assert (hand.node("f") - at).manhattanLength() < 2
    hand.canvas.lens.zoom_at(hand.node("f"), 3)
    touch(hand, Kind.SmartZoomNativeGesture, at)
    assert hand.canvas.lens.sees_all()


def test_the_wheel_with_shift_pans_sideways(hand, circuit):
    hand.give(circuit)
    at, zoom = hand.node("f"), hand.canvas.zoom
    event = QWheelEvent(
        at,
        hand.canvas.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ShiftModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(hand.canvas.viewport(), event)
    assert hand.canvas.zoom == zoom
    assert (hand.node("f") - at - QPointF(60, 0)).manhattanLength() < 2


def test_a_canvas_goes_away_while_something_is_edited(hand, circuit):
    hand.give(circuit)
    canvas = Canvas(hand.document, hand.playback)
    canvas.resize(800, 600)
    canvas.show()
    canvas.overlays.edit_value("x")
    assert canvas.overlays.worked_on is not None
    with capture_exceptions() as raised:
        canvas.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not isValid(canvas)
    assert not raised
