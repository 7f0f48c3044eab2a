"""Where nodes lie, as a fine grid: over how many of them a curve would run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CELL_PX = 16.0
MARGIN_PX = 4.0
CLEAR_PX = 16.0
"""At its ends a curve cannot but be near its own nodes."""
MOST_CELLS = 30_000_000


@dataclass(frozen=True, slots=True)
class Bodies:
    """The cells that nodes lie on.

    Args:
        corner: where the first cell begins.
        occupied: (columns, rows), true where a node lies.
    """

    corner: Floats
    occupied: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, centres: Floats, half: Floats) -> Bodies | None:
        """Return the grid of nodes with these middles and half sizes; None if too large."""
        corner = (centres - half).min(axis=0) - 2 * CELL_PX
        low = ((centres - half - MARGIN_PX - corner) / CELL_PX).astype(np.int64)
        high = ((centres + half + MARGIN_PX - corner) / CELL_PX).astype(np.int64)
        shape = high.max(axis=0) + 3
        if shape.prod() > MOST_CELLS:
            return None
        occupied = np.zeros(shape, bool)
        wide, tall = (high - low).max(axis=0).tolist()
        for x in range(wide + 1):
            for y in range(tall + 1):
                here = (high[:, 0] - low[:, 0] >= x) & (high[:, 1] - low[:, 1] >= y)
                occupied[low[here, 0] + x, low[here, 1] + y] = True
        return cls(corner, occupied)

    def hits(
        self,
        points: Floats,
        start: Floats,
        end: Floats,
    ) -> npt.NDArray[Any]:
        """Return how many points of each curve lie on nodes.

        Args:
            points: (curves, points, 2).
            start: (curves, 2), where each begins; points near it do not count.
            end: (curves, 2), where each ends; likewise.
        """
        cells = ((points - self.corner) / CELL_PX).astype(np.int64)
        np.clip(cells, 0, np.array(self.occupied.shape) - 1, out=cells)
        counts = points[..., 0] >= start[:, :1] + CLEAR_PX
        counts &= points[..., 0] <= end[:, :1] - CLEAR_PX
        counts &= self.occupied[cells[..., 0], cells[..., 1]]
        return np.asarray(counts.sum(axis=1))
