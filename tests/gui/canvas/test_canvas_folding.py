"""Folded frames and the inside of one: the document stays flat, and ports act on real nodes."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QToolButton

from gradstudio import storage
from gradstudio.annotations import Annotations, Frame, Note
from gradstudio.graph import Graph
from gradstudio.gui.canvas.commands import COMMANDS
from gradstudio.gui.canvas.folding import outermost_folded, unfolded, view_of

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def network() -> Graph:
    """x → a → b → c → d, with w into b; b and c in `inner`, which with a is in `outer`."""
    graph = (
        Graph()
        .add("x", "input", value=0.5, at=(0, 0))
        .add("w", "parameter", value=2.0, at=(0, 140))
        .add("a", "tanh", ("x",), at=(150, 0))
        .add("b", "mul", ("a", "w"), at=(300, 40))
        .add("c", "exp", ("b",), at=(450, 40))
        .add("d", "add", ("c", "a"), at=(640, 20))
    )
    return graph.annotate(
        Annotations(
            {
                "outer": Frame("Outer", "blue", ("a",)),
                "inner": Frame("Inner", "green", ("b", "c"), inside="outer"),
            }
        )
    )


def frames(hand):
    return hand.graph.annotations.frames


def title(hand, name: str) -> QPointF:
    return hand.canvas.lens.seen(hand.canvas.boards.frames[name].title.center())


def fold(hand, *names: str) -> None:
    hand.canvas.annotating.set_folded(names, folded=True)
    hand.document.settle()


def block(hand, name: str):
    (found,) = [one for one in hand.canvas.view.blocks if one.frame == name]
    return found


def painted_nodes(hand) -> set[str]:
    sketch = hand.canvas.picture.sketch
    everywhere = sketch.bounds().adjusted(-500, -500, 500, 500)
    return {sketch.names[at] for at in sketch.nodes_in(everywhere).tolist()}


def painted_edges(hand) -> set[tuple[str, str, int]]:
    sketch = hand.canvas.picture.sketch
    everywhere = sketch.bounds().adjusted(-500, -500, 500, 500)
    return {tuple(sketch.edges[at]) for at in sketch.edges_in(everywhere).tolist()}


# -- folding --------------------------------------------------------------------------------


def test_a_folded_frame_takes_the_notes_in_it_along(hand, network):
    note = Note("in it", (300.0, 120.0, 90.0, 40.0), inside="inner")
    annotations = replace(network.annotations, notes={"n": note})
    hand.give(network.annotate(annotations))
    fold(hand, "inner")
    at = hand.node(block(hand, "inner").lead)
    hand.drag(at, at + QPointF(60, 120))
    moved = hand.graph.positions["b"][0] - 300, hand.graph.positions["b"][1] - 40
    assert moved[1] > 50
    left, top, *_ = hand.graph.annotations.notes["n"].rect
    assert (left - 300, top - 120) == pytest.approx(moved, abs=0.02)


def test_fold_and_unfold_by_key_is_one_step_each_and_evaluates_nothing(hand, network):
    hand.give(network)
    evaluation = hand.document.evaluation
    hand.click(title(hand, "inner"))
    hand.canvas.annotating.fold()
    assert frames(hand)["inner"].folded
    assert hand.graph.nodes is network.nodes
    assert hand.document.evaluation.values is evaluation.values
    assert hand.steps() == 1
    assert painted_nodes(hand) == {"x", "w", "a", "b", "d"}
    assert painted_edges(hand) == {
        ("x", "a", 0), ("a", "b", 0), ("w", "b", 1), ("c", "d", 0), ("a", "d", 1)
    }  # fmt: skip
    hand.canvas.annotating.fold()
    assert not frames(hand)["inner"].folded
    assert painted_nodes(hand) == set(network.nodes)
    assert len(painted_edges(hand)) == 6
    hand.document.undo()
    hand.document.undo()
    assert hand.graph is network


def test_a_block_has_the_ports_of_its_border_with_their_numbers(hand, network):
    hand.give(network)
    plain = hand.canvas.edge_text("b", 1), hand.canvas.edge_text("d", 0)
    fold(hand, "inner")
    assert block(hand, "inner").inputs == (("b", 0), ("b", 1))
    assert block(hand, "inner").outputs == ("c",)
    assert (hand.canvas.edge_text("b", 1), hand.canvas.edge_text("d", 0)) == plain
    rect = hand.canvas.picture.sketch.rect(hand.canvas.picture.sketch.index["b"])
    for name, port in block(hand, "inner").inputs:
        at = hand.canvas.lens.scene(hand.canvas.port_position(name, port))
        assert at.x() == pytest.approx(rect.left(), abs=0.5)
        assert rect.top() < at.y() < rect.bottom()
    at = hand.canvas.lens.scene(hand.canvas.output_position("c"))
    assert at.x() == pytest.approx(rect.right(), abs=0.5)
    sketch = hand.canvas.picture.sketch
    edge = sketch.edge_index["d", 0]
    assert tuple(sketch.start[edge]) == pytest.approx((at.x(), at.y()))


def test_laid_out_anew_a_block_has_its_ports_in_the_order_of_its_nodes(hand, network):
    hand.give(network.move({"a": (150, 400)}))
    fold(hand, "outer")
    assert block(hand, "outer").inputs == (("b", 1), ("a", 0))
    COMMANDS["arrange"].give(hand.canvas)
    assert hand.graph.positions["a"][1] < hand.graph.positions["b"][1]
    assert block(hand, "outer").inputs == (("a", 0), ("b", 1))
    sketch = hand.canvas.picture.sketch
    high = [sketch.end[sketch.edge_index[port], 1] for port in (("a", 0), ("b", 1))]
    assert high[0] < high[1]


def test_a_frame_in_a_folded_frame_goes_with_it(hand, network):
    hand.give(network)
    fold(hand, "inner")
    fold(hand, "outer")
    assert [one.frame for one in hand.canvas.view.blocks] == ["outer"]
    assert block(hand, "outer").outputs == ("a", "c")
    assert hand.canvas.boards.frames == {}
    hand.canvas.annotating.set_folded(("outer",), folded=False)
    assert [one.frame for one in hand.canvas.view.blocks] == ["inner"]
    assert list(hand.canvas.boards.frames) == ["outer"]
    rect = hand.canvas.picture.sketch.rect(hand.canvas.picture.sketch.index["c"])
    assert hand.canvas.boards.frames["outer"].rect.contains(rect)


def test_the_triangles_fold_and_unfold(hand, network):
    hand.give(network)
    corner = hand.canvas.boards.frames["inner"].title
    hand.click(hand.canvas.lens.seen(QPointF(corner.left() + 12, corner.center().y())))
    assert frames(hand)["inner"].folded
    rect = hand.canvas.picture.sketch.rect(hand.canvas.picture.sketch.index["b"])
    hand.click(hand.canvas.lens.seen(rect.topLeft() + QPointF(12, 14)))
    assert not frames(hand)["inner"].folded
    assert hand.steps() == 2


def test_a_double_click_on_a_block_unfolds_it(hand, network):
    hand.give(network)
    fold(hand, "inner")
    hand.double_click(hand.node("b"))
    assert not frames(hand)["inner"].folded


def test_folding_makes_room_and_folding_again_needs_none(hand, network):
    hand.give(network)
    fold(hand, "inner")
    sketch = hand.canvas.picture.sketch
    rects = {name: sketch.rect(sketch.index[name]) for name in painted_nodes(hand)}
    for name, rect in rects.items():
        assert name == "b" or not rect.intersects(rects["b"])
    positions = hand.graph.positions
    hand.canvas.annotating.set_folded(("inner",), folded=False)
    fold(hand, "inner")
    assert hand.graph.positions == positions


def test_what_feeds_a_block_goes_before_it_and_not_below(hand):
    graph = (
        Graph()
        .add("x", "input", value=0.5, at=(-120, 90))
        .add("h", "sin", ("x",), at=(0, 90))
        .add("w", "parameter", value=2.0, at=(0, 0))
        .add("m", "mul", ("w", "h"), at=(110, 90))
        .add("e", "exp", ("m",), at=(110, 0))
    )
    hand.give(graph.annotate(Annotations({"layer": Frame("A layer", nodes=("w", "m"))})))
    fold(hand, "layer")
    sketch = hand.canvas.picture.sketch
    body = sketch.rect(sketch.index[block(hand, "layer").lead])
    assert sketch.rect(sketch.index["h"]).right() < body.left()
    assert sketch.rect(sketch.index["x"]).right() < sketch.rect(sketch.index["h"]).left()
    assert sketch.rect(sketch.index["e"]).left() > body.right()


def test_unfolding_moves_aside_what_has_come_to_lie_there(hand, network):
    hand.give(network.move({"c": (600, 140), "d": (800, 20)}))
    fold(hand, "inner")
    within = {name: hand.graph.positions[name] for name in ("b", "c")}
    hand.canvas.edits.move({"d": (hand.graph.positions["b"][0] + 130, 130), "w": (380, 160)})
    steps = hand.steps()
    COMMANDS["fold"].give(hand.canvas)
    assert not frames(hand)["inner"].folded
    assert hand.steps() == steps + 1
    boards, sketch = hand.canvas.boards, hand.canvas.picture.sketch
    inside = boards.frames["inner"].rect
    for name in ("x", "w", "a", "d"):
        assert not inside.intersects(sketch.rect(sketch.index[name])), name
    assert {name: hand.graph.positions[name] for name in within} == within
    hand.document.undo()
    assert frames(hand)["inner"].folded
    assert hand.graph.positions["w"] == (380, 160)


def test_unfolding_moves_nothing_where_there_is_room(hand, network):
    hand.give(network)
    fold(hand, "inner")
    positions = hand.graph.positions
    hand.canvas.annotating.set_folded(("inner",), folded=False)
    assert hand.graph.positions == positions


def test_unfolding_one_in_another_that_is_folded_moves_nothing(hand, network):
    hand.give(network)
    fold(hand, "inner", "outer")
    positions = hand.graph.positions
    hand.canvas.annotating.set_folded(("inner",), folded=False)
    assert hand.graph.positions == positions
    hand.canvas.annotating.set_folded(("outer",), folded=False)
    assert hand.graph.annotations.frames["outer"].folded is False


# -- a block under the hand -----------------------------------------------------------------


def test_a_drag_of_a_block_moves_all_in_it(hand, network):
    hand.give(network)
    fold(hand, "inner")
    before = hand.graph
    hand.drag(hand.node("b"), hand.node("b") + QPointF(20, 30))
    for name in ("b", "c"):
        x, y = before.positions[name]
        assert hand.graph.positions[name] == pytest.approx((x + 20, y + 30), abs=1)
    assert hand.graph.positions["d"] == before.positions["d"]
    assert frames(hand)["inner"].inside == "outer"
    assert hand.steps() == 2
    hand.document.undo()
    assert hand.graph is before


def test_a_block_is_selected_as_one_and_deleted_as_one(hand, network):
    hand.give(network)
    fold(hand, "inner")
    hand.click(hand.node("c"))
    assert hand.canvas.selection() == ("b", "c")
    assert hand.canvas.boards.chosen_frames == ("inner",)
    hand.click(hand.node("c"), CTRL)
    assert hand.canvas.selection() == ()
    hand.click(hand.node("x"))
    hand.click(hand.node("c"), SHIFT)
    assert hand.canvas.selection() == ("x", "b", "c")
    hand.click(hand.node("c"))
    hand.key(Qt.Key.Key_Delete)
    assert set(hand.graph.nodes) == {"x", "w", "a", "d"}
    assert list(frames(hand)) == ["outer"]


def test_a_block_that_is_gone_is_not_meant_any_more(hand, network):
    hand.give(network)
    fold(hand, "outer")
    hand.click(hand.canvas.node_center(block(hand, "outer").lead))
    assert hand.canvas.boards.chosen_frames == ("outer",)
    hand.key(Qt.Key.Key_Delete)
    assert set(hand.graph.nodes) == {"x", "w", "d"}
    assert not hand.canvas.boards.chosen_frames
    for name in ("enter_frame", "fold", "unframe"):
        assert COMMANDS[name].lack(hand.canvas) == "Select a frame, or a node in one"
    assert hand.canvas.inside is None
    assert hand.steps() == 2


def test_a_copy_of_a_block_is_a_block(hand, network):
    hand.give(network)
    fold(hand, "inner")
    hand.click(hand.node("c"))
    hand.key(Qt.Key.Key_D, CTRL)
    assert {one.frame for one in hand.canvas.view.blocks} == {"inner", "frame1"}
    assert len(hand.graph) == len(network) + 2


def test_links_are_drawn_from_and_to_the_ports_of_a_block(hand, network):
    hand.give(network.disconnect("d", 0).disconnect("b", 1))
    fold(hand, "inner")
    hand.drag(hand.canvas.output_position("c"), hand.canvas.port_position("d", 0))
    assert hand.graph.nodes["d"].inputs == ("c", "a")
    hand.drag(hand.canvas.output_position("w"), hand.canvas.port_position("b", 1))
    assert hand.graph.nodes["b"].inputs == ("a", "w")
    hand.drag(hand.canvas.port_position("b", 1), hand.canvas.lens.seen(QPointF(0, -120)))
    assert hand.graph.nodes["b"].inputs == ("a", None)
    hand.drag(hand.canvas.output_position("w"), hand.node("b") + QPointF(0, 10))
    assert hand.graph.nodes["b"].inputs == ("a", "w")
    assert hand.graph.nodes["c"].inputs == ("b",)


def test_a_cycle_through_a_block_is_refused(hand, network):
    hand.give(network)
    fold(hand, "inner")
    before = hand.graph
    hand.drag(hand.canvas.output_position("d"), hand.canvas.port_position("b", 1))
    assert hand.graph is before
    assert "cycle" in hand.said[-1]


def test_a_cycle_through_guests_is_refused_and_marked(hand, network):
    hand.give(network)
    hand.canvas.annotating.choose("inner")
    COMMANDS["enter_frame"].give(hand.canvas)
    before = hand.graph
    hand.drag(hand.canvas.output_position("d"), hand.canvas.port_position("a", 0))
    assert hand.canvas.cycle.names == ("d", "a", "d")
    hand.grab()
    assert hand.graph is before
    assert "cycle" in hand.said[-1]


def test_numbers_of_a_block_follow_and_its_looks_stay(hand, network):
    hand.give(network)
    fold(hand, "outer")
    rect = hand.canvas.picture.sketch.rect(hand.canvas.picture.sketch.index["a"])
    before = hand.grab()
    hand.document.commit("set", hand.graph.set_values({"x": 0.25}))
    hand.document.settle()
    assert hand.grab() != before
    assert hand.canvas.picture.sketch.rect(hand.canvas.picture.sketch.index["a"]) == rect
    hand.document.undo()
    hand.document.settle()
    assert hand.grab() == before


def test_an_error_in_a_block_shows_and_is_said(hand, network):
    graph = network.set_values({"w": [1.0, 2.0]}).set_op("d", "matmul").set_values({"x": [1, 2, 3]})
    hand.give(graph)
    fold(hand, "inner")
    assert "b" in hand.document.evaluation.errors
    at = hand.node("b").toPoint()
    assert "Inner" in hand.canvas.pointer.tool_tip(at)
    assert "b" in hand.canvas.pointer.tool_tip(at)


def test_the_playback_marks_the_block(hand, network):
    hand.give(network)
    fold(hand, "inner")
    hand.playback.first()
    seen = set()
    for _ in range(2 * len(network)):
        hand.playback.forward()
        current = hand.canvas.picture.marks.current
        if hand.playback.current in ("b", "c"):
            seen.add(hand.playback.current)
            assert hand.canvas.picture.sketch.names[current] == "b"
    assert seen == {"b", "c"}


def test_arrows_walk_into_a_block_and_out_of_it(hand, network):
    hand.give(network)
    fold(hand, "inner")
    hand.click(hand.node("w"))
    hand.key(Qt.Key.Key_Right)
    assert hand.canvas.selection() == ("b", "c")
    hand.key(Qt.Key.Key_Right)
    assert hand.canvas.selection() == ("d",)


def test_a_frame_with_a_title_that_looks_like_html_shows_it_as_it_is(hand, network):
    frame = Frame("<img src='x'>" * 5, nodes=("b",))
    hand.give(network.annotate(Annotations({"inner": frame})))
    fold(hand, "inner")
    assert "&lt;img" in hand.canvas.pointer.tool_tip(hand.node("b").toPoint())
    hand.canvas.levels.go_into("inner")
    assert not hand.canvas.grab().isNull()


# -- going inside ---------------------------------------------------------------------------


def crumbs(hand) -> list[QToolButton]:
    QApplication.processEvents()
    return [one for one in hand.canvas.crumbs.findChildren(QToolButton) if one.isVisible()]


def test_enter_goes_in_and_crumbs_lead_out(hand, network):
    hand.give(network)
    fold(hand, "inner")
    fold(hand, "outer")
    hand.click(hand.node("c"))
    hand.key(Qt.Key.Key_Return)
    assert hand.canvas.inside == "outer"
    assert painted_nodes(hand) == {"a", "b", "x", "w", "d"}
    hand.click(hand.node("c"))
    hand.key(Qt.Key.Key_Return)
    assert hand.canvas.inside == "inner"
    assert painted_nodes(hand) == {"b", "c", "a", "w", "d"}
    assert {one for one in painted_nodes(hand) if hand.canvas.levels.is_guest(one)} == {
        "a",
        "w",
        "d",
    }
    assert [one.text() for one in crumbs(hand)] == [hand.document.title, "Outer"]
    inside = hand.canvas.crumbs.rect()
    assert all(inside.contains(one.geometry()) for one in crumbs(hand))
    hand.qtbot.mouseClick(crumbs(hand)[1], Qt.MouseButton.LeftButton)
    assert hand.canvas.inside == "outer"
    assert hand.canvas.selection() == ("b", "c")
    hand.canvas.levels.go_out()
    assert hand.canvas.inside is None
    assert crumbs(hand) == []
    assert hand.steps() == 2


def test_escape_goes_out_once_nothing_is_selected(hand, network):
    hand.give(network)
    hand.canvas.levels.go_into("inner")
    hand.canvas.select(("b",))
    hand.key(Qt.Key.Key_Escape)
    assert hand.canvas.inside == "inner"
    hand.key(Qt.Key.Key_Escape)
    assert hand.canvas.inside == "outer"


def test_what_is_made_inside_lies_in_the_frame(hand, network):
    hand.give(network)
    hand.canvas.levels.go_into("inner")
    hand.drop("relu", QPointF(500, 600))
    assert "relu1" in frames(hand)["inner"].nodes
    assert "relu1" in painted_nodes(hand)
    hand.canvas.annotating.add_note()
    (editor,) = hand.canvas.findChildren(QPlainTextEdit)
    editor.setPlainText("inside")
    hand.qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert hand.graph.annotations.notes["note1"].inside == "inner"
    hand.canvas.levels.go_out()
    fold(hand, "inner")
    assert "note1" not in hand.canvas.boards.notes


def test_a_drag_inside_moves_the_node_and_leaves_it_in_the_frame(hand, network):
    hand.give(network)
    hand.canvas.levels.go_into("inner")
    x, y = network.positions["c"]
    zoom = hand.canvas.zoom
    hand.drag(hand.node("c"), hand.node("c") + QPointF(30, 60) * zoom)
    assert hand.graph.positions["c"] == pytest.approx((x + 30, y + 60), abs=1.5)
    assert "c" in frames(hand)["inner"].nodes


def test_a_drag_of_all_inside_moves_them_and_leaves_the_frame(hand, network):
    hand.give(network)
    hand.canvas.annotating.choose("outer")
    COMMANDS["enter_frame"].give(hand.canvas)
    COMMANDS["select_all"].give(hand.canvas)
    start = hand.node("b")
    hand.drag(start, start + QPointF(60, 30))
    assert hand.said == []
    assert frames(hand) == network.annotations.frames
    for name in ("a", "b", "c"):
        assert hand.graph.positions[name][0] > network.positions[name][0]
        centre = hand.canvas.picture.sketch.centres[hand.canvas.picture.sketch.index[name]]
        np.testing.assert_allclose(centre, hand.graph.positions[name], atol=0.01)


def test_guests_feed_and_are_fed_but_are_not_moved_or_deleted(hand, network):
    hand.give(network.disconnect("b", 1))
    hand.canvas.levels.go_into("inner")
    assert "w" not in painted_nodes(hand)
    before = hand.graph
    hand.drag(hand.node("a"), hand.node("a") + QPointF(0, 90))
    assert hand.graph is before
    hand.canvas.select_all()
    assert hand.canvas.selection() == ("b", "c")
    hand.drag(hand.canvas.output_position("a"), hand.canvas.port_position("b", 1))
    assert hand.graph.nodes["b"].inputs == ("a", "a")
    hand.drag(hand.canvas.output_position("d"), hand.canvas.port_position("b", 1))
    assert "cycle" in hand.said[-1]


def test_undo_of_the_frame_leaves_its_inside(hand, network):
    hand.give(network.annotate(Annotations()))
    hand.canvas.select(("b", "c"))
    hand.canvas.annotating.frame()
    hand.key(Qt.Key.Key_Escape)
    hand.canvas.levels.go_into("frame1")
    hand.document.undo()
    assert hand.canvas.inside is None
    assert crumbs(hand) == []
    assert painted_nodes(hand) == set(network.nodes)


def test_another_document_is_shown_whole(hand, network, tmp_path):
    hand.give(network)
    hand.canvas.levels.go_into("inner")
    storage.save(tmp_path / "other.gradstudio", network)
    hand.document.open(tmp_path / "other.gradstudio")
    assert hand.canvas.inside is None
    assert painted_nodes(hand) == set(network.nodes)
    COMMANDS["leave_frame"].give(hand.canvas)
    assert hand.said == ["This is the whole graph already"]


def find(hand, text: str) -> tuple[tuple[str | None, ...], QPointF]:
    """Find a node by keys; return what feeds it, and how far from the ring it is shown."""
    canvas = hand.canvas
    here = hand.node(canvas.caret.name)
    hand.key(Qt.Key.Key_T)
    canvas.overlays.finder.field.insert(text)
    hand.qtbot.keyClick(canvas.overlays.finder.field, Qt.Key.Key_Return)
    hand.document.settle()
    (name,) = canvas.selection()
    return hand.graph.nodes[name].inputs, hand.node(name) - here


def test_what_is_found_beside_a_block_is_fed_by_nothing_hidden_in_it(hand, network):
    hand.give(network)
    fold(hand, "inner")
    hand.canvas.select(("b", "c"))
    fed, _ = find(hand, "exp")
    assert not any(fed)
    hand.canvas.select(("b", "c"))
    find(hand, "3")
    assert hand.graph.nodes["b"] is network.nodes["b"]


def test_a_leaf_found_beside_a_guest_lies_where_the_guest_is_shown(hand, network):
    hand.give(network.move({"a": (150, 4000)}))
    hand.canvas.levels.go_into("inner")
    for text, fed in (("exp", ("a",)), ("3", ())):
        hand.canvas.select(("b",))
        hand.key(Qt.Key.Key_Left)
        assert hand.canvas.caret.name == "a"
        found, by = find(hand, text)
        assert found == fed
        assert max(abs(by.x()), abs(by.y())) < 300


def test_keys_link_to_the_ports_of_a_block(hand, network):
    hand.give(network.disconnect("b", 1))
    fold(hand, "inner")
    hand.click(hand.node("w"))
    hand.key(Qt.Key.Key_C)
    hand.key(Qt.Key.Key_Return)
    assert hand.graph.nodes["b"].inputs == ("a", "w")


# -- what is drawn --------------------------------------------------------------------------


def test_a_graph_without_folded_frames_needs_no_view(network):
    assert view_of(network, network.positions, None) is None
    assert outermost_folded(network.annotations, None) == ()
    assert unfolded(network.annotations, None) == ("outer", "inner")
    assert unfolded(network.annotations, "outer") == ("inner",)


def test_places_shown_lead_back_to_real_ones(network):
    annotations = network.annotations
    folded = annotations.with_frame("inner", Frame("i", nodes=("b", "c"), folded=True))
    graph = network.annotate(folded)
    view = view_of(graph, graph.positions, None)
    assert view is not None
    assert dict(view.real(view.places)) == dict(graph.positions)
    shifted = {name: (x + 3, y - 4) for name, (x, y) in view.places.items()}
    for name, (x, y) in view.real(shifted).items():
        assert (x, y) == pytest.approx((graph.positions[name][0] + 3, graph.positions[name][1] - 4))


def test_many_frames_fold_without_recursion():
    graph = Graph().add("x", "input", value=1.0, at=(0, 0))
    names, annotations = ["x"], Annotations()
    rng = np.random.default_rng(0)
    for at in range(300):
        graph = graph.add(f"n{at}", "neg", (names[-1],), at=tuple(rng.uniform(0, 900, 2)))
        names.append(f"n{at}")
        inside = f"f{at - 1}" if at else None
        annotations = annotations.with_frame(f"f{at}", Frame(nodes=(f"n{at}",), inside=inside))
    graph = graph.annotate(annotations)
    view = view_of(graph, graph.positions, "f299")
    assert view is not None
    assert view.names == {"n299", "n298"}


def test_a_picture_of_everything_shows_a_block_once_and_nothing_in_it(hand, network):
    hand.give(network)
    fold(hand, "inner")
    picture, sketch = hand.canvas.picture, hand.canvas.picture.sketch
    everywhere = sketch.bounds()

    def painted(nodes, edges) -> QImage:
        image = QImage(800, 500, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.translate(-everywhere.topLeft())
        picture.paint_curves(painter, edges, 1.0, everywhere)
        picture.paint_labels(painter, edges, 1.0, everywhere)
        picture.paint_nodes(painter, nodes, 1.0)
        painter.end()
        return image

    every = np.arange(len(sketch.names)), np.arange(len(sketch.edges))
    drawn = sketch.nodes_in(everywhere), sketch.edges_in(everywhere)
    assert len(drawn[0]) < len(every[0])
    assert painted(*every) == painted(*drawn)


# -- any order of edits ---------------------------------------------------------------------


def assert_mirrors(hand) -> None:
    """Assert that what is drawn is what the document says."""
    canvas, graph = hand.canvas, hand.graph
    annotations, sketch = graph.annotations, canvas.picture.sketch
    assert list(canvas.boards.frames) == list(unfolded(annotations, canvas.inside))
    blocks = outermost_folded(annotations, canvas.inside)
    hidden = {node: one for one in blocks for node in annotations.nodes_in(one)}
    scope = set(graph.nodes if canvas.inside is None else annotations.nodes_in(canvas.inside))
    assert scope <= set(sketch.names)
    assert all(canvas.levels.is_guest(name) for name in set(sketch.names) - scope)
    for at, name in enumerate(sketch.names):
        if name in scope and name not in hidden:
            assert tuple(sketch.centres[at]) == pytest.approx(graph.positions[name], abs=0.02)
    for name, outline in canvas.boards.frames.items():
        for node in annotations.nodes_in(name):
            assert outline.rect.contains(sketch.rect(sketch.index[node]))
    for edge in painted_edges(hand):
        assert hidden.get(edge[0], edge[0]) != hidden.get(edge[1], edge[1])
    for edge in graph.edges():
        if edge.source in scope and edge.target in scope:
            apart = hidden.get(edge.source, edge.source) != hidden.get(edge.target, edge.target)
            assert (tuple(edge) in painted_edges(hand)) == apart
    assert set(canvas.selection()) <= scope


@pytest.mark.parametrize("seed", range(6))
def test_what_is_drawn_mirrors_the_document_after_any_edits(hand, network, seed):
    rng = np.random.default_rng(seed)
    hand.give(network)
    canvas, document, start = hand.canvas, hand.document, hand.graph

    def some(names):
        names = list(names)
        count = int(rng.integers(0, min(3, len(names)) + 1))
        return tuple(str(one) for one in rng.choice(names, count, replace=False)) if names else ()

    def drag() -> None:
        if canvas.selection():
            at = hand.node(canvas.selection()[0])
            hand.drag(at, at + QPointF(*rng.uniform(-60, 60, 2)))

    def give(command: str) -> None:
        COMMANDS[command].give(canvas)

    def frame() -> None:
        give("frame")
        canvas.cancel_gesture()
        canvas.overlays.close_editor()

    steps = [
        lambda: canvas.select(some(canvas.picture.sketch.names)),
        lambda: canvas.select(some(canvas.picture.sketch.names)),
        drag,
        frame,
        partial(give, "fold"),
        partial(give, "fold"),
        partial(give, "unframe"),
        partial(give, "enter_frame"),
        partial(give, "leave_frame"),
        partial(COMMANDS["duplicate"].give, canvas),
        partial(COMMANDS["delete"].give, canvas),
        document.undo,
        document.redo,
        lambda: canvas.edits.set_value("x", str(rng.uniform(-1, 1))) if "x" in hand.graph else None,
    ]
    for _ in range(40):
        if len(hand.graph) > 25:
            document.undo()
        steps[int(rng.integers(len(steps)))]()
        document.settle()
        assert_mirrors(hand)
    assert not canvas.grab().isNull()
    while document.undo_stack.canUndo():
        document.undo()
    assert hand.graph is start
    assert_mirrors(hand)
    while document.undo_stack.canRedo():
        document.redo()
    assert_mirrors(hand)
