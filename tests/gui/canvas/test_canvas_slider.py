"""The slider of a leaf: dragged or by keys, with a range that the file keeps."""

import pytest
from PySide6.QtCore import QPoint, Qt

from gradstudio import storage
from gradstudio.gui.canvas.commands import COMMANDS
from gradstudio.gui.canvas.menu import CanvasMenu
from gradstudio.gui.canvas.slider import LeafSlider, at_step


def open_slider(hand, name):
    hand.canvas.select((name,))
    COMMANDS["slider"].give(hand.canvas)
    return hand.canvas.findChild(LeafSlider)


def press(hand, widget, key, times=1):
    for _ in range(times):
        hand.qtbot.keyPress(widget, key)
        hand.document.settle()
    hand.qtbot.keyRelease(widget, key)
    hand.document.settle()


def test_arrows_move_the_number_and_the_graph_follows(hand, circuit):
    hand.give(circuit)
    slider = open_slider(hand, "y")
    assert slider.slider.hasFocus()
    assert (slider.least.text(), slider.most.text()) == ("−10", "10")
    hand.qtbot.keyPress(slider.slider, Qt.Key.Key_Right)
    hand.document.settle()
    assert hand.canvas.edge_text("q", 1)[0] == "5.2"
    assert hand.canvas.edge_text("f", 0)[0] == "3.2"
    assert hand.graph is circuit
    press(hand, slider.slider, Qt.Key.Key_Right, times=2)
    assert hand.steps() == 1
    assert float(hand.graph.nodes["y"].value) == 5.6
    press(hand, slider.slider, Qt.Key.Key_Left)
    assert float(hand.graph.nodes["y"].value) == 5.4
    assert hand.steps() == 2
    press(hand, slider.slider, Qt.Key.Key_Return)
    assert hand.canvas.findChild(LeafSlider) is None or not slider.isVisible()
    assert hand.canvas.hasFocus()


@pytest.mark.parametrize("corner", [(-100, -100), (-100, 9000), (9000, -100), (9000, 9000)])
def test_it_stays_within_the_canvas(hand, circuit, corner):
    hand.give(circuit)
    canvas = hand.canvas
    slider = open_slider(hand, "y")
    canvas.lens.pan(QPoint(*corner) - hand.node("y").toPoint())
    assert canvas.viewport().rect().contains(slider.geometry())


def test_a_drag_is_one_step(hand, circuit):
    hand.give(circuit)
    slider = open_slider(hand, "y").slider
    middle = QPoint(round(slider.width() * 0.75), slider.height() // 2)
    hand.qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    for step in (2, 6, 12):
        hand.qtbot.mouseMove(slider, middle + QPoint(step, 0))
        hand.document.settle()
    shown = float(hand.document.shown.nodes["y"].value)
    assert hand.graph is circuit
    hand.qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle + QPoint(12, 0))
    hand.document.settle()
    assert hand.steps() == 1
    assert float(hand.graph.nodes["y"].value) == shown
    hand.canvas.overlays.close_slider()


def test_escape_takes_back_then_closes(hand, circuit):
    hand.give(circuit)
    slider = open_slider(hand, "z")
    hand.qtbot.keyPress(slider.slider, Qt.Key.Key_PageUp)
    hand.document.settle()
    assert hand.canvas.edge_text("f", 1)[0] == "−2"
    hand.qtbot.keyPress(slider.slider, Qt.Key.Key_Escape)
    hand.document.settle()
    assert hand.canvas.edge_text("f", 1)[0] == "−4"
    assert slider.isVisible()
    hand.qtbot.keyPress(slider.slider, Qt.Key.Key_Escape)
    assert not slider.isVisible()
    assert hand.graph is circuit


def test_a_range_is_typed_kept_and_undone(hand, circuit):
    hand.give(circuit)
    slider = open_slider(hand, "y")
    slider.most.setFocus()
    slider.most.selectAll()
    hand.qtbot.keyClicks(slider.most, "6")
    hand.qtbot.keyClick(slider.most, Qt.Key.Key_Return)
    assert hand.graph.looks["y"].range == (-10.0, 6.0)
    assert hand.graph.nodes is circuit.nodes
    assert slider.slider.hasFocus()
    assert storage.loads(storage.dumps(hand.graph)).looks == hand.graph.looks
    slider.least.setText("7")
    slider.least.editingFinished.emit()
    assert hand.said
    assert hand.graph.looks["y"].range == (-10.0, 6.0)
    slider.least.setText("much")
    slider.least.editingFinished.emit()
    assert hand.graph.looks["y"].range == (-10.0, 6.0)
    hand.document.undo()
    assert slider.most.text() == "10"
    hand.canvas.overlays.close_slider()


def test_it_follows_the_canvas_and_goes_with_its_leaf(hand, circuit):
    hand.give(circuit)
    slider = open_slider(hand, "y")
    before = slider.pos()
    hand.canvas.lens.pan(QPoint(30, 20))
    assert slider.pos() - before == QPoint(30, 20)
    hand.document.commit("remove", hand.graph.remove(("y",)))
    assert not slider.isVisible()


def test_only_a_leaf_with_one_number_has_one(hand, circuit, arrays):
    hand.give(circuit)
    hand.canvas.select(("q",))
    COMMANDS["slider"].give(hand.canvas)
    assert hand.said == ["Select one leaf that holds a number"]
    menu = CanvasMenu(hand.canvas, hand.node("y").toPoint())
    next(one for one in menu.actions() if one.text() == "Slider").trigger()
    menu.close()
    assert hand.canvas.findChild(LeafSlider).name == "y"
    hand.canvas.overlays.close_slider()
    hand.give(arrays)
    menu = CanvasMenu(hand.canvas, hand.node("W").toPoint())
    assert "Slider" not in [one.text() for one in menu.actions()]
    menu.close()


@pytest.mark.parametrize(
    ("limits", "step", "number"),
    [((-10.0, 10.0), 500, 0.0), ((-10.0, 10.0), 1000, 10.0), ((0.0, 1.0), 333, 0.333)],
)
def test_steps_are_numbers_with_few_digits(limits, step, number):
    assert at_step(limits, step) == number
