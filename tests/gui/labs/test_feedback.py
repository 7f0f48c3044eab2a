"""What a student is told in a lab after a check, and what is shown of an answer that is kept."""

import json
from pathlib import Path

import pytest
from lab_by_hand import STUDENT, Key, answer, begin, build_sigmoid, focused
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from solving import content, lab, right

from gradstudio.gui.appearance import Appearance
from gradstudio.gui.lab_dialogs import HintPrice, KeepAnswer
from gradstudio.gui.lab_session import NOTED, OPEN, RIGHT
from gradstudio.gui.main_window import MainWindow
from gradstudio.gui.panels.lab_fields import ChoiceField
from gradstudio.numbers import value_text


def test_to_keep_an_answer_one_must_say_so(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[str] = []

    def press_return(box: KeepAnswer) -> int:
        chosen.append(box.defaultButton().text())
        return int(box.standardButton(box.defaultButton()))

    monkeypatch.setattr(KeepAnswer, "exec", press_return)
    assert not KeepAnswer.ask(window)
    assert len(chosen) == 1


def test_a_gradient_that_no_edge_has_is_shown_where_its_blank_was(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise, key = lab("fan-out")
    solved, _ = right(exercise, key, STUDENT)
    session = begin(window, "fan-out")
    for id in ("forward-order", "backward-order"):
        answer(qtbot, window, id, dict(solved.answers[id]))
    blanks = window.canvas.blanks
    assert blanks is not None
    of_nodes = [one.id for one in session.blanks("backward") if one.port is None]
    assert of_nodes
    wrong = dict.fromkeys(solved.answers["backward"], "77")
    answer(qtbot, window, "backward", wrong)
    monkeypatch.setattr(KeepAnswer, "ask", lambda *args: True)
    window.menus.actions["keep_answer"].trigger()
    answer(qtbot, window, "slip", dict(solved.answers["slip"]))
    for id in of_nodes:
        field = blanks.fields["backward", id]
        assert field.isVisible()
        assert field.text() == value_text(window.document.evaluation.grads[id])


def box_of(window: MainWindow) -> str:
    """Return how the box looks that says what a check found."""
    return str(window.page.lab_panel.words.property("box"))


def test_enter_on_what_was_checked_says_the_same_and_costs_nothing(
    window: MainWindow, qtbot: QtBot
) -> None:
    session = begin(window, "xyz")
    panel = window.page.lab_panel
    answer(qtbot, window, "forward", {"q": "1", "f": "5"})
    first = panel.words.text
    for _ in range(3):
        qtbot.keyClick(focused(), Key.Key_Return)
        assert session.session.attempts_left("forward") == 7
        assert panel.words.text.startswith(first)
        assert "Nothing has changed since" in panel.words.text


def test_what_was_said_last_is_said_again_after_saving(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    begin(window, "xyz")
    answer(qtbot, window, "forward", {"q": "1", "f": "5"})
    said = window.page.lab_panel.words.text
    path = tmp_path / "work.gradstudio"
    assert window.filing.save_to(path)
    window.close_page()
    window.filing.open_file(path)
    assert window.labs.lab is not None
    assert window.page.lab_panel.words.text == said
    assert window.labs.lab.session.attempts_left("forward") == 7


def test_what_is_noted_looks_neither_right_nor_wrong_and_costs_nothing(
    window: MainWindow, qtbot: QtBot
) -> None:
    session = begin(window, "patterns")
    panel = window.page.lab_panel
    before = session.session.attempts_left("router")
    for chosen in ("max", "add"):
        answer(qtbot, window, "router", {"choice": chosen})
        assert session.state("router") == NOTED
        assert session.session.attempts_left("router") == before
        assert panel.words.text.startswith("Noted. It is judged when the work is graded.")
        assert box_of(window) == "card"
    # What was noted was another choice than the one that stands there now.
    session.type("router", "choice", "mul")
    assert panel.words.isHidden()


def test_a_build_that_is_undone_is_not_noted_any_more(window: MainWindow, qtbot: QtBot) -> None:
    session = begin(window, "sigmoid")
    panel = window.page.lab_panel
    build_sigmoid(window)
    session.select("one-node")
    window.menus.actions["check_item"].trigger()
    assert session.state("one-node") in (RIGHT, NOTED)
    assert panel.words.isVisible()
    window.document.undo()
    assert session.state("one-node") == OPEN
    assert panel.words.isHidden()
    window.document.redo()
    assert panel.words.isVisible()


def test_what_is_right_is_neither_checked_nor_helped_any_more(
    window: MainWindow, qtbot: QtBot
) -> None:
    session = begin(window, "sigmoid")
    panel = window.page.lab_panel
    exercise, key = lab("sigmoid")
    solved, _ = right(exercise, key, STUDENT)
    build_sigmoid(window)
    for id in ("forward", "one-node"):
        answer(qtbot, window, id, dict(solved.answers.get(id, {})))
        assert session.state(id) == RIGHT
        assert box_of(window) == "good"
        assert not panel.check_button.isEnabled()
        assert panel.hint_button.isHidden()
        assert panel.attempts.text() == ""
        window.menus.actions["hint"].trigger()
        assert window.status.currentMessage() == "no hint is needed here any more"
        assert session.hints(id) == ()


def test_right_gradients_are_as_green_as_values(window: MainWindow, qtbot: QtBot) -> None:
    exercise, key = lab("xyz")
    solved, _ = right(exercise, key, STUDENT)
    begin(window, "xyz")
    for id in ("forward", "backward"):
        answer(qtbot, window, id, dict(solved.answers[id]))
    blanks = window.canvas.blanks
    assert blanks is not None
    colours = {
        field.palette().color(field.foregroundRole()).name() for field in blanks.fields.values()
    }
    assert colours == {window.canvas.theme.value}


def test_options_to_choose_have_a_ring_on_dark(window: MainWindow, appearance: Appearance) -> None:
    appearance.choose_theme("dark")
    session = begin(window, "patterns")
    session.select("router")
    QApplication.processEvents()
    field = window.page.lab_panel.fields["choice"]
    assert isinstance(field, ChoiceField)
    image = field.options["add"].grab().toImage()
    middle = image.height() // 2
    row = {image.pixelColor(x, middle).name() for x in range(image.width())}
    assert window.canvas.theme.edge in row


def test_a_lab_that_is_due_says_so(window: MainWindow, tmp_path: Path) -> None:
    raw = content("xyz") | {"due": "2999-03-20T23:59:00+08:00"}
    path = tmp_path / "due.gradlab"
    path.write_text(json.dumps(raw), encoding="utf-8")
    window.filing.open_file(path)
    about = window.page.lab_panel.about.text()
    assert " · due 20/03/2999 " in about or " · due 21/03/2999 " in about
    assert "UTC" in about


def test_a_few_ops_to_build_with_end_where_the_search_does(window: MainWindow) -> None:
    begin(window, "sigmoid")
    QApplication.processEvents()
    palette = window.palette_panel
    search = palette.search
    end = search.mapTo(palette, search.rect().topRight()).x()
    ends = {chip.mapTo(palette, chip.rect().topRight()).x() for chip in palette.chips()}
    assert max(ends) == end


@pytest.mark.parametrize(
    ("price", "said"), [("1", "costs 1 point."), ("0.5", "costs 0.5 points."), ("2", "2 points.")]
)
def test_the_price_of_a_hint_is_said_in_english(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, price: str, said: str
) -> None:
    texts: list[str] = []
    monkeypatch.setattr(HintPrice, "exec", lambda box: texts.append(box.text()) or 0)
    assert not HintPrice.ask(price, window)
    assert said in texts[0]
