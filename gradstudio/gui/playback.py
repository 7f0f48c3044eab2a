"""Playback: how far the walk through the graph has come, forward and then backward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from gradstudio.engine.evaluate import Evaluation
from gradstudio.engine.explain import Explanation
from gradstudio.gui.document import Document

STEP_MS = 700


class Playback(QObject):
    """Steps through the ops in the order they compute, then back in the order gradients flow.

    Position 0 shows the leaves alone; position `count` shows everything, which is where every
    new evaluation puts it.
    """

    moved = Signal()
    """The position, the number of steps, or whether it is playing."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._forward: tuple[str, ...] = ()
        self._backward: tuple[str, ...] = ()
        self._forward_at: Mapping[str, int] = {}
        self._backward_at: Mapping[str, int] = {}
        self._position = 0
        self._resting = True
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self._tick)
        document.evaluated.connect(self._reset)
        self._reset(document.evaluation)

    # -- reading ----------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many steps there are, forward and backward."""
        return len(self._forward) + len(self._backward)

    @property
    def position(self) -> int:
        """How many steps have been done."""
        return self._position

    @property
    def phase(self) -> Literal["forward", "backward"]:
        """Which way the last step went."""
        return "backward" if self._position > len(self._forward) else "forward"

    @property
    def phase_position(self) -> tuple[int, int]:
        """How many steps of the phase have been done, and how many it has."""
        if self.phase == "backward":
            return self._position - len(self._forward), len(self._backward)
        return self._position, len(self._forward)

    @property
    def playing(self) -> bool:
        """Whether it moves by itself."""
        return self._timer.isActive()

    @property
    def current(self) -> str | None:
        """The node of the last step, while someone is stepping."""
        if self._resting or not self._position:
            return None
        return (self._forward + self._backward)[self._position - 1]

    def shows_value(self, name: str) -> bool:
        """Whether the walk has computed the node; leaves are given."""
        return self._forward_at.get(name, 0) <= self._position

    def shows_gradient(self, target: str, port: int) -> bool:
        """Whether the walk has come back through `target`, along the edge into its `port`."""
        return self.shows_node_gradient(target)

    def shows_node_gradient(self, name: str) -> bool:
        """Whether the walk has come back to the node, so that its gradient is complete."""
        at = self._backward_at.get(name)
        return at is not None and at <= self._position

    def known(self, explanation: Explanation) -> Explanation:
        """Return what of an explanation of a node the walk has come to."""
        name = explanation.output.source or ""
        reached = self.shows_node_gradient(name)
        inputs = tuple(
            replace(
                fact,
                value=fact.value if self.shows_value(fact.source or "") else None,
                grad=fact.grad if self.shows_gradient(name, at) else None,
            )
            for at, fact in enumerate(explanation.inputs)
        )
        output = replace(
            explanation.output,
            value=explanation.output.value if self.shows_value(name) else None,
            grad=explanation.output.grad if reached else None,
        )
        if reached:
            return replace(explanation, inputs=inputs, output=output)
        return replace(explanation, inputs=inputs, output=output, terms=(), uses=())

    # -- moving -----------------------------------------------------------------------------

    def move_to(self, position: int) -> None:
        """Go to `position`, or as near as there is."""
        self._timer.stop()
        self._go(position)

    def first(self) -> None:
        """Go to where only the leaves are known."""
        self.move_to(0)

    def back(self) -> None:
        """Take one step back."""
        self.move_to(self._position - 1)

    def forward(self) -> None:
        """Take one step."""
        self.move_to(self._position + 1)

    def last(self) -> None:
        """Show everything, with no node in focus."""
        self._timer.stop()
        self._go(self.count, resting=True)

    def play(self) -> None:
        """Move by itself, from the beginning if it stands at the end."""
        if not self.count:
            return
        if self._position == self.count:
            self._position = 0
        self._resting = False
        self._timer.start()
        self.moved.emit()

    def pause(self) -> None:
        """Stop where it is."""
        self._timer.stop()
        self.moved.emit()

    def _tick(self) -> None:
        self._go(self._position + 1)
        if self._position == self.count:
            self.pause()

    def _go(self, position: int, *, resting: bool = False) -> None:
        self._position = min(max(position, 0), self.count)
        self._resting = resting
        self.moved.emit()

    def _reset(self, evaluation: Evaluation) -> None:
        nodes = evaluation.graph.nodes
        forward = tuple(
            name
            for name in evaluation.steps
            if name in evaluation.values and not nodes[name].is_leaf
        )
        unmoved = (
            self._resting
            and forward == self._forward
            and evaluation.backward == self._backward
            and self._position == self.count
        )
        if unmoved:
            return
        self._forward, self._backward = forward, evaluation.backward
        self._forward_at = {name: at for at, name in enumerate(forward, start=1)}
        self._backward_at = {
            name: at for at, name in enumerate(evaluation.backward, start=len(forward) + 1)
        }
        self.last()
