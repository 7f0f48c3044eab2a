"""The training panel: runs in a thread, pauses, goes on, steps, resets, and says why it stopped."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gradstudio import formula
from gradstudio.graph import Graph
from gradstudio.gui.document import Document
from gradstudio.gui.panels.training import TrainingPanel
from gradstudio.gui.training_session import TrainingSession
from gradstudio.training.loop import Run
from gradstudio.training_settings import LARGEST_WHOLE_NUMBER, TrainingSettings


def line_fit() -> Graph:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20, 1))
    graph = formula.parse("p = w * x + b; loss = mse(p, y)")
    graph = graph.set_values({"x": x, "y": 2 * x + 1, "w": 0.0, "b": 0.0})
    for leaf in ("x", "y"):
        graph = graph.set_settings(leaf, {"data": True})
    return graph


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    made = Document()
    made.commit("build", line_fit())
    made.settle()
    return made


@pytest.fixture
def session(document: Document) -> Iterator[TrainingSession]:
    made = TrainingSession(document)
    yield made
    made.close()


@pytest.fixture
def panel(qtbot: QtBot, document: Document, session: TrainingSession) -> TrainingPanel:
    made = TrainingPanel(document, session)
    qtbot.addWidget(made)
    made.resize(1000, 260)
    made.show()
    return made


def retype(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def train(qtbot: QtBot, panel: TrainingPanel, session: TrainingSession) -> None:
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.running)


def weight(document: Document, name: str = "w") -> float:
    return float(np.asarray(document.graph.nodes[name].value))


def test_training_commits_one_undoable_edit(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    before, steps = document.graph, document.undo_stack.count()
    panel.steps.setValue(50)
    train(qtbot, panel, session)
    assert document.undo_stack.count() == steps + 1
    assert document.undo_stack.undoText() == "Train 50 steps"
    assert abs(weight(document) - 2) < 0.1
    assert document.graph.training["steps"] == 50
    assert len(session.losses) == 50
    document.undo()
    assert document.graph is before


def test_the_numbers_are_those_of_a_run(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    run = Run(document.graph, TrainingSettings(steps=30, momentum=0.5))
    losses = [run.step().loss for _ in range(30)]
    panel.steps.setValue(30)
    retype(qtbot, panel.momentum, "0.5")
    train(qtbot, panel, session)
    assert list(session.losses) == losses
    assert weight(document) == float(run.parameters["w"])


def test_the_curve_and_the_progress_are_shown(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    panel.steps.setValue(40)
    train(qtbot, panel, session)
    qtbot.waitUntil(lambda: len(panel.plot.shown) == 40)
    np.testing.assert_array_equal(panel.plot.shown, session.losses)
    assert panel.progress.value() == panel.progress.maximum() == 40
    assert panel.progress_text.text().startswith("step 40 / 40 · ")
    panel.plot.log_box.click()
    assert panel.plot.log_box.isChecked()


def test_pause_commits_what_was_learned_and_train_goes_on(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    panel.steps.setValue(1_000_000)
    retype(qtbot, panel.learning_rate, "0.00001")
    retype(qtbot, panel.momentum, "0.9")
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.steps > 3)
    assert panel.train_button.text() == "Pause"
    assert document.previewing
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.running)
    done = session.steps
    assert document.undo_stack.undoText() == f"Train {done} steps"
    panel.steps.setValue(5)
    train(qtbot, panel, session)
    assert session.steps == done + 5
    run = Run(line_fit(), TrainingSettings(learning_rate=0.00001, momentum=0.9))
    assert list(session.losses) == [run.step().loss for _ in range(done + 5)]


def test_the_numbers_of_the_canvas_follow_a_run(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    panel.steps.setValue(1_000_000)
    retype(qtbot, panel.learning_rate, "0.0001")
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: document.shown is not document.graph)
    assert float(document.evaluation.values["w"]) != weight(document) == 0.0
    session.pause()
    qtbot.waitUntil(lambda: not session.running)
    document.settle()
    assert document.shown is document.graph


def test_one_step(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    qtbot.mouseClick(panel.step_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.running)
    assert session.steps == 1
    assert document.undo_stack.undoText() == "Train 1 step"


def test_reset_brings_back_the_first_weights_exactly(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    document.commit("set", document.graph.set_values({"w": 0.1, "b": 1 / 3}))
    assert not panel.reset_button.isEnabled()
    train(qtbot, panel, session)
    train(qtbot, panel, session)
    trained = document.graph
    qtbot.mouseClick(panel.reset_button, Qt.MouseButton.LeftButton)
    assert (weight(document), weight(document, "b")) == (0.1, 1 / 3)
    assert session.steps == 0
    assert not panel.reset_button.isEnabled()
    document.undo()
    assert document.graph is trained


def test_an_edited_weight_is_a_new_beginning(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    train(qtbot, panel, session)
    document.commit("set", document.graph.set_values({"w": 9}))
    panel.steps.setValue(3)
    train(qtbot, panel, session)
    assert session.steps == 3
    session.reset()
    assert weight(document) == 9


def test_another_learning_rate_goes_on_with_the_curve(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    panel.steps.setValue(10)
    train(qtbot, panel, session)
    retype(qtbot, panel.learning_rate, "0.01")
    train(qtbot, panel, session)
    assert session.steps == 20
    session.reset()
    assert weight(document) == 0


def test_edits_during_a_run_survive_it(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    panel.steps.setValue(1_000_000)
    retype(qtbot, panel.learning_rate, "0.0001")
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.steps > 1)
    document.commit("delete", document.graph.remove(["b"]))
    document.commit("add", document.graph.add("note", "constant", value=1))
    seen = session.steps
    qtbot.waitUntil(lambda: session.steps > seen)
    session.pause()
    qtbot.waitUntil(lambda: not session.running)
    assert "b" not in document.graph
    assert "note" in document.graph
    assert weight(document) != 0


def test_divergence_keeps_the_last_finite_weights_and_says_where(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    retype(qtbot, panel.learning_rate, "1e30")
    train(qtbot, panel, session)
    assert panel.words.isVisible()
    assert f"step {session.steps + 1}" in panel.words.text
    assert np.isfinite(weight(document))
    assert session.can_reset


def test_what_cannot_be_trained_is_said(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    document.commit("build", formula.parse("f = x * x").set_values({"x": 2}))
    graph = document.graph
    train(qtbot, panel, session)
    assert "nothing to train" in panel.words.text
    assert document.graph is graph


def test_a_wrong_setting_is_named(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    retype(qtbot, panel.learning_rate, "fast")
    train(qtbot, panel, session)
    assert "learning_rate" in panel.words.text
    assert session.steps == 0


def test_the_data_are_summed_up(document: Document, panel: TrainingPanel) -> None:
    assert panel.data_text.text() == "x (20, 1), y (20, 1)"
    document.commit("build", formula.parse("f = x * x").set_values({"x": 2}))
    assert panel.data_text.text() == "no leaf is named as data"


def test_settings_of_an_opened_graph_are_shown(document: Document, panel: TrainingPanel) -> None:
    settings = TrainingSettings(learning_rate=0.02, momentum=0.8, steps=7, batch=4, seed=3)
    document.commit("settings", settings.into(document.graph))
    assert panel.settings() == settings


def test_closing_stops_the_thread(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    panel.steps.setValue(1_000_000)
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.running)
    session.close()
    assert not session.running


def diverge(qtbot: QtBot, panel: TrainingPanel, session: TrainingSession) -> None:
    panel.steps.setValue(500)
    retype(qtbot, panel.learning_rate, "50")
    train(qtbot, panel, session)
    qtbot.waitUntil(lambda: panel.words.text != "")


def test_reset_takes_the_message_of_a_divergence_away(
    qtbot: QtBot, panel: TrainingPanel, session: TrainingSession
) -> None:
    diverge(qtbot, panel, session)
    qtbot.mouseClick(panel.reset_button, Qt.MouseButton.LeftButton)
    assert panel.words.text == ""
    assert not panel.words.isVisible()


def test_the_keyboard_stays_on_the_buttons(
    qtbot: QtBot, panel: TrainingPanel, session: TrainingSession
) -> None:
    panel.activateWindow()
    diverge(qtbot, panel, session)
    panel.reset_button.setFocus()
    qtbot.waitUntil(panel.reset_button.hasFocus)
    qtbot.keyClick(panel.reset_button, Qt.Key.Key_Space)
    assert panel.train_button.hasFocus()
    panel.step_button.setFocus()
    qtbot.keyClick(panel.step_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not session.running)
    assert panel.step_button.hasFocus()


def test_what_becomes_of_a_run_is_said(
    qtbot: QtBot, panel: TrainingPanel, session: TrainingSession
) -> None:
    said: list[str] = []
    panel.said.connect(said.append)
    qtbot.mouseClick(panel.step_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.running)
    assert said == ["Training…", "Training stopped after 1 step."]
    diverge(qtbot, panel, session)
    assert said[-1] == panel.words.text


def test_a_value_typed_during_a_run_stays(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    said: list[str] = []
    panel.said.connect(said.append)
    panel.steps.setValue(1_000_000)
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.steps > 3)
    document.commit("Set w", document.graph.set_values({"w": 7.0}))
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not session.running)
    assert weight(document) == 7.0
    assert weight(document, "b") != 0.0
    assert said[-1].endswith(" What you typed meanwhile stays: w.")
    panel.steps.setValue(3)
    train(qtbot, panel, session)
    assert len(session.losses) == 3
    assert weight(document) != 7.0


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=st.floats(min_value=0, exclude_min=True, allow_infinity=False),
    momentum=st.floats(min_value=0, max_value=1, exclude_max=True),
    batch=st.none() | st.integers(1, LARGEST_WHOLE_NUMBER),
)
def test_settings_are_shown_to_the_last_digit(
    document: Document, panel: TrainingPanel, rate: float, momentum: float, batch: int | None
) -> None:
    given = TrainingSettings(learning_rate=rate, momentum=momentum, batch=batch)
    document.commit("settings", given.into(document.graph))
    assert panel.settings() == given


def test_usual_settings_are_shown_as_people_write_them(
    document: Document, panel: TrainingPanel
) -> None:
    document.commit("settings", TrainingSettings(learning_rate=1.0).into(document.graph))
    assert (panel.learning_rate.text(), panel.momentum.text()) == ("1", "0")
    given = TrainingSettings(learning_rate=0.001, momentum=0.9999999)
    document.commit("settings", given.into(document.graph))
    assert (panel.learning_rate.text(), panel.momentum.text()) == ("0.001", "0.9999999")


def refused(qtbot: QtBot, document: Document, panel: TrainingPanel) -> None:
    """Let a run be refused: nothing is there to be trained."""
    document.commit("fix", document.graph.set_op("w", "input").set_op("b", "input"))
    document.settle()
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "nothing to train" in panel.words.text)


def test_a_message_goes_with_its_cause(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    refused(qtbot, document, panel)
    document.commit("move", document.graph.move({"w": (1.0, 2.0)}))
    assert panel.words.text != ""
    document.commit("free", document.graph.set_op("w", "parameter"))
    assert panel.words.text == ""
    assert not panel.words.isVisible()


def test_a_message_goes_when_a_setting_is_changed(
    qtbot: QtBot, panel: TrainingPanel, session: TrainingSession
) -> None:
    retype(qtbot, panel.learning_rate, "fast")
    train(qtbot, panel, session)
    assert panel.words.text != ""
    retype(qtbot, panel.learning_rate, "0.1")
    assert panel.words.text == ""


def test_a_message_goes_with_its_document(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    refused(qtbot, document, panel)
    document.new()
    assert panel.words.text == ""


def test_a_message_is_in_the_language_of_the_panel(
    qtbot: QtBot, panel: TrainingPanel, session: TrainingSession
) -> None:
    diverge(qtbot, panel, session)
    text = panel.words.text
    panel.words.say("", "error")
    panel.retranslate()
    assert panel.words.text == text


def test_other_data_clear_the_curve(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    diverge(qtbot, panel, session)
    document.commit("load", document.graph.set_values({"x": np.ones((20, 1))}))
    assert panel.words.text == ""
    assert session.steps == 0
    assert not session.can_reset


def test_data_that_came_during_a_run_clear_its_curve(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    panel.steps.setValue(1_000_000)
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.steps > 3)
    document.commit("load", document.graph.set_values({"x": np.ones((20, 1))}))
    session.finish()
    assert session.steps == 0
    assert weight(document) != 0.0


def test_the_buttons_stay_where_they_are(
    qtbot: QtBot, panel: TrainingPanel, session: TrainingSession
) -> None:
    places = [panel.train_button.geometry(), panel.step_button.geometry(), panel.plot.geometry()]
    panel.steps.setValue(10_000_000)
    qtbot.mouseClick(panel.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.progress_text.text() != "")
    assert panel.train_button.text() == "Pause"
    qtbot.wait(20)
    now = [panel.train_button.geometry(), panel.step_button.geometry(), panel.plot.geometry()]
    session.finish()
    assert now == places


def test_settings_are_fixed_while_a_run_goes_on(
    qtbot: QtBot, panel: TrainingPanel, session: TrainingSession
) -> None:
    fields = (panel.optimizer, panel.learning_rate, panel.momentum)
    fields += (panel.steps, panel.batch, panel.seed)
    panel.activateWindow()
    panel.learning_rate.setFocus()
    qtbot.waitUntil(panel.learning_rate.hasFocus)
    panel.steps.setValue(1_000_000)
    panel.train_or_pause()
    assert not any(field.isEnabled() for field in fields)
    assert panel.train_button.hasFocus()
    session.finish()
    assert all(field.isEnabled() for field in fields)


def test_a_loss_that_grows_without_bound_is_said_in_plain_words(
    qtbot: QtBot, document: Document, panel: TrainingPanel, session: TrainingSession
) -> None:
    panel.steps.setValue(20)
    retype(qtbot, panel.learning_rate, "10")
    train(qtbot, panel, session)
    assert 1e6 < session.losses[-1] < np.inf
    expected = "The loss is growing: the learning rate may be too large."
    assert panel.words.text == expected
    assert panel.words.property("box") == "warning"
    qtbot.mouseClick(panel.reset_button, Qt.MouseButton.LeftButton)
    assert panel.words.text == ""


def test_why_a_graph_cannot_be_trained_is_said(
    qtbot: QtBot, document: Document, panel: TrainingPanel
) -> None:
    document.commit("cut", document.graph.disconnect("loss", 0))
    document.settle()
    assert not panel.train_button.isEnabled()
    assert not panel.step_button.isEnabled()
    assert "loss" in panel.progress_text.text()
    assert "loss" in panel.train_button.toolTip()
    document.undo()
    document.settle()
    assert panel.train_button.isEnabled()
    assert panel.progress_text.text() == ""
    assert panel.train_button.toolTip() == ""
