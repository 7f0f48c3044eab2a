"""How commands print: numbers, tables and JSON to stdout, words for people to stderr."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from typing import Any

import click
import numpy as np

from gradstudio.numbers import ascii_text, number_text

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")

_WIDEST = 44
"""How many characters of an array a table shows."""


def say(message: str) -> None:
    """Write one line to stderr; what a file or a name holds cannot break it or move the cursor."""
    plain = " ".join(message.split())
    click.echo("".join(c if c.isprintable() else "�" for c in plain), err=True)


def plain(value: Any) -> Any:
    """Return a value for JSON: numbers or nested lists, "nan" and "inf" as text, None as None."""
    if value is None:
        return None
    array = np.asarray(value, dtype=np.float64)
    if np.isfinite(array).all():
        return array.tolist()
    texts = [one if math.isfinite(one) else str(one) for one in array.ravel().tolist()]
    return np.array(texts, dtype=object).reshape(array.shape).tolist()


def print_json(document: object) -> None:
    """Print one JSON document on one line."""
    click.echo(json.dumps(document, allow_nan=False))


def value_text(value: Any) -> str:
    """Return a value for people, in six digits and with long arrays cut; "" for None."""
    if value is None:
        return ""
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        return shown(number_text(float(array), 6))
    text = np.array2string(
        array,
        separator=", ",
        threshold=12,
        edgeitems=2,
        max_line_width=10**6,
        formatter={"float_kind": lambda one: number_text(float(one), 6)},
    )
    text = " ".join(text.split())
    return shown(text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…")


def shown(text: str) -> str:
    """Return numbers in the signs that the terminal has."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return ascii_text(text)
    return text


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], right: int) -> None:
    """Print columns, those from number `right` on flush right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        cells = [
            cell.rjust(width) if at >= right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())
