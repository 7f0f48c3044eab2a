"""How a number is written for a person: short on the canvas, in full on hover; knows no Qt."""

from __future__ import annotations

import math

import numpy as np

from gradstudio.ops import Array, shape_text

LARGEST_PLAIN = 1e6
SMALLEST_PLAIN = 1e-3
HOVER_ROWS = 8
HOVER_COLUMNS = 6
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number_text(x: float, digits: int = 4) -> str:
    """Return `x` in `digits` significant digits, as edges show it.

    - Zeros that say nothing are dropped: `2`, `0.5`, `48.9`.
    - From 0.001 up to six digits before the point it is written plainly, and digits before the
      point are never replaced by zeros: `0.001235`, `123456`.
    - Beyond, a power of ten: `1.235×10⁶`, `−4.5×10⁻⁷`.
    - The minus is a true one, `−`. Zero has no sign. What is no number is `nan`, `∞`, `−∞`.
    """
    x = float(x)
    if math.isnan(x):
        return "nan"
    sign = "−" if x < 0 else ""
    size = abs(x)
    if math.isinf(size):
        return f"{sign}∞"
    if size == 0:
        return "0"
    # Rounding comes first: 999999.6 is a million.
    mantissa, _, exponent = f"{size:.{digits - 1}e}".partition("e")
    power = int(exponent)
    rounded = float(f"{size:.0f}" if power >= digits else f"{mantissa}e{exponent}")
    if SMALLEST_PLAIN <= rounded < LARGEST_PLAIN:
        return sign + _trimmed(f"{rounded:.{max(0, digits - 1 - power)}f}")
    return sign + _scientific(mantissa, power)


def full_text(x: float) -> str:
    """Return every digit of `x`: the shortest text that reads back as the same float64."""
    x = float(x)
    if not math.isfinite(x) or x == 0:
        return number_text(x)
    sign = "−" if x < 0 else ""
    mantissa, _, exponent = repr(abs(x)).partition("e")
    mantissa = _trimmed(mantissa)
    return sign + (_scientific(mantissa, int(exponent)) if exponent else mantissa)


def value_text(value: Array, digits: int = 4) -> str:
    """Return a number as `number_text` writes it, an array as its shape."""
    shape = np.shape(value)
    return shape_text(shape) if shape else number_text(float(value), digits)


def hover_text(value: Array) -> str:
    """Return a number in full, an array as rows of full numbers of which the middle is left out.

    At most `HOVER_ROWS` lines of `HOVER_COLUMNS` numbers, however large the array is.
    """
    array = np.asarray(value)
    if array.ndim == 0:
        return full_text(float(array))
    if array.size == 0:
        return "[]"
    if array.ndim == 1:
        return _row_text(array)
    table = array.reshape(-1, array.shape[-1])
    rows, cut = _ends(len(table), HOVER_ROWS)
    lines = [_row_text(table[row]) for row in rows]
    if cut:
        lines.insert(HOVER_ROWS // 2, "⋮")
    return "\n".join(lines)


def _row_text(row: Array) -> str:
    columns, cut = _ends(len(row), HOVER_COLUMNS)
    numbers = [full_text(float(row[column])) for column in columns]
    if cut:
        numbers.insert(HOVER_COLUMNS // 2, "…")
    return f"[{', '.join(numbers)}]"


def _ends(count: int, most: int) -> tuple[list[int], bool]:
    """Return which of `count` things are shown where `most` fit, and whether any are left out."""
    if count <= most:
        return list(range(count)), False
    half = most // 2
    return [*range(half), *range(count - most + half, count)], True


def _scientific(mantissa: str, power: int) -> str:
    return f"{_trimmed(mantissa)}×10{str(power).translate(_SUPERSCRIPTS)}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
