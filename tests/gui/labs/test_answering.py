"""Answering a lab in the window: by keyboard and mouse, what is said of it, attempts and hints."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lab_by_hand import (
    CONTROL,
    LEFT,
    NONE,
    STUDENT,
    Key,
    answer,
    begin,
    build_sigmoid,
    focused,
    type_over,
)
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from solving import LABS, lab, right

from gradstudio import resources, storage
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.dialogs import FileToSave
from gradstudio.gui.lab_dialogs import HintPrice
from gradstudio.gui.lab_session import NOTED, OPEN, PARTLY, RIGHT, WRONG
from gradstudio.gui.main_window import MainWindow
from gradstudio.gui.panels.lab_fields import ChoiceField
from gradstudio.lab.judging import judge


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
        # Without the key a formula or a graph can be wrong; that it is right only the key can tell.
        assert session.state(id) == (NOTED if item.needs_key else RIGHT), feedback.said

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
    assert "The answer before it is right." in panel.words.text
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


def test_what_is_given_or_asked_for_is_no_problem_for_not_being_used(
    window: MainWindow, qtbot: QtBot
) -> None:
    session = begin(window, "sigmoid")
    problems = window.page.problems
    build_sigmoid(window)
    window.document.settle()
    problems.settle()
    assert problems.found == ()
    # The student's own that leads nowhere is one still.
    window.page.add_node("sigmoid")
    (stray,) = window.canvas.selection()
    window.canvas.edits.link("s", stray, 0)
    window.document.settle()
    problems.settle()
    assert [(one.kind, one.node) for one in problems.found] == [("unused", stray)]
    # Mending that leaves the answer alone.
    window.page.show_problems()
    labels = window.page.problems_panel.offered
    assert labels
    assert not any("all" in label for label in labels)
    qtbot.mouseClick(window.page.problems_panel.fix_button, LEFT)
    assert set(window.document.graph.nodes) == {*session.session.task.given.nodes, "h"}


@pytest.mark.parametrize("name", LABS)
def test_a_lab_begins_without_problems(window: MainWindow, name: str) -> None:
    begin(window, name)
    window.page.problems.settle()
    assert window.page.problems.found == ()


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
    # What was checked last is what is graded.
    panel, blanks = window.page.lab_panel, window.canvas.blanks
    assert panel.attempts.text() == "no attempt left: this answer is graded"
    assert panel.hint_button.isHidden()
    assert blanks is not None
    assert blanks.fields["forward", "q"].isReadOnly()
    session.type("forward", "q", "4")
    assert session.text("forward", "q") == "57"
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
    about = r"Li Lei · 20240001 · was due 2[01]/03/2026 \d\d:\d\d UTC[+−]\d\d:\d\d"
    assert re.fullmatch(about, panel.about.text())
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
