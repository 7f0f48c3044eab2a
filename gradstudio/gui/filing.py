"""The files of a window: what is opened, saved, dropped and loaded, and which were lately."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QTimer

from gradstudio import files, storage
from gradstudio.errors import FileError, GradStudioError, mark
from gradstudio.graph import Graph
from gradstudio.gui import drops
from gradstudio.gui.dialogs import SUFFIX, FileToOpen, FileToSave, Message
from gradstudio.gui.labs import LAB_SUFFIX, holds_answers, is_lab
from gradstudio.gui.page import GraphPage
from gradstudio.gui.pages import Pages
from gradstudio.gui.recent import Recent
from gradstudio.gui.transfer import graph_in
from gradstudio.gui.wording import sentence
from gradstudio.training.data import DATASETS, Table, assign, read_csv

if TYPE_CHECKING:
    from gradstudio.gui.main_window import MainWindow

MOST_RECENT = 8


class Filing(QObject):
    """Brings files onto the pages of one window, and what is on them into files.

    What cannot be read or written is said in the window, and changes nothing.

    Args:
        window: where it asks and says.
        pages: the window's.
    """

    def __init__(self, window: MainWindow, pages: Pages) -> None:
        super().__init__(window)
        self._window = window
        self._pages = pages
        self._recent = Recent("recent", MOST_RECENT, lambda name: Path(name).exists())

    # -- opening ----------------------------------------------------------------------------

    def ask_and_open(self) -> None:
        """Ask for a file and open it."""
        path = FileToOpen.ask(self.tr("Open"), self._open_filter(), self.folder(), self._window)
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Show `path` in a tab: the one that has it already, or a new one."""
        self.open_files((path,))

    def open_files(self, paths: Iterable[Path]) -> None:
        """Show each file in a tab, and say which of them cannot be read."""
        self._say(self._opened(paths))

    def _opened(self, paths: Iterable[Path]) -> list[str]:
        """Show each file in a tab; return what is to be said of those that cannot be read."""
        wrong = []
        for path in paths:
            try:
                self._open(path)
            except GradStudioError as one:
                wrong.append(self._why_not(path, one))
        return wrong

    def open_example(self, path: Path) -> None:
        """Open a copy of a file that comes with the program."""
        try:
            self.fill_page(lambda page: page.document.open_copy(path))
        except GradStudioError as wrong:
            self._refuse(wrong)

    def _why_not(self, path: Path, wrong: GradStudioError) -> str:
        """Return in plain words why a file cannot be opened, and what to do about it."""
        if not files.exists(path):
            said = self.tr("{file} was not found. Check its name and its folder.")
        elif path.is_dir():
            said = self.tr("{file} is a folder. Open a graph ({graph}) or a lab ({lab}) in it.")
        elif not _may_be_ours(path):
            said = self.tr(
                "{file} is not a GradStudio file. Open a graph ({graph}) or a lab ({lab}); "
                "a table is loaded with Load CSV in the menu Train."
            )
        else:
            return sentence(wrong)
        return said.format(file=path.name or path, graph=SUFFIX, lab=LAB_SUFFIX)

    def show_open(self, path: Path) -> bool:
        """Bring the page that has the file to the front; return whether one has."""
        window, page = self._with_file(path)
        if page is not None:
            window.show_page(page)
        return page is not None

    def _open(self, path: Path) -> None:
        if self.show_open(path):
            return
        if is_lab(path):
            if not self._window.labs.open(path):
                return
        elif holds_answers(graph := storage.load(path)):
            self._window.labs.resume(graph, path)
        else:
            self.fill_page(lambda page: page.document.begin(graph, path))
        self._recent.remember(str(path.absolute()))

    def fill_page(self, fill: Callable[[GraphPage], None]) -> GraphPage:
        """Let `fill` have a page that nothing was done on, show it and return it.

        Raises:
            GradStudioError: as `fill` does; no page has come to the window then.
        """
        page = self._pages.to_fill()
        try:
            fill(page)
        except GradStudioError:
            if page not in self._pages.all:
                page.end()
            raise
        self._pages.add(page)
        return page

    def _with_file(self, path: Path) -> tuple[MainWindow, GraphPage | None]:
        """Return the page that has the file, if one has, and its window."""
        wanted = path.resolve()
        for window in self._window.windows:
            for page in window.pages:
                known = page.document.path
                if known is not None and known.resolve() == wanted:
                    return window, page
        return self._window, None

    # -- saving -----------------------------------------------------------------------------

    def save(self) -> bool:
        """Save; return whether that was done."""
        path = self._window.document.path
        return self.save_to(path) if path else self.save_as()

    def save_as(self) -> bool:
        """Ask where to save and do it; return whether that was done."""
        proposal = self._window.document.path or self.proposal(SUFFIX)
        path = FileToSave.ask(self.tr("Save as"), self._filter(), proposal, SUFFIX, self._window)
        return path is not None and self.save_to(path)

    def proposal(self, suffix: str) -> Path:
        """Return the file that is proposed for what is written of the current page."""
        document = self._window.document
        stem = document.path.stem if document.path else document.copied_from or self.tr("graph")
        return self.folder() / f"{stem}{suffix}"

    def save_to(self, path: Path) -> bool:
        """Save the current page there; return whether that was done."""
        _, other = self._with_file(path)
        if other is not None and other is not self._pages.current:
            said = self.tr("{file} is open in another tab: close it there, or choose another name.")
            Message.ask(said.format(file=path.name), self._window)
            return False
        try:
            self._window.document.save(path)
        except GradStudioError as wrong:
            self._refuse(wrong)
            return False
        self._pages.current.mark_saved()
        self._recent.remember(str(path.absolute()))
        return True

    # -- which files ------------------------------------------------------------------------

    def recent_files(self) -> list[Path]:
        """Return the files opened or saved lately that still exist, the newest first."""
        return [Path(name) for name in self._recent.names()]

    def folder(self) -> Path:
        """Return where to look first: where the newest of the recent files lies."""
        recent = self.recent_files()
        return recent[0].parent if recent else Path.home()

    def _filter(self) -> str:
        return self.tr("Graphs (*{suffix})").format(suffix=SUFFIX)

    def _open_filter(self) -> str:
        suffixes = f"{SUFFIX} *{LAB_SUFFIX}"
        return self.tr("Graphs and labs (*{suffix})").format(suffix=suffixes)

    # -- what else comes in -----------------------------------------------------------------

    def take(self, data: QMimeData) -> None:
        """Open or load all of what was dropped on the window, once the drop is over.

        A box or a menu that waits for an answer inside a drop event waits inside the platform's
        own handling of it: the next drag over the window then ends the process.
        """
        dropped = drops.sorted_out(data)
        QTimer.singleShot(0, self, lambda: self._take(dropped))

    def _take(self, dropped: drops.Dropped) -> None:
        wrong = self._opened(dropped.graphs)
        refused = list(dropped.refused)
        for path in dropped.tables:
            refused += self._load(path.name, partial(read_csv, path))
        if dropped.text:
            refused += self._open_text(dropped.text)
        wrong += map(sentence, refused)
        if wrong:
            # As what is pasted: beside the place, and nothing has to be closed.
            self._window.canvas.refuse("\n".join(wrong))

    def _open_text(self, text: str) -> list[GradStudioError]:
        try:
            graph, _ = graph_in(text, Graph())
        except GradStudioError as wrong:
            template = mark("core", "the text that was dropped is no graph: {reason}")
            if isinstance(wrong, FileError):
                template = mark("core", "no graph can be read from {reason}")
            return [GradStudioError(template, reason=wrong)]
        self._pages.add(self._pages.to_fill())
        self._window.document.commit(self.tr("Drop a graph"), graph)
        return []

    def load_csv(self) -> None:
        """Ask for a table and fill the leaves that are named as data from its columns."""
        kinds = self.tr("Tables (*.csv *.tsv *.txt)")
        path = FileToOpen.ask(self.tr("Load CSV"), kinds, self.folder(), self._window)
        if path is not None:
            self.load_table(path)

    def load_table(self, path: Path) -> None:
        """Fill the leaves that are named as data from the columns of a table."""
        self._refuse(*self._load(path.name, lambda: read_csv(path)))

    def load_dataset(self, name: str) -> None:
        """Fill the leaves that are named as data from a data set that is made here."""
        self._refuse(*self._load(name, lambda: DATASETS[name].table()))

    def _load(self, name: str, read: Callable[[], Table]) -> list[GradStudioError]:
        """Fill the leaves that are named as data; return why that cannot be done."""
        document = self._window.document
        try:
            graph = assign(document.graph, read())
        except GradStudioError as wrong:
            return [wrong]
        document.commit(self.tr("Load {name}").format(name=name), graph)
        return []

    def _refuse(self, *wrong: GradStudioError) -> None:
        self._say(list(map(sentence, wrong)))

    def _say(self, said: Sequence[str]) -> None:
        if said:
            Message.ask("\n".join(said), self._window)


def _may_be_ours(path: Path) -> bool:
    """Return whether a file begins as graphs and labs do, is empty, or cannot be looked into."""
    try:
        if not path.is_file():
            # A pipe that nobody writes to would be waited for.
            return True
        with path.open("rb") as file:
            begin = file.read(64)
    except (OSError, ValueError):
        return True
    return not begin or begin.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")
