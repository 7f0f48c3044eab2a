"""A run and the document: what a run may do to it, and when it is over."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gradstudio import formula
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.gui import training_session as module
from gradstudio.gui.document import Document
from gradstudio.gui.training_session import TrainingSession
from gradstudio.training.loop import Run
from gradstudio.training_settings import TrainingSettings

SLOWLY = TrainingSettings(learning_rate=1e-5, steps=1_000_000)


def line() -> Graph:
    graph = formula.parse("p = w * x; loss = mse(p, y)")
    graph = graph.set_values({"x": [1, 2, 3], "y": [2, 4, 6], "w": 0.0})
    for leaf in ("x", "y"):
        graph = graph.set_settings(leaf, {"data": True})
    return graph


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    made = Document()
    made.commit("build", line())
    made.settle()
    return made


@pytest.fixture
def session(document: Document) -> Iterator[TrainingSession]:
    made = TrainingSession(document)
    yield made
    made.close()


def busy(milliseconds: int) -> None:
    """Keep the event loop waiting, as a slow paint does."""
    end = time.monotonic() + milliseconds / 1000
    while time.monotonic() < end:
        QThread.msleep(1)


def test_what_a_closed_run_had_queued_reaches_nobody(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    session.train(SLOWLY, 1_000_000)
    qtbot.waitUntil(lambda: session.steps > 0)
    busy(100)
    session.close()
    session.forget()
    document.commit("another", line().set_values({"w": 9.0}))
    QApplication.processEvents()
    assert session.steps == 0
    assert not document.previewing
    document.settle()
    assert float(document.evaluation.values["w"]) == 9.0


def test_finishing_commits_what_was_learned_at_once(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    before, count = document.graph, document.undo_stack.count()
    session.train(SLOWLY, 1_000_000)
    qtbot.waitUntil(lambda: session.steps > 0)
    busy(50)
    session.finish()
    assert not session.running
    assert document.undo_stack.count() == count + 1
    run = Run(before, SLOWLY)
    for _ in range(session.steps):
        run.step()
    assert float(document.graph.nodes["w"].value) == float(run.parameters["w"])
    done = session.steps
    QApplication.processEvents()
    assert session.steps == done
    assert not document.previewing


def test_refused_settings_are_refused_again(
    qtbot: QtBot, document: Document, session: TrainingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.train(TrainingSettings(), 3)
    qtbot.waitUntil(lambda: not session.running)
    wrong: list[Exception] = []
    session.failed.connect(wrong.append)

    def refusing(graph: Graph, settings: TrainingSettings) -> Run:
        if settings.seed == 13:
            raise GradStudioError("no")
        return Run(graph, settings)

    monkeypatch.setattr(module, "Run", refusing)
    for count in (1, 2):
        session.train(TrainingSettings(seed=13), 3)
        qtbot.waitUntil(lambda count=count: len(wrong) == count and not session.running)
    assert session.steps == 3
    session.train(TrainingSettings(), 3)
    qtbot.waitUntil(lambda: not session.running)
    assert session.steps == 6


def test_a_run_of_which_no_weight_is_left_ends_and_says_so(
    qtbot: QtBot, document: Document, session: TrainingSession
) -> None:
    failed: list[Exception] = []
    session.failed.connect(failed.append)
    session.train(SLOWLY, 1_000_000)
    qtbot.waitUntil(lambda: session.steps > 0)
    document.commit("Delete", document.graph.remove(tuple(document.graph.nodes)))
    qtbot.waitUntil(lambda: not session.running)
    qtbot.waitUntil(lambda: bool(failed))
    assert [str(one) for one in failed] == [
        "training stopped: no weight it trains is left in the graph"
    ]
    assert session.steps == 0
    assert not document.graph.nodes
    assert document.undo_stack.undoText() == "Delete"
    document.undo_stack.undo()
    assert "w" in document.graph.nodes


def test_a_run_is_built_in_the_thread(
    qtbot: QtBot, session: TrainingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[QThread] = []

    def noting(graph: Graph, settings: TrainingSettings) -> Run:
        threads.append(QThread.currentThread())
        return Run(graph, settings)

    monkeypatch.setattr(module, "Run", noting)
    session.train(TrainingSettings(), 2)
    qtbot.waitUntil(lambda: session.steps == 2 and not session.running)
    assert len(threads) == 1
    assert threads[0] is not QCoreApplication.instance().thread()


def test_a_late_event_loop_finds_one_batch(qtbot: QtBot, session: TrainingSession) -> None:
    batches: list[int] = []
    session.advanced.connect(lambda: batches.append(session.steps))
    session.train(SLOWLY, 1_000_000)
    busy(300)
    QApplication.processEvents()
    assert len(batches) == 1
    losses = np.array(session.losses)
    assert len(losses) > 1
    assert (np.diff(losses) < 0).all()
