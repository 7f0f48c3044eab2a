"""Numbers of an edge that are pinned: always shown, where they were put, and kept in the file."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from gradstudio import storage
from gradstudio.gui.canvas.menu import CanvasMenu


def label(hand, target, port):
    """Where the middle of an edge's value is seen."""
    canvas = hand.canvas
    canvas.viewport().repaint()
    sketch = canvas.picture.sketch
    x, y = sketch.label_at[sketch.edge_index[target, port]].tolist()
    return canvas.lens.seen(QPointF(x, y - 10))


def painted(hand):
    canvas, texts = hand.canvas, []

    class Recorder(QPainter):
        def drawText(self, at, text):
            texts.append(text)

    image = QImage(8, 8, QImage.Format.Format_ARGB32)
    painter = Recorder(image)
    everywhere = QRectF(-1e6, -1e6, 2e6, 2e6)
    edges = np.arange(len(canvas.picture.sketch.edges))
    canvas.picture.paint_labels(painter, edges, canvas.zoom, everywhere)
    canvas.picture.paint_pins(painter, edges, canvas.zoom)
    painter.end()
    return texts


def test_a_click_pins_and_a_second_lets_go(hand, circuit):
    hand.give(circuit)
    hand.click(label(hand, "q", 1))
    assert hand.graph.looks["q"].pins.keys() == {1}
    assert hand.graph.nodes is circuit.nodes
    assert hand.document.undo_stack.undoText() == "Pin numbers"
    hand.click(label(hand, "q", 1))
    assert hand.graph.looks == {}
    hand.document.undo()
    assert hand.graph.looks["q"].pins.keys() == {1}


def test_a_pinned_number_is_shown_at_every_zoom(hand, circuit):
    hand.give(circuit)
    hand.click(label(hand, "q", 1))
    hand.canvas.lens.zoom_at(QPointF(500, 350), 0.25 / hand.canvas.zoom)
    assert painted(hand) == ["5", "−4"]
    hand.canvas.grab()
    hand.canvas.lens.zoom_at(QPointF(500, 350), 0.12 / hand.canvas.zoom)
    assert painted(hand) == ["5", "−4"]
    hand.canvas.lens.zoom_at(QPointF(500, 350), 1 / hand.canvas.zoom)
    assert len(painted(hand)) == 8


def test_a_drag_puts_it_elsewhere_and_it_goes_with_its_node(hand, circuit):
    hand.give(circuit)
    at = label(hand, "q", 1)
    sketch = hand.canvas.picture.sketch
    edge = sketch.edge_index["q", 1]
    before = sketch.label_at[edge].copy()
    hand.drag(at, at + QPointF(-30, 150))
    assert hand.steps() == 1
    assert painted(hand).count("5") == 1
    sketch = hand.canvas.picture.sketch
    assert sketch.label_at[edge] == pytest.approx(before + np.array([-30, 150]), abs=0.2)
    node = hand.node("q")
    hand.drag(node, node + QPointF(40, 20))
    hand.canvas.viewport().repaint()
    assert sketch.label_at[edge] == pytest.approx(before + np.array([10, 170]), abs=0.3)
    # While it is dragged, Escape brings it back.
    at = label(hand, "q", 1)
    hand.press(at)
    hand.move(at + QPointF(60, 0))
    hand.key(Qt.Key.Key_Escape)
    hand.release(at)
    hand.canvas.viewport().repaint()
    assert sketch.label_at[edge] == pytest.approx(before + np.array([10, 170]), abs=0.3)
    assert hand.steps() == 2


def test_the_file_keeps_it_and_other_numbers_keep_clear(hand, circuit):
    hand.give(circuit)
    at = label(hand, "q", 1)
    hand.drag(at, label(hand, "q", 0))
    again = storage.loads(storage.dumps(hand.graph))
    assert again.looks == hand.graph.looks
    hand.give(again)
    hand.canvas.viewport().repaint()
    sketch = hand.canvas.picture.sketch
    one, other = (sketch.edge_index["q", port] for port in (0, 1))
    away = np.abs(sketch.label_at[one] - sketch.label_at[other])
    assert (away >= sketch.label_half[one] + sketch.label_half[other] - 8).any()


def test_the_menu_pins_too(hand, circuit, qtbot):
    hand.give(circuit)
    at = hand.canvas.port_position("f", 0) - QPointF(14, 0)
    for pinned in (True, False):
        menu = CanvasMenu(hand.canvas, at.toPoint())
        action = next(one for one in menu.actions() if one.text() == "Pin its numbers")
        assert action.isChecked() is not pinned
        action.trigger()
        menu.close()
        assert ("f" in hand.graph.looks) is pinned


def test_a_pin_goes_with_a_rename_and_away_with_its_node(hand, circuit):
    hand.give(circuit)
    hand.click(label(hand, "q", 1))
    hand.document.commit("rename", hand.graph.rename("q", "sum"))
    assert len(hand.canvas.picture.sketch.pins) == 1
    hand.document.commit("remove", hand.graph.remove(("sum",)))
    assert hand.canvas.picture.sketch.pins == {}
    hand.canvas.viewport().repaint()
