"""What a node shows besides its place: labels that are pinned, and the range of its slider.

Nothing is computed from it. A pin belongs to an input port: whatever is linked there, its numbers
stand where they were put, so far from the port. (Rejected: points of the canvas, from which a node
that is moved would walk away.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from gradstudio.errors import GraphError, mark

Point: TypeAlias = tuple[float, float]

FARTHEST_PIN_PX = 1e5
MOST_PINS = 10_000


@dataclass(frozen=True)
class Look:
    """What one node shows besides its place.

    Args:
        pins: for each input port whose label is pinned, how far from the port its middle is.
        range: from where to where its slider goes, if it is a leaf.
    """

    pins: Mapping[int, Point] = field(default_factory=dict)
    range: Point | None = None

    def __bool__(self) -> bool:
        """Whether it differs from that of any other node."""
        return bool(self.pins) or self.range is not None

    def with_pin(self, port: int, at: Point | None) -> Look:
        """Return it with the label of a port pinned, or with None, no longer."""
        pins = {one: where for one, where in self.pins.items() if one != port}
        if at is not None:
            pins[port] = at
        return replace(self, pins=dict(sorted(pins.items())))

    def check(self, name: str) -> None:
        """Make sure that the node `name` can have it.

        Raises:
            GraphError: it cannot.
        """
        for port, at in self.pins.items():
            near = all(math.isfinite(x) and abs(x) <= FARTHEST_PIN_PX for x in at)
            if not near or not 0 <= port < MOST_PINS:
                raise GraphError(mark("core", "{node}: a pinned label lies too far out"), node=name)
        if self.range is not None:
            least, most = self.range
            if not (math.isfinite(least) and math.isfinite(most) and least < most):
                raise GraphError(
                    mark("core", "{node}: a range must go from one number up to another"),
                    node=name,
                )


PLAIN = Look()
