"""The canvas as a screen reader meets it: walked, read, pressed, and told of what happens."""

import gc
from collections.abc import Iterator

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from gradstudio.annotations import Annotations, Frame, Note
from gradstudio.graph import Graph
from gradstudio.gui.canvas import accessible, spoken
from gradstudio.gui.canvas.boards import Handle
from gradstudio.gui.canvas.view import Canvas
from gradstudio.gui.document import Document
from gradstudio.gui.playback import Playback
from gradstudio.node import Node

Role, Text, Flag = QAccessible.Role, QAccessible.Text, QAccessible.RelationFlag
Key = Qt.Key


def interface(hand) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(hand.canvas)


def names(hand) -> list[str]:
    found = interface(hand)
    return [found.child(at).text(Text.Name) for at in range(found.childCount())]


# -- reading ----------------------------------------------------------------------------------


def test_every_node_and_edge_is_a_child_with_its_numbers(hand, circuit):
    hand.give(circuit)
    assert names(hand)[:-1] == [
        "x, value −2, gradient −4",
        "y, value 5, gradient −4",
        "z, value −4, gradient 3",
        "q, value 3, gradient −4, inputs x and y",
        "f, value −12, gradient 1, inputs q and z, output",
        "edge from x to q, port x, value −2, gradient −4",
        "edge from y to q, port y, value 5, gradient −4",
        "edge from q to f, port x, value 3, gradient −4",
        "edge from z to f, port y, value −4, gradient 3",
    ]
    found = interface(hand)
    assert found.role() == Role.Canvas
    assert found.text(Text.Name) == "Canvas"
    assert found.text(Text.Description) == "5 nodes, 4 edges, f = −12"
    node, edge = found.child(3), found.child(5)
    assert (node.role(), edge.role()) == (Role.ListItem, Role.Graphic)
    assert node.text(Text.Description) == "add"
    assert node.text(Text.Value) == "3"
    for at in range(found.childCount()):
        child = found.child(at)
        assert child.parent() is found
        assert found.indexOfChild(child) == at
    assert found.child(found.childCount()) is None
    assert found.child(-1) is None


@pytest.fixture
def framed(circuit):
    """The circuit with q and f in a frame, and notes beside it and in it."""
    frames = {
        "outer": Frame("Outer", nodes=("f",)),
        "inner": Frame("", nodes=("q",), inside="outer"),
    }
    notes = {
        "n": Note("**Read** me\n\n<img src=x>", (-200.0, -200.0, 120.0, 60.0)),
        "m": Note("inside", (180.0, 220.0, 120.0, 60.0), inside="outer"),
    }
    return circuit.annotate(Annotations(frames, notes))


def test_frames_and_notes_are_children_with_their_texts(hand, framed):
    hand.give(framed)
    found = interface(hand)
    assert names(hand)[9:-1] == [
        "Outer, frame, 2 nodes",
        "frame, 1 node",
        "note, Read me\n<img src=x>",
        "note, inside",
    ]
    roles = [found.child(at).role() for at in range(9, 13)]
    assert roles == [Role.Grouping, Role.Grouping, Role.Note, Role.Note]
    for at in range(found.childCount()):
        assert found.indexOfChild(found.child(at)) == at
    hand.canvas.lens.fit()
    for at in (9, 11, 12):
        # Where nothing else lies: at the corner.
        corner = found.child(at).rect().bottomLeft() + QPoint(2, -2)
        assert found.childAt(corner.x(), corner.y()) is found.child(at)
    assert not found.child(9).state().selected
    hand.canvas.annotating.choose("outer")
    assert found.child(9).state().selected
    hand.canvas.annotating.set_folded(("inner",), folded=True)
    assert sorted(names(hand)[9:11]) == ["Outer, frame, 2 nodes", "folded frame, 1 node"]


def test_places_of_frames_and_notes_are_found_once_for_all_who_ask(hand, framed):
    hand.give(framed)
    boards = hand.canvas.boards
    places = boards.places
    assert boards.places is places
    boards.stretch(Handle("note", "n"), QRectF(5, 6, 70, 80))
    assert boards.places[Handle("note", "n")] == QRectF(5, 6, 70, 80)
    hand.canvas.annotating.choose("outer")
    hand.key(Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    outer = Handle("frame", "outer")
    assert outer.name not in boards.frames
    before = boards.places[outer].left()
    hand.key(Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert boards.places[outer].left() > before


def test_pressing_a_frame_goes_into_it_and_pressing_a_note_writes_it(hand, framed):
    hand.give(framed)
    note = interface(hand).child(11)
    note.actionInterface().doAction("Press")
    (editor,) = hand.canvas.findChildren(QPlainTextEdit)
    assert editor.toPlainText().startswith("**Read**")
    hand.canvas.overlays.close_editor()
    interface(hand).child(9).actionInterface().doAction("Press")
    assert hand.canvas.inside == "outer"


def test_a_frame_that_is_gone_says_so(hand, framed, listening):
    hand.give(framed)
    frame, note = interface(hand).child(9), interface(hand).child(12)
    assert frame.isValid()
    hand.document.commit("none", hand.graph.annotate(Annotations()))
    assert not shiboken6.isValid(frame) or not frame.isValid()
    assert not shiboken6.isValid(note) or not note.isValid()
    assert interface(hand).childCount() == 10


def test_arrays_are_spoken_by_their_shape(hand, arrays):
    hand.give(arrays)
    assert names(hand)[0] == "X, value of shape (5, 3), gradient of shape (5, 3)"
    assert names(hand)[2].startswith("matmul1, value of shape (5, 2), gradient of shape (5, 2)")


def test_what_is_wrong_and_what_is_missing_is_spoken(hand, circuit):
    hand.give(circuit.disconnect("f", 1).disconnect("q", 0).disconnect("q", 1))
    said = names(hand)
    assert said[3].startswith("q, not connected: x and y")
    assert "input q" in said[4]
    assert "not connected: y" in said[4]
    assert "problem" in interface(hand).text(Text.Description)


def test_states_follow_selection_caret_and_sight(hand, circuit):
    hand.give(circuit.move({"z": (9000, 9000)}))
    hand.canvas.lens.zoom_reset()
    hand.canvas.centerOn(180, 60)
    hand.canvas.select(("q",))
    states = [interface(hand).child(at).state() for at in range(5)]
    assert [bool(state.selected) for state in states] == [False, False, False, True, False]
    assert [bool(state.focused) for state in states] == [False, False, False, True, False]
    assert states[2].offscreen
    assert not states[3].offscreen
    assert all(state.focusable and state.selectable for state in states)
    assert interface(hand).focusChild() is interface(hand).child(3)


def test_relations_are_the_edges(hand, circuit):
    hand.give(circuit)
    found = interface(hand)
    said = {(part.text(Text.Name).split(",")[0], flag) for part, flag in found.child(3).relations()}
    assert said == {("x", Flag.FlowsFrom), ("y", Flag.FlowsFrom), ("f", Flag.FlowsTo)}


def test_places_on_the_screen(hand, circuit):
    hand.give(circuit)
    found, viewport = interface(hand), hand.canvas.viewport()
    for at, name in enumerate(hand.graph.nodes):
        middle = viewport.mapToGlobal(hand.node(name).toPoint())
        assert found.child(at).rect().contains(middle)
        assert found.childAt(middle.x(), middle.y()) is found.child(at)
    port = viewport.mapToGlobal(hand.canvas.port_position("f", 1).toPoint()) - QPoint(40, 0)
    across = [found.childAt(port.x(), port.y() + dy) for dy in range(-40, 60, 2)]
    assert found.child(8) in across, "the edge from z to f"
    nothing = viewport.mapToGlobal(QPoint(5, 5))
    assert found.childAt(nothing.x(), nothing.y()) is found.child(found.childCount() - 1)
    assert found.childAt(-5000, -5000) is None


def test_the_viewport_and_what_opens_on_it_is_reached(hand, circuit):
    hand.give(circuit)
    hand.canvas.overlays.edit_value("x")
    found = interface(hand)
    viewport = found.child(found.childCount() - 1)
    assert viewport.object() is hand.canvas.viewport()
    editor = QAccessible.queryAccessibleInterface(hand.editor())
    assert editor.text(Text.Name) == "Value of x"
    assert editor.parent().object() is hand.canvas.viewport()
    assert viewport.parent() is found
    hand.qtbot.keyClick(hand.editor(), Key.Key_Escape)


def test_what_floats_over_the_canvas_is_a_child_too(hand, circuit):
    hand.give(circuit)
    floating = QLabel("note", hand.canvas)
    floating.setGeometry(10, 10, 80, 30)
    floating.show()
    found = interface(hand)
    last = found.child(found.childCount() - 1)
    assert last.object() is floating
    assert last.parent() is found
    assert found.indexOfChild(last) == found.childCount() - 1
    at = floating.mapToGlobal(QPoint(5, 5))
    assert found.childAt(at.x(), at.y()) is last
    floating.hide()
    assert found.childCount() == 5 + 4 + 1
    floating.deleteLater()


# -- pressing ---------------------------------------------------------------------------------


def test_pressing_a_leaf_edits_it_and_pressing_an_op_asks_for_its_settings(hand, circuit):
    hand.give(circuit)
    asked = []
    hand.canvas.settings_wanted.connect(asked.append)
    found = interface(hand)
    action = found.child(3).actionInterface()
    assert action.actionNames() == ["Press"]
    assert action.keyBindingsForAction("Press") == ["Enter"]
    action.doAction("Press")
    assert asked == ["q"]
    assert hand.canvas.selection() == ("q",)
    found.child(0).actionInterface().doAction("Press")
    hand.type("7")
    assert hand.graph.nodes["x"].value == 7
    found.child(8).actionInterface().doAction("Press")
    assert hand.canvas.selection() == ("f",), "an edge leads to what it feeds"


# -- lives ------------------------------------------------------------------------------------


def test_nothing_is_made_before_it_is_asked_for(hand):
    count = 5000
    nodes = {"x0": Node("input", value=np.float64(0.5))}
    nodes |= {f"x{at}": Node("tanh", (f"x{at - 1}",)) for at in range(1, count)}
    hand.give(Graph.build(nodes, positions={f"x{at}": (at * 80.0, 0.0) for at in range(count)}))
    found = interface(hand)
    assert found.childCount() == count + (count - 1) + 1
    assert len(hand.canvas.narrator.parts) == 0
    assert found.child(4321).text(Text.Name).startswith("x4321, value ")
    assert len(hand.canvas.narrator.parts) == 1


def test_parts_go_with_what_they_speak_of(hand, circuit, listening):
    hand.give(circuit)
    found = interface(hand)
    node, edge, other = found.child(3), found.child(5), found.child(0)
    identity = QAccessible.uniqueId(node)
    hand.canvas.select(("q",))
    hand.key(Key.Key_Delete)
    assert found.childCount() == 4 + 1 + 1
    assert not shiboken6.isValid(node)
    assert not shiboken6.isValid(edge)
    assert QAccessible.accessibleInterface(identity) is None
    assert found.child(0) is other
    assert other.text(Text.Name) == "x, value −2"
    hand.document.undo()
    hand.document.settle()
    assert [name.split(",")[0] for name in names(hand)[:5]] == ["x", "y", "z", "q", "f"]


def test_a_part_whose_node_is_gone_says_so(hand, circuit):
    hand.give(circuit)
    node, edge = interface(hand).child(3), interface(hand).child(5)
    hand.canvas.select(("q",))
    hand.key(Key.Key_Delete)
    for part in (node, edge):
        assert not part.isValid()
        assert part.text(Text.Name) == ""
        assert part.state().invalid
        assert part.rect().isEmpty()
        assert part.relations() == []
        part.actionInterface().doAction("Press")
    assert interface(hand).indexOfChild(node) == -1


def test_all_goes_with_the_canvas(qapp):
    document = Document()
    document.commit("begin", Graph().add("x", "input", value=1.0).add("f", "exp", ("x",)))
    document.settle()
    canvas = Canvas(document, Playback(document, document))
    found = QAccessible.queryAccessibleInterface(canvas)
    parts = [found.child(at) for at in range(found.childCount())]
    ids = [QAccessible.uniqueId(part) for part in parts]
    document.close()
    shiboken6.delete(canvas)
    gc.collect()
    assert not shiboken6.isValid(found)
    assert [QAccessible.accessibleInterface(one) for one in ids] == [None] * len(ids)


# -- being told -------------------------------------------------------------------------------


@pytest.fixture
def listening() -> Iterator[None]:
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


@pytest.fixture
def told(hand, circuit, listening) -> list[str]:
    texts: list[str] = []
    hand.give(circuit)
    hand.qtbot.wait_until(lambda: not hand.canvas.narrator.waiting)
    hand.canvas.narrator.said.connect(texts.append)
    return texts


def heard(hand, told: list[str]) -> list[str]:
    hand.qtbot.wait_until(lambda: not hand.canvas.narrator.waiting)
    texts = list(told)
    told.clear()
    return texts


def test_an_edit_is_followed_by_the_result(hand, told):
    hand.canvas.select(("x",))
    hand.canvas.overlays.edit_value("x")
    hand.type("1")
    assert heard(hand, told) == ["f = −24"]
    hand.document.undo()
    hand.document.settle()
    assert heard(hand, told) == ["f = −12"]
    hand.canvas.select(("q",))
    hand.key(Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert heard(hand, told) == [], "a node that only moved changes no number"


def test_a_node_that_comes_is_told_as_the_place_of_the_keyboard(hand, told, monkeypatch):
    places: list[str | None] = []

    def tell(canvas, event: QAccessible.Event, name: str | None = None) -> None:
        if event == QAccessible.Event.Focus:
            places.append(name)

    monkeypatch.setattr(accessible, "tell", tell)
    hand.key(Key.Key_Right)
    hand.key(Key.Key_Right)
    assert places == ["x", "q"]
    hand.canvas.edits.add("tanh", QPointF(500, 300))
    assert places == ["x", "q", "tanh1"]
    hand.canvas.clearFocus()
    hand.canvas.select(("x",))
    assert places == ["x", "q", "tanh1"], "the keyboard is elsewhere"


def test_many_edits_are_one_sentence(hand, told):
    for value in range(20):
        hand.document.commit("set", hand.graph.set_values({"x": float(value)}))
        hand.document.settle()
    assert heard(hand, told) == ["f = −96"]


def test_what_went_wrong_is_told_instead(hand, told):
    hand.document.commit("cut", hand.graph.disconnect("f", 1))
    hand.document.settle()
    (said,) = heard(hand, told)
    assert "f" in said
    assert "y" in said
    hand.document.commit("set", hand.graph.set_values({"x": 9.0}))
    hand.document.settle()
    assert heard(hand, told) in ([], ["f = −12"]), "what was told is not told again"


def test_a_training_run_is_not_told_step_by_step(hand, told):
    for value in range(5):
        hand.document.preview(hand.graph.set_values({"x": float(value)}))
        hand.document.settle()
    assert heard(hand, told) == []


def test_the_playback_is_told_step_by_step(hand, told):
    hand.playback.first()
    hand.playback.forward()
    assert heard(hand, told) == ["Forward 1 of 2: q, value 3"]
    for _ in range(3):
        hand.playback.forward()
    assert heard(hand, told) == ["Backward 2 of 5: z, gradient 3"], "the newest of three"


def test_without_a_screen_reader_nothing_is_put_into_words(hand, circuit, monkeypatch):
    monkeypatch.setattr(spoken, "output", lambda *args: pytest.fail("nobody listens"))
    hand.give(circuit)
    hand.document.commit("set", hand.graph.set_values({"x": 9.0}))
    hand.document.settle()
    hand.playback.back()
    assert not hand.canvas.narrator.waiting


# -- languages --------------------------------------------------------------------------------


def test_names_are_listed_as_one_speaks():
    assert spoken.names(["a"]) == "a"
    assert spoken.names(["a", "b", "c"]) == "a, b and c"
    assert spoken.names([f"n{at}" for at in range(9)]) == "n0, n1, n2, n3, n4, n5 and 3 more"
