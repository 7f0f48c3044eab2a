"""Moving nodes snap to their neighbours and to the grid, unless Alt is held."""

import pytest
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gradstudio.gui.canvas.guides import TO_GRID, TO_NEIGHBOURS, Guides

LEFT = Qt.MouseButton.LeftButton
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(autouse=True)
def _forget():
    yield
    QSettings().clear()


@pytest.fixture
def at_once(hand, circuit):
    """The circuit at 100 %, so that px on the screen are px of the scene."""
    hand.give(circuit)
    hand.canvas.lens.zoom_reset()
    return hand


def guide_lines(hand):
    return hand.canvas.gesture._guides._shown


def test_a_node_snaps_to_the_middle_of_its_neighbour_and_a_line_shows_it(at_once):
    hand = at_once
    at = hand.node("f")
    hand.press(at)
    # The middle of f comes 4 px below that of q.
    hand.move(at + QPointF(30, -86))
    (line,) = guide_lines(hand)
    assert line.y1() == line.y2() == 60
    assert line.x1() < 180
    assert line.x2() > 390
    hand.release(at + QPointF(30, -86))
    assert hand.graph.positions["f"][1] == 60
    assert hand.graph.positions["f"][0] == pytest.approx(390, abs=1)
    assert hand.steps() == 1


def test_a_node_snaps_to_the_side_of_its_neighbour(at_once):
    hand = at_once
    at = hand.node("z")
    # Pills are 34 px wide at each side of their middle, ops 23 px: the right sides of z and q.
    hand.drag(at, at + QPointF(166, 137))
    sketch = hand.canvas.picture.sketch
    rights = [sketch.rect(sketch.index[name]).right() for name in ("z", "q")]
    assert rights[0] == pytest.approx(rights[1])


def test_it_goes_freely_while_alt_is_held(at_once):
    hand = at_once
    at = hand.node("f")
    hand.press(at)
    to = at + QPointF(30, -86)
    hand.move(to)
    assert guide_lines(hand)
    for kind in (QMouseEvent.Type.MouseMove, QMouseEvent.Type.MouseButtonRelease):
        viewport = hand.canvas.viewport()
        button = LEFT if kind == QMouseEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
        event = QMouseEvent(kind, to, viewport.mapToGlobal(to), button, LEFT, ALT)
        if kind == QMouseEvent.Type.MouseMove:
            QApplication.sendEvent(viewport, event)
            assert not guide_lines(hand)
        else:
            QApplication.sendEvent(viewport, event)
    assert hand.graph.positions["f"] == pytest.approx((390, 64), abs=1)


def test_a_group_snaps_by_what_surrounds_it(at_once):
    hand = at_once
    hand.canvas.select(("x", "y"))
    at = hand.node("x")
    # Their common middle is at y = 60, as q's: 3 px off, it comes back.
    hand.drag(at, at + QPointF(0, 3) + QPointF(-31, 0))
    assert hand.graph.positions["x"][1] == 0
    assert hand.graph.positions["y"][1] == 120
    assert hand.graph.positions["x"][0] == pytest.approx(-31, abs=1)


def test_the_grid_takes_what_no_neighbour_does(at_once):
    hand = at_once
    TO_GRID.set(True)
    at = hand.node("q")
    hand.drag(at, at + QPointF(-53, -107))
    assert hand.graph.positions["q"] == (120, -40)


def test_both_can_be_switched_off(at_once):
    hand = at_once
    TO_NEIGHBOURS.set(False)
    at = hand.node("f")
    hand.drag(at, at + QPointF(30, -86))
    assert hand.graph.positions["f"] == pytest.approx((390, 64), abs=1)


def test_what_is_out_of_sight_is_no_neighbour(at_once):
    hand = at_once
    near = Guides(hand.canvas, ("f",), "f").snap(QPointF(0, -86), free=False)
    assert near.y() == -90
    hand.canvas.lens.pan((QPointF(0, 5000)).toPoint())
    far = Guides(hand.canvas, ("f",), "f").snap(QPointF(0, -86), free=False)
    assert far.y() == -86


def test_escape_takes_the_lines_away(at_once):
    hand = at_once
    at = hand.node("f")
    before = hand.canvas.grab().toImage()
    hand.press(at)
    hand.move(at + QPointF(30, -86))
    hand.key(Qt.Key.Key_Escape)
    hand.release(at)
    hand.canvas.select(())
    assert hand.canvas.grab().toImage() == before
    assert hand.steps() == 0
