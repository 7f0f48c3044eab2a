"""The pebble picture: what a pass holds in memory, from when to when, and why.

It is read off a schedule, the same one that `schedule.run` obeys, so the picture is what happens.
Leaves are there all the time and are not counted; a view counts in full, as if it were a copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from gradstudio.engine.schedule import Action, Schedule


@dataclass(frozen=True, slots=True)
class Reader:
    """Who needs a value: `mul2` for its `backward`, as its input `y` (or as its result, `out`)."""

    node: str
    kind: Literal["forward", "recompute", "backward"]
    port: str


@dataclass(frozen=True, slots=True)
class Hold:
    """One stay in memory.

    Args:
        node: whose value or gradient it is.
        what: which of the two.
        start: the number of the action that makes it.
        stop: the number of the action after which it is let go; the last one for what is kept.
        size: in bytes.
        readers: who reads it meanwhile; empty for a gradient.
        recomputed: whether this is a value computed again.
    """

    node: str
    what: Literal["value", "gradient"]
    start: int
    stop: int
    size: int
    readers: tuple[Reader, ...] = ()
    recomputed: bool = False

    @property
    def kept_for_backward(self) -> tuple[Reader, ...]:
        """The backward steps that need it: why it could not be let go on the way forward."""
        return tuple(reader for reader in self.readers if reader.kind == "backward")


@dataclass(frozen=True)
class Lifetimes:
    """The whole picture.

    Args:
        actions: the steps of the pass, in order.
        holds: every stay in memory, by start.
        held_bytes: for each action, how much is held while it runs, its results among it.
        ready: for each leaf asked for, the number of the action that completes its gradient.
    """

    actions: tuple[Action, ...]
    holds: tuple[Hold, ...]
    held_bytes: tuple[int, ...]
    ready: Mapping[str, int]

    @property
    def peak_bytes(self) -> int:
        """The most that is held at once."""
        return max(self.held_bytes, default=0)

    @property
    def peak_at(self) -> int:
        """The number of the first action at which the most is held."""
        return self.held_bytes.index(self.peak_bytes) if self.held_bytes else 0

    def held_at(self, action: int) -> tuple[Hold, ...]:
        """Return what is held while action number `action` runs."""
        return tuple(hold for hold in self.holds if hold.start <= action <= hold.stop)


def lifetimes(plan: Schedule) -> Lifetimes:
    """Return the picture of a schedule.

    Args:
        plan: as `schedule` makes it; sizes are those of float64.

    Returns:
        Every stay of a value or a gradient in memory, with who reads it, and what is held at
        each step.

    Example:
        >>> graph = gs.parse("f = exp(w) * x", values={"w": 0.5, "x": 2})
        >>> picture = gs.lifetimes(gs.schedule(gs.evaluate(graph)))
        >>> [(one.node, one.what, one.size) for one in picture.held_at(picture.peak_at)]
        [('exp1', 'value', 8), ('f', 'gradient', 8), ('exp1', 'gradient', 8)]
    """
    holds = sorted((*_values(plan), *_gradients(plan)), key=lambda hold: (hold.start, hold.what))
    change = [0] * (len(plan.actions) + 1)
    for hold in holds:
        change[hold.start] += hold.size
        change[hold.stop + 1] -= hold.size
    ready: dict[str, int] = {}
    for number, action in enumerate(plan.actions):
        if action.kind == "backward":
            for source in plan.graph.nodes[action.node].inputs:
                if source in plan.wrt and source in plan.flows:
                    ready[str(source)] = number
    return Lifetimes(plan.actions, tuple(holds), tuple(accumulate(change[:-1])), ready)


def _values(plan: Schedule) -> list[Hold]:
    holds: list[Hold] = []
    made: dict[str, int] = {}
    readers: dict[str, list[Reader]] = {}
    for number, action in enumerate(plan.actions):
        if action.kind != "seed":
            for source, port in action.reads:
                if source in made:
                    readers[source].append(Reader(action.node, action.kind, port))
        if action.kind in ("forward", "recompute"):
            made[action.node] = number
            readers[action.node] = []
        holds += [
            _hold(plan, name, made.pop(name), number, readers.pop(name)) for name in action.frees
        ]
    last = len(plan.actions) - 1
    holds += [_hold(plan, name, start, last, readers[name]) for name, start in made.items()]
    return holds


def _hold(plan: Schedule, name: str, start: int, stop: int, readers: list[Reader]) -> Hold:
    recomputed = plan.actions[start].kind == "recompute"
    return Hold(name, "value", start, stop, plan.size(name), tuple(readers), recomputed)


def _gradients(plan: Schedule) -> list[Hold]:
    begun: dict[str, int] = {}
    ended: dict[str, int] = {}
    for number, action in enumerate(plan.actions):
        if action.kind == "seed":
            begun[action.node] = number
        elif action.kind == "backward":
            ended[action.node] = number
            for source in plan.graph.nodes[action.node].inputs:
                if source in plan.flows:
                    begun.setdefault(str(source), number)
    last = len(plan.actions) - 1
    return [
        Hold(name, "gradient", start, ended.get(name, last), plan.size(name))
        for name, start in begun.items()
    ]
