"""What a node may be called, and which names are still free."""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Callable, Container, Iterable

from gradstudio.errors import GraphError, mark

LONGEST_NAME = 64


def checked_name(name: str) -> str:
    """Return `name` in normal form (NFKC, as Python reads identifiers).

    Raises:
        GraphError: it is not a name the formula language can write.
    """
    normal = unicodedata.normalize("NFKC", name)
    if not normal.isidentifier() or keyword.iskeyword(normal) or len(normal) > LONGEST_NAME:
        raise GraphError(
            mark(
                "core",
                "“{name}” cannot be a node's name: letters, digits and _ , no digit first, at "
                "most {longest} of them",
            ),
            name=name[:80],
            longest=LONGEST_NAME,
        )
    return normal


def stem(name: str) -> str:
    """Return `name` without the number at its end."""
    return name.rstrip("0123456789") or name


class Numbering:
    """Gives out names that are free: a base and the first number that makes one.

    Args:
        *taken: names that are not free; what is given out is not free either.
    """

    def __init__(self, *taken: Container[str]) -> None:
        self._taken = taken
        self._given: set[str] = set()
        self._last: dict[str, int] = {}

    def __contains__(self, name: object) -> bool:
        """Return whether `name` is not free."""
        return name in self._given or any(name in taken for taken in self._taken)

    def next(self, base: str) -> str:
        """Return `base` with a number after it, cut where the name would be too long."""
        while True:
            number = self._last[base] = self._last.get(base, 0) + 1
            name = f"{base[: LONGEST_NAME - len(str(number))]}{number}"
            if name not in self:
                self._given.add(name)
                return name


def apart(
    names: Iterable[str], own: Container[str], base: Callable[[str], str] = stem
) -> dict[str, str]:
    """Return what `names` become beside those of `own`: what is taken there gets a number.

    Args:
        names: the names that come in; nothing is called as one of them that follows.
        own: the names that are there.
        base: what the number is put after.
    """
    incoming = list(names)
    free = Numbering(own, set(incoming))
    return {name: free.next(base(name)) if name in own else name for name in incoming}
