"""Labs in a window: opening one, going on with a saved one, and what the menu does to it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings

from gradstudio import files, resources, storage
from gradstudio.errors import GradStudioError, LabError, mark
from gradstudio.graph import Graph
from gradstudio.gui import lab_copies
from gradstudio.gui.dialogs import SUFFIX, FileToOpen, FileToSave, Message
from gradstudio.gui.lab_dialogs import GoOn, HintPrice, KeepAnswer, OpenItems, StudentDialog
from gradstudio.gui.lab_session import LabSession
from gradstudio.gui.wording import error_text, language
from gradstudio.lab import exercise, submission
from gradstudio.lab.exercise import Exercise
from gradstudio.lab.session import Session, begin, resume
from gradstudio.lab.submission import FIELD, answers_in, id_in_file_name
from gradstudio.numbers import number_text

if TYPE_CHECKING:
    from gradstudio.gui.main_window import MainWindow
    from gradstudio.gui.page import GraphPage

LAB_SUFFIX = ".gradlab"
ACTIONS = ("check_item", "hint", "keep_answer", "next_blank", "submit")
"""The entries of the menu that need a lab."""


class Labs(QObject):
    """Opens labs in the pages of a window, and carries out the menu's orders on the current one.

    Args:
        window: whose.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    @property
    def lab(self) -> LabSession | None:
        """The lab of the current page."""
        return self._window.page.lab

    # -- opening ----------------------------------------------------------------------------

    def ask_and_open(self) -> None:
        """Ask for a lab and open it."""
        kinds = self.tr("Labs (*{suffix})").format(suffix=LAB_SUFFIX)
        path = FileToOpen.ask(
            self.tr("Open lab"), kinds, self._window.filing.folder(), self._window
        )
        if path is not None:
            self._window.filing.open_file(path)

    def open(self, path: Path) -> bool:
        """Begin the lab at `path`, if the student says who it is; return whether that was done.

        Raises:
            GradStudioError: it cannot be read.
        """
        lab = exercise.load(path)
        title = lab.title.of(language())
        student = StudentDialog.ask(title, self._window)
        if student is None:
            return False
        session, graph = begin(lab, *student)
        name = f"{_stem(session)}{SUFFIX}"
        beside = (path.parent / name, self._window.filing.folder() / name)
        known = lab_copies.newest(lab, student[0], beside)
        if known is not None:
            chosen = GoOn.ask(title, self._window)
            if chosen is None:
                return False
            if chosen:
                return self._go_on(lab, path, *known)
        self._show(session, graph, path, None)
        return True

    def _go_on(self, lab: Exercise, path: Path, graph: Graph, file: Path | None) -> bool:
        """Go on with work that a student did before; without a file it is still to be saved."""
        if file is not None and self._window.filing.show_open(file):
            return True
        self._show(resume(lab, graph), graph, path, file)
        if file is None:
            self._window.document.touch()
        return True

    def resume(self, graph: Graph, path: Path) -> bool:
        """Go on with the work saved in `graph`; return whether its lab was found.

        Raises:
            GradStudioError: the work is damaged, or of another lab than the one that was chosen.
        """
        answers = answers_in(graph, file=path.name)
        id = answers.id
        found = self._found(id, answers.exercise, path.parent)
        if found is None:
            title = self.tr("Where is the lab “{lab}”?").format(lab=id[:80])
            kinds = self.tr("Labs (*{suffix})").format(suffix=LAB_SUFFIX)
            where = FileToOpen.ask(title, kinds, path.parent, self._window)
            if where is None:
                template = mark("core", "{file}: its lab “{lab}” is needed to go on with it")
                raise LabError(template, file=path.name, lab=id[:80])
            found = exercise.load(where), where
        lab, where = found
        session = resume(lab, graph)
        self._show(session, graph, where, path)
        if session.edition:
            said = self.tr(
                "{file} was begun with another edition of this lab than {lab}, so tasks and "
                "numbers may not fit. Put the lab it was begun with beside it, and open it again."
            )
            Message.ask(said.format(file=path.name, lab=where), self._window)
        return True

    def _show(self, session: Session, graph: Graph, lab_path: Path, path: Path | None) -> None:
        _remember(session.exercise, lab_path)

        def fill(page: GraphPage) -> None:
            lab = LabSession(session, page.document, lab_path, page)
            page.work_on(lab)
            page.document.begin(graph, path, _stem(session), lab)

        page = self._window.filing.fill_page(fill)
        page.lay_out_lab()
        if page.lab is not None:
            page.lab.look_again()

    def _found(self, id: str, edition: str, folder: Path) -> tuple[Exercise, Path] | None:
        """Return a lab: the edition that is wanted, or else the one that is nearest."""
        near: list[Path] = []
        with contextlib.suppress(OSError):
            near += sorted(folder.glob(f"*{LAB_SUFFIX}"))
        other: tuple[Exercise, Path] | None = None
        for path in (*near, *_remembered(id, edition), *shipped()):
            try:
                lab = exercise.load(path)
            except GradStudioError:
                continue
            if lab.id == id and lab.digest == edition:
                return lab, path
            if lab.id == id and other is None:
                other = lab, path
        return other

    # -- what the menu says -----------------------------------------------------------------

    def check(self) -> None:
        """Judge the current item."""
        if self.lab is not None and self._done(self.lab.check):
            self._window.page.lab_panel.tell()

    def hint(self) -> None:
        """Take the next hint of the current item, if its price is agreed to."""
        lab = self.lab
        if lab is None:
            return
        hint = lab.next_hint(lab.current)
        priced = hint is not None and hint.price
        if priced and not HintPrice.ask(number_text(priced), self._window):
            return
        if self._done(lab.take_hint):
            self._window.page.lab_panel.tell_hint()

    def keep(self) -> None:
        """Let the answer to the current item stand for good, if that is agreed to."""
        lab = self.lab
        if lab is None or (lab.keepable(lab.current) and not KeepAnswer.ask(self._window)):
            return
        if self._done(lab.keep):
            self._window.page.lab_panel.tell()

    def _done(self, act: Callable[[], object]) -> bool:
        """Do what is logged, and keep a copy of the work; say why where it is refused."""
        try:
            act()
        except GradStudioError as wrong:
            self._window.status.say(error_text(wrong))
            return False
        if self.lab is not None:
            lab_copies.keep(self.lab.session, self._window.document.graph)
        return True

    def next_blank(self) -> None:
        """Put the keyboard into the next blank in which nothing stands yet."""
        self._window.page.next_blank()

    def submit(self) -> None:
        """Ask where, and write all of it into one file."""
        lab, window = self.lab, self._window
        if lab is None:
            return
        if lab.open_items:
            titles = [lab.exercise.items[id].title.of(language()) for id in lab.open_items]
            items = self.tr(", ").join(titles)
            if not OpenItems.ask(items, window):
                return
        known = window.document.path
        proposal = known or window.filing.folder() / f"{_stem(lab.session)}{SUFFIX}"
        kinds = self.tr("Submissions (*{suffix})").format(suffix=SUFFIX)
        path = FileToSave.ask(self.tr("Submit"), kinds, proposal, SUFFIX, window)
        if path is not None and window.filing.save_to(path):
            self._say_submitted(path)

    def _say_submitted(self, path: Path) -> None:
        """Say which file to hand in, unless a grader would refuse it."""
        try:
            submission.loads(files.read(path, storage.LARGEST_FILE), file=path.name)
        except GradStudioError as wrong:
            said = self.tr("{file} is saved, but it cannot be handed in like this: {reason}")
            Message.ask(said.format(file=path.name, reason=error_text(wrong)), self._window)
        else:
            said = self.tr("All of it is in {file}: hand that file in.")
            self._window.status.say(said.format(file=path.name))

    def refused(self) -> bool:
        """Return whether numbers of the current page must not leave it yet, and say why."""
        wrong = self._window.document.withheld
        if wrong is not None:
            Message.ask(error_text(wrong), self._window)
        return wrong is not None


def shipped() -> list[Path]:
    """Return the labs that come with the program."""
    try:
        folder = resources.path("labs")
    except FileNotFoundError:
        return []
    return sorted(folder.glob(f"*{LAB_SUFFIX}"))


def lab_titles() -> list[tuple[Path, Mapping[str, str]]]:
    """Return the labs that come with the program, and what each is called, by language."""
    found: list[tuple[Path, Mapping[str, str]]] = []
    for path in shipped():
        title = exercise.load(path).title
        found.append((path, {"en": title.en, "zh": title.zh}))
    return found


def is_lab(path: Path) -> bool:
    """Return whether a file is a lab, by its name."""
    return path.suffix.lower() == LAB_SUFFIX


def holds_answers(graph: Graph) -> bool:
    """Return whether a graph is work on a lab."""
    return FIELD in graph.extra


def _remember(lab: Exercise, path: Path) -> None:
    QSettings().setValue(f"lab/files/{lab.id}/{lab.digest}", str(path.absolute()))


def _remembered(id: str, edition: str) -> list[Path]:
    """Return where editions of a lab were; first where the one that is wanted was."""
    settings = QSettings()
    # What a file is called by its own word would be a path here.
    settings.beginGroup(f"lab/files/{id.replace('/', '_')}")
    found = [
        settings.value(one) for one in sorted(settings.childKeys(), key=lambda one: one != edition)
    ]
    return [Path(one) for one in found if isinstance(one, str)]


def _stem(session: Session) -> str:
    """Return what a file of this work is called: the lab and the student."""
    return f"{session.exercise.id}-{id_in_file_name(session.student)}"
