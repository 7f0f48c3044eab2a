"""The numbers a graph is trained on: tables from CSV files or made here, put into data leaves."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np

from gradstudio import files
from gradstudio.errors import FileError, GradStudioError, TrainingError, mark
from gradstudio.files import FilePath
from gradstudio.graph import Graph
from gradstudio.ops import Array

LARGEST_CSV = 64 * 2**20
"""In bytes."""
DELIMITERS = (",", ";", "\t")
ROWS_SNIFFED = 20


@dataclass(frozen=True)
class Table:
    """Columns of numbers, equally long.

    Args:
        source: the file or the data set they are from, for messages.
        columns: (n) float64 for each name, in the order of the file.
    """

    source: str
    columns: Mapping[str, Array]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(next(iter(self.columns.values())))


# -- leaves -----------------------------------------------------------------------------------


def data_leaves(graph: Graph) -> tuple[str, ...]:
    """Return the leaves that are named as data: their first axis counts rows (samples)."""
    return tuple(
        name
        for name, node in graph.nodes.items()
        if node.op == "input" and node.settings.get("data")
    )


def row_count(graph: Graph, leaves: Iterable[str]) -> int:
    """Return how many rows the data leaves `leaves` have.

    Raises:
        TrainingError: one has no value or no axis, they differ, or there are no rows; the message
            names the leaves.
    """
    rows: dict[str, int] = {}
    for name in leaves:
        value = graph.node(name).value
        if value is None:
            raise TrainingError(mark("core", "{node} has no value yet"), node=name)
        if not value.ndim:
            raise TrainingError(
                mark(
                    "core",
                    "{node} is named as data, so its first axis counts rows, but it is one number",
                ),
                node=name,
            )
        rows[name] = len(value)
    if len(set(rows.values())) > 1:
        said = ", ".join(f"{name}: {count}" for name, count in rows.items())
        raise TrainingError(
            mark("core", "the data leaves must have equally many rows ({said})"), said=said
        )
    name, count = next(iter(rows.items()))
    if not count:
        raise TrainingError(mark("core", "{node} has no rows to train on"), node=name)
    return count


def assign(graph: Graph, table: Table) -> Graph:
    """Return `graph` with the columns of `table` in its data leaves.

    A leaf `x` takes the column `x`, as (n), or as (n, 1) where its present value has two axes; or
    the columns x0, x1, … (also x_0 or x[0], and counted from 1), side by side as (n, k). Columns
    that no leaf is named after are passed over.

    Raises:
        TrainingError: there is no data leaf, or one finds no columns; the message lists both.
    """
    leaves = data_leaves(graph)
    if not leaves:
        raise TrainingError(
            mark(
                "core", "no leaf is named as data: tick “Named as data” at the inputs to be filled"
            )
        )
    values = {}
    for leaf in leaves:
        present = graph.nodes[leaf].value
        if leaf in table.columns:
            column = table.columns[leaf]
            values[leaf] = column[:, None] if present is not None and present.ndim == 2 else column
        else:
            values[leaf] = _side_by_side(table, leaf, leaves)
    return graph.set_values(values)


def _side_by_side(table: Table, leaf: str, leaves: tuple[str, ...]) -> Array:
    """Return the numbered columns of `leaf`, those that are leaves of their own left out."""
    numbered = re.compile(re.escape(leaf) + r"(?:_?(0|[1-9][0-9]*)|\[(0|[1-9][0-9]*)\])")
    found: dict[int, str] = {}
    for column in table.columns:
        match = numbered.fullmatch(column)
        if match and column not in leaves:
            number = int(match[1] or match[2])
            if number in found:
                raise TrainingError(
                    mark("core", "{node}: the columns {first} and {second} have the same number"),
                    node=leaf,
                    first=found[number],
                    second=column,
                )
            found[number] = column
    if not found:
        raise TrainingError(
            mark(
                "core",
                "{node}: {source} has no column of that name; its columns are {columns}, and the "
                "data leaves are {leaves}",
            ),
            node=leaf,
            source=table.source,
            columns=_listed(table.columns),
            leaves=_listed(leaves),
        )
    first = min(found)
    wanted = range(min(first, 1), min(first, 1) + len(found))
    missing = next((number for number in wanted if number not in found), None)
    if missing is not None:
        raise TrainingError(
            mark(
                "core", "{node}: {source} has {columns}, but none of them has the number {number}"
            ),
            node=leaf,
            source=table.source,
            columns=_listed(found.values()),
            number=missing,
        )
    return np.stack([table.columns[found[number]] for number in wanted], axis=1)


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:20]) + (", …" if len(every) > 20 else "")


# -- CSV --------------------------------------------------------------------------------------


def read_csv(path: FilePath) -> Table:
    """Read the table in the CSV file at `path`.

    Raises:
        FileError: it cannot be read or holds no table of numbers; the message names the file, the
            line and the column.
    """
    name = os.fspath(path)
    data = files.read(path, LARGEST_CSV)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise FileError(
            mark("core", "{file}, line {line}: this is not UTF-8 text"),
            file=name,
            line=data.count(b"\n", 0, wrong.start) + 1,
        ) from None
    return parse_csv(text, source=name)


def parse_csv(text: str, *, source: str = "CSV") -> Table:
    """Return the table that `text` holds: one header, then rows of numbers.

    Fields are parted by commas, semicolons or tabs, and may be quoted. Where the first row is
    numbers already, the columns are called column1, column2, …

    Args:
        text: the content of a CSV file.
        source: what the messages call it.

    Raises:
        FileError: a cell is empty or no finite number, a row is too short or too long, or there
            are no rows; the message names the line and the column.
    """
    # A file from a spreadsheet ends in any number of blank lines.
    text = text.removeprefix("\ufeff").rstrip()
    records = _records(text, _delimiter(text), source)
    first_line, first = next(((line, cells) for line, cells in records if cells), (1, []))
    if not first:
        raise FileError(mark("core", "{file}: there is nothing in it"), file=source)
    numbers = array("d")
    if all(_is_number(cell) for cell in first):
        header = [f"column{i + 1}" for i in range(len(first))]
        numbers.extend(_row(first, first_line, header, source))
    else:
        header = _header(first, first_line, source)
    for line, cells in records:
        numbers.extend(_row(cells, line, header, source))
    if not numbers:
        raise FileError(
            mark("core", "{file}: there is a header, but no row of numbers"), file=source
        )
    rows = np.frombuffer(numbers, dtype=np.float64).reshape(-1, len(header))
    columns = {}
    for i, name in enumerate(header):
        columns[name] = rows[:, i].copy()
        columns[name].setflags(write=False)
    return Table(source, columns)


def _records(text: str, delimiter: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as wrong:
        raise FileError(
            mark("core", "{file}, line {line}: {reason}"), file=source, line=line, reason=str(wrong)
        ) from None


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the first rows alike, or else the first row into most."""

    def fit(delimiter: str) -> tuple[bool, int]:
        try:
            rows = islice(
                csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ROWS_SNIFFED
            )
            counts = [len(row) for row in rows]
        except csv.Error:
            return False, 0
        first = counts[0] if counts else 0
        return first > 1 and set(counts) == {first}, first

    return max(DELIMITERS, key=fit)


def _header(cells: list[str], line: int, source: str) -> list[str]:
    header = [cell.strip() for cell in cells]
    seen: set[str] = set()
    for i, name in enumerate(header):
        if not name:
            raise FileError(
                mark("core", "{file}, line {line}: column {number} has no name"),
                file=source,
                line=line,
                number=i + 1,
            )
        if name in seen:
            raise FileError(
                mark("core", "{file}, line {line}: two columns are called {column}"),
                file=source,
                line=line,
                column=name[:80],
            )
        seen.add(name)
    return header


def _row(cells: list[str], line: int, header: list[str], source: str) -> list[float]:
    """Return the numbers of one row."""
    if len(cells) != len(header):
        raise FileError(
            mark("core", "{file}, line {line}: {count} cells, where the header has {columns}"),
            file=source,
            line=line,
            count=len(cells),
            columns=len(header),
        )
    try:
        row = [float(cell) for cell in cells]
    except ValueError:
        row = []
    if not row or not all(map(math.isfinite, row)) or any("_" in cell for cell in cells):
        raise _wrong_cell(cells, line, header, source)
    return row


def _wrong_cell(cells: list[str], line: int, header: list[str], source: str) -> FileError:
    at = next(
        i for i, cell in enumerate(cells) if not _is_number(cell) or not math.isfinite(float(cell))
    )
    if not cells[at].strip():
        why = GradStudioError(mark("core", "the cell is empty"))
    elif _is_number(cells[at]):
        why = GradStudioError(
            mark("core", "{cell} is not a finite number"), cell=cells[at].strip()[:40]
        )
    else:
        why = GradStudioError(
            mark("core", "“{cell}” is not a number (decimals are written with a point)"),
            cell=cells[at].strip()[:40],
        )
    return FileError(
        mark("core", "{file}, line {line}, column {column}: {why}"),
        file=source,
        line=line,
        column=header[at][:80],
        why=why,
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    # Python reads 1_000 as a number; nobody else does.
    return "_" not in cell


# -- made here --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dataset:
    """A data set that is drawn, not read.

    Args:
        name: what the command line calls it.
        title: what it is.
        columns: its columns, explained.
        rows: how many rows it has where nothing is said.
        draw: makes its columns from a generator and a number of rows.
    """

    name: str
    title: str
    columns: str
    rows: int
    draw: Callable[[np.random.Generator, int], dict[str, Array]]

    def table(self, *, rows: int | None = None, seed: int = 0) -> Table:
        """Draw a table; the same `seed` gives the same one."""
        drawn = self.draw(np.random.default_rng(seed), self.rows if rows is None else rows)
        return Table(self.name, drawn)


def _line(rng: np.random.Generator, rows: int) -> dict[str, Array]:
    x = rng.uniform(-1.0, 1.0, rows)
    return {"x": x, "y": 2.0 * x + 1.0 + rng.normal(0.0, 0.1, rows)}


def _shuffled(rng: np.random.Generator, points: Array, y: Array, noise: float) -> dict[str, Array]:
    order = rng.permutation(len(y))
    points = points[order] + rng.normal(0.0, noise, points.shape)
    return {"x0": points[:, 0].copy(), "x1": points[:, 1].copy(), "y": y[order].astype(float)}


def _moons(rng: np.random.Generator, rows: int) -> dict[str, Array]:
    y = np.arange(rows) % 2
    angle = rng.uniform(0.0, np.pi, rows)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    return _shuffled(rng, np.where(y[:, None] == 0, upper, lower), y, noise=0.1)


def _circles(rng: np.random.Generator, rows: int) -> dict[str, Array]:
    y = np.arange(rows) % 2
    angle = rng.uniform(0.0, 2.0 * np.pi, rows)
    radius = np.where(y == 0, 1.0, 0.5)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return _shuffled(rng, points, y, noise=0.08)


def _xor(rng: np.random.Generator, rows: int) -> dict[str, Array]:
    corner = np.arange(rows) % 4
    points = np.stack([corner // 2, corner % 2], axis=1).astype(float)
    return _shuffled(rng, points, corner // 2 ^ corner % 2, noise=0.0 if rows == 4 else 0.1)


_PLANE = mark("core", "x0, x1: a point of the plane; y: its class, 0 or 1")
DATASETS: Mapping[str, Dataset] = {
    one.name: one
    for one in (
        Dataset(
            "line",
            mark("core", "a noisy line"),
            mark("core", "x: from −1 to 1; y: 2x + 1 and noise of 0.1"),
            100,
            _line,
        ),
        Dataset("moons", mark("core", "two half moons"), _PLANE, 200, _moons),
        Dataset("circles", mark("core", "a circle in a circle"), _PLANE, 200, _circles),
        Dataset("xor", mark("core", "exclusive or"), _PLANE, 4, _xor),
    )
}
