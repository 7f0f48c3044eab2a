"""The window: puts the canvas and the panels together and carries out what the menus say."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt, QTime
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QSplitter, QVBoxLayout, QWidget

from gradstudio import __version__
from gradstudio.emit import EMITTERS
from gradstudio.engine.gradcheck import LeafCheck, check
from gradstudio.errors import GradStudioError
from gradstudio.gui.appearance import Appearance, in_every_language
from gradstudio.gui.canvas.view import Canvas
from gradstudio.gui.dialogs import (
    SUFFIX,
    Answer,
    FileToOpen,
    FileToSave,
    Message,
    Page,
    UnsavedChanges,
)
from gradstudio.gui.document import Document
from gradstudio.gui.formula_bar import FormulaBar
from gradstudio.gui.gradient_check import GradientCheck
from gradstudio.gui.menus import PANELS, Menus
from gradstudio.gui.mnemonics import Mnemonics
from gradstudio.gui.panels.inspector import Inspector
from gradstudio.gui.panels.palette import Palette
from gradstudio.gui.panels.training import TrainingPanel
from gradstudio.gui.playback import Playback
from gradstudio.gui.playback_bar import PlaybackBar
from gradstudio.gui.status_bar import StatusBar
from gradstudio.gui.theme import Theme
from gradstudio.gui.training_session import TrainingSession
from gradstudio.gui.wording import error_text
from gradstudio.gui.worker import Background
from gradstudio.training.data import DATASETS, assign, read_csv

MOST_RECENT = 8
MOST_OUTPUTS = 60
_SUFFIXES = {
    "formula": ".txt",
    "latex": ".tex",
    "numpy": ".py",
    "numpy-modular": ".py",
    "torch": ".py",
}


class MainWindow(QMainWindow):
    """One document and everything to see and change it with."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.appearance = appearance
        self.document = Document(self)
        self.playback = Playback(self.document, self)
        self.session = TrainingSession(self.document, self)
        self._checker = Background(self)
        self._saved_at = ""
        self._settings = QSettings()
        self._make_parts()
        self._lay_out()
        self.menus = Menus(self, appearance, self.recent_files, self._outputs)
        self._mnemonics = Mnemonics(self.menuBar(), self)
        self._connect()
        self._connect_panels()
        self._apply_theme(appearance.theme)
        self.setAcceptDrops(True)
        self.resize(1280, 800)
        self.canvas.setFocus()
        self._show_state()

    # -- putting together -------------------------------------------------------------------

    def _make_parts(self) -> None:
        self.canvas = Canvas(self.document, self.playback, self)
        self.palette_panel = Palette(in_every_language, self)
        self.inspector = Inspector(self.document, self.playback, self)
        self.training = TrainingPanel(self.document, self.session, self)
        self.playback_bar = PlaybackBar(self.playback, self)
        self.formula_bar = FormulaBar(self.document, self)
        self.status = StatusBar(self.document, self.playback, self)
        self.setStatusBar(self.status)

    def _lay_out(self) -> None:
        bar = QFrame(self)
        bar.setProperty("box", "bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 6, 12, 8)
        row.setSpacing(18)
        row.addWidget(self.playback_bar)
        row.addWidget(self.formula_bar, 1)
        upper = _splitter(Qt.Orientation.Horizontal, self.canvas, self.inspector)
        upper.setSizes([800, 300])
        middle = _splitter(Qt.Orientation.Vertical, upper, self.training)
        middle.setSizes([520, 240])
        whole = _splitter(Qt.Orientation.Horizontal, self.palette_panel, middle)
        whole.setStretchFactor(0, 0)
        whole.setStretchFactor(1, 1)
        whole.setSizes([200, 1080])
        self.palette_panel.setMinimumWidth(150)
        self.inspector.setMinimumWidth(220)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(whole, 1)
        self.setCentralWidget(inside)

    def _connect(self) -> None:
        document, canvas = self.document, self.canvas
        document.state_changed.connect(self._show_state)
        document.changed.connect(self._show_state)
        document.restarted.connect(self._begin_document)
        document.failed.connect(self._show_defect)
        self.playback.moved.connect(self._follow_playback)
        canvas.selection_changed.connect(self._inspect)
        canvas.status.connect(self.status.say)
        canvas.node_activated.connect(self.inspector.inspect)
        canvas.settings_wanted.connect(self.inspector.enter)
        canvas.leaf_edit_requested.connect(self._edit_leaf)
        canvas.zoom_changed.connect(self.status.set_zoom)
        self.status.set_zoom(canvas.zoom)
        self.inspector.renamed.connect(lambda name: canvas.select((name,)))
        self.inspector.left.connect(lambda: canvas.setFocus())
        self.palette_panel.wanted.connect(self._add_node)
        self.formula_bar.built.connect(canvas.fit)
        self.formula_bar.said.connect(self.status.say)
        self.status.language_switched.connect(self._switch_language)
        self.session.state_changed.connect(self._show_state)
        self.training.csv_wanted.connect(self.load_csv)
        self.training.said.connect(self.status.say)
        self._checker.done.connect(self._show_checks)
        self._checker.failed.connect(self.status.clearMessage)
        self._checker.failed.connect(self._show_error)
        self.appearance.theme_changed.connect(self._apply_theme)
        self.menus.file_wanted.connect(self.open_file)
        self.menus.example_wanted.connect(self.open_example)
        self.menus.output_wanted.connect(self._choose_output)
        self.menus.dataset_wanted.connect(self.load_dataset)
        self.menus.export_wanted.connect(self.export)
        for name, slot in {
            "new": self.new,
            "open": self.ask_and_open,
            "save": self.save,
            "save_as": self.save_as,
            "quit": self.close,
            "undo": document.undo,
            "redo": document.redo,
            "cut": canvas.cut,
            "copy": canvas.copy,
            "paste": canvas.paste,
            "duplicate": canvas.duplicate,
            "delete": canvas.delete_selection,
            "select_all": canvas.select_all,
            "find_op": self.find_op,
            "zoom_in": canvas.zoom_in,
            "zoom_out": canvas.zoom_out,
            "zoom_reset": canvas.zoom_reset,
            "fit": canvas.fit,
            "fit_selection": canvas.fit_selection,
            "arrange": canvas.lay_out,
            "check": self.check_gradients,
            "train": self.training.train_or_pause,
            "pause": self.session.pause,
            "step": self.training.step,
            "reset": self.session.reset,
            "load_csv": self.load_csv,
            "how_to": self.show_how_to,
            "about": self.show_about,
        }.items():
            # A lambda: what `triggered` hands over (checked or not) is nothing to these.
            self.menus.actions[name].triggered.connect(lambda _on=False, slot=slot: slot())

    def _connect_panels(self) -> None:
        panels = (self.palette_panel, self.inspector, self.training)
        for name, panel in zip(PANELS, panels, strict=True):
            action, key = self.menus.actions[name], f"panels/{name}"
            action.toggled.connect(panel.setVisible)
            action.setChecked(True)
            action.setChecked(bool(self._settings.value(key, defaultValue=True, type=bool)))
            action.toggled.connect(lambda on, key=key: self._settings.setValue(key, on))

    # -- showing ----------------------------------------------------------------------------

    def find_op(self) -> None:
        """Put the keyboard into the palette's search field."""
        self.menus.actions["palette"].setChecked(True)
        self.palette_panel.focus_search()

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.menus.retranslate()
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _apply_theme(self, theme: Theme) -> None:
        self.canvas.set_theme(theme)
        self.inspector.set_theme(theme)
        self.training.set_theme(theme)
        self.formula_bar.set_error_colour(theme.error)

    def _show_state(self) -> None:
        document, actions = self.document, self.menus.actions
        self.setWindowTitle(f"{document.title}[*] — GradStudio")
        self.setWindowModified(document.modified)
        stack = document.undo_stack
        for name, can, plain, named in (
            ("undo", stack.canUndo(), self.tr("&Undo"), self.tr("&Undo: {step}")),
            ("redo", stack.canRedo(), self.tr("&Redo"), self.tr("&Redo: {step}")),
        ):
            step = stack.undoText() if name == "undo" else stack.redoText()
            actions[name].setEnabled(can)
            actions[name].setText(named.format(step=step.replace("&", "&&")) if step else plain)
        running, some = self.session.running, bool(document.graph.nodes)
        chosen = bool(self.canvas.selection())
        for name in ("train", "step"):
            actions[name].setEnabled(some and not running)
        actions["pause"].setEnabled(running)
        actions["reset"].setEnabled(self.session.can_reset)
        for name in ("select_all", "fit", "arrange", "check", "export"):
            actions[name].setEnabled(some)
        for name in ("cut", "copy", "duplicate", "delete", "fit_selection"):
            actions[name].setEnabled(chosen)
        if document.modified:
            self._saved_at = ""
        self.status.show_saved(self._saved_at)

    def _begin_document(self) -> None:
        self.session.close()
        self.session.forget()
        if self._checker.busy:
            # The table would be of another document than the one on the screen.
            self._checker.cancel()
            self.status.clearMessage()
        self._saved_at = ""
        self.document.hasten()
        self.inspector.inspect(None)
        self.canvas.fit()
        self._show_state()

    def _inspect(self, names: tuple[str, ...]) -> None:
        self.inspector.inspect(names[0] if len(names) == 1 else None)
        self._show_state()

    def _follow_playback(self) -> None:
        current = self.playback.current
        if current is not None and self.canvas.selection() != (current,):
            self.canvas.select((current,))

    def _switch_language(self) -> None:
        self.appearance.choose_language("en" if self.appearance.language == "zh_CN" else "zh_CN")

    def _show_error(self, error: Exception) -> None:
        if isinstance(error, GradStudioError):
            Message.ask(error_text(error), self)
        else:
            self._show_defect(error)

    def _show_defect(self, error: Exception) -> None:
        text = self.tr("Something went wrong inside GradStudio. The document is as it was.")
        Message.ask(text, self, f"{type(error).__name__}: {error}")

    # -- the file ---------------------------------------------------------------------------

    def new(self) -> None:
        """Begin an empty document, if the user agrees to leave this one."""
        if self._may_leave():
            self.document.new()

    def ask_and_open(self) -> None:
        """Ask for a file and open it."""
        path = FileToOpen.ask(self.tr("Open"), self._filter(), self._folder(), self)
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Open `path`, if the user agrees to leave this document; say so if it cannot be read."""
        if not self._may_leave():
            return
        try:
            self.document.open(path)
        except GradStudioError as wrong:
            self._show_error(wrong)
        else:
            self._remember(path)

    def open_example(self, path: Path) -> None:
        """Open a copy of a file that comes with the program."""
        if not self._may_leave():
            return
        try:
            self.document.open_copy(path)
        except GradStudioError as wrong:
            self._show_error(wrong)

    def save(self) -> bool:
        """Save; return whether that was done."""
        return self._save_to(self.document.path) if self.document.path else self.save_as()

    def save_as(self) -> bool:
        """Ask where to save and do it; return whether that was done."""
        proposal = self.document.path or self._folder() / f"{self.tr('graph')}{SUFFIX}"
        path = FileToSave.ask(self.tr("Save as"), self._filter(), proposal, SUFFIX, self)
        return path is not None and self._save_to(path)

    def export(self, language: str) -> None:
        """Ask where to write the graph in another language, with its values, and do it."""
        try:
            text = EMITTERS[language](self.document.graph)
        except GradStudioError as wrong:
            self._show_error(wrong)
            return
        suffix = _SUFFIXES[language]
        name = (self.document.path or Path(self.tr("graph"))).with_suffix(suffix).name
        kinds = self.tr("Text (*{suffix})").format(suffix=suffix)
        path = FileToSave.ask(self.tr("Export as"), kinds, self._folder() / name, suffix, self)
        if path is None:
            return
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as wrong:
            said = self.tr("{file} cannot be written: {reason}")
            Message.ask(said.format(file=path.name, reason=wrong.strerror or wrong), self)
        else:
            self.status.say(self.tr("Wrote {file}").format(file=path.name))

    def _save_to(self, path: Path | None) -> bool:
        try:
            self.document.save(path)
        except GradStudioError as wrong:
            self._show_error(wrong)
            return False
        self._saved_at = QTime.currentTime().toString("HH:mm")
        if self.document.path is not None:
            self._remember(self.document.path)
        self._show_state()
        return True

    def _may_leave(self) -> bool:
        # What a run has learned is a change of the document, too.
        self.session.finish()
        if not self.document.modified:
            return True
        answer = UnsavedChanges.ask(self.document.title, self)
        if answer is Answer.SAVE:
            return self.save()
        return answer is Answer.DISCARD

    def recent_files(self) -> list[Path]:
        """Return the files opened or saved lately that still exist, the newest first."""
        known = self._settings.value("recent")
        # QSettings gives a list of one back as a text.
        names = [known] if isinstance(known, str) else known if isinstance(known, list) else []
        return [path for path in map(Path, names) if path.exists()][:MOST_RECENT]

    def _remember(self, path: Path) -> None:
        path = path.absolute()
        others = [one for one in self.recent_files() if one != path]
        self._settings.setValue("recent", [str(one) for one in (path, *others)][:MOST_RECENT])

    def _folder(self) -> Path:
        recent = self.recent_files()
        return recent[0].parent if recent else Path.home()

    def _filter(self) -> str:
        return self.tr("Graphs (*{suffix})").format(suffix=SUFFIX)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_file(paths[0])

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_leave():
            event.ignore()
            return
        self.playback.pause()
        self.session.close()
        self._checker.close()
        self.document.close()
        event.accept()

    # -- the graph --------------------------------------------------------------------------

    def _add_node(self, op: str) -> None:
        name = self.canvas.add_node(op, None)
        self.canvas.select((name,))

    def _edit_leaf(self, name: str) -> None:
        self.inspector.inspect(name)
        self.inspector.edit_value()

    def _outputs(self) -> tuple[list[str], str | None]:
        graph = self.document.graph
        ends = list(graph.outputs())
        others = [name for name, node in graph.nodes.items() if not node.is_leaf]
        names = list(dict.fromkeys([*ends, *reversed(others)]))
        return names[:MOST_OUTPUTS], self.document.evaluation.output

    def _choose_output(self, name: str) -> None:
        text = self.tr("Choose {name} as output").format(name=name)
        self.document.commit(text, self.document.graph.set_output(name))

    def check_gradients(self) -> None:
        """Compare every gradient with a finite difference, in the background, and show a table."""
        if self._checker.busy:
            return
        graph = self.document.graph
        self.status.say(self.tr("Checking the gradients…"))
        self._checker.start(lambda stop: check(graph, stop=stop))

    def _show_checks(self, checks: tuple[LeafCheck, ...]) -> None:
        self.status.clearMessage()
        GradientCheck.ask(checks, self)

    def load_csv(self) -> None:
        """Ask for a table and fill the leaves that are named as data from its columns."""
        path = FileToOpen.ask(
            self.tr("Load CSV"), self.tr("Tables (*.csv *.tsv *.txt)"), self._folder(), self
        )
        if path is None:
            return
        try:
            graph = assign(self.document.graph, read_csv(path))
        except GradStudioError as wrong:
            self._show_error(wrong)
        else:
            self.document.commit(self.tr("Load {name}").format(name=path.name), graph)

    def load_dataset(self, name: str) -> None:
        """Fill the leaves that are named as data from a data set that is made here."""
        try:
            graph = assign(self.document.graph, DATASETS[name].table())
        except GradStudioError as wrong:
            self._show_error(wrong)
        else:
            self.document.commit(self.tr("Load {name}").format(name=name), graph)

    # -- help -------------------------------------------------------------------------------

    def show_how_to(self) -> None:
        """Show how to begin."""
        Page.ask(
            self.tr("How to"),
            self.tr(
                "<h3>Build</h3><p>Drag nodes from the left, then drag from the right side of one "
                "node to the left side of another. Or type a formula at the top, such as "
                "<code>f = (x + y) * z</code>, and press Enter.</p>"
                "<h3>Read</h3><p>On every edge the value stands above, in green, and the gradient "
                "of the output below, in red. Select a node to see the chain rule there with its "
                "numbers. The buttons at the top left go through the graph one node at a time, "
                "forward and then backward.</p>"
                "<h3>Change</h3><p>Double-click a leaf to type another value: all numbers "
                "follow. Every change can be undone.</p>"
                "<h3>Train</h3><p>Make weights parameters, mark inputs as data, end in a loss, "
                "and press Train. Reset brings the first weights back.</p>"
            ),
            self,
        )

    def show_about(self) -> None:
        """Say what this is."""
        text = self.tr(
            "<h3>GradStudio {version}</h3><p>Backpropagation, with every number in sight: a "
            "laboratory for computation graphs and their gradients.</p>"
        )
        Page.ask(self.tr("About GradStudio"), text.format(version=__version__), self)


def _splitter(orientation: Qt.Orientation, first: QWidget, second: QWidget) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    splitter.addWidget(first)
    splitter.addWidget(second)
    splitter.setStretchFactor(0, 1)
    splitter.setStretchFactor(1, 0)
    return splitter
