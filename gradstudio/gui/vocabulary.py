"""What an op is called, in every language at once: what all searches for one look through."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gradstudio.ops import Op

Titles = Callable[[str, str], Iterable[str]]
"""Gives, for a context and a text, the text in every language."""


def known_as(op: type[Op], titles: Titles) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of an op, and its sign and whatever else people call it."""
    names = dict.fromkeys((*titles("ops", op.title), op.name))
    return tuple(names), (op.symbol, *op.aliases, *op.keywords)
