"""Where blanks lie on the screen: each near its edge or node, and upon nothing that is to be read.

Labels have their room by `labels`, which knows of blanks; but a blank has a size on the screen, as
one types into it, and not in the picture. In a small picture it is larger than its room, and moves
aside: away from its edge or node first, then along it. What is looked at together is decided
together: bodies, names and numbers are where they are, and blanks give way, the earlier ones last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradstudio.gui.canvas.sketch import Floats

STEP_PX = 3.0
_ACROSS = np.arange(-13, 14)
_AWAY = np.arange(-13, 23)
"""Steps away from the edge or node; those towards it lead to its other side."""
_ACROSS_COST, _TOWARDS_COST = 1.0, 6.0
_COVERED_COST = 1e3
"""Of a px² that is covered, against one px out of sight."""
_SLACK_PX = 0.5
"""So much of it may be covered: a border, and what rounding does."""


@dataclass(frozen=True)
class Wish:
    """Where a blank would lie if there were nothing else.

    Args:
        x: of its middle.
        y: of its middle.
        wide: how wide it is.
        high: how high it is.
        down: whether it moves aside downwards.
    """

    x: float
    y: float
    wide: float
    high: float
    down: bool


def _steps() -> tuple[Floats, Floats]:
    """Return where a blank moves aside to, downwards, the nearest first; and in how many px."""
    across, away = np.meshgrid(_ACROSS, _AWAY)
    cost = _ACROSS_COST * np.abs(across) + np.where(away < 0, -_TOWARDS_COST * away, away)
    order = np.argsort(cost.ravel(), kind="stable")
    found = np.stack([across.ravel(), away.ravel()], axis=1)[order].astype(float) * STEP_PX
    return found, found * np.array([1.0, -1.0])


_DOWN, _UP = _steps()


def placed(wishes: Sequence[Wish], obstacles: Floats, view: tuple[float, float]) -> Floats:
    """Return the middle of each blank: (wishes, 2).

    Args:
        wishes: the blanks, those that stay where they wish to be first.
        obstacles: what is to be read, as rectangles (left, top, right, bottom).
        view: how wide and high what is seen is; a blank whose middle belongs there is all of it
            there, if it can be.
    """
    found = np.zeros((len(wishes), 2))
    taken = np.concatenate([obstacles.reshape(-1, 4), np.zeros((len(wishes), 4))])
    known = len(obstacles)
    for at, wish in enumerate(wishes):
        middle, half = np.array([wish.x, wish.y]), np.array([wish.wide, wish.high]) / 2
        steps = _DOWN if wish.down else _UP
        reach, inner = np.abs(steps).max(axis=0) + half, half - _SLACK_PX
        near = taken[:known]
        near = near[
            (near[:, 0] < wish.x + reach[0])
            & (near[:, 2] > wish.x - reach[0])
            & (near[:, 1] < wish.y + reach[1])
            & (near[:, 3] > wish.y - reach[1])
        ]
        tried = middle + steps
        inside = 0 <= wish.x <= view[0] and 0 <= wish.y <= view[1]
        beyond = _beyond(tried, half, view) if inside else np.zeros(len(tried))
        if not _covered(tried[:1], inner, near).any() and not beyond[0]:
            found[at] = middle
        else:
            # The nearest that covers nothing and is seen, or else the one that covers least.
            cost = _COVERED_COST * _covered(tried, inner, near) + beyond
            found[at] = tried[int(np.argmin(cost))]
        taken[known] = *(found[at] - half), *(found[at] + half)
        known += 1
    return found


def _covered(middles: Floats, half: Floats, near: Floats) -> Floats:
    """Return how many px² of `near` a blank covers at each of some places."""
    low, high = (middles - half)[:, None], (middles + half)[:, None]
    shared = np.minimum(near[None, :, 2:], high) - np.maximum(near[None, :, :2], low)
    return np.asarray(np.maximum(shared, 0).prod(axis=2).sum(axis=1))


def _beyond(middles: Floats, half: Floats, view: tuple[float, float]) -> Floats:
    """Return how many px a blank is out of sight at each of some places."""
    over = np.maximum(middles + half - np.array(view), 0) + np.maximum(half - middles, 0)
    return np.asarray(over.sum(axis=1))
