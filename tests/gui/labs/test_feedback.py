"""What a student is told in a lab after a check, and what is shown of an answer that is kept."""

import pytest
from lab_by_hand import STUDENT, answer, begin
from pytestqt.qtbot import QtBot
from solving import lab, right

from gradstudio.gui.lab_dialogs import KeepAnswer
from gradstudio.gui.main_window import MainWindow
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
