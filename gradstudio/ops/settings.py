"""One setting of an op: what it may hold, and how what is given becomes its normal form."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from gradstudio.errors import mark

SettingValue: TypeAlias = bool | int | float | str | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of an op.

    Args:
        name: the keyword the rules take it by.
        kind: what it holds: `axis` is None, an int or several ints; `axes` a permutation or None;
            `shape` a tuple of ints in which one may be -1 where the op says so; `index` NumPy's
            index notation as text, such as `0, 1:3`; `equation` einsum's, such as `ij,jk->ik`.
        default: what it is when nothing is said.
    """

    name: str
    kind: Literal["bool", "int", "float", "axis", "axes", "shape", "index", "equation"]
    default: SettingValue

    def checked(self, value: SettingValue) -> SettingValue:
        """Return `value` in its normal form.

        Raises:
            ValueError: it is not of this setting's kind; the text says what would be.
        """
        return _CHECKS[self.kind](value)


def _checked_bool(value: SettingValue) -> bool:
    if not isinstance(value, bool):
        raise ValueError(mark("core", "true or false"))
    return value


def _checked_int(value: SettingValue) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**31:
        raise ValueError(mark("core", "a whole number (at most 2147483648)"))
    return value


def _checked_float(value: SettingValue) -> float:
    try:
        if not isinstance(value, bool) and isinstance(value, int | float) and math.isfinite(value):
            return float(value)
    except OverflowError:  # an int beyond every float
        pass
    raise ValueError(mark("core", "a finite number"))


def _checked_ints(value: SettingValue) -> tuple[int, ...]:
    if not isinstance(value, tuple) or len(value) > 32:
        raise ValueError(mark("core", "at most 32 whole numbers"))
    return tuple(_checked_int(item) for item in value)


def _checked_axis(value: SettingValue) -> SettingValue:
    if value is None or isinstance(value, tuple):
        return None if value is None else _checked_ints(value)
    return _checked_int(value)


def _checked_axes(value: SettingValue) -> SettingValue:
    return None if value is None else _checked_ints(value)


def _checked_index(value: SettingValue) -> str:
    if not isinstance(value, str):
        raise ValueError(AN_INDEX)
    return index_text(parse_index(value))


def _checked_equation(value: SettingValue) -> str:
    if not isinstance(value, str):
        raise ValueError(AN_EQUATION)
    return equation_text(parse_equation(value))


AN_INDEX = mark("core", "an index such as 0, 1:3")
AN_EQUATION = mark(
    "core", "an equation of two arrays, such as ij,jk->ik, with no letter twice in one array"
)
_CHECKS: dict[str, Callable[[SettingValue], SettingValue]] = {
    "bool": _checked_bool,
    "int": _checked_int,
    "float": _checked_float,
    "axis": _checked_axis,
    "axes": _checked_axes,
    "shape": _checked_ints,
    "index": _checked_index,
    "equation": _checked_equation,
}

Index: TypeAlias = tuple[int | slice, ...]
Equation: TypeAlias = tuple[str, str, str]
"""The letters of the axes of two arrays, and of their result."""


def parse_index(text: str) -> Index:
    """Read NumPy's basic index notation: whole numbers and slices, parted by commas.

    Raises:
        ValueError: anything else stands in it.
    """
    if not text.strip() or len(text) > 200:
        raise ValueError(AN_INDEX)
    index: list[int | slice] = []
    for part in text.strip().removesuffix(",").split(","):
        fields = part.strip().split(":")
        try:
            numbers = [int(field) if field.strip() else None for field in fields]
        except ValueError:
            raise ValueError(AN_INDEX) from None
        if len(numbers) == 1 and numbers[0] is not None:
            index.append(numbers[0])
        elif 2 <= len(numbers) <= 3 and (len(numbers) == 2 or numbers[2] != 0):
            index.append(slice(*numbers))
        else:
            raise ValueError(AN_INDEX)
    return tuple(index)


def index_text(index: Index) -> str:
    """Return `index` in NumPy's notation, as `parse_index` reads it."""
    parts = []
    for item in index:
        if isinstance(item, slice):
            first, last = ("" if end is None else str(end) for end in (item.start, item.stop))
            step = "" if item.step is None else f":{item.step}"
            parts.append(f"{first}:{last}{step}")
        else:
            parts.append(str(item))
    return ", ".join(parts)


def parse_equation(text: str) -> Equation:
    """Read einsum's notation for two arrays; the result's letters may be left out, as in NumPy.

    Raises:
        ValueError: it is not two arrays' letters and those of a result made of them.
    """
    if len(text) > 200:
        raise ValueError(AN_EQUATION)
    inputs, arrow, out = "".join(text.split()).partition("->")
    if inputs.count(",") != 1:
        raise ValueError(AN_EQUATION)
    left, right = inputs.split(",")
    if not arrow:
        out = "".join(sorted(set(left) ^ set(right)))
    known = set(left) | set(right)
    letters = all(one.isascii() and one.isalpha() for one in known)
    once = all(len(set(part)) == len(part) for part in (left, right, out))
    if not letters or not once or not known >= set(out):
        raise ValueError(AN_EQUATION)
    return left, right, out


def equation_text(equation: Equation) -> str:
    """Return `equation` in einsum's notation, as `parse_equation` reads it."""
    left, right, out = equation
    return f"{left},{right}->{out}"
