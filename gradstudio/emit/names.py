"""What things are called in the code that is written: identifiers that mean nothing else there."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable

RESERVED = frozenset([*keyword.kwlist, *keyword.softkwlist, *dir(builtins)])
"""Words that Python has a meaning for."""


class Names:
    """The identifiers of one text, each given once; the same questions get the same answers.

    The name of a node is an identifier already (of any script), but it may be `print` or `np`.

    Args:
        taken: what the text uses itself, Python's own words aside.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {*RESERVED, *taken}

    def fresh(self, wanted: str) -> str:
        """Return `wanted`, or where it is taken a name like it, and take it."""
        # Two underscores in front are Python's own business: a class would rename them.
        base = f"node{wanted}" if wanted.startswith("__") else wanted
        found, number = base, 2
        while found in self._taken:
            found, number = f"{base}_{number}", number + 1
        self._taken.add(found)
        return found
