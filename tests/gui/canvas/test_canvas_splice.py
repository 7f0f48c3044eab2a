"""A node dropped on an edge goes into it."""

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from gradstudio.graph import Graph
from gradstudio.gui.canvas.elbow_room import LINK_PX
from gradstudio.gui.canvas.splice import OP_MIME

ALT = Qt.KeyboardModifier.AltModifier
NO_KEYS = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
COPY = Qt.DropAction.CopyAction


def on_edge(hand, target: str, port: int) -> QPointF:
    """The middle of an edge's curve, in the viewport's coordinates."""
    sketch = hand.canvas.picture.sketch
    path = sketch.path(sketch.edge_index[target, port])
    return hand.canvas.lens.seen(path.pointAtPercent(0.5))


def accent_pixels(hand, at: QPointF) -> int:
    """How many pixels around a point are of the accent colour, more or less."""
    QApplication.processEvents()
    image = hand.canvas.grab().toImage()
    accent = hand.canvas.theme.accent
    red, _, blue = (int(accent[i : i + 2], 16) for i in (1, 3, 5))
    found = 0
    for x in range(-12, 13):
        for y in range(-12, 13):
            colour = image.pixelColor(int(at.x()) + x, int(at.y()) + y)
            # Painted half transparent on a light ground: bluer than it is red, clearly.
            found += colour.blue() - colour.red() > (blue - red) * 0.4
    return found


class Drag:
    """What is dragged here from the palette."""

    def __init__(self, hand, op: str, at: QPointF) -> None:
        self.viewport, self.hand = hand.canvas.viewport(), hand
        self.data = QMimeData()
        self.data.setData(OP_MIME, op.encode())
        enter = QDragEnterEvent(at.toPoint(), COPY, self.data, LEFT, NO_KEYS)
        QApplication.sendEvent(self.viewport, enter)
        assert enter.isAccepted()

    def move(self, at: QPointF, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        event = QDragMoveEvent(at.toPoint(), COPY, self.data, LEFT, keys)
        QApplication.sendEvent(self.viewport, event)
        assert event.isAccepted()

    def drop(self, at: QPointF, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        QApplication.sendEvent(self.viewport, QDropEvent(at, COPY, self.data, LEFT, keys))
        self.hand.document.settle()

    def leave(self) -> None:
        QApplication.sendEvent(self.viewport, QDragLeaveEvent())


def mouse(hand, kind: QEvent.Type, at: QPointF, keys: Qt.KeyboardModifier) -> None:
    held = LEFT if kind == QEvent.Type.MouseMove else Qt.MouseButton.NoButton
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
    viewport = hand.canvas.viewport()
    event = QMouseEvent(kind, at, viewport.mapToGlobal(at), button, held, keys)
    QApplication.sendEvent(viewport, event)


# -- from the palette -------------------------------------------------------------------------


def test_an_op_dropped_on_an_edge_goes_into_it(hand, circuit):
    hand.give(circuit)
    at = on_edge(hand, "f", 1)
    hand.drop("tanh", at)
    assert hand.graph.nodes["tanh1"].inputs == ("z",)
    assert hand.graph.nodes["f"].inputs == ("q", "tanh1")
    assert hand.graph.nodes["q"].inputs == ("x", "y")
    assert (hand.node("tanh1") - at).manhattanLength() < 2
    assert hand.canvas.selection() == ("tanh1",)
    assert hand.steps() == 1
    hand.document.undo()
    assert hand.graph.nodes is circuit.nodes


def test_the_edge_lights_up_while_something_is_held_over_it(hand, circuit):
    hand.give(circuit)
    at = on_edge(hand, "f", 1)
    before = hand.canvas.grab().toImage()
    drag = Drag(hand, "tanh", QPointF(20, 20))
    assert hand.canvas.grab().toImage() == before
    drag.move(at)
    assert accent_pixels(hand, at) > 40
    drag.move(QPointF(20, 20))
    assert hand.canvas.grab().toImage() == before
    drag.move(at)
    drag.leave()
    assert hand.canvas.grab().toImage() == before
    assert hand.graph is circuit


def test_with_alt_it_is_dropped_beside(hand, circuit):
    hand.give(circuit)
    at = on_edge(hand, "f", 1)
    drag = Drag(hand, "tanh", at)
    drag.move(at, ALT)
    assert accent_pixels(hand, at) == 0
    drag.drop(at, ALT)
    assert hand.graph.nodes["tanh1"].inputs == (None,)
    assert hand.graph.nodes["f"].inputs == ("q", "z")


def test_an_op_of_several_inputs_takes_it_at_the_first(hand, circuit):
    hand.give(circuit)
    hand.drop("max", on_edge(hand, "q", 0))
    assert hand.graph.nodes["max1"].inputs == ("x", None)
    assert hand.graph.nodes["q"].inputs == ("max1", "y")


def test_the_first_port_that_fits_takes_it(hand):
    graph = Graph().add("i", "input", value=1.0, at=(0, 0)).add("f", "exp", ("i",), at=(240, 0))
    hand.give(graph)
    hand.drop("embedding", on_edge(hand, "f", 0))
    assert hand.graph.nodes["embedding1"].inputs == (None, "i")


@pytest.mark.parametrize("op", ["matmul", "constant", "parameter"])
def test_what_does_not_fit_is_dropped_beside(hand, circuit, op):
    hand.give(circuit)
    at = on_edge(hand, "f", 1)
    drag = Drag(hand, op, at)
    drag.move(at)
    assert accent_pixels(hand, at) == 0
    drag.drop(at)
    assert hand.graph.nodes["f"].inputs == ("q", "z")
    assert len(hand.graph) == 6


def test_an_edit_from_elsewhere_ends_it_and_the_drop_still_counts(hand, circuit):
    hand.give(circuit)
    at = on_edge(hand, "f", 1)
    drag = Drag(hand, "tanh", at)
    drag.move(at)
    hand.document.commit("elsewhere", hand.graph.disconnect("f", 1))
    drag.drop(at)
    assert hand.graph.nodes["tanh1"].inputs == (None,)
    assert hand.graph.nodes["f"].inputs == ("q", None)


def test_nonsense_is_refused_with_words(hand, circuit):
    hand.give(circuit)
    hand.drop("frobnicate", on_edge(hand, "f", 1))
    assert hand.graph is circuit
    assert "there is no op called" in hand.said[0]


# -- nodes of the graph -----------------------------------------------------------------------


@pytest.fixture
def loose(circuit) -> Graph:
    """The circuit with a node beside it that nothing links."""
    return circuit.add("h", "tanh", at=(260, -80))


def test_a_node_dragged_onto_an_edge_goes_into_it(hand, loose):
    hand.give(loose)
    at = on_edge(hand, "f", 1)
    hand.press(hand.node("h"))
    for part in (0.3, 0.7, 1.0):
        hand.move(hand.node("h") + (at - hand.node("h")) * part)
    assert accent_pixels(hand, at + QPointF(32, -10)) > 10
    hand.release(at)
    assert hand.graph.nodes["h"].inputs == ("z",)
    assert hand.graph.nodes["f"].inputs == ("q", "h")
    assert hand.graph.positions["h"] != loose.positions["h"]
    assert hand.steps() == 1
    assert hand.document.undo_stack.undoText() == "Insert into link"
    hand.document.undo()
    assert hand.graph.nodes == loose.nodes
    assert hand.graph.positions == loose.positions


def test_with_alt_a_node_only_moves(hand, loose):
    hand.give(loose)
    at = on_edge(hand, "f", 1)
    hand.press(hand.node("h"))
    mouse(hand, QEvent.Type.MouseMove, at - QPointF(30, 30), NO_KEYS)
    mouse(hand, QEvent.Type.MouseMove, at, ALT)
    mouse(hand, QEvent.Type.MouseButtonRelease, at, ALT)
    assert hand.graph.nodes["h"].inputs == (None,)
    assert hand.graph.positions["h"] != loose.positions["h"]
    assert hand.document.undo_stack.undoText() == "Move"


def test_a_node_with_links_only_moves(hand, circuit):
    graph = circuit.add("h", "tanh", ("x",), at=(260, -80))
    hand.give(graph)
    hand.drag(hand.node("h"), on_edge(hand, "f", 1))
    assert hand.graph.nodes["f"].inputs == ("q", "z")
    assert hand.document.undo_stack.undoText() == "Move"


def test_several_nodes_only_move(hand, loose):
    hand.give(loose)
    hand.canvas.select(("h", "x"))
    hand.drag(hand.node("h"), on_edge(hand, "f", 1))
    assert hand.graph.nodes["f"].inputs == ("q", "z")


def test_escape_over_an_edge_leaves_everything(hand, loose):
    hand.give(loose)
    before = hand.canvas.grab().toImage()
    hand.press(hand.node("h"))
    hand.move(on_edge(hand, "f", 1))
    hand.key(Qt.Key.Key_Escape)
    hand.release(on_edge(hand, "f", 1))
    assert hand.graph is loose
    hand.canvas.select(())
    assert hand.canvas.grab().toImage() == before


def test_a_node_in_a_short_link_has_room_and_columns_stay(hand, circuit):
    near = circuit.move({"x": (80, 0), "f": (300, 150)})
    hand.give(near)
    hand.drop("exp", on_edge(hand, "f", 0))
    (made,) = hand.canvas.selection()
    at = hand.graph.positions
    assert hand.graph.nodes["f"].inputs == (made, "z")
    assert at[made][0] >= at["q"][0] + LINK_PX
    assert at["f"][0] >= at[made][0] + LINK_PX
    assert all(at[name] == near.positions[name] for name in ("x", "y", "z", "q"))
    assert hand.steps() == 1
    hand.document.undo()
    assert hand.graph.positions == near.positions
