"""Which values to recompute so that a pass fits into a number of bytes.

On a chain every k-th value is kept, for the k near √n that needs least (Chen et al. 2016, section
4.1); on any graph, one value after another is given up, each time the largest that only waits for
the way back while the peak is reached. Of all that fits, what recomputes least is taken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gradstudio.engine.evaluate import Evaluation
from gradstudio.engine.lifetimes import Lifetimes, lifetimes
from gradstudio.engine.schedule import Schedule, schedule
from gradstudio.errors import GraphError, mark

MOST_GREEDY_STEPS = 64
"""The greedy choice plans the pass anew for each value it gives up; it stops after as many."""


@dataclass(frozen=True)
class Choice:
    """A way to trade memory for recomputation.

    Args:
        recompute: the nodes whose values are computed again.
        plan: the pass.
        peak_bytes: what it holds at most.
        recomputed: how many values it computes a second time.
    """

    recompute: frozenset[str]
    plan: Schedule
    peak_bytes: int
    recomputed: int


def choose(evaluation: Evaluation, budget_bytes: int) -> Choice:
    """Return the choice with the least recomputation found that holds at most `budget_bytes`.

    Args:
        evaluation: of the graph, with a gradient.
        budget_bytes: what one forward and backward pass may hold at most; leaves are not counted.

    Raises:
        GradStudioError: there is no gradient, or nothing found fits; the message gives the
            smallest peak that was found.

    Example:
        >>> lines = ["h0 = tanh(w)", *(f"h{at} = tanh(h{at - 1})" for at in range(1, 16))]
        >>> found = gs.evaluate(gs.parse("; ".join(lines), values={"w": 0.5}))
        >>> every = gs.lifetimes(gs.schedule(found)).peak_bytes
        >>> choice = gs.choose(found, every // 2)
        >>> choice.peak_bytes <= every // 2, choice.recomputed > 0
        (True, True)
    """
    found = [_choice(evaluation, frozenset())]
    if found[0].peak_bytes > budget_bytes:
        found += _segments(evaluation)
        found += _greedy(evaluation, budget_bytes)
    fitting = [choice for choice in found if choice.peak_bytes <= budget_bytes]
    if not fitting:
        raise GraphError(
            mark(
                "core",
                "no recomputation found fits into {budget} bytes; the least is {least}",
            ),
            budget=budget_bytes,
            least=min(choice.peak_bytes for choice in found),
        )
    return min(fitting, key=lambda choice: (choice.recomputed, choice.peak_bytes))


def _choice(evaluation: Evaluation, recompute: frozenset[str]) -> Choice:
    plan = schedule(evaluation, recompute=recompute)
    return Choice(recompute, plan, lifetimes(plan).peak_bytes, plan.recomputed)


def _segments(evaluation: Evaluation) -> list[Choice]:
    """Keep every k-th computed value, for some k around the square root of their number."""
    plan = schedule(evaluation)
    computed = [action.node for action in plan.actions if action.kind == "forward"][:-1]
    root = math.isqrt(len(computed))
    lengths = sorted({max(2, root // 2), max(2, root), max(2, 2 * root)})
    return [
        _choice(
            evaluation,
            frozenset(name for at, name in enumerate(computed, start=1) if at % length),
        )
        for length in lengths
    ]


def _greedy(evaluation: Evaluation, budget_bytes: int) -> list[Choice]:
    found: list[Choice] = []
    current = _choice(evaluation, frozenset())
    for _ in range(MOST_GREEDY_STEPS):
        if current.peak_bytes <= budget_bytes:
            break
        picture = lifetimes(current.plan)
        name = _best_to_drop(current, picture)
        if name is None:
            break
        current = _choice(evaluation, current.recompute | {name})
        found.append(current)
    return found


def _best_to_drop(current: Choice, picture: Lifetimes) -> str | None:
    """Return the largest value held at the peak that is only waiting for the way back."""
    peak = picture.peak_at
    waiting = [
        hold
        for hold in picture.held_at(peak)
        if hold.what == "value"
        and not hold.recomputed
        and hold.node not in current.recompute
        and hold.node != current.plan.output
        and hold.start < peak < hold.stop
    ]
    return max(waiting, key=lambda hold: hold.size).node if waiting else None
