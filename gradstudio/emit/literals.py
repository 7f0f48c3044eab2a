"""Numbers and arrays as Python writes them, to the last bit."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import numpy as np

from gradstudio.ops import Array

WIDEST = 96
"""Where lines of numbers are broken."""


def number_text(value: Any) -> str:
    """Return a number, of Python or NumPy, as an expression that gives it back."""
    plain = value.item() if isinstance(value, np.generic | np.ndarray) else value
    if isinstance(plain, float) and not math.isfinite(plain):
        return "np.nan" if math.isnan(plain) else "np.inf" if plain > 0 else "-np.inf"
    return repr(plain)


def lists_text(value: Array, indent: int = 0) -> str:
    """Return an array that has entries as a number or nested lists, a row on a line.

    Args:
        value: what to write.
        indent: how many columns later lines are moved to the right.
    """
    return _lists(np.asarray(value).tolist(), " " * indent)


def _lists(value: Any, margin: str) -> str:
    if not isinstance(value, list):
        return number_text(value)
    if not isinstance(value[0], list):
        row = f"[{', '.join(map(number_text, value))}]"
        if len(margin) + len(row) <= WIDEST:
            return row
        inner = margin + "    "
        lines = textwrap.fill(
            row[1:-1], WIDEST, initial_indent=inner, subsequent_indent=inner, break_on_hyphens=False
        )
        return f"[\n{lines},\n{margin}]"
    inner = margin + "    "
    rows = "".join(f"{inner}{_lists(row, inner)},\n" for row in value)
    return f"[\n{rows}{margin}]"


def array_text(value: Array, indent: int = 0) -> str:
    """Return an array as a call of NumPy's; without entries only its shape says anything."""
    array = np.asarray(value)
    if not array.size:
        return f"np.zeros({array.shape})"
    return f"np.array({lists_text(array, indent)})"
