"""The document: undo, files, and the numbers that follow by themselves."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from gradstudio import formula, storage
from gradstudio.errors import FileError
from gradstudio.graph import Graph
from gradstudio.gui import document as module
from gradstudio.gui.document import Document


def product() -> Graph:
    return formula.parse("f = (x + y) * z").set_values({"x": -2, "y": 5, "z": -4})


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    made = Document()
    made.commit("build", product())
    made.settle()
    return made


def test_commit_changes_the_graph_and_says_so(qtbot: QtBot, document: Document) -> None:
    before = document.graph
    after = before.set_values({"x": 1})
    with qtbot.waitSignal(document.changed) as changed:
        document.commit("set x", after)
    assert changed.args == [before, after]
    assert document.graph is after
    assert document.undo_stack.undoText() == "set x"


def test_committing_the_same_graph_is_no_step(document: Document) -> None:
    steps = document.undo_stack.count()
    document.commit("nothing", document.graph)
    assert document.undo_stack.count() == steps


def test_undo_brings_back_the_very_same_graph(document: Document) -> None:
    before = document.graph
    document.commit("set x", before.set_values({"x": 1}))
    after = document.graph
    document.undo()
    assert document.graph is before
    document.redo()
    assert document.graph is after


def test_the_oldest_steps_are_forgotten(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "UNDO_STEPS", 3)
    short = Document()
    for x in range(6):
        short.commit(f"set {x}", product().set_values({"x": x}))
    while short.undo_stack.canUndo():
        short.undo()
    assert float(short.graph.nodes["x"].value) == 2.0
    while short.undo_stack.canRedo():
        short.redo()
    assert float(short.graph.nodes["x"].value) == 5.0


def test_an_edit_after_undo_forgets_what_was_undone(document: Document) -> None:
    first = document.graph
    document.commit("one", first.set_values({"x": 1}))
    document.undo()
    other = first.set_values({"x": 2})
    document.commit("two", other)
    assert not document.undo_stack.canRedo()
    document.undo()
    assert document.graph is first
    document.redo()
    assert document.graph is other


def test_numbers_follow_once_for_all_edits_of_a_turn(qtbot: QtBot, document: Document) -> None:
    seen = []
    document.evaluated.connect(seen.append)
    document.commit("one", document.graph.set_values({"x": 1}))
    document.commit("two", document.graph.set_values({"y": 1}))
    assert not seen
    qtbot.waitUntil(lambda: document.shown is document.graph)
    assert len(seen) == 1
    assert float(seen[0].values["f"]) == -8.0
    assert float(document.evaluation.grads["x"]) == -4.0


def test_moving_a_node_evaluates_nothing(document: Document) -> None:
    values = document.evaluation.values
    seen = []
    document.evaluated.connect(seen.append)
    document.commit("move", document.graph.move({"x": (5.0, 6.0)}))
    document.settle()
    assert document.shown is document.graph
    assert document.evaluation.values is values
    assert not seen


def test_a_preview_shows_other_numbers_and_changes_nothing(
    qtbot: QtBot, document: Document
) -> None:
    graph = document.graph
    trained = graph.set_values({"z": 10})
    document.preview(trained)
    qtbot.waitUntil(lambda: document.shown is trained)
    assert document.graph is graph
    assert float(document.evaluation.values["f"]) == 30.0
    document.preview(None)
    qtbot.waitUntil(lambda: document.shown is graph)


def test_an_edit_ends_a_preview(qtbot: QtBot, document: Document) -> None:
    document.preview(document.graph.set_values({"z": 10}))
    document.commit("set x", document.graph.set_values({"x": 0}))
    qtbot.waitUntil(lambda: document.shown is document.graph)
    assert not document.previewing
    assert float(document.evaluation.values["f"]) == -20.0


def test_a_large_graph_is_evaluated_in_a_thread(
    qtbot: QtBot, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []
    evaluate = module.evaluate

    def noting(graph: Graph, **named: object) -> object:
        threads.append(QThread.currentThread())
        return evaluate(graph, **named)

    monkeypatch.setattr("gradstudio.gui.worker.evaluate", noting)
    monkeypatch.setattr(module, "MOST_NODES_AT_ONCE", 2)
    with qtbot.waitSignal(document.evaluated):
        document.commit("set x", document.graph.set_values({"x": 7}))
    assert float(document.evaluation.values["f"]) == -48.0
    assert len(threads) == 1
    assert threads[0] is not QThread.currentThread()
    document.close()


def test_what_a_thread_finds_of_an_older_graph_is_not_shown(
    qtbot: QtBot, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_NODES_AT_ONCE", 2)
    shown = []
    document.evaluated.connect(lambda evaluation: shown.append(evaluation.graph))
    document.commit("set x", document.graph.set_values({"x": 7}))
    document._timer.stop()
    document._evaluate()
    document.commit("set x", document.graph.set_values({"x": 8}))
    qtbot.waitUntil(lambda: document.shown is document.graph)
    assert shown == [document.graph]
    document.close()


def test_saving_and_opening(tmp_path: Path, document: Document) -> None:
    path = tmp_path / "g.gradstudio"
    assert document.modified
    assert document.path is None
    document.save(path)
    assert not document.modified
    assert document.title == "g.gradstudio"
    other = Document()
    other.open(path)
    other.settle()
    assert storage.dumps(other.graph) == storage.dumps(document.graph)
    assert other.path == path
    assert not other.modified
    assert not other.undo_stack.canUndo()
    assert np.isclose(float(other.evaluation.values["f"]), -12.0)


def test_undoing_back_to_what_was_saved_is_unmodified(tmp_path: Path, document: Document) -> None:
    document.save(tmp_path / "g.gradstudio")
    document.commit("set x", document.graph.set_values({"x": 1}))
    assert document.modified
    document.undo()
    assert not document.modified


def test_a_file_that_cannot_be_read_leaves_everything_as_it_was(
    tmp_path: Path, document: Document
) -> None:
    path = tmp_path / "torn.gradstudio"
    path.write_text('{"format": "gradstudio", "ver')
    graph = document.graph
    with pytest.raises(FileError):
        document.open(path)
    assert document.graph is graph
    assert document.path is None
    assert document.undo_stack.canUndo()


def test_a_file_that_cannot_be_written_leaves_the_document_unsaved(
    tmp_path: Path, document: Document
) -> None:
    with pytest.raises(FileError):
        document.save(tmp_path / "missing" / "g.gradstudio")
    assert document.path is None
    assert document.modified


def test_new_is_empty(document: Document) -> None:
    document.new()
    document.settle()
    assert not document.graph.nodes
    assert not document.modified
    assert document.evaluation.graph is document.graph


@pytest.mark.parametrize("opening", [True, False])
def test_a_product_that_would_cost_a_frame_is_evaluated_in_a_thread(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opening: bool
) -> None:
    here = []
    evaluate = module.evaluate

    def noting(graph: Graph, **named: object) -> object:
        here.append(len(graph))
        return evaluate(graph, **named)

    graph = formula.parse("f = sum(x @ x)").set_values({"x": np.ones((400, 400))})
    path = tmp_path / "large.gradstudio"
    storage.save(path, graph)
    document = Document()
    document.commit("same names", product())
    document.settle()
    monkeypatch.setattr(module, "evaluate", noting)
    if opening:
        document.open(path)
        assert not document.evaluation.values
        document.hasten()
    else:
        document.commit("build", graph)
    qtbot.waitUntil(lambda: document.shown is document.graph)
    assert 3 not in here
    assert float(document.evaluation.values["f"]) == 400.0**3
    document.commit("label", document.graph.move({"f": (1.0, 2.0)}))
    document.commit("set x", document.graph.set_values({"x": np.zeros((400, 400))}))
    qtbot.waitUntil(lambda: document.shown is document.graph)
    assert 3 not in here
    document.close()


def test_a_small_file_is_evaluated_at_once(tmp_path: Path) -> None:
    path = tmp_path / "g.gradstudio"
    storage.save(path, product())
    document = Document()
    document.open(path)
    document.hasten()
    assert document.shown is document.graph


def test_what_a_cancelled_evaluation_raises_is_not_said(
    qtbot: QtBot, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raising(graph: Graph, **named: object) -> object:
        raise RuntimeError("defect")

    monkeypatch.setattr("gradstudio.gui.worker.evaluate", raising)
    monkeypatch.setattr(module, "MOST_NODES_AT_ONCE", 2)
    failed: list[Exception] = []
    document.failed.connect(failed.append)
    document.commit("set x", document.graph.set_values({"x": 7}))
    document.hasten()
    document.new()
    qtbot.waitUntil(lambda: not document.busy)
    assert not failed
    document.commit("build", product())
    document.hasten()
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], RuntimeError)


@given(st.lists(st.one_of(st.integers(0, 4), st.sampled_from(["undo", "redo"])), max_size=40))
def test_undo_after_commit_is_identity(steps: list[int | str]) -> None:
    """Against a model: what was, the graph now, and what was taken back."""
    document = Document()
    past: list[Graph] = []
    future: list[Graph] = []
    for step in steps:
        before = document.graph
        if isinstance(step, int):
            after = _edited(before, step)
            document.commit(f"edit {step}", after)
            assert document.graph is after
            if after is not before:
                document.undo()
                assert document.graph is before
                document.redo()
                assert document.graph is after
                past, future = [*past, before], []
        elif step == "undo":
            document.undo()
            assert document.graph is (past[-1] if past else before)
            if past:
                future.append(before)
                past.pop()
        else:
            document.redo()
            assert document.graph is (future[-1] if future else before)
            if future:
                past.append(before)
                future.pop()
        assert document.undo_stack.canUndo() == document.modified == bool(past)
        assert document.undo_stack.canRedo() == bool(future)
    document.settle()
    assert document.evaluation.graph is document.graph
    document.close()


def _edited(graph: Graph, step: int) -> Graph:
    """Return `graph` after one of five kinds of edit; itself where it does not apply."""
    names = list(graph.nodes)
    if step == 0 or not names:
        return graph.add(graph.fresh_name("exp"), "exp", names[-1:])
    if step == 1:
        return graph.remove(names[:1])
    if step == 2:
        return graph.add(graph.fresh_name("x"), "input", value=len(names))
    if step == 3:
        return graph.move({names[-1]: (float(len(names)), 1.0)})
    return graph
