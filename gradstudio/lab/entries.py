"""What students type into blanks, read as numbers and arrays, and compared within a tolerance."""

from __future__ import annotations

import re
from typing import Any, Protocol

import numpy as np

from gradstudio.errors import GradStudioError, mark
from gradstudio.node import leaf_value
from gradstudio.numbers import EntryError, plain_signs, read_value
from gradstudio.ops import Array

LONGEST_ENTRY = 20_000
MOST_ENTRIES = 10_000
NOTHING = 0.01
"""What is so small a share of the largest entry asked says nothing of it."""


class Tolerant(Protocol):
    """What says how near is near enough."""

    @property
    def rtol(self) -> float:
        """The difference allowed for each unit of what is expected."""

    @property
    def atol(self) -> float:
        """The difference allowed on top of that."""


def entered(text: str) -> Array:
    """Return what was typed as an array (shape () for a number).

    Raises:
        EntryError: it is none; the message says why.
    """
    if len(text) > LONGEST_ENTRY:
        raise EntryError(mark("core", "this is too long to be a number or an array"))
    try:
        value = read_value(text)
    except EntryError as wrong:
        raise _remedy(text) or wrong from None
    try:
        array = leaf_value(value)
    except GradStudioError:
        raise EntryError(mark("core", "the lists in it are not of equal length")) from None
    if array.size > MOST_ENTRIES:
        raise EntryError(mark("core", "this is too long to be a number or an array"))
    return array


def _remedy(text: str) -> EntryError | None:
    """Return what to write instead of what is often typed for a number and is none."""
    plain, shown = plain_signs(text), text.strip()[:40]
    if "[" in plain:
        return None
    if "/" in plain:
        template = mark("core", "“{text}” is not worked out: write it with a point, such as 0.5")
    elif re.fullmatch(r"\s*-?\d*,\d+\s*", plain):
        template = mark("core", "“{text}” has a comma: write a point, such as 0.5")
    else:
        return None
    return EntryError(template, text=shown)


def close(given: Any, wanted: Any, tolerance: Tolerant) -> bool:
    """Return whether `given` has the shape of `wanted` and every entry is near enough."""
    given, wanted = np.asarray(given), np.asarray(wanted)
    if given.shape != wanted.shape or not np.isfinite(wanted).all():
        return False
    allowed = tolerance.atol + tolerance.rtol * np.abs(wanted)
    return bool((np.abs(given - wanted) <= allowed).all())


def follows(given: Any, wanted: Any, tolerance: Tolerant) -> bool:
    """Return whether `given` is what comes of a student's earlier entries.

    Where that is itself below the tolerance, zero would be near enough, whatever it should have
    been: so it must be told from zero there.
    """
    given, wanted = np.asarray(given), np.asarray(wanted)
    if given.shape != wanted.shape or not np.isfinite(wanted).all():
        return False
    allowed = min(tolerance.atol, _largest(wanted) / 2) + tolerance.rtol * np.abs(wanted)
    return bool((np.abs(given - wanted) <= allowed).all())


def goes_on(given: Array, wanted: Array, true: Array, tolerance: Tolerant) -> bool:
    """Return whether a student's entry is gone on with, so that later ones can follow from it.

    One that cannot be told from zero is not, unless it follows itself; what comes next is judged as
    after a blank. Else zeros everywhere, or small numbers, would lose the first mark alone.
    """
    if given.shape != true.shape:
        return False
    least = max(2 * tolerance.atol, NOTHING * _largest(true))
    return _largest(given) > least or follows(given, wanted, tolerance)


def _largest(array: Array) -> float:
    return float(np.max(np.abs(array), initial=0.0))
