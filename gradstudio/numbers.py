"""How people write numbers and arrays, and how they are written for them; knows no Qt.

Short on the canvas, in full on hover and in fields; and what is shown in full can be typed back.
"""

from __future__ import annotations

import math
import re

import numpy as np

from gradstudio.errors import GradStudioError, mark
from gradstudio.ops import Array, shape_text

LARGEST_PLAIN = 1e6
SMALLEST_PLAIN = 1e-3
HOVER_ROWS = 8
HOVER_COLUMNS = 6
MOST_AXES = 32
"""NumPy has 64; a number of brackets that no one means is refused before it is asked."""
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ASCII = str.maketrans(
    {"−": "-", "⁻": "-", "∞": "inf", "…": "..."} | {c: str(at) for at, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
)
_RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
# One character for one, so that columns stay.
_PLAIN = str.maketrans(
    "−－＋．，；（）［］Ｅｅ０１２３４５６７８９\u00a0\u3000", "--+.,;()[]ee0123456789  "
)
_NUMBER = re.compile(
    r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))"
    r"(?:[eE]([+-]?[0-9]+)|×10(?:([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|\^([+-]?[0-9]+)))?"
)
_SPACE = re.compile(r"\s*")

Nested = float | list["Nested"]


class EntryError(GradStudioError):
    """Typed or pasted text that is no number or no array; the message says where."""


def number_text(x: float, digits: int = 4) -> str:
    """Return `x` in `digits` significant digits, as edges show it.

    - Zeros that say nothing are dropped: `2`, `0.5`, `48.9`.
    - From 0.001 up to six digits before the point it is written plainly, and digits before the
      point are never replaced by zeros: `0.001235`, `123456`.
    - Beyond, a power of ten: `1.235×10⁶`, `−4.5×10⁻⁷`.
    - The minus is a true one, `−`. Zero has no sign. What is no number is `nan`, `∞`, `−∞`.
    """
    x = float(x)
    size = abs(x)
    if SMALLEST_PLAIN <= size < 10 ** (digits - 1):
        # Most numbers are: however they are rounded, Python writes them plainly too.
        text = f"{size:.{digits}g}"
        return f"−{text}" if x < 0 else text
    if math.isnan(x):
        return "nan"
    sign = "−" if x < 0 else ""
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


def plain_signs(text: str) -> str:
    """Return `text` with minus signs, digits and punctuation of other keyboards in ASCII.

    Character for character: what stands at a column still stands there.
    """
    return text.translate(_PLAIN)


def read_number(text: str) -> float:
    """Read a number as people write it and as `full_text` shows it.

    `−0.5`, `1.5×10⁻⁷`, `1.5×10^-7`, `1e-7`, `.5` and full-width digits; nothing that is not finite,
    and no `1_000` or `1,5`, of which one half of the readers would be wrong.

    Raises:
        EntryError: it is no such number.
    """
    found = _NUMBER.fullmatch(plain_signs(text).strip())
    number = math.inf if found is None else _matched(found)
    if not math.isfinite(number):
        raise EntryError(mark("core", "“{text}” is no number"), text=text.strip()[:40])
    return number


def read_value(text: str) -> Nested:
    """Read a number, or nested lists of numbers such as `[[1, 2], [3, 4]]`, as people write them.

    A comma after the last entry of a list is fine, as in Python. That lists are of equal length is
    for `leaf_value` to say, which knows the node.

    Raises:
        EntryError: it is neither; the message says where.
    """
    plain = plain_signs(text)
    if "[" not in plain and "]" not in plain:
        return read_number(text)
    whole: list[Nested] = []
    open_lists = [whole]
    at, entry_may_follow = 0, True
    while (at := _SPACE.match(plain, at).end()) < len(plain):  # type: ignore[union-attr] # matches ""
        sign, inside = plain[at], len(open_lists) > 1
        if sign == "[" and entry_may_follow and (inside or not whole):
            if len(open_lists) > MOST_AXES:
                raise EntryError(mark("core", "there are too many brackets or digits in it"))
            inner: list[Nested] = []
            open_lists[-1].append(inner)
            open_lists.append(inner)
        elif sign == "]" and inside:
            open_lists.pop()
            entry_may_follow = False
        elif sign == "," and inside and not entry_may_follow:
            entry_may_follow = True
        elif inside and entry_may_follow and (found := _NUMBER.match(plain, at)):
            number = _matched(found)
            if not math.isfinite(number):
                break
            open_lists[-1].append(number)
            entry_may_follow = False
            at = found.end() - 1
        else:
            break
        at += 1
    if at < len(plain) or len(open_lists) > 1:
        line = plain.count("\n", 0, at) + 1
        raise EntryError(
            mark("core", "line {line}, column {column}: a nested list such as [[1, 2], [3, 4]]"),
            line=line,
            column=at - plain.rfind("\n", 0, at),
        )
    return whole[0]


def _matched(found: re.Match[str]) -> float:
    mantissa, exponent, raised, power = found.groups()
    if raised:
        exponent = raised.translate(_RAISED)
    return float(f"{mantissa}e{exponent or power or 0}")


def ascii_text(text: str) -> str:
    """Return shown numbers in ASCII, for a terminal that has no other letters."""
    return text.replace("×10", "e").translate(_ASCII)


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


def table(value: Array, digits: int = 6) -> list[list[str]]:
    """Return an array as rows of texts, as `hover_text` cuts it, in `digits` significant digits.

    What is left out is `…` in a row, and one row of `⋮`. Axes before the last go down the rows.
    """
    array = np.asarray(value)
    if not array.size:
        return []
    rows_of = array.reshape(-1, array.shape[-1]) if array.ndim else array.reshape(1, 1)
    rows, rows_cut = _ends(rows_of.shape[0], HOVER_ROWS)
    columns, columns_cut = _ends(rows_of.shape[1], HOVER_COLUMNS)
    found = []
    for row in rows:
        texts = [number_text(float(rows_of[row, column]), digits) for column in columns]
        if columns_cut:
            texts.insert(HOVER_COLUMNS // 2, "…")
        found.append(texts)
    if rows_cut:
        found.insert(HOVER_ROWS // 2, ["⋮"] * len(found[0]))
    return found


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
