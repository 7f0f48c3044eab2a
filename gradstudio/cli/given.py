"""The graph a command is about: a file or a formula, and the values it is given for its leaves."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from gradstudio import decoding, files, storage
from gradstudio.cli.examples import shipped
from gradstudio.errors import FileError
from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.numbers import EntryError, read_value

LARGEST_LEAVES = 64 * 2**20

_file = click.argument("file", required=False, type=click.Path())
_formula = click.option("--formula", metavar="TEXT", help="A formula in place of a file.")
_set = click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a leaf a number or nested lists; may be repeated.",
)
_leaves = click.option(
    "--leaves", type=click.Path(), metavar="FILE.json", help="Leaf values by name, as JSON."
)


def takes_graph(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the arguments that say which graph it is about, and that graph as `graph`."""

    @functools.wraps(command)
    def with_graph(
        file: str | None,
        formula: str | None,
        assignments: tuple[str, ...],
        leaves: str | None,
        **rest: Any,
    ) -> Any:
        return command(graph=_graph(file, formula, assignments, leaves), **rest)

    return _file(_formula(_set(_leaves(with_graph))))


def _graph(
    file: str | None,
    formula: str | None,
    assignments: Sequence[str],
    leaves: str | None,
) -> Graph:
    """Return the graph that a command is about, with the values it was given."""
    if (file is None) == (formula is None):
        raise click.UsageError("give a FILE or a --formula (one of them)")
    graph = parse(formula or "") if file is None else storage.load(_path(file))
    values = {} if leaves is None else _leaves_of(leaves)
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise click.UsageError(f"--set takes NAME=VALUE, not “{assignment[:80]}”")
        try:
            values[name.strip()] = read_value(text)
        except EntryError as wrong:
            raise click.UsageError(f"--set {name.strip()}: {wrong}") from None
    known = [name for name, node in graph.nodes.items() if node.is_leaf]
    for name in values:
        if name not in known:
            raise click.UsageError(
                f"there is no leaf called “{name[:80]}”; the leaves are: {', '.join(known) or '–'}"
            )
    return graph.set_values(values)


def _path(file: str) -> Path | str:
    """Return the file that is meant: one that exists, or a shipped example by its name."""
    return file if files.exists(file) else shipped().get(file, file)


def _leaves_of(path: str) -> dict[str, Any]:
    values = decoding.parsed(files.read(path, LARGEST_LEAVES), path)
    if not isinstance(values, dict):
        raise FileError("{file}: holds no object of leaf values by name", file=path)
    return values
