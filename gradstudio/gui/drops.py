"""What is dropped on the window: files, tables, or the text of a graph."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData

from gradstudio.errors import FileError, GradStudioError, mark
from gradstudio.gui.dialogs import SUFFIX
from gradstudio.gui.labs import LAB_SUFFIX

TABLE_SUFFIXES = (".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class Dropped:
    """What can be done something with, and why the rest cannot."""

    graphs: tuple[Path, ...] = ()
    tables: tuple[Path, ...] = ()
    text: str = ""
    refused: tuple[GradStudioError, ...] = ()


def takes(data: QMimeData) -> bool:
    """Return whether `data` is worth a look: files of this machine, or text."""
    return any(url.isLocalFile() for url in data.urls()) or (
        not data.hasUrls() and bool(data.text().strip())
    )


def sorted_out(data: QMimeData) -> Dropped:
    """Return what was dropped, by what it is; what a file holds is not looked at yet."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if not paths:
        return Dropped(text=data.text())
    graphs = tuple(path for path in paths if path.suffix.lower() in (SUFFIX, LAB_SUFFIX))
    tables = tuple(path for path in paths if path.suffix.lower() in TABLE_SUFFIXES)
    template = mark(
        "core", "{file} is no graph (.gradstudio), lab (.gradlab) or table (.csv, .tsv): not opened"
    )
    refused = tuple(
        FileError(template, file=path.name)
        for path in paths
        if path not in graphs and path not in tables
    )
    return Dropped(graphs, tables, "", refused)
