"""Random edits of a real document through its canvas: undone it is as it was, redone as it became.

Some are done by mouse and keys (`random_hand`), some by the canvas's own entry points, which reach
further. What holds after each of them is in `random_canvas`.

With GRADSTUDIO_SEQUENCES=2000 so many sequences are tried, drawn anew each time.
"""

from __future__ import annotations

import os
import secrets

import numpy as np
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from random_canvas import OWN_OP, numbers, pick, several
from random_hand import RandomHand

from gradstudio.annotations import COLOURS
from gradstudio.engine.problems import problems
from gradstudio.errors import GradStudioError
from gradstudio.fixes import fixes
from gradstudio.formula import parse
from gradstudio.gui.canvas.commands import COMMANDS, paste_at
from gradstudio.gui.canvas.gestures import MoveNodes
from gradstudio.gui.canvas.scrub import Trial, is_scalar_leaf
from gradstudio.gui.canvas.slider import LeafSlider
from gradstudio.gui.canvas.splice import DropNode

SEQUENCES = int(os.environ.get("GRADSTUDIO_SEQUENCES", "0"))
BATCH = 10
"""So many sequences Hypothesis draws before it begins to vary those it has drawn already."""
OPS = ("input", "parameter", "constant", "add", "mul", "max", "sigmoid", "sum", "matmul", "mse")
OPS = (*OPS, "transpose", "concat", "identity", "softmax", "pow", "layer_norm", OWN_OP)
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
SLIDING = (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_PageUp, Qt.Key.Key_End, Qt.Key.Key_Escape)
ARRANGING = tuple(name for name in COMMANDS if name.partition("_")[0] in ("align", "distribute"))
ARRANGING = (*ARRANGING, "arrange", "arrange_selection", "expand", "collapse")


class RandomEdits(RandomHand):
    """Every edit of the canvas, by hand and by its entry points."""

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
            COMMANDS["delete"].give(self.canvas)

    @rule(chosen=several)
    def bridge(self, chosen: list[int]) -> None:
        if self.choose(chosen):
            self.canvas.rewiring.bridge()

    @rule(chosen=several)
    def mute(self, chosen: list[int]) -> None:
        if self.choose(chosen):
            COMMANDS["mute"].give(self.canvas)

    @rule(chosen=several)
    def swap(self, chosen: list[int]) -> None:
        if self.choose(chosen):
            COMMANDS["swap"].give(self.canvas)

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
        leaves = self.leaves
        if leaves:
            self.canvas.edits.set_value(pick(node, leaves), value)

    @rule(node=numbers, px=st.integers(-90, 90), kept=st.booleans())
    def scrub(self, node: int, px: int, kept: bool) -> None:
        leaves = [name for name in self.leaves if is_scalar_leaf(self.canvas, name)]
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
        leaves = self.leaves
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
                COMMANDS["duplicate"].give(self.canvas)

    @rule(chosen=several, cut=st.booleans())
    def copy(self, chosen: list[int], cut: bool) -> None:
        if self.choose(chosen):
            if cut:
                COMMANDS["cut"].give(self.canvas)
            else:
                COMMANDS["copy"].give(self.canvas)

    @rule(at=st.none() | st.integers(0, 500))
    def paste(self, at: int | None) -> None:
        if self.grows():
            paste_at(self.canvas, None if at is None else QPointF(at, at / 2))

    @rule(text=st.sampled_from(PASTED))
    def paste_text(self, text: str) -> None:
        if self.grows():
            QGuiApplication.clipboard().setText(text)
            COMMANDS["paste"].give(self.canvas)

    @rule(chosen=st.lists(numbers, min_size=2, max_size=6), what=st.sampled_from(ARRANGING))
    def arrange(self, chosen: list[int], what: str) -> None:
        if self.choose(chosen) and self.grows():
            command = COMMANDS[what]
            if not command.lacking(self.canvas):
                command.run(self.canvas)

    @rule(edge=numbers, x=st.integers(-300, 300), y=st.integers(-300, 300), on=st.booleans())
    def pin(self, edge: int, x: int, y: int, on: bool) -> None:
        if self.edges:
            self.canvas.edits.pin(pick(edge, self.edges), (float(x), float(y)) if on else None)

    @rule(
        node=numbers,
        keys=st.lists(st.sampled_from(SLIDING), max_size=5),
        least=st.sampled_from(("", "-3", "0", "1e300", "nan", "5")),
        stays=st.booleans(),
    )
    def slide(self, node: int, keys: list[Qt.Key], least: str, stays: bool) -> None:
        leaves = [name for name in self.leaves if is_scalar_leaf(self.canvas, name)]
        if not leaves:
            return
        self.canvas.overlays.open_slider(pick(node, leaves))
        slider = self.canvas.findChildren(LeafSlider)[-1]
        if least:
            slider.least.setText(least)
            slider.least.editingFinished.emit()
        for key in keys:
            QTest.keyPress(slider.slider, key)
            self.document.settle()
            self.canvas.viewport().repaint()
        QTest.keyRelease(slider.slider, Qt.Key.Key_Right)
        if not stays:
            self.canvas.overlays.close_slider()

    @rule(problem=numbers, fix=numbers)
    def mend(self, problem: int, fix: int) -> None:
        """Apply a fix that the panel of problems suggests: it can be done, and says so."""
        evaluation = self.document.evaluation
        found = [one for one in problems(evaluation) if fixes(one, evaluation)]
        if found and self.grows():
            chosen = pick(fix, fixes(pick(problem, found), evaluation))
            assert self.canvas.edits.attempt("mend", chosen.edit)

    @rule(node=numbers, on=st.booleans())
    def name_as_data(self, node: int, on: bool) -> None:
        inputs = [name for name in self.leaves if self.graph.nodes[name].op == "input"]
        if inputs:
            self.canvas.edits.set_data(pick(node, inputs), on)

    @rule(text=st.sampled_from(PASTED), edit=st.booleans())
    def build(self, text: str, edit: bool) -> None:
        """Make the graph of a formula, or change it as the formula says."""
        try:
            graph = parse(text, known=self.graph if edit else None)
        except GradStudioError:
            return
        self.document.commit("formula", graph)

    @rule(steps=st.lists(st.integers(0, 60), min_size=1, max_size=4), number=numbers)
    def walk(self, steps: list[int], number: int) -> None:
        """Go through the graph step by step, and have the number of a leaf changed there."""
        for step in steps:
            self.playback.move_to(step)
            self.canvas.select([one for one in (self.playback.current,) if one is not None])
            self.canvas.viewport().repaint()
        self.train(number)
        self.document.settle()
        self.playback.last()

    @rule(text=st.sampled_from(("x", "mul", "2", "", "zzz")), steps=st.integers(-3, 3))
    def find(self, text: str, steps: int) -> None:
        bar = self.canvas.find_bar
        bar.open()
        bar.field.setText(text)
        for _ in range(abs(steps)):
            bar.step(1 if steps > 0 else -1)
        if not steps:
            bar.close_bar()

    @rule(times=st.integers(1, 5) | st.just(60))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self.document.undo()

    @rule(times=st.integers(1, 5) | st.just(60))
    def redo(self, times: int) -> None:
        for _ in range(times):
            self.document.redo()


def test_random_edits(qtbot: QtBot, qapp: QApplication) -> None:
    RandomEdits.qtbot = qtbot
    before = set(map(id, QApplication.topLevelWidgets()))
    first = secrets.randbits(32) if SEQUENCES else 0
    for number in range(0, SEQUENCES or 40, BATCH):
        run_state_machine_as_test(
            seed(first + number)(RandomEdits),
            settings=settings(
                max_examples=BATCH,
                stateful_step_count=30,
                deadline=None,
                # A sequence that fails is short enough to be read; to shorten it takes minutes.
                phases=[Phase.generate],
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    left = [one for one in QApplication.topLevelWidgets() if id(one) not in before]
    assert not [one for one in left if isinstance(one, QWidget) and one.isVisible()]
