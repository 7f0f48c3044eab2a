"""Frames and notes by mouse and keys: on the document first, then on what is shown."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit

from gradstudio.annotations import Annotations, Frame, Note
from gradstudio.gui.canvas.cards import Look, Papers
from gradstudio.gui.theme import DARK, LIGHT

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def framed(circuit):
    """The circuit with q and x in a frame, which is in a frame with y; and a note."""
    return circuit.annotate(
        Annotations(
            {
                "outer": Frame("Sum", "green", ("y",)),
                "inner": Frame("Inside", "red", ("x", "q"), inside="outer"),
            },
            {"note1": Note("**bold**", (420, -60, 160, 80))},
        )
    )


def seen(hand, x: float, y: float) -> QPointF:
    return hand.canvas.lens.seen(QPointF(x, y))


def title(hand, name: str) -> QPointF:
    return hand.canvas.lens.seen(hand.canvas.boards.frames[name].title.center())


def note(hand, name: str) -> QPointF:
    return hand.canvas.lens.seen(hand.canvas.boards.notes[name].center())


def frames(hand):
    return hand.graph.annotations.frames


def notes(hand):
    return hand.graph.annotations.notes


def note_editor(hand) -> QPlainTextEdit:
    (found,) = [one for one in hand.canvas.findChildren(QPlainTextEdit) if one.isVisible()]
    return found


def menu_at(hand, at: QPointF) -> QMenu:
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, at.toPoint(), hand.canvas.mapToGlobal(at.toPoint())
    )
    QApplication.sendEvent(hand.canvas.viewport(), event)
    (menu,) = [one for one in hand.canvas.findChildren(QMenu) if one.isVisible()]
    return menu


def choose(menu: QMenu, *texts: str) -> None:
    for text in texts[:-1]:
        (menu,) = [one.menu() for one in menu.actions() if one.text() == text]
    (action,) = [one for one in menu.actions() if one.text() == texts[-1]]
    action.trigger()
    top = QApplication.activePopupWidget()
    if top is not None:
        top.close()


# -- making and removing --------------------------------------------------------------------


def test_a_new_note_lies_at_the_pointer(hand, circuit):
    hand.give(circuit)
    hand.move(QPointF(700, 500))
    hand.canvas.annotating.add_note()
    note_editor(hand).setPlainText("here")
    hand.qtbot.keyClick(note_editor(hand), Qt.Key.Key_Return, CTRL)
    hand.document.settle()
    (left, top, *_) = next(iter(notes(hand).values())).rect
    assert (seen(hand, left, top) - QPointF(700, 500)).manhattanLength() < 2


def test_the_title_of_a_new_frame_is_typed_over(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("x", "q"))
    hand.canvas.annotating.frame()
    hand.document.settle()
    assert hand.editor().selectedText() == "Frame"
    hand.qtbot.keyClicks(hand.editor(), "sum")
    hand.qtbot.keyClick(hand.editor(), Qt.Key.Key_Return)
    assert [frame.title for frame in frames(hand).values()] == ["sum"]


def test_a_selection_is_framed_and_its_title_typed(hand, circuit):
    hand.give(circuit)
    hand.canvas.select(("x", "y"))
    hand.canvas.annotating.frame()
    hand.type("Inputs")
    (frame,) = frames(hand).values()
    assert frame.title == "Inputs"
    assert frame.nodes == ("x", "y")
    assert hand.graph.nodes is circuit.nodes
    outline = hand.canvas.boards.frames["frame1"].rect
    for name in ("x", "y"):
        assert outline.contains(QPointF(*circuit.positions[name]))
    assert not outline.contains(QPointF(*circuit.positions["q"]))
    hand.document.undo()
    hand.document.undo()
    assert hand.graph is circuit
    assert not hand.canvas.boards.frames


def test_framing_nothing_says_so(hand, circuit):
    hand.give(circuit)
    hand.key(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert hand.graph is circuit
    assert hand.said == ["Select a node"]


def test_a_frame_around_nodes_of_a_frame_lies_in_it(hand, framed):
    hand.give(framed)
    hand.canvas.select(("q",))
    hand.canvas.annotating.frame()
    hand.key(Qt.Key.Key_Escape)
    assert frames(hand)["frame1"].inside == "inner"
    assert frames(hand)["inner"].nodes == ("x",)


def test_a_frame_around_a_frame_holds_it(hand, framed):
    hand.give(framed)
    hand.canvas.select(("x", "q", "z"))
    hand.canvas.annotating.frame()
    made = frames(hand)["frame1"]
    assert (made.nodes, made.inside) == (("z",), None)
    assert frames(hand)["inner"].inside == "frame1"


def test_removing_a_frame_leaves_its_nodes(hand, framed):
    hand.give(framed)
    hand.click(title(hand, "inner"))
    hand.canvas.annotating.unframe()
    assert list(frames(hand)) == ["outer"]
    assert set(frames(hand)["outer"].nodes) == {"x", "q", "y"}
    assert hand.graph.nodes is framed.nodes
    assert hand.steps() == 1


def test_delete_removes_a_chosen_frame_with_its_nodes(hand, framed):
    hand.give(framed)
    hand.click(title(hand, "inner"))
    assert hand.canvas.selection() == ("x", "q")
    hand.key(Qt.Key.Key_Delete)
    assert set(hand.graph.nodes) == {"y", "z", "f"}
    assert list(frames(hand)) == ["outer"]
    hand.document.undo()
    assert hand.graph is framed
    assert set(hand.canvas.boards.frames) == {"outer", "inner"}


# -- dragging -------------------------------------------------------------------------------


def test_a_drag_of_the_title_carries_nodes_and_frames_inside(hand, framed):
    hand.give(framed)
    before = {name: one.rect for name, one in hand.canvas.boards.frames.items()}
    hand.drag(title(hand, "outer"), title(hand, "outer") + QPointF(30, -40))
    for name in ("x", "y", "q"):
        x, y = framed.positions[name]
        assert hand.graph.positions[name] == pytest.approx((x + 30, y - 40), abs=1)
    assert hand.graph.positions["z"] == framed.positions["z"]
    assert hand.steps() == 1
    assert hand.graph.nodes is framed.nodes
    for name, rect in before.items():
        moved = hand.canvas.boards.frames[name].rect.topLeft() - rect.topLeft()
        assert (moved - QPointF(30, -40)).manhattanLength() < 2.5


def test_escape_puts_a_frame_back(hand, framed):
    hand.give(framed)
    hand.click(title(hand, "outer"))
    before = hand.canvas.grab().toImage()
    hand.press(title(hand, "outer"))
    hand.move(title(hand, "outer") + QPointF(60, 60))
    assert hand.canvas.grab().toImage() != before
    hand.key(Qt.Key.Key_Escape)
    hand.release(title(hand, "outer"))
    assert hand.graph is framed
    assert hand.canvas.grab().toImage() == before


def test_a_node_dropped_in_a_frame_joins_it_and_dropped_outside_leaves_it(hand, framed):
    hand.give(framed)
    inside = hand.canvas.boards.frames["inner"].rect.center()
    hand.drag(hand.node("f"), hand.canvas.lens.seen(inside))
    assert "f" in frames(hand)["inner"].nodes
    assert hand.steps() == 1
    hand.drag(hand.node("f"), seen(hand, 420, 250))
    assert "f" not in frames(hand)["inner"].nodes
    assert set(hand.graph.annotations.homes) == {"x", "y", "q"}


def test_a_new_node_dropped_in_a_frame_joins_it(hand, framed):
    hand.give(framed)
    inside = hand.canvas.boards.frames["inner"].rect.center()
    hand.drop("relu", hand.canvas.lens.seen(inside))
    assert frames(hand)["inner"].nodes == ("x", "q", "relu1")
    hand.drop("relu", seen(hand, 420, 300))
    assert "relu2" not in hand.graph.annotations.homes
    assert hand.steps() == 2


def test_a_node_moved_within_its_frame_stays_in_it(hand, framed):
    hand.give(framed)
    hand.drag(hand.node("q"), hand.node("q") + QPointF(-20, -10))
    assert frames(hand) == framed.annotations.frames


def test_a_frame_dropped_in_another_joins_it_and_outside_leaves_it(hand, framed):
    hand.give(framed)
    hand.drag(title(hand, "inner"), seen(hand, 480, 300))
    assert frames(hand)["inner"].inside is None
    inside = title(hand, "outer") + QPointF(0, 3)
    hand.drag(title(hand, "inner"), inside)
    assert frames(hand)["inner"].inside == "outer"


def test_arrows_move_a_frame_and_never_out_of_another(hand, framed):
    hand.give(framed)
    hand.click(title(hand, "inner"))
    for _ in range(8):
        hand.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert hand.graph.positions["q"] == (260, 60)
    assert frames(hand)["inner"].inside == "outer"


def test_a_frame_is_resized_by_its_border_but_not_smaller_than_its_nodes(hand, framed):
    hand.give(framed)
    rect = hand.canvas.boards.frames["outer"].rect
    corner = hand.canvas.lens.seen(rect.bottomRight())
    hand.drag(corner, corner + QPointF(40, 30))
    now = frames(hand)["outer"].rect
    assert now[2] == pytest.approx(rect.width() + 40, abs=1.5)
    assert now[3] == pytest.approx(rect.height() + 30, abs=1.5)
    assert hand.canvas.boards.frames["outer"].rect.width() == pytest.approx(now[2])
    corner = hand.canvas.lens.seen(hand.canvas.boards.frames["outer"].rect.bottomRight())
    hand.drag(corner, corner - QPointF(300, 300))
    assert frames(hand)["outer"].rect is None
    assert hand.canvas.boards.frames["outer"].rect == rect
    hand.document.undo()
    hand.document.undo()
    assert hand.graph is framed


# -- titles, colours, menus -----------------------------------------------------------------


def test_a_double_click_on_the_title_renames(hand, framed):
    hand.give(framed)
    hand.double_click(title(hand, "inner"))
    hand.type("  Mittendrin ")
    assert frames(hand)["inner"].title == "Mittendrin"
    hand.click(title(hand, "inner"))
    hand.key(Qt.Key.Key_F2)
    hand.type("<b>no</b>")
    assert frames(hand)["inner"].title == "<b>no</b>"


def test_the_menu_of_a_frame_gives_it_a_colour(hand, framed):
    hand.give(framed)
    choose(menu_at(hand, title(hand, "inner")), "Colour", "Purple")
    assert frames(hand)["inner"].colour == "purple"
    assert hand.canvas.boards.chosen_frames == ("inner",)


def test_the_menu_of_a_node_takes_it_out_of_its_frame(hand, framed):
    hand.give(framed)
    choose(menu_at(hand, hand.node("q")), "Take out of the frame")
    assert frames(hand)["inner"].nodes == ("x",)
    assert frames(hand)["outer"].nodes == ("y", "q")


def test_copies_carry_frames(hand, framed):
    hand.give(framed)
    hand.click(title(hand, "outer"))
    hand.key(Qt.Key.Key_C, CTRL)
    hand.key(Qt.Key.Key_V, CTRL)
    assert list(frames(hand)) == ["outer", "inner", "frame1", "frame2"]
    assert frames(hand)["frame2"].inside == "frame1"
    assert len(hand.graph) == len(framed) + 3
    hand.document.undo()
    assert hand.graph is framed
    hand.click(title(hand, "inner"))
    hand.key(Qt.Key.Key_D, CTRL)
    assert list(frames(hand)) == ["outer", "inner", "frame1"]
    assert len(hand.graph) == len(framed) + 2


# -- notes ----------------------------------------------------------------------------------


def test_a_note_is_written_kept_by_enter_and_dropped_by_escape(hand, circuit):
    hand.give(circuit)
    choose(menu_at(hand, seen(hand, 300, -40)), "Add note")
    editor = note_editor(hand)
    editor.insertPlainText("a *note*")
    hand.qtbot.keyClick(editor, Qt.Key.Key_Return, SHIFT)
    editor.insertPlainText("two")
    hand.qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert notes(hand)["note1"].text == "a *note*\ntwo"
    assert notes(hand)["note1"].rect[:2] == pytest.approx((300, -40), abs=1)
    assert hand.graph.nodes is circuit.nodes
    assert hand.canvas.boards.chosen_notes == ("note1",)
    hand.double_click(note(hand, "note1"))
    note_editor(hand).setPlainText("other")
    hand.qtbot.keyClick(note_editor(hand), Qt.Key.Key_Escape)
    assert notes(hand)["note1"].text == "a *note*\ntwo"
    assert hand.steps() == 1


@pytest.mark.parametrize("pointer", [False, True])
def test_a_new_note_lies_on_nothing_and_is_as_high_as_its_text(hand, circuit, pointer):
    hand.give(circuit)
    if pointer:
        hand.move(hand.node("q"))
    for text in ("short", "A long text of many words that go on. " * 12):
        hand.canvas.annotating.add_note()
        note_editor(hand).setPlainText(text)
        hand.qtbot.keyClick(note_editor(hand), Qt.Key.Key_Return, CTRL)
    rects = [QRectF(*one.rect) for one in notes(hand).values()]
    sketch = hand.canvas.picture.sketch
    nodes = [
        sketch.rect(at).adjusted(0, 0, 0, float(sketch.pads[at, 1]))
        for at in range(len(sketch.names))
    ]
    assert not any(rect.intersects(node) for rect in rects for node in nodes)
    assert not rects[0].intersects(rects[1])
    assert rects[1].height() > 2 * rects[0].height()
    hand.canvas.annotating.edit_note("note1")
    note_editor(hand).setPlainText("other words, and more of them " * 9)
    hand.qtbot.keyClick(note_editor(hand), Qt.Key.Key_Return, CTRL)
    assert notes(hand)["note1"].rect[3] > rects[0].height()


def test_a_note_of_thousands_of_titles_is_kept(hand, framed):
    hand.give(framed)
    text = "# a\n" * 4990
    hand.canvas.annotating.edit_note("note1")
    note_editor(hand).setPlainText(text)
    hand.qtbot.keyClick(note_editor(hand), Qt.Key.Key_Return)
    assert notes(hand)["note1"].text == text
    hand.canvas.viewport().repaint()


def test_a_note_without_a_text_is_not_made(hand, circuit):
    hand.give(circuit)
    hand.canvas.annotating.add_note()
    hand.qtbot.keyClick(note_editor(hand), Qt.Key.Key_Return)
    assert hand.graph is circuit


def test_a_note_emptied_is_removed(hand, framed):
    hand.give(framed)
    hand.click(note(hand, "note1"))
    hand.key(Qt.Key.Key_Return)
    note_editor(hand).setPlainText("  ")
    hand.qtbot.keyClick(note_editor(hand), Qt.Key.Key_Return)
    assert not notes(hand)
    assert hand.steps() == 1


def test_a_note_is_dragged_resized_coloured_and_deleted(hand, framed):
    hand.give(framed)
    hand.drag(note(hand, "note1"), note(hand, "note1") + QPointF(-20, 14))
    assert notes(hand)["note1"].rect == pytest.approx((400, -46, 160, 80), abs=1)
    corner = hand.canvas.lens.seen(hand.canvas.boards.notes["note1"].bottomRight())
    hand.drag(corner, corner + QPointF(50, 20))
    assert notes(hand)["note1"].rect[2:] == pytest.approx((210, 100), abs=1.5)
    choose(menu_at(hand, note(hand, "note1")), "Colour", "Blue")
    assert notes(hand)["note1"].colour == "blue"
    hand.key(Qt.Key.Key_Delete)
    assert not notes(hand)
    assert hand.steps() == 4
    assert hand.graph.nodes is framed.nodes
    while hand.document.undo_stack.canUndo():
        hand.document.undo()
    assert hand.graph is framed


@pytest.mark.parametrize("dragged", ["note", "frame"])
def test_what_is_dragged_may_be_undone_meanwhile(hand, framed, dragged):
    hand.give(framed)
    annotations = framed.annotations
    without = annotations.without_notes(("note1",)) if dragged == "note" else Annotations()
    hand.document.commit("less", framed.annotate(without))
    hand.document.undo()
    start = note(hand, "note1") if dragged == "note" else title(hand, "inner")
    hand.press(start)
    for step in (10, 30, 60):
        hand.move(start + QPointF(8 * step, 2 * step))
    hand.document.redo()
    hand.release(start + QPointF(480, 120))
    assert hand.graph.annotations == without
    assert hand.canvas.gesture is None
    assert set(hand.canvas.boards.notes) == set(without.notes)


def test_a_note_in_a_frame_goes_with_it(hand, framed):
    hand.give(framed)
    inside = hand.canvas.boards.frames["outer"].rect.center() + QPointF(0, 40)
    hand.drag(note(hand, "note1"), hand.canvas.lens.seen(inside))
    assert notes(hand)["note1"].inside is not None
    before = notes(hand)["note1"].rect
    hand.drag(title(hand, "outer"), title(hand, "outer") + QPointF(25, 5))
    assert notes(hand)["note1"].rect[:2] == pytest.approx((before[0] + 25, before[1] + 5), abs=1)


def test_a_box_takes_notes_too_and_copies_carry_them(hand, framed):
    hand.give(framed)
    hand.drag(seen(hand, 610, -90), seen(hand, 480, 10))
    assert hand.canvas.boards.chosen_notes == ("note1",)
    assert hand.canvas.selection() == ()
    hand.key(Qt.Key.Key_D, CTRL)
    assert list(notes(hand)) == ["note1", "note2"]
    assert hand.canvas.boards.chosen_notes == ("note2",)
    hand.key(Qt.Key.Key_X, CTRL)
    assert list(notes(hand)) == ["note1"]
    assert "bold" in QGuiApplication.clipboard().text()
    hand.key(Qt.Key.Key_V, CTRL)
    assert len(notes(hand)) == 2


def test_markdown_shows_no_html_and_loads_nothing(hand, tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG")
    text = f"**b** <img src='{secret}'> ![p]({secret.as_uri()})\n\n<script>x</script>"
    look = Look(LIGHT, hand.canvas.picture.fonts, 1.0)
    papers = Papers()
    one = Note(text, (0, 0, 200, 80))
    paper = papers.paper(one, look)
    assert paper.loadResource(2, secret.as_uri()) is None
    assert "<img src=" in paper.toPlainText()
    assert "<script>x</script>" in paper.toPlainText()
    assert papers.paper(one, look) is paper
    assert papers.paper(one, Look(DARK, hand.canvas.picture.fonts, 1.0)) is not paper


def test_frames_and_notes_are_painted_and_not_when_far_out_of_sight(hand, framed):
    hand.give(framed.annotate(Annotations()))
    hand.canvas.lens.fit()
    before = hand.canvas.grab().toImage()
    hand.document.commit("frames", framed)
    after = hand.canvas.grab().toImage()
    assert after != before
    for zoom in (0.3, 0.15, 1.0):
        hand.canvas.lens.zoom_at(QPointF(400, 300), zoom / hand.canvas.zoom)
        assert not hand.canvas.grab().isNull()
    hand.document.undo()


def test_a_drag_paints_frames_as_they_are_after_it(hand, framed):
    hand.give(framed)
    end = title(hand, "outer") + QPointF(40, 30)
    hand.press(title(hand, "outer"))
    hand.move(end)
    hand.move(end)
    during = hand.canvas.grab().toImage()
    hand.release(end)
    hand.canvas.repaint()
    assert hand.canvas.boards.frames["outer"].rect.isValid()
    assert during.size() == hand.canvas.grab().toImage().size()


def test_frames_stay_around_pills_that_grow(hand, framed):
    hand.give(framed)
    hand.document.commit("set", hand.graph.set_values({"x": 123456789.125}))
    hand.document.settle()
    sketch = hand.canvas.picture.sketch
    body = sketch.rect(sketch.index["x"])
    assert hand.canvas.boards.frames["inner"].rect.contains(body)
