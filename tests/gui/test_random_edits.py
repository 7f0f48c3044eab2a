"""Random edits of a real document through its canvas: undone it is as it was, redone as it became.

What edits the graph are the canvas's own entry points, the keys among them. After each step what is
drawn is compared with the graph, and every number with an evaluation from nothing.

With GRADSTUDIO_SEQUENCES=2000 so many sequences are tried, drawn anew each time.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TypeVar

import numpy as np
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from gradstudio import storage
from gradstudio.annotations import COLOURS
from gradstudio.engine.evaluate import evaluate
from gradstudio.formula import parse
from gradstudio.graph import Edge, Graph
from gradstudio.gui.canvas.commands import COMMANDS
from gradstudio.gui.canvas.folding import unfolded
from gradstudio.gui.canvas.gestures import MoveNodes
from gradstudio.gui.canvas.scrub import Trial, is_scalar_leaf
from gradstudio.gui.canvas.splice import DropNode
from gradstudio.gui.canvas.view import Canvas
from gradstudio.gui.document import Document
from gradstudio.gui.playback import Playback
from gradstudio.numbers import value_text

SEQUENCES = int(os.environ.get("GRADSTUDIO_SEQUENCES", "0"))
MOST_NODES = 40
"""A larger graph takes only edits that make it smaller."""
Thing = TypeVar("Thing")

OPS = ("input", "parameter", "constant", "add", "mul", "max", "sigmoid", "sum", "matmul", "mse")
OPS = (*OPS, "transpose", "concat", "identity", "softmax", "pow", "layer_norm")
NAMES = ("x", "w", "loss", "q7", " y ", "", "2x", "a b", "lambda", "é", "é", "<b>", "x" * 300, "层")
VALUES = ("2", "-0.5", "0", "[1, 2, 3]", "[[1, 2], [3, 4]]", "nan", "inf", "1e300", "[1, [2]]", "?")
PASTED = (
    "f = x * y + 3",
    "x = [1, 2]\nloss = sum((x - w)**2)",
    "s = sigmoid(x)\ns = s + s",
    "import os",
    "{",
    '{"format": "gradstudio", "version": 1, "nodes": {"x": {"op": "mul", "inputs": ["x", "x"]}}}',
    "",
    "\u0000\u202e",
)
NO_KEYS = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
KEYS = (
    (Qt.Key.Key_Left, NO_KEYS),
    (Qt.Key.Key_Right, NO_KEYS),
    (Qt.Key.Key_Up, SHIFT),
    (Qt.Key.Key_Down, ALT),
    (Qt.Key.Key_Right, ALT | SHIFT),
    (Qt.Key.Key_A, CTRL),
    (Qt.Key.Key_C, NO_KEYS),
    (Qt.Key.Key_C, CTRL),
    (Qt.Key.Key_X, CTRL),
    (Qt.Key.Key_V, CTRL),
    (Qt.Key.Key_D, CTRL),
    (Qt.Key.Key_D, CTRL | SHIFT),
    (Qt.Key.Key_E, CTRL),
    (Qt.Key.Key_G, CTRL),
    (Qt.Key.Key_G, CTRL | SHIFT),
    (Qt.Key.Key_M, NO_KEYS),
    (Qt.Key.Key_S, NO_KEYS),
    (Qt.Key.Key_Delete, NO_KEYS),
    (Qt.Key.Key_Delete, CTRL),
    (Qt.Key.Key_Backspace, NO_KEYS),
    (Qt.Key.Key_F2, NO_KEYS),
    (Qt.Key.Key_Return, NO_KEYS),
    (Qt.Key.Key_Escape, NO_KEYS),
    (Qt.Key.Key_Tab, NO_KEYS),
)
ARRANGING = tuple(name for name in COMMANDS if name.partition("_")[0] in ("align", "distribute"))
ARRANGING = (*ARRANGING, "arrange", "arrange_selection", "expand", "collapse")

numbers = st.integers(0, 9999)
several = st.lists(numbers, min_size=1, max_size=4)


def pick(number: int, things: Sequence[Thing]) -> Thing:
    return things[number % len(things)]


def starts() -> tuple[Graph, ...]:
    values = {name: np.array(float(number)) for number, name in enumerate("xyzw", start=1)}
    plain = parse("a = x * y\nb = a + z\nc = tanh(b)\nd = c * w\nf = d - a", values=values)
    arrays = {"x": np.arange(6.0).reshape(2, 3), "w": np.arange(12.0).reshape(3, 4) / 7}
    layers = parse("h = relu(x @ w)\np = softmax(h)\nloss = sum(p * h)", values=arrays)
    return Graph(), plain, layers


class RandomEdits(RuleBasedStateMachine):
    """One document on one canvas."""

    qtbot: QtBot

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.raised = self._stack.enter_context(self.qtbot.captureExceptions())
        self.document = Document()
        self.canvas = Canvas(self.document, Playback(self.document))
        self.canvas.resize(600, 400)
        self.canvas.show()
        self.begin = self.document.graph

    @initialize(start=st.sampled_from(range(3)))
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

    def choose(self, chosen: Sequence[int]) -> bool:
        names = self.names
        if names:
            self.canvas.select([pick(number, names) for number in chosen])
        return bool(names)

    def grows(self) -> bool:
        return len(self.graph) < MOST_NODES

    def type(self, text: str, key: Qt.Key) -> None:
        """Type into what is open over the canvas, if anything is."""
        for kind in (QLineEdit, QPlainTextEdit):
            for editor in self.canvas.viewport().findChildren(kind):
                if editor.isVisible() and editor is not self.canvas.find_bar:
                    if isinstance(editor, QPlainTextEdit):
                        editor.setPlainText(text)
                    else:
                        editor.setText(text)
                    QTest.keyClick(editor, key)
                    QTest.keyClick(editor, Qt.Key.Key_Escape)
                    return

    # -- edits ------------------------------------------------------------------------------

    @rule(op=st.sampled_from(OPS), x=st.integers(0, 12), y=st.integers(0, 9))
    def add(self, op: str, x: int, y: int) -> None:
        if self.grows():
            self.canvas.select((self.canvas.add_node(op, QPointF(60 * x, 50 * y)),))

    @rule(source=numbers, into=numbers, port=st.integers(0, 3))
    def link(self, source: int, into: int, port: int) -> None:
        if self.names:
            self.canvas.edits.link(pick(source, self.names), pick(into, self.names), port)

    @rule(edge=numbers, into=numbers, port=st.integers(0, 3), nowhere=st.booleans())
    def move_link(self, edge: int, into: int, port: int, nowhere: bool) -> None:
        if self.edges:
            to = None if nowhere else (pick(into, self.names), port)
            self.canvas.edits.move_link(pick(edge, self.edges), to)

    @rule(chosen=several)
    def delete(self, chosen: list[int]) -> None:
        if self.choose(chosen):
            self.canvas.delete_selection()

    @rule(chosen=several)
    def bridge(self, chosen: list[int]) -> None:
        if self.choose(chosen):
            self.canvas.rewiring.bridge()

    @rule(chosen=several)
    def mute(self, chosen: list[int]) -> None:
        if self.choose(chosen):
            self.canvas.rewiring.toggle_muted()

    @rule(chosen=several)
    def swap(self, chosen: list[int]) -> None:
        if self.choose(chosen):
            self.canvas.rewiring.swap()

    @rule(chosen=several)
    def cut_links(self, chosen: list[int]) -> None:
        if self.edges:
            self.canvas.rewiring.cut({pick(number, self.edges) for number in chosen})

    @rule(chosen=several)
    def reroute(self, chosen: list[int]) -> None:
        if self.edges and self.grows():
            edges = {pick(number, self.edges): QPointF(number % 500, 40) for number in chosen}
            self.canvas.rewiring.add_dots(edges)

    @rule(chosen=several)
    def reroute_after(self, chosen: list[int]) -> None:
        if self.grows() and self.choose(chosen):
            self.canvas.rewiring.add_dots_after()

    @rule(edge=numbers, op=st.sampled_from(OPS))
    def drop_on_an_edge(self, edge: int, op: str) -> None:
        if self.edges and self.grows():
            sketch = self.canvas.picture.sketch
            at = sketch.along(np.array([edge % len(self.edges)]), np.array([0.5]))[0, 0]
            seen = self.canvas.mapFromScene(QPointF(*at.tolist()))
            self.canvas.begin_gesture(DropNode(self.canvas, seen, op))
            self.canvas.end_gesture(seen)

    @rule(node=numbers, name=st.sampled_from(NAMES))
    def rename(self, node: int, name: str) -> None:
        if self.names:
            self.canvas.edits.rename(pick(node, self.names), name)

    @rule(node=numbers, value=st.sampled_from(VALUES))
    def set_value(self, node: int, value: str) -> None:
        leaves = [name for name in self.names if self.graph.nodes[name].is_leaf]
        if leaves:
            self.canvas.edits.set_value(pick(node, leaves), value)

    @rule(node=numbers, px=st.integers(-90, 90), kept=st.booleans())
    def scrub(self, node: int, px: int, kept: bool) -> None:
        leaves = [name for name in self.names if is_scalar_leaf(self.canvas, name)]
        if leaves:
            trial = Trial(self.canvas, pick(node, leaves))
            trial.show(trial.start + px / 10)
            self.document.settle()
            before = self.graph
            if kept:
                trial.keep()
            else:
                trial.drop()
                assert self.graph is before

    @rule(node=numbers, kind=st.sampled_from(("input", "parameter", "constant")))
    def set_kind(self, node: int, kind: str) -> None:
        leaves = [name for name in self.names if self.graph.nodes[name].is_leaf]
        if leaves:
            self.canvas.edits.set_kind(pick(node, leaves), kind)

    @rule(node=numbers)
    def set_output(self, node: int) -> None:
        if self.names:
            self.canvas.edits.set_output(pick(node, self.names))

    @rule(
        chosen=several,
        x=st.integers(-200, 200),
        y=st.integers(-200, 200),
        cancelled=st.booleans(),
    )
    def move(self, chosen: list[int], x: int, y: int, cancelled: bool) -> None:
        if self.choose(chosen):
            canvas, before = self.canvas, self.graph
            name = self.canvas.selection()[0]
            at = canvas.node_center(name).toPoint()
            canvas.begin_gesture(MoveNodes(canvas, at, name, False))
            assert canvas.gesture is not None
            canvas.gesture.move(at + QPoint(x // 2, y // 2))
            if cancelled:
                canvas.cancel_gesture()
                assert self.graph is before
            else:
                canvas.end_gesture(at + QPoint(x, y))

    @rule(chosen=several, title=st.sampled_from(NAMES))
    def frame(self, chosen: list[int], title: str) -> None:
        if self.choose(chosen):
            COMMANDS["frame"].give(self.canvas)
            self.type(title, Qt.Key.Key_Return)

    @rule(chosen=several)
    def unframe(self, chosen: list[int]) -> None:
        if self.choose(chosen):
            COMMANDS["unframe"].give(self.canvas)

    @rule(chosen=several)
    def take_out(self, chosen: list[int]) -> None:
        if self.choose(chosen):
            self.canvas.annotating.take_out(self.canvas.selection())

    @rule(frame=numbers)
    def choose_a_frame(self, frame: int) -> None:
        if self.canvas.boards.frames:
            self.canvas.annotating.choose(pick(frame, list(self.canvas.boards.frames)))

    @rule()
    def fold(self) -> None:
        COMMANDS["fold"].give(self.canvas)

    @rule()
    def go_into(self) -> None:
        COMMANDS["enter_frame"].give(self.canvas)

    @rule()
    def go_out(self) -> None:
        COMMANDS["leave_frame"].give(self.canvas)

    @rule(frame=numbers, colour=st.sampled_from(COLOURS), wide=st.integers(1, 900))
    def dress_a_frame(self, frame: int, colour: str, wide: int) -> None:
        frames = list(self.graph.annotations.frames)
        if frames:
            self.canvas.annotating.colour_frames([pick(frame, frames)], colour)
            self.canvas.annotating.cover(pick(frame, frames), (10.0, 10.0, float(wide), 300.0))

    @rule(x=st.integers(0, 600), text=st.sampled_from(("# title", "", "a **b**", "<img src=x>")))
    def add_note(self, x: int, text: str) -> None:
        self.canvas.annotating.add_note(QPointF(x, 30))
        self.type(text, Qt.Key.Key_Return)

    @rule(number=numbers, text=st.sampled_from(("other", "", "- list")))
    def edit_note(self, number: int, text: str) -> None:
        notes = list(self.graph.annotations.notes)
        if notes:
            self.canvas.annotating.edit_note(pick(number, notes))
            self.type(text, Qt.Key.Key_Return)

    @rule(number=numbers)
    def move_note(self, number: int) -> None:
        notes = list(self.graph.annotations.notes)
        if notes:
            rect = (float(number % 700), 40.0, 100.0 + number % 90, 60.0)
            self.canvas.annotating.lay_note(pick(number, notes), rect)

    @rule(chosen=several, linked=st.booleans())
    def duplicate(self, chosen: list[int], linked: bool) -> None:
        if self.grows() and self.choose(chosen):
            if linked:
                self.canvas.rewiring.duplicate_linked()
            else:
                self.canvas.duplicate()

    @rule(chosen=several, cut=st.booleans())
    def copy(self, chosen: list[int], cut: bool) -> None:
        if self.choose(chosen):
            if cut:
                self.canvas.cut()
            else:
                self.canvas.copy()

    @rule(at=st.none() | st.integers(0, 500))
    def paste(self, at: int | None) -> None:
        if self.grows():
            self.canvas.paste(None if at is None else QPointF(at, at / 2))

    @rule(text=st.sampled_from(PASTED))
    def paste_text(self, text: str) -> None:
        if self.grows():
            QGuiApplication.clipboard().setText(text)
            self.canvas.paste()

    @rule(chosen=st.lists(numbers, min_size=2, max_size=6), what=st.sampled_from(ARRANGING))
    def arrange(self, chosen: list[int], what: str) -> None:
        if self.choose(chosen) and self.grows():
            command = COMMANDS[what]
            if not command.lacking(self.canvas):
                command.run(self.canvas)

    @rule(chosen=several, key=st.sampled_from(KEYS))
    def press(self, chosen: list[int], key: tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
        if self.grows():
            self.choose(chosen)
            QTest.keyClick(self.canvas, *key)
            self.type("", Qt.Key.Key_Escape)

    @rule(times=st.integers(1, 5))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self.document.undo()

    @rule(times=st.integers(1, 5))
    def redo(self, times: int) -> None:
        for _ in range(times):
            self.document.redo()

    # -- what holds always ------------------------------------------------------------------

    @invariant()
    def all_is_well(self) -> None:
        self.look()

    def look(self) -> None:
        self.canvas.glide.finish()
        self.document.settle()
        # All of it, and so only once.
        self.canvas.viewport().repaint()
        QApplication.processEvents()
        assert not self.raised, self.raised
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
        self._compare_numbers()
        self._compare_picture()
        assert evaluation.graph is graph

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
        view, evaluation = self.canvas._mirror.view, evaluate(self.graph)
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
        self._compare_boards()

    def _compare_boards(self) -> None:
        boards, inside, annotations = (
            self.canvas.boards,
            self.canvas.inside,
            self.graph.annotations,
        )
        open_now = {inside, *unfolded(annotations, inside)}
        assert set(boards.frames) == open_now - {inside}
        assert set(boards.notes) == {
            name for name, one in annotations.notes.items() if one.inside in open_now
        }
        assert set(boards.chosen_frames) <= set(annotations.frames)
        assert set(boards.chosen_notes) <= set(annotations.notes)

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


def test_random_edits(qtbot: QtBot, qapp: QApplication) -> None:
    RandomEdits.qtbot = qtbot
    before = set(map(id, QApplication.topLevelWidgets()))
    run_state_machine_as_test(
        RandomEdits,
        settings=settings(
            max_examples=SEQUENCES or 40,
            stateful_step_count=30,
            deadline=None,
            derandomize=not SEQUENCES,
            # A sequence that fails is short enough to be read; making it shorter takes minutes.
            phases=[Phase.generate],
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    left = [one for one in QApplication.topLevelWidgets() if id(one) not in before]
    assert not [one for one in left if isinstance(one, QWidget) and one.isVisible()]
