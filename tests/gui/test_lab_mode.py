"""Labs in the window: every kind of item by keyboard and mouse, what is hidden and handed in."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from solving import LABS, lab, right

from gradstudio import resources, storage
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.canvas import hover, spoken
from gradstudio.gui.canvas.plate import Wish, shot
from gradstudio.gui.dialogs import Answer, FileToOpen, FileToSave, UnsavedChanges
from gradstudio.gui.gradient_check import GradientCheck
from gradstudio.gui.lab_dialogs import HintPrice, KeepAnswer, OpenItems, StudentDialog
from gradstudio.gui.lab_session import NOTED, OPEN, PARTLY, RIGHT, WRONG, LabSession
from gradstudio.gui.main_window import MainWindow
from gradstudio.gui.panels.lab_fields import ChoiceField
from gradstudio.gui.theme import LIGHT
from gradstudio.lab.handed_in import collect
from gradstudio.lab.judging import judge
from gradstudio.numbers import value_text

STUDENT = "20240001"
CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key
LEAF_KINDS = {"input", "parameter", "constant"}


@pytest.fixture
def window(
    qtbot: QtBot, appearance: Appearance, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> Iterator[MainWindow]:
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)
    monkeypatch.setattr(StudentDialog, "ask", lambda *args: (STUDENT, "Li Lei"))
    made = MainWindow(appearance)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    for one in tuple(made.windows):
        one.close_for_good()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def begin(window: MainWindow, name: str) -> LabSession:
    window.filing.open_file(resources.path("labs", f"{name}.gradlab"))
    window.document.settle()
    QApplication.processEvents()
    assert window.labs.lab is not None
    return window.labs.lab


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def type_over(qtbot: QtBot, text: str) -> None:
    """Type into what has the keyboard, in place of what stands there."""
    field = focused()
    assert isinstance(field, QLineEdit)
    field.selectAll()
    # A true minus ends the process in keyClicks; a hyphen is read just so.
    qtbot.keyClicks(field, text.replace("−", "-"))


def answer(qtbot: QtBot, window: MainWindow, item: str, entries: dict[str, str]) -> None:
    """Answer one item by keyboard, and check it."""
    session = window.labs.lab
    assert session is not None
    session.select(item)
    window.page.enter_item()
    blanks = session.blanks(item)
    for blank in blanks:
        if blank.options:
            field = window.page.lab_panel.fields[blank.id]
            assert isinstance(field, ChoiceField)
            for id in entries[blank.id].split():
                field.options[id].setFocus()
                qtbot.keyClick(focused(), Key.Key_Space)
        else:
            type_over(qtbot, entries[blank.id])
            if blank is not blanks[-1]:
                qtbot.keyClick(focused(), Key.Key_Tab)
    for blank in blanks:
        assert session.text(item, blank.id) == entries[blank.id].replace("−", "-")
    qtbot.keyClick(window, Key.Key_Return, CONTROL)


def build_sigmoid(window: MainWindow) -> None:
    window.page.add_node("sigmoid")
    (name,) = window.canvas.selection()
    window.canvas.edits.link("s", name, 0)
    assert window.canvas.edits.rename(name, "h")


@pytest.mark.parametrize("name", LABS)
def test_every_lab_is_solved_by_keyboard_and_graded(
    window: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
) -> None:
    exercise, key = lab(name)
    solved, _ = right(exercise, key, STUDENT)
    session = begin(window, name)
    for id, item in exercise.items.items():
        assert session.state(id) == OPEN
        if item.kind == "build":
            build_sigmoid(window)
        answer(qtbot, window, id, dict(solved.answers.get(id, {})))
        feedback = session.feedback(id)
        assert feedback is not None
        keyed = item.needs_key and item.kind != "formulas" and item.kind != "build"
        assert session.state(id) == (NOTED if keyed else session.state(id))
        assert session.state(id) in (RIGHT, NOTED), feedback.said

    asked: list[Path] = []
    path = tmp_path / "handed-in.gradstudio"
    monkeypatch.setattr(
        FileToSave, "ask", lambda _t, _f, proposal, *args: asked.append(proposal) or path
    )
    window.menus.actions["submit"].trigger()
    assert asked[0].name == f"{name}-{STUDENT}.gradstudio"
    assert not window.document.modified
    result = judge(exercise, key, STUDENT, path.read_bytes())
    assert (result.status, result.points) == ("passed", exercise.most_points)


def test_a_slip_is_named_and_marked_and_mended(window: MainWindow, qtbot: QtBot) -> None:
    session = begin(window, "xyz")
    values = {"q": "1", "f": "4"}
    assert session.current == "forward"
    answer(qtbot, window, "forward", {**values, "f": "5"})

    assert session.state("forward") == PARTLY
    blanks = window.canvas.blanks
    assert blanks is not None
    signs = {id: field.sign for (_, id), field in blanks.fields.items()}
    assert (signs["q"], signs["f"]) == ("✓", "✗")
    panel = window.page.lab_panel
    assert panel.words.text.startswith("f: ")
    assert "What comes before it is right (1)." in panel.words.text
    assert panel.attempts.text() == "7 attempts left"
    row = panel.items.topLevelItem(0)
    assert row is not None
    assert row.text(0) == "◐  Forward"
    heading = window.findChild(QLabel, "lab_item")
    assert isinstance(heading, QLabel)
    assert heading.text() == "Forward · 2 points"

    # Typing takes the mark away; Enter checks.
    field = blanks.fields["forward", "f"]
    blanks.go_to(field)
    type_over(qtbot, "4")
    assert field.sign == ""
    qtbot.keyClick(field, Key.Key_Return)
    assert session.state("forward") == RIGHT
    assert field.isReadOnly()
    assert row.text(0) == "✓  Forward"
    # What is right stays.
    qtbot.keyClicks(field, "9")
    assert session.text("forward", "f") == "4"


def test_what_is_no_number_costs_no_attempt(window: MainWindow, qtbot: QtBot) -> None:
    session = begin(window, "xyz")
    answer(qtbot, window, "forward", {"q": "three", "f": "4"})
    assert "This did not cost an attempt." in window.page.lab_panel.words.text
    assert session.session.attempts_left("forward") == 8
    assert session.state("forward") == WRONG or session.state("forward") == PARTLY


def test_attempts_run_out(window: MainWindow, qtbot: QtBot) -> None:
    session = begin(window, "xyz")
    for wrong in range(8):
        answer(qtbot, window, "forward", {"q": str(50 + wrong), "f": "0"})
    assert session.session.attempts_left("forward") == 0
    assert not window.page.lab_panel.check_button.isEnabled()
    window.labs.check()
    assert window.status.currentMessage() == "no attempt is left for this task"
    # The numbers stay hidden all the same.
    assert "q" not in window.document.evaluation.values


def test_tab_goes_on_in_computation_order(window: MainWindow, qtbot: QtBot) -> None:
    session = begin(window, "xyz")
    seen = []
    session.select("backward")
    window.page.enter_item()
    for _ in range(5):
        field = focused()
        seen.append(field.blank.id)  # type: ignore[attr-defined] # a BlankField
        qtbot.keyClick(field, Key.Key_Tab)
    assert seen == ["f.x", "f.y", "q.x", "q.y", "f.x"]
    qtbot.keyClick(focused(), Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert focused().blank.id == "f.x"  # type: ignore[attr-defined] # a BlankField
    qtbot.keyClick(focused(), Key.Key_Escape)
    assert window.canvas.hasFocus()
    # F8 finds what is still empty, across items.
    qtbot.keyClick(window, Key.Key_F8)
    assert focused().blank.id == "q"  # type: ignore[attr-defined] # a BlankField
    assert session.current == "forward"


def test_blanks_move_with_the_picture_and_keep_what_was_typed(
    window: MainWindow, qtbot: QtBot
) -> None:
    begin(window, "xyz")
    blanks, canvas = window.canvas.blanks, window.canvas
    assert blanks is not None
    field = blanks.fields["forward", "q"]
    type_over(qtbot, "12")
    node, before = canvas.node_center("f"), QPointF(field.geometry().center())
    canvas.lens.pan((QPointF(60, 40)).toPoint())
    moved = canvas.node_center("f") - node
    assert QPointF(field.geometry().center()) - before == moved
    high = field.height()
    canvas.lens.zoom_at(QPointF(300, 300), 1.5)
    assert field.height() == pytest.approx(1.5 * high, abs=1)
    # It stands between the two nodes still.
    assert canvas.node_center("q").x() < field.geometry().center().x() < canvas.node_center("f").x()
    assert field.text() == "12"
    # A node that is dragged takes its blank along.
    at = canvas.node_center("f").toPoint()
    place = field.pos()
    qtbot.mousePress(canvas.viewport(), LEFT, NONE, at)
    for step in range(1, 5):
        qtbot.mouseMove(canvas.viewport(), at + QPointF(0, 20 * step).toPoint())
    assert field.pos() != place
    qtbot.mouseRelease(canvas.viewport(), LEFT, NONE, at + QPointF(0, 80).toPoint())
    assert window.document.graph.positions["f"][1] > 42
    assert window.labs.lab is not None
    assert window.labs.lab.text("forward", "q") == "12"


def texts_of(window: MainWindow) -> str:
    """Return all that the window says of its graph, wherever it says it."""
    canvas, parts = window.canvas, []
    sketch, picture = canvas.picture.sketch, canvas.picture
    for edge in canvas.document.graph.edges():
        parts += canvas.edge_text(edge.target, edge.port)
    for at, edge in enumerate(sketch.edges):
        parts.append(hover.edge_tip(picture, at))
        figures = picture.figures.all_of(picture.evaluation, edge.source, edge.target, edge.port)
        parts += [figure.text for figure in figures if figure]
    for name in canvas.document.graph.nodes:
        parts.append(hover.node_tip(picture, name))
        parts += [one.text for one in picture.result(sketch.index[name]) if one]
        window.inspector.inspect(name)
        parts += shown(window.inspector)
        parts.append(spoken.node(picture, name))
    parts += [spoken.edge(picture, at) for at in range(len(sketch.edges))]
    parts += [spoken.whole(picture), spoken.output(picture)]
    window.inspector.inspect(None)
    parts += shown(window.inspector)
    parts += shown(window.status)
    picture_text = shot(window.document, window.playback, Wish(LIGHT), "tikz")
    # Without where things lie.
    parts.append(re.sub(r"\(-?[\d.]+,\s*-?[\d.]+\)", "", picture_text.decode()))
    return "\n".join(parts)


def shown(widget: QWidget) -> list[str]:
    labels = [one.text() for one in widget.findChildren(QLabel)]
    tips = [one.toolTip() for one in widget.findChildren(QWidget)]
    boxes = [one.toPlainText() for one in widget.findChildren(QPlainTextEdit)]
    return [*labels, *tips, *boxes]


@pytest.mark.parametrize("name", ["sigmoid", "udl-chain", "patterns", "xyz"])
def test_no_answer_can_be_read_before_it_is_given(
    window: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    said: list[str],
    name: str,
) -> None:
    exercise, key = lab(name)
    session = begin(window, name)
    window.menus.actions["inspector"].setChecked(True)
    window.menus.actions["training"].setChecked(True)
    task = session.session.task
    found = task.evaluation(task.given.output_of())
    given = {value_text(node.value) for node in task.given.nodes.values() if node.is_leaf}
    computed = {one for one in found.values if not task.given.nodes[one].is_leaf}
    values = {value_text(found.values[one]) for one in computed} - given
    gradients = {value_text(one) for one in found.edge_grads.values()} - given - values

    evaluation = window.document.evaluation
    assert computed.isdisjoint(evaluation.values)
    assert not evaluation.grads
    assert not evaluation.edge_grads
    everything = texts_of(window)
    long = [text for text in values | gradients if len(text) > 3]
    assert [text for text in long if text in everything] == []
    assert window.playback.count == 0
    # What would compute them elsewhere says why not.
    monkeypatch.setattr(FileToSave, "ask", lambda *args: pytest.fail("it was exported"))
    monkeypatch.setattr(GradientCheck, "ask", lambda *args: pytest.fail("it was checked"))
    for order in ("numpy", "torch", "latex"):
        window.exporting.export(order)
    window.menus.actions["check"].trigger()
    assert said == ["answer the tasks that ask for these numbers first, or keep your answers"] * 4
    window.training.step()
    assert not window.session.running

    # The values come with the last right answer of theirs, the gradients with theirs.
    solved, _ = right(exercise, key, STUDENT)
    answer(qtbot, window, "forward", dict(solved.answers["forward"]))
    assert computed <= window.document.evaluation.values.keys()
    everything = texts_of(window)
    output = task.given.output_of()
    assert f"{output} = {value_text(found.values[output])}" in window.status.summary.text()
    assert [text for text in gradients if len(text) > 4 and text in everything] == []
    for id, item in exercise.items.items():
        if item.kind == "gradients":
            answer(qtbot, window, id, dict(solved.answers[id]))
    assert window.document.evaluation.edge_grads
    assert window.playback.count > 0


def test_what_is_given_stays_and_says_so(window: MainWindow, qtbot: QtBot) -> None:
    session = begin(window, "sigmoid")
    document, canvas = window.document, window.canvas
    graph = document.graph
    canvas.select(("a",))
    canvas.chosen.delete()
    assert window.canvas.toast.text == "a is given: it stays as it is"
    assert not canvas.edits.set_value("w0", "9")
    assert not canvas.edits.rename("s", "t")
    canvas.select(("n",))
    canvas.rewiring.toggle_muted()
    canvas.edits.link("w0", "c", 1)
    document.commit("by another way", graph.remove(["a"]))
    assert document.graph is graph
    assert document.undo_stack.count() == 0
    # The inspector refuses likewise, and shows what holds.
    window.menus.actions["inspector"].setChecked(True)
    window.inspector.inspect("w0")
    window.inspector.value_field.setFocus()
    type_over(qtbot, "7")
    qtbot.keyClick(focused(), Key.Key_Return)
    assert window.inspector.refusal.text == "w0 is given: it stays as it is"
    assert document.graph is graph

    # Where it lies is no one's business; of the ops, those allowed can be added.
    canvas.edits.move({"a": (5.0, 5.0)})
    assert document.graph.positions["a"] == (5.0, 5.0)
    assert {chip.op.name for chip in window.palette_panel.chips()} >= {"sigmoid", "constant"}
    assert "exp" not in {chip.op.name for chip in window.palette_panel.chips()}
    canvas.overlays.find_node()
    assert canvas.overlays.finder is not None
    assert {offer.key for offer in canvas.overlays.finder.offers} <= {"sigmoid"} | LEAF_KINDS
    canvas.overlays.close_finder()
    window.page.add_node("exp")
    assert window.canvas.toast.text == "exp is not allowed here; allowed are sigmoid"
    assert session.session.task.given.nodes.keys() == document.graph.nodes.keys()
    window.new()
    assert "exp" in {chip.op.name for chip in window.palette_panel.chips()}


def test_a_given_number_that_is_dragged_goes_back(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, "sigmoid")
    canvas, graph = window.canvas, window.document.graph
    sketch = canvas.picture.sketch
    rect = sketch.rect(sketch.index["w0"])
    at = canvas.lens.seen(QPointF(rect.right() - 12, rect.center().y())).toPoint()
    qtbot.mousePress(canvas.viewport(), LEFT, NONE, at)
    for step in range(1, 6):
        qtbot.mouseMove(canvas.viewport(), at + QPointF(20 * step, 0).toPoint())
    assert window.document.previewing
    qtbot.mouseRelease(canvas.viewport(), LEFT, NONE, at + QPointF(100, 0).toPoint())
    assert window.canvas.toast.text == "w0 is given: it stays as it is"
    assert window.document.graph is graph
    assert not window.document.previewing
    window.document.settle()
    assert window.document.evaluation.values["w0"] == graph.nodes["w0"].value


def test_nothing_is_built_where_nothing_is_asked_to_be(window: MainWindow) -> None:
    begin(window, "xyz")
    window.page.add_node("add")
    assert window.canvas.toast.text == "there is nothing to build in this lab"
    assert window.palette_panel.chips() == []


def test_a_hint_is_paid_for_and_stays_paid(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = begin(window, "xyz")
    panel = window.page.lab_panel
    prices: list[str] = []
    monkeypatch.setattr(HintPrice, "ask", lambda price, *args: prices.append(price))
    qtbot.mouseClick(panel.hint_button, LEFT)
    assert prices == ["0.5"]
    assert session.hints("forward") == ()
    monkeypatch.setattr(HintPrice, "ask", lambda *args: True)
    window.resize(1280, 420)
    QApplication.processEvents()
    qtbot.keyClick(window, Key.Key_H, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert "Go from left to right" in panel.hints.plain
    # It is brought to sight, however small the window is.
    bottom = panel.hints.mapTo(panel, panel.hints.rect().bottomLeft()).y()
    assert 0 < bottom <= panel.height()
    assert panel.hint_button.isHidden()
    assert window.document.modified
    window.document.undo()
    path = tmp_path / "work.gradstudio"
    assert window.filing.save_to(path)
    assert not window.document.modified
    assert storage.load(path).extra["lab"]["hints"] == {"forward": 1}


def test_saved_work_goes_on_where_it_was_left(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    begin(window, "xyz")
    answer(qtbot, window, "forward", {"q": "1", "f": "4"})
    path = tmp_path / "work.gradstudio"
    assert window.document.modified
    assert window.filing.save_to(path)
    window.close_page()

    window.filing.open_file(path)
    window.document.settle()
    session = window.labs.lab
    assert session is not None
    assert session.session.student == STUDENT
    assert session.state("forward") == RIGHT
    assert not window.document.modified
    assert window.document.path == path
    blanks = window.canvas.blanks
    assert blanks is not None
    assert blanks.fields["forward", "q"].text() == "1"
    assert blanks.fields["forward", "q"].sign == "✓"
    assert window.document.evaluation.values["f"] == 4
    assert not window.document.evaluation.grads
    assert session.session.attempts_left("forward") == 7


def test_work_on_a_lab_that_is_not_at_hand_asks_for_it(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, said: list[str], tmp_path: Path
) -> None:
    content = resources.path("labs", "xyz.gradlab").read_text(encoding="utf-8")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    other = folder / "mine.gradlab"
    other.write_text(content.replace('"id": "xyz"', '"id": "mine"'), encoding="utf-8")
    window.filing.open_file(other)
    path = tmp_path / "work.gradstudio"
    assert window.filing.save_to(path)
    window.close_page()
    QSettings().remove("lab/files/mine")

    monkeypatch.setattr(FileToOpen, "ask", lambda *args: None)
    window.filing.open_file(path)
    assert said == ["work.gradstudio: its lab “mine” is needed to go on with it"]
    assert window.labs.lab is None
    monkeypatch.setattr(FileToOpen, "ask", lambda *args: resources.path("labs", "xyz.gradlab"))
    window.filing.open_file(path)
    assert said[-1] == "these are answers to mine, not to xyz"
    monkeypatch.setattr(FileToOpen, "ask", lambda *args: other)
    window.filing.open_file(path)
    assert window.labs.lab is not None
    assert window.labs.lab.exercise.id == "mine"


def test_a_lab_opens_by_drop_by_menu_and_by_name(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, said: list[str], tmp_path: Path
) -> None:
    path = resources.path("labs", "patterns.gradlab")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy = Qt.DropAction.CopyAction
    at = QPointF(400, 300)
    enter = QDragEnterEvent(at.toPoint(), copy, data, LEFT, NONE)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(at, copy, data, LEFT, NONE))
    assert window.labs.lab is not None
    assert window.labs.lab.exercise.id == "patterns"

    entries = {action.text(): action for action in window.menus.menus["labs"].actions()}
    assert len(entries) == 8
    entries["By hand: (x + y) · z"].trigger()
    assert window.labs.lab.exercise.id == "xyz"
    monkeypatch.setattr(FileToOpen, "ask", lambda *args: path)
    window.menus.actions["open_lab"].trigger()
    assert window.labs.lab.exercise.id == "patterns"
    assert len(window.pages) == 3

    # Who does not say who it is gets no numbers; what is damaged is said.
    monkeypatch.setattr(StudentDialog, "ask", lambda *args: None)
    window.filing.open_file(path)
    assert len(window.pages) == 3
    broken = tmp_path / "broken.gradlab"
    broken.write_text("{", encoding="utf-8")
    window.filing.open_file(broken)
    assert said[0].startswith(str(broken))
    assert len(window.pages) == 3


def test_submitting_with_open_tasks_asks_first(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin(window, "xyz")
    asked: list[str] = []
    monkeypatch.setattr(OpenItems, "ask", lambda items, *args: asked.append(items))
    monkeypatch.setattr(FileToSave, "ask", lambda *args: pytest.fail("it went on"))
    window.menus.actions["submit"].trigger()
    assert asked == ["Forward, Backward"]
    path = tmp_path / "half.gradstudio"
    monkeypatch.setattr(OpenItems, "ask", lambda *args: True)
    monkeypatch.setattr(FileToSave, "ask", lambda *args: path)
    window.menus.actions["submit"].trigger()
    assert "half.gradstudio" in window.status.currentMessage()
    exercise, key = lab("xyz")
    assert judge(exercise, key, STUDENT, path.read_bytes()).points == 0


def test_the_line_is_fitted_in_the_window_once_its_numbers_are_given(
    window: MainWindow, qtbot: QtBot, said: list[str], tmp_path: Path
) -> None:
    exercise, key = lab("linear-fit")
    solved, _ = right(exercise, key, STUDENT)
    session = begin(window, "linear-fit")
    found = session.session.task.evaluation("loss")
    # The values are there to compute with; the gradients and the training are what is asked.
    assert {"p", "r", "loss"} <= window.document.evaluation.values.keys()
    gradient = value_text(found.grads["b"])
    step = value_text(found.values["b"] - 0.1 * found.grads["b"])

    def closed() -> None:
        assert not window.document.evaluation.grads
        everything = texts_of(window)
        assert gradient not in everything
        assert step not in everything
        window.menus.actions["step"].trigger()
        assert not window.session.running

    closed()
    answer(qtbot, window, "slope", {"number": "9"})
    assert session.state("slope") == WRONG
    assert session.session.attempts_left("slope") == 11
    answer(qtbot, window, "slope", dict(solved.answers["slope"]))
    assert session.state("slope") == RIGHT
    # What is left asks for them as well.
    closed()
    answer(qtbot, window, "step", dict(solved.answers["step"]))
    assert session.state("step") == RIGHT
    assert window.document.evaluation.grads["b"] == found.grads["b"]

    # Now the task is done as it says: train, look, and type what worked.
    assert not window.training.isVisible()
    session.select("fit")
    assert window.training.isVisible()
    assert window.menus.actions["training"].isChecked()
    window.page.enter_item()
    panel = window.page.lab_panel
    QApplication.processEvents()
    first = focused()
    assert first is panel.fields["learning_rate"].fields[0]
    assert 0 <= first.mapTo(panel, first.rect().bottomLeft()).y() < panel.height()
    window.training.learning_rate.setFocus()
    type_over(qtbot, "0.2")
    window.training.steps.setValue(60)
    window.menus.actions["train"].trigger()
    qtbot.waitUntil(lambda: not window.session.running and bool(window.session.losses))
    window.document.settle()
    assert window.document.evaluation.values["loss"] < 0.065
    assert session.state("slope") == session.state("step") == RIGHT
    answer(qtbot, window, "fit", {"learning_rate": "0.2", "steps": "60"})
    assert session.state("fit") == RIGHT
    answer(qtbot, window, "too-far", dict(solved.answers["too-far"]))
    path = tmp_path / "fit.gradstudio"
    assert window.filing.save_to(path)
    result = judge(exercise, key, STUDENT, path.read_bytes())
    assert (result.status, result.points) == ("passed", exercise.most_points)
    assert result.reasons == []


def test_numbers_come_as_soon_as_no_task_asks_for_them(window: MainWindow, qtbot: QtBot) -> None:
    """The values with the orders, the gradients with the last task about them."""
    exercise, key = lab("fan-out")
    solved, _ = right(exercise, key, STUDENT)
    session = begin(window, "fan-out")
    gradient = value_text(session.session.task.evaluation("y").grads["x2"])
    seen = []
    for id in exercise.items:
        shown_now = window.document.evaluation
        seen.append((id, "y" in shown_now.values, bool(shown_now.grads)))
        if not shown_now.grads and session.state("backward") == OPEN:
            assert gradient not in texts_of(window)
        answer(qtbot, window, id, dict(solved.answers[id]))
        assert session.state(id) == RIGHT
    assert seen == [
        ("forward-order", False, False),
        ("backward-order", False, False),
        ("backward", True, False),
        ("slip", True, False),
    ]
    assert value_text(window.document.evaluation.grads["x2"]) == gradient
    assert window.document.withheld is None


def test_an_answer_that_is_kept_stays_and_shows_what_it_hid(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = begin(window, "xyz")
    panel = window.page.lab_panel
    assert panel.keep_button.isHidden()
    answer(qtbot, window, "forward", {"q": "1", "f": "5"})
    # Other than it was checked it cannot be kept, nor by the menu.
    field = window.canvas.blanks.fields["forward", "f"]  # type: ignore[union-attr] # a lab has some
    window.canvas.blanks.go_to(field)  # type: ignore[union-attr] # a lab has some
    type_over(qtbot, "6")
    assert panel.keep_button.isHidden()
    window.menus.actions["keep_answer"].trigger()
    assert window.status.currentMessage() == "there is no checked answer to keep in this task"
    type_over(qtbot, "5")
    assert panel.keep_button.isVisible()
    asked: list[object] = []
    monkeypatch.setattr(KeepAnswer, "ask", lambda *args: asked.append(args))
    qtbot.mouseClick(panel.keep_button, LEFT)
    assert len(asked) == 1
    assert not session.kept("forward")
    assert "q" not in window.document.evaluation.values

    monkeypatch.setattr(KeepAnswer, "ask", lambda *args: True)
    qtbot.mouseClick(panel.keep_button, LEFT)
    assert session.kept("forward")
    assert window.document.evaluation.values["f"] == 4
    # The other task still asks for its own.
    assert not window.document.evaluation.grads
    assert "kept" in panel.words.text
    assert panel.keep_button.isHidden()
    assert not panel.check_button.isEnabled()
    assert session.open_items == ("backward",)
    assert "F8" in panel.words.text
    window.canvas.blanks.go_to(field)  # type: ignore[union-attr] # a lab has some
    assert field.isReadOnly()
    session.type("forward", "f", "4")
    assert session.text("forward", "f") == "5"
    assert session.session.attempts_left("forward") == 7

    path = tmp_path / "kept.gradstudio"
    assert window.filing.save_to(path)
    window.close_page()
    window.filing.open_file(path)
    window.document.settle()
    again = window.labs.lab
    assert again is not None
    assert again.kept("forward")
    assert again.state("forward") == PARTLY
    assert window.document.evaluation.values["f"] == 4
    exercise, key = lab("xyz")
    assert judge(exercise, key, STUDENT, path.read_bytes()).points == 1


def test_an_answer_only_the_key_can_judge_is_kept_or_hides_on(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    raw = json.loads(resources.path("labs", "linear-fit.gradlab").read_text(encoding="utf-8"))
    for item in raw["items"][:2]:
        del item["at"], item["of"]
    path = tmp_path / "keyed.gradlab"
    path.write_text(json.dumps(raw), encoding="utf-8")
    window.filing.open_file(path)
    window.document.settle()
    session = window.labs.lab
    assert session is not None
    monkeypatch.setattr(KeepAnswer, "ask", lambda *args: True)
    for item in ("slope", "step"):
        assert "loss" not in window.document.evaluation.values
        assert window.document.withheld is not None
        answer(qtbot, window, item, {"number": "9"})
        assert session.state(item) == NOTED
        qtbot.mouseClick(window.page.lab_panel.keep_button, LEFT)
        assert session.kept(item)
    assert window.document.withheld is None
    assert window.document.evaluation.grads
    assert session.open_items == ("too-far", "fit")


def test_without_attempts_an_answer_can_still_be_kept(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = begin(window, "xyz")
    for wrong in range(8):
        answer(qtbot, window, "forward", {"q": str(50 + wrong), "f": "0"})
    session.type("forward", "q", "7")
    assert session.state("forward") == OPEN
    monkeypatch.setattr(KeepAnswer, "ask", lambda *args: True)
    window.menus.actions["keep_answer"].trigger()
    assert session.kept("forward")
    assert "q" in window.document.evaluation.values


def test_choices_are_made_with_the_mouse_and_several_at_once(
    window: MainWindow, qtbot: QtBot
) -> None:
    session = begin(window, "patterns")
    panel = window.page.lab_panel
    row = panel.items.topLevelItem(2)
    assert row is not None
    place = panel.items.visualItemRect(row).center()
    qtbot.mouseClick(panel.items.viewport(), LEFT, NONE, place)
    assert session.current == "router"
    field = panel.fields["choice"]
    assert isinstance(field, ChoiceField)
    for id in ("add", "max"):
        qtbot.mouseClick(field.options[id], LEFT, NONE, field.options[id].rect().center())
    assert session.text("router", "choice") == "max"
    qtbot.mouseClick(panel.check_button, LEFT)
    assert session.state("router") == NOTED
    assert panel.words.text.startswith("Noted. It is judged when the work is graded.")
    assert "F8" in panel.words.text


def test_texts_of_a_lab_open_nothing_and_run_nothing(window: MainWindow, tmp_path: Path) -> None:
    content = resources.path("labs", "xyz.gradlab").read_text(encoding="utf-8")
    bad = "<b>bold</b> <img src='file:///etc/hostname'> ![p](file:///etc/hostname) $x_1^2$ "
    path = tmp_path / "bad.gradlab"
    content = content.replace("The graph computes", bad + "The graph computes")
    path.write_text(content.replace("By hand", "<i>By</i> hand"), encoding="utf-8")
    window.filing.open_file(path)
    panel = window.page.lab_panel
    assert panel.title.text().startswith("<i>By</i> hand")
    assert panel.title.textFormat() is Qt.TextFormat.PlainText
    assert "<b>bold</b>" in panel.instructions.plain
    assert "x₁²" in panel.instructions.plain


def test_the_due_date_is_shown_and_an_empty_lab_is_not_overwritten(
    window: MainWindow, tmp_path: Path
) -> None:
    raw = json.loads(resources.path("labs", "xyz.gradlab").read_text(encoding="utf-8"))
    raw |= {
        "due": "2026-03-20T23:59:00+08:00",
        "late": {"percent_a_day": 15, "most_days": 7},
        "graph": {"nodes": {}},
        "draw": {},
        "items": [
            {
                "kind": "choice",
                "id": "which",
                "title": {"en": "Which?", "zh": "哪些？"},
                "points": 1,
                "several": True,
                "options": {one: {"en": f"${one}_1$ *it*", "zh": one} for one in "abc"},
            }
        ],
    }
    path = tmp_path / "due.gradlab"
    path.write_text(json.dumps(raw), encoding="utf-8")
    window.filing.open_file(path)
    panel = window.page.lab_panel
    assert panel.about.text().startswith("Li Lei · 20240001 · due 20/03/2026")
    assert panel.late.isVisible()
    late = "Each day late costs 15 % of the points. After 7 days late nothing counts."
    assert panel.late.text() == late
    field = panel.fields["choice"]
    assert isinstance(field, ChoiceField)
    assert field.options["a"].accessibleName() == "a₁ *it*"
    for id in ("c", "a"):
        field.options[id].click()
    assert window.labs.lab is not None
    assert window.labs.lab.text("which", "choice") == "a c"
    window.filing.open_file(resources.path("examples", "sigmoid.gradstudio"))
    assert len(window.pages) == 2


def test_a_class_is_graded_by_the_names_the_window_proposes(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin(window, "xyz")
    proposed: list[Path] = []
    monkeypatch.setattr(OpenItems, "ask", lambda *args: True)
    monkeypatch.setattr(
        FileToSave,
        "ask",
        lambda _t, _f, proposal, *args: proposed.append(proposal) or tmp_path / proposal.name,
    )
    window.menus.actions["submit"].trigger()
    (entry,) = collect([tmp_path / proposed[0].name], "xyz")
    assert entry.student == STUDENT


def test_everything_is_said_in_chinese_too(
    window: MainWindow, qtbot: QtBot, appearance: Appearance
) -> None:
    session = begin(window, "xyz")
    answer(qtbot, window, "forward", {"q": "1", "f": "5"})
    appearance.choose_language("zh_CN")
    QApplication.processEvents()
    panel = window.page.lab_panel
    assert panel.title.text() == "手算：(x + y) · z"
    assert panel.check_button.text() == "检查"
    row = panel.items.topLevelItem(1)
    assert row is not None
    assert row.text(0) == "○  反向"
    assert "反向" in panel.instructions.plain
    buttons: list[Any] = panel.findChildren(QPushButton)
    assert all(any(ord(letter) > 0x2E80 for letter in one.text()) for one in buttons)
    assert session.state("forward") == PARTLY
    assert all(ord(letter) < 0x3000 for letter in session.text("forward", "f"))


def test_ctrl_z_takes_back_no_answer_and_no_attempt(window: MainWindow, qtbot: QtBot) -> None:
    session = begin(window, "xyz")
    answer(qtbot, window, "forward", {"q": "1", "f": "5"})
    window.canvas.edits.move({"x": (3.0, 3.0)})
    window.document.undo()
    assert session.text("forward", "f") == "5"
    assert session.session.attempts_left("forward") == 7
    assert session.state("forward") == PARTLY
