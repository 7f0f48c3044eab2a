"""The window: a frame around the pages, which carries out on the current one what the menus say."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPoint, QSettings, QSignalBlocker, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from gradstudio.engine.gradcheck import LeafCheck, check
from gradstudio.errors import GradStudioError
from gradstudio.gui import areas, drops, guide, offered
from gradstudio.gui.appearance import Appearance, in_every_language
from gradstudio.gui.canvas.commands import COMMANDS, SWITCHES
from gradstudio.gui.canvas.view import Canvas
from gradstudio.gui.command_palette import CommandPalette
from gradstudio.gui.dialogs import Answer, Message, UnsavedChanges
from gradstudio.gui.document import Document
from gradstudio.gui.exporting import Exporting
from gradstudio.gui.filing import Filing
from gradstudio.gui.formula_bar import FormulaBar
from gradstudio.gui.gradient_check import GradientCheck
from gradstudio.gui.labs import Labs
from gradstudio.gui.menus import PANELS, Menus
from gradstudio.gui.mnemonics import Mnemonics
from gradstudio.gui.orders import Order, orders
from gradstudio.gui.page import GraphPage, splitter
from gradstudio.gui.pages import Pages
from gradstudio.gui.panels.inspector import Inspector
from gradstudio.gui.panels.palette import Palette
from gradstudio.gui.panels.training import TrainingPanel
from gradstudio.gui.playback import Playback
from gradstudio.gui.playback_bar import PlaybackBar
from gradstudio.gui.shortcut_sheet import ShortcutSheet, sections
from gradstudio.gui.status_bar import StatusBar
from gradstudio.gui.tabs import TabRow
from gradstudio.gui.training_session import TrainingSession
from gradstudio.gui.wording import sentence
from gradstudio.gui.worker import Background

MOST_OUTPUTS = 60
NEXT_WINDOW_PX = 32
"""How far a new window lies from the one it came from."""


class MainWindow(QMainWindow):
    """Pages behind tabs, of which one is seen; and what is there once for all of them.

    Args:
        appearance: the theme and the language, which all windows share.
        parent: as for every widget.
        windows: all windows that are open; this one joins them.
        page: the first page, out of another window; otherwise an empty one.
    """

    def __init__(
        self,
        appearance: Appearance,
        parent: QWidget | None = None,
        *,
        windows: list[MainWindow] | None = None,
        page: GraphPage | None = None,
    ) -> None:
        super().__init__(parent)
        self.appearance = appearance
        self.windows = [] if windows is None else windows
        self.windows.append(self)
        self._may_go = False
        self._checker = Background(self)
        self._settings = QSettings()
        self.palette_panel = Palette(in_every_language, self)
        self.status = StatusBar(self)
        self.setStatusBar(self.status)
        self._pages = Pages(appearance, page, self)
        self.filing = Filing(self, self._pages)
        self.exporting = Exporting(self)
        self.labs = Labs(self)
        self._lay_out()
        self.menus = Menus(self, appearance, self.filing.recent_files, self._outputs)
        self._mnemonics = Mnemonics(self.menuBar(), self)
        self._connect()
        self._connect_panels()
        self.setAcceptDrops(True)
        self.resize(1280, 800)
        self._follow_page()
        self.canvas.setFocus()

    # -- putting together -------------------------------------------------------------------

    def _lay_out(self) -> None:
        tabs = self._pages.tabs
        tab_row = TabRow(tabs, self)
        row = QHBoxLayout(tab_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(tabs)
        self._left = _column(TabRow(tabs, self), self.palette_panel)
        right = _column(tab_row, self._pages.contents)
        self._whole = whole = splitter(Qt.Orientation.Horizontal, self._left, right)
        whole.setStretchFactor(0, 0)
        whole.setStretchFactor(1, 1)
        whole.setSizes([200, 1080])
        self.palette_panel.setMinimumWidth(150)
        self.setCentralWidget(_column(self._pages.bars, whole))

    def _connect(self) -> None:
        pages, tabs = self._pages, self._pages.tabs
        pages.switched.connect(self._follow_page)
        pages.state_changed.connect(self._show_state)
        pages.said.connect(self._say)
        pages.failed.connect(self._show_defect)
        pages.csv_wanted.connect(self.filing.load_csv)
        pages.check_wanted.connect(self.labs.check)
        pages.hint_wanted.connect(self.labs.hint)
        pages.keep_wanted.connect(self.labs.keep)
        pages.unwanted.connect(self.close_page)
        tabs.new_wanted.connect(self.new)
        tabs.move_wanted.connect(lambda at: self.move_to_new_window(pages.all[at]))
        tabs.others_unwanted.connect(lambda at: self.close_others(pages.all[at]))
        self.palette_panel.wanted.connect(lambda op: self.page.add_node(op))
        self.status.problems_wanted.connect(self.show_problems)
        self.status.language_switched.connect(self._switch_language)
        self._checker.done.connect(self._show_checks)
        self._checker.failed.connect(self.status.clearMessage)
        self._checker.failed.connect(self._show_error)
        self.menus.file_wanted.connect(self.filing.open_file)
        self.menus.example_wanted.connect(self.filing.open_example)
        self.menus.lab_wanted.connect(self.filing.open_file)
        self.menus.output_wanted.connect(self._choose_output)
        self.menus.dataset_wanted.connect(self.filing.load_dataset)
        self.menus.export_wanted.connect(self.exporting.export)
        # What is done to the current page is looked up when it is done.
        for name, order in {
            "new": self.new,
            "new_window": self.new_window,
            "open": self.filing.ask_and_open,
            "save": self.filing.save,
            "save_as": self.filing.save_as,
            "export_picture": self.exporting.export_picture,
            "print": self.exporting.print_graph,
            "copy_picture": self.exporting.copy_picture,
            "move_tab": self.move_to_new_window,
            "close_tab": self.close_page,
            "quit": self.quit,
            "undo": lambda: self.document.undo(),
            "redo": lambda: self.document.redo(),
            "find_op": self.find_op,
            "problems": self.show_problems,
            "next_tab": lambda: pages.step(1),
            "previous_tab": lambda: pages.step(-1),
            "check": self.check_gradients,
            "train": lambda: self.training.train_or_pause(),
            "pause": lambda: self.session.pause(),
            "step": lambda: self.training.step(),
            "reset": lambda: self.session.reset(),
            "load_csv": self.filing.load_csv,
            "open_lab": self.labs.ask_and_open,
            "check_item": self.labs.check,
            "hint": self.labs.hint,
            "keep_answer": self.labs.keep,
            "next_blank": self.labs.next_blank,
            "submit": self.labs.submit,
            "next_area": lambda: self.go_to_area(1),
            "previous_area": lambda: self.go_to_area(-1),
            "commands": self.show_commands,
            "shortcuts": self.show_shortcuts,
            "how_to": lambda: guide.how_to(self),
            "about": lambda: guide.about(self),
        }.items():
            # A lambda: what `triggered` hands over (checked or not) is nothing to these.
            self.menus.actions[name].triggered.connect(lambda _on=False, order=order: order())
        for name, command in COMMANDS.items():
            self.menus.actions[name].triggered.connect(
                lambda _on=False, command=command: command.give(self.canvas)
            )
        self.menus.grey_asked.connect(lambda name: COMMANDS[name].give(self.canvas))

    def _connect_panels(self) -> None:
        for name in PANELS:
            action, key = self.menus.actions[name], f"panels/{name}"
            show = partial(self._show_panel, name)
            action.toggled.connect(show)
            action.setChecked(True)
            action.setChecked(bool(self._settings.value(key, defaultValue=True, type=bool)))
            action.toggled.connect(lambda on, key=key: self._settings.setValue(key, on))
        for name, switch in SWITCHES.items():
            self.menus.actions[name].setChecked(switch.on)
            self.menus.actions[name].toggled.connect(switch.set)
        self.menus.actions["minimap"].toggled.connect(self._show_minimaps)

    def _show_minimaps(self) -> None:
        for page in self.pages:
            page.canvas.minimap.follow()

    def _show_panel(self, name: str, shown: bool) -> None:
        if name == "palette":
            # Where nothing can be added, the picture has the room.
            self._left.setVisible(shown and self.menus.actions[name].isEnabled())
            # At once: a graph that is fitted next is fitted to what is left.
            self._whole.refresh()
        else:
            self._pages.show_panel(name, shown=shown)

    # -- pages ------------------------------------------------------------------------------

    @property
    def pages(self) -> tuple[GraphPage, ...]:
        """All pages, in the order of their tabs."""
        return self._pages.all

    @property
    def page(self) -> GraphPage:
        """The page that is seen."""
        return self._pages.current

    @property
    def document(self) -> Document:
        """The document of the current page."""
        return self.page.document

    @property
    def playback(self) -> Playback:
        """The playback of the current page."""
        return self.page.playback

    @property
    def session(self) -> TrainingSession:
        """The training of the current page."""
        return self.page.session

    @property
    def canvas(self) -> Canvas:
        """The canvas of the current page."""
        return self.page.canvas

    @property
    def inspector(self) -> Inspector:
        """The inspector of the current page."""
        return self.page.inspector

    @property
    def training(self) -> TrainingPanel:
        """The bottom of the current page."""
        return self.page.training

    @property
    def playback_bar(self) -> PlaybackBar:
        """The playback's controls on the current page."""
        return self.page.playback_bar

    @property
    def formula_bar(self) -> FormulaBar:
        """The formula bar of the current page."""
        return self.page.formula_bar

    def close_page(self, page: GraphPage | None = None) -> bool:
        """Close `page`, or the current one, if the user agrees; return whether that was done."""
        page = page or self.page
        if not self._may_leave(page):
            return False
        if len(self.pages) == 1 and page.untouched and len(self.windows) > 1:
            return self.close()
        self._pages.take_out(page)
        page.end()
        return True

    def close_others(self, page: GraphPage) -> None:
        """Close all pages but one; at the first that the user wants to keep, stop."""
        for one in self.pages:
            if one is not page and not self.close_page(one):
                return

    def move_to_new_window(self, page: GraphPage | None = None) -> None:
        """Give `page`, or the current one, a window of its own."""
        page = page or self.page
        if len(self.pages) > 1:
            self._pages.take_out(page)
            self.new_window(page)

    def new_window(self, page: GraphPage | None = None) -> None:
        """Open another window, with `page` or an empty one."""
        made = MainWindow(self.appearance, windows=self.windows, page=page)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.resize(self.size())
        made.move(self.pos() + QPoint(NEXT_WINDOW_PX, NEXT_WINDOW_PX))
        made.show()

    def _follow_page(self) -> None:
        if self._checker.busy:
            # The table would be of another document than the one on the screen.
            self._checker.cancel()
        self.status.follow(self.page)
        self._show_state()

    # -- showing ----------------------------------------------------------------------------

    def find_op(self) -> None:
        """Put the keyboard into the palette's search field."""
        self.menus.actions["palette"].setChecked(True)
        self.palette_panel.focus_search()

    def show_problems(self) -> None:
        """Put the keyboard into the list of problems."""
        self.menus.actions["training"].setChecked(True)
        self.page.show_problems()

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.menus.retranslate()
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _show_state(self) -> None:
        document, actions = self.document, self.menus.actions
        self.setWindowTitle(f"{document.title}[*] — GradStudio")
        self.setWindowModified(document.modified)
        self._pages.show_names()
        stack = document.undo_stack
        for name, step, plain, named in (
            ("undo", stack.undoText(), self.tr("&Undo"), self.tr("&Undo: {step}")),
            ("redo", stack.redoText(), self.tr("&Redo"), self.tr("&Redo: {step}")),
        ):
            actions[name].setText(named.format(step=step.replace("&", "&&")) if step else plain)
        offered.offer(self)
        lab = self.labs.lab
        self.palette_panel.allow(None if lab is None else lab.allowed)
        self._show_panel("palette", actions["palette"].isChecked())
        for name, panel in (("inspector", self.inspector), ("training", self.training)):
            # A lab begins without them.
            with QSignalBlocker(actions[name]):
                actions[name].setChecked(not panel.isHidden())
        self.status.show_saved()

    def _say(self, page: GraphPage, text: str) -> None:
        self.status.say(text if page is self.page else f"{page.name}: {text}")

    def _switch_language(self) -> None:
        self.appearance.choose_language("en" if self.appearance.language == "zh_CN" else "zh_CN")

    def _show_error(self, error: Exception) -> None:
        if isinstance(error, GradStudioError):
            Message.ask(sentence(error), self)
        else:
            self._show_defect(error)

    def _show_defect(self, error: Exception) -> None:
        text = self.tr("Something went wrong inside GradStudio. The document is as it was.")
        Message.ask(text, self, f"{type(error).__name__}: {error}")

    # -- coming and going -------------------------------------------------------------------

    def new(self) -> None:
        """Begin an empty document in a tab of its own."""
        if not self.page.untouched:
            self._pages.add(self._pages.fresh())

    def show_page(self, page: GraphPage) -> None:
        """Bring `page` to sight, and the window to the front."""
        self._pages.show(page)
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def _may_leave(self, page: GraphPage) -> bool:
        # What a run has learned is a change of the document, too.
        page.session.finish()
        if not page.document.modified:
            return True
        if page is not self.page or len(self.windows) > 1:
            self.show_page(page)
        answer = UnsavedChanges.ask(page.document.title, self)
        if answer is Answer.SAVE:
            return self.filing.save()
        return answer is Answer.DISCARD

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if drops.takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.filing.take(event.mimeData())

    def quit(self) -> None:
        """Close all windows, if the user agrees to leave every page."""
        windows = tuple(self.windows)
        if all(window.may_close() for window in windows):
            for window in windows:
                window.close_for_good()

    def may_close(self) -> bool:
        """Ask about every page with unsaved changes; return whether the window may close."""
        return all(self._may_leave(page) for page in self.pages)

    def close_for_good(self) -> None:
        """Close the window without asking again."""
        self._may_go = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_go and not self.may_close():
            event.ignore()
            return
        self._checker.close()
        for page in self.pages:
            page.stop()
        # A hidden window may be closed again.
        if self in self.windows:
            self.windows.remove(self)
        event.accept()

    # -- the graph --------------------------------------------------------------------------

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
        if self._checker.busy or self.labs.refused():
            return
        graph = self.document.graph
        self.status.say(self.tr("Checking the gradients…"))
        self._checker.start(lambda stop: check(graph, stop=stop))

    def _show_checks(self, checks: tuple[LeafCheck, ...]) -> None:
        self.status.clearMessage()
        GradientCheck.ask(checks, self)

    # -- help -------------------------------------------------------------------------------

    def show_commands(self) -> None:
        """Let any order be found by its name and given."""
        CommandPalette(self.orders(), partial(offered.why, self), self, self.canvas)

    def show_shortcuts(self) -> None:
        """Show all keys, and what the mouse does on the canvas."""
        ShortcutSheet(sections(self.orders()), self).open()

    def orders(self) -> list[Order]:
        """Return every order the menus can give."""
        return orders(self.menuBar())

    def go_to_area(self, by: int) -> None:
        """Put the keyboard into the next part of the window, or the one before."""
        areas.step(
            (
                self.playback_bar,
                self.formula_bar,
                self.palette_panel,
                self._pages.tabs,
                self.canvas,
                self.page.lab_panel,
                self.inspector,
                self.training,
                self.status,
            ),
            by,
        )


def _column(upper: QWidget, lower: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(upper)
    column.addWidget(lower, 1)
    return made
