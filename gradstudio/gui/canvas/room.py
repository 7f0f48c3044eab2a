"""Where a group of nodes finds room among others: the nearest place at which it covers none."""

from __future__ import annotations

import numpy as np

from gradstudio.gui.canvas.bodies import CELL_PX, Bodies, Floats

MARGIN_PX = 12.0
"""Free around each node, for its ring and what is written at it."""
STEP_PX = 20.0
MOST_STEPS = 40
MOST_TRIED = 4_000_000
"""So many boxes are looked up at most: a larger group has fewer places to try."""


def nearest_clear(centres: Floats, half: Floats, others: Floats, others_half: Floats) -> Floats:
    """Return by how much a group must move to cover none of the others: (2,), zeros where it may.

    Where there is no such place near by, it stays as well.

    Args:
        centres: (n, 2), of the group.
        half: (n, 2), half the width and the height of each.
        others: (m, 2), what stands there already.
        others_half: (m, 2).
    """
    stay = np.zeros(2)
    if not len(centres) or not len(others):
        return stay
    bodies = Bodies.of(others, others_half + MARGIN_PX)
    if bodies is None:
        return stay
    steps = min(MOST_STEPS, int((MOST_TRIED / len(centres)) ** 0.5 / 2))
    across = np.arange(-steps, steps + 1) * STEP_PX
    offsets = np.stack(np.meshgrid(across, across), axis=-1).reshape(-1, 2)
    # Level moves first: they leave what is computed in its row.
    order = np.lexsort((np.abs(offsets[:, 1]), np.hypot(*offsets.T)))
    sums = np.zeros(np.add(bodies.occupied.shape, 1), np.int64)
    sums[1:, 1:] = bodies.occupied.cumsum(axis=0).cumsum(axis=1)
    most = np.array(bodies.occupied.shape)
    for chunk in np.array_split(order, max(1, len(order) * len(centres) // 200_000)):
        middles = centres[None] + offsets[chunk][:, None]
        low = np.clip((middles - half - bodies.corner) // CELL_PX, 0, most).astype(np.int64)
        high = np.clip((middles + half - bodies.corner) // CELL_PX + 1, 0, most).astype(np.int64)
        covered = (
            sums[high[..., 0], high[..., 1]]
            - sums[low[..., 0], high[..., 1]]
            - sums[high[..., 0], low[..., 1]]
            + sums[low[..., 0], low[..., 1]]
        )
        clear = np.flatnonzero(covered.sum(axis=1) == 0)
        if len(clear):
            return np.asarray(offsets[chunk[clear[0]]])
    return stay
