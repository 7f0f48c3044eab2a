"""A canvas that is edited at random: what holds after every step, and that all can be undone.

What is drawn is compared with the graph and with what is drawn of it from nothing, the screen with
all of it painted at once, and every number with an evaluation from nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TypeVar

import numpy as np
from crowding import covered
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot
from repainting import is_stale

from gradstudio import storage
from gradstudio.engine.evaluate import evaluate
from gradstudio.formula import parse
from gradstudio.formula.definition import define
from gradstudio.graph import Edge, Graph
from gradstudio.gui.canvas.folding import unfolded
from gradstudio.gui.canvas.mirror import Mirror
from gradstudio.gui.canvas.view import Canvas
from gradstudio.gui.document import Document
from gradstudio.gui.playback import Playback
from gradstudio.numbers import value_text

SIZE = 600, 400
MOST_NODES = 40
"""A larger graph takes only edits that make it smaller."""
OWN_OP = "cube"
"""What an op is called that one of the graphs defines for itself."""
Thing = TypeVar("Thing")

numbers = st.integers(0, 9999)
several = st.lists(numbers, min_size=1, max_size=4)


def pick(number: int, things: Sequence[Thing]) -> Thing:
    return things[number % len(things)]


def starts() -> tuple[Graph, ...]:
    values = {name: np.array(float(number)) for number, name in enumerate("xyzw", start=1)}
    plain = parse("a = x * y\nb = a + z\nc = tanh(b)\nd = c * w\nf = d - a", values=values)
    arrays = {"x": np.arange(6.0).reshape(2, 3), "w": np.arange(12.0).reshape(3, 4) / 7}
    layers = parse("h = relu(x @ w)\np = softmax(h)\nloss = sum(p * h)", values=arrays)
    cube = define(OWN_OP, ("x",), "x**3", {"x": "3 * x**2 * g"})
    own = plain.define(cube).add("g", OWN_OP, ("f",)).set_output("g")
    return plain, layers, own, Graph()


class RandomCanvas(RuleBasedStateMachine):
    """One document on one canvas; rules that edit it are added by the classes above."""

    qtbot: QtBot

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.raised = self._stack.enter_context(self.qtbot.captureExceptions())
        self.document = Document()
        self.playback = Playback(self.document)
        self.canvas = Canvas(self.document, self.playback)
        self.canvas.resize(*SIZE)
        self.canvas.show()
        self.other = Mirror(self.document, self.playback, self.canvas.theme, self.canvas.font())
        self.begin = self.document.graph
        blinking = QApplication.cursorFlashTime()
        QApplication.setCursorFlashTime(0)
        self._stack.callback(QApplication.setCursorFlashTime, blinking)

    @initialize(start=st.sampled_from(range(len(starts()))))
    def give(self, start: int) -> None:
        self.document.commit("begin", starts()[start])
        self.document.settle()
        self.document.undo_stack.clear()
        self.begin = self.document.graph
        QGuiApplication.clipboard().clear()

    # -- what there is ----------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        return self.document.graph

    @property
    def names(self) -> list[str]:
        return list(self.canvas.picture.sketch.names)

    @property
    def edges(self) -> list[Edge]:
        return list(self.canvas.picture.sketch.edges)

    @property
    def leaves(self) -> list[str]:
        return [name for name in self.names if self.graph.nodes[name].is_leaf]

    def choose(self, chosen: Sequence[int]) -> bool:
        """Select nodes; return whether any is: those beside the inside of a frame never are."""
        names = self.names
        if names:
            self.canvas.select([pick(number, names) for number in chosen])
        return bool(self.canvas.selection())

    def grows(self) -> bool:
        return len(self.graph) < MOST_NODES

    def type(self, text: str, key: Qt.Key) -> None:
        """Type into what is open over the canvas, if anything is, and leave it."""
        finder = self.canvas.overlays.finder
        found = [] if finder is None else [finder.field]
        for kind in (QLineEdit, QPlainTextEdit):
            found += [one for one in self.canvas.viewport().findChildren(kind) if one.isVisible()]
        for editor in found[:1]:
            editor.selectAll()
            if isinstance(editor, QPlainTextEdit):
                editor.setPlainText(text)
            else:
                # As typed: what is set is not taken for a change.
                editor.insert(text)
            QTest.keyClick(editor, key)
            QTest.keyClick(editor, Qt.Key.Key_Escape)

    # -- what holds always ------------------------------------------------------------------

    @invariant()
    def all_is_well(self) -> None:
        self.look()

    def look(self) -> None:
        self.canvas.glide.finish()
        self.document.settle()
        assert not is_stale(self.canvas)
        assert not self.raised, self.raised
        assert self.canvas.gesture is None
        assert not covered(self.canvas)
        graph, evaluation = self.graph, self.document.evaluation
        # Built from its parts it is checked in full: names, inputs, cycles, frames and notes.
        Graph.build(
            graph.nodes,
            positions=graph.positions,
            output=graph.output,
            definitions=graph.definitions,
            annotations=graph.annotations,
        )
        written = storage.dumps(graph)
        assert storage.dumps(storage.loads(written)) == written
        assert evaluation.graph is graph
        self._compare_numbers()
        self._compare_picture()
        self._compare_with_new()
        self._compare_boards()
        self._listen()

    def _compare_numbers(self) -> None:
        now, anew = self.document.evaluation, evaluate(self.graph)
        for kept, fresh in (
            (now.values, anew.values),
            (now.grads, anew.grads),
            (now.edge_grads, anew.edge_grads),
        ):
            assert kept.keys() == fresh.keys()
            for key, value in fresh.items():
                np.testing.assert_array_equal(kept[key], value)
        assert now.errors.keys() == anew.errors.keys()

    def _compare_picture(self) -> None:
        graph, sketch = self.graph, self.canvas.picture.sketch
        view, evaluation = self.canvas.view, self.document.evaluation
        shown = [name for name in graph.nodes if view is None or name in view.names]
        assert sketch.names == shown
        edges = [edge for edge in graph.edges() if view is None or view.draws(*edge[:2])]
        assert sketch.edges == edges
        places = graph.positions if view is None else view.places
        for name in shown:
            if name in places and (view is None or name not in view.guests):
                at = sketch.centres[sketch.index[name]]
                assert math.dist(at.tolist(), places[name]) < 0.02, name
        for name, face in zip(shown, sketch.faces, strict=True):
            node = graph.nodes[name]
            if face.block is None:
                assert face.muted == (node.muted and node.op != "identity"), name
        for source, target, port in edges:
            value = evaluation.values.get(source)
            gradient = evaluation.edge_grads.get((target, port))
            assert self.canvas.edge_text(target, port) == (
                "" if value is None else value_text(value),
                "" if gradient is None else value_text(gradient),
            )
        assert set(self.canvas.selection()) <= set(graph.nodes)

    def _compare_with_new(self) -> None:
        """Compare what followed all edits with what is drawn of the last graph alone."""
        canvas, new = self.canvas, self.other
        new.fonts = canvas._mirror.fonts
        new._faces.clear()
        new._left = None
        # Where nothing says where a node goes, what was there before it does.
        new._placed, new._ordered = dict(canvas._mirror._placed), canvas._mirror._ordered
        new.enter(canvas.inside)
        mine, other = canvas.picture.sketch, new.picture.sketch
        assert mine.names == other.names
        assert mine.output == other.output
        assert mine.pins == other.pins
        for kind in ("silent", "is_end", "lead", "pale", "ports_shown", "outputs_shown"):
            np.testing.assert_array_equal(getattr(mine, kind), getattr(other, kind), kind)
        for kind in ("centres", "end"):
            ours, theirs = getattr(mine, kind), getattr(other, kind)
            np.testing.assert_allclose(ours, theirs, atol=0.02, err_msg=kind)
        # A pill stays as wide as its longest number was.
        assert (mine.half >= other.half - 0.02).all()
        same = np.abs(mine.half - other.half).max(axis=1, initial=0) < 0.02
        outputs, others = mine.start[same[mine.source]], other.start[same[mine.source]]
        np.testing.assert_allclose(outputs, others, atol=0.02)
        for ours, theirs in zip(mine.faces, other.faces, strict=True):
            assert (ours.kind, ours.text, ours.value) == (theirs.kind, theirs.text, theirs.value)

    def _compare_boards(self) -> None:
        canvas, annotations = self.canvas, self.graph.annotations
        boards, inside = canvas.boards, canvas.inside
        shown = unfolded(annotations, inside)
        assert boards.frames == boards._outlines(annotations, shown)
        assert set(boards.notes) == {
            name for name, one in annotations.notes.items() if one.inside in {inside, *shown}
        }
        assert set(boards.chosen_frames) <= set(annotations.frames)
        assert set(boards.chosen_notes) <= set(annotations.notes)

    def _listen(self) -> None:
        """Let a screen reader read the canvas: it is told of every node and every edge."""
        found = QAccessible.queryAccessibleInterface(self.canvas)
        parts = [found.child(at) for at in range(len(self.names) + len(self.edges))]
        assert all(part and part.text(QAccessible.Text.Name) for part in parts)

    def teardown(self) -> None:
        try:
            self._there_and_back()
        finally:
            self.document.close()
            self.canvas.close()
            self.canvas.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QApplication.processEvents()
            self._stack.close()

    def _there_and_back(self) -> None:
        self.canvas.cancel_gesture()
        while self.document.undo_stack.canRedo():
            self.document.redo()
        end, written = self.graph, storage.dumps(self.graph)
        note(f"{self.document.undo_stack.count()} steps")
        while self.document.undo_stack.canUndo():
            self.document.undo()
        self.look()
        assert self.graph == self.begin
        assert storage.dumps(self.graph) == storage.dumps(self.begin)
        while self.document.undo_stack.canRedo():
            self.document.redo()
        self.look()
        assert self.graph == end
        assert storage.dumps(self.graph) == written
