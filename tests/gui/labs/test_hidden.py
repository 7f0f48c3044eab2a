"""What a lab does not show before it is answered, and what of it stays as it was given."""

import json
from pathlib import Path

import pytest
from lab_by_hand import (
    CONTROL,
    LEAF_KINDS,
    LEFT,
    NONE,
    STUDENT,
    Key,
    answer,
    begin,
    focused,
    texts_of,
    type_over,
)
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from solving import lab, right

from gradstudio import resources
from gradstudio.gui.canvas.commands import COMMANDS
from gradstudio.gui.dialogs import FileToSave
from gradstudio.gui.gradient_check import GradientCheck
from gradstudio.gui.lab_dialogs import KeepAnswer
from gradstudio.gui.lab_session import NOTED, OPEN, PARTLY, RIGHT, WRONG
from gradstudio.gui.main_window import MainWindow
from gradstudio.lab.judging import judge
from gradstudio.numbers import value_text


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
    COMMANDS["delete"].give(canvas)
    assert window.canvas.toast.text == "a is given: it stays as it is"
    assert not canvas.edits.set_value("w0", "9")
    assert not canvas.edits.rename("s", "t")
    canvas.select(("n",))
    COMMANDS["mute"].give(canvas)
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
    assert result.reasons + result.notes == []


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
    # The number stands where the blank was, and what was typed in the panel.
    blanks, picture = window.canvas.blanks, window.canvas.picture
    assert blanks is not None
    assert blanks.fields["forward", "q"].isHidden()
    assert field.isHidden()
    value, _ = picture.edge_figures(picture.sketch.edge_index["f", 0])
    assert value is not None
    assert value.text == "1"
    (value, _) = picture.result(picture.sketch.index["f"])
    assert value is not None
    assert value.text == "4"
    assert "You answered: q = 1 ✓ · f = 5 ✗" in panel.words.text
    # The other task still asks for its own.
    assert not window.document.evaluation.grads
    assert blanks.fields["backward", "f.x"].isVisible()
    assert "kept" in panel.words.text
    assert panel.keep_button.isHidden()
    assert not panel.check_button.isEnabled()
    assert session.open_items == ("backward",)
    assert "F8" in panel.words.text
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
    monkeypatch.setattr(KeepAnswer, "ask", lambda *args: True)
    window.menus.actions["keep_answer"].trigger()
    assert session.kept("forward")
    assert "q" in window.document.evaluation.values


def test_what_is_asked_is_not_copied_to_where_it_is_computed(
    window: MainWindow, qtbot: QtBot
) -> None:
    exercise, key = lab("xyz")
    solved, _ = right(exercise, key, STUDENT)
    begin(window, "xyz")
    canvas, clipboard = window.canvas, QGuiApplication.clipboard()
    reason = "answer the tasks that ask for these numbers first, or keep your answers"
    canvas.setFocus()
    qtbot.keyClick(canvas, Key.Key_A, CONTROL)
    clipboard.setText("as before")
    for copy in (
        lambda: qtbot.keyClick(canvas, Key.Key_C, CONTROL),
        lambda: qtbot.keyClick(canvas, Key.Key_X, CONTROL),
        window.menus.actions["copy_formula"].trigger,
    ):
        canvas.toast.hush()
        copy()
        assert canvas.toast.text == reason
        assert canvas.toast.isVisible()
    assert clipboard.text() == "as before"
    # A leaf tells nothing that is not there to see.
    canvas.select(("x",))
    COMMANDS["copy"].give(canvas)
    assert '"x"' in clipboard.text()
    for item in exercise.items:
        answer(qtbot, window, item, dict(solved.answers[item]))
    canvas.select(("x", "y", "q"))
    COMMANDS["copy"].give(canvas)
    assert '"q"' in clipboard.text()
