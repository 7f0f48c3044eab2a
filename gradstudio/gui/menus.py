"""The menu bar: every order that can be given, its key, and its name in the present language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMenu

from gradstudio import resources, storage
from gradstudio.errors import mark
from gradstudio.gui import motion
from gradstudio.gui.appearance import CHINESE, ENGLISH, LANGUAGES, SYSTEM, THEMES, Appearance
from gradstudio.gui.canvas.commands import COMMANDS, SWITCHES, key_sequences
from gradstudio.gui.labs import lab_titles
from gradstudio.gui.orders import NAMES, SOURCE
from gradstudio.gui.wording import core_text
from gradstudio.training.data import DATASETS

EXAMPLE_SUFFIX = "*.gradstudio"
Key = QKeySequence.StandardKey
SEPARATOR = ("", "", None)

# Menu by menu: the name of a command of the canvas, or an action's name, its text, its keys. The
# text is looked up when it is shown.
_MENUS: tuple[tuple[str, tuple[str | tuple[str, str, object], ...]], ...] = (
    (
        mark("Menus", "&File"),
        (
            ("new", mark("Menus", "&New"), Key.New),
            ("new_window", mark("Menus", "New &window"), "Ctrl+Shift+N"),
            ("open", mark("Menus", "&Open…"), Key.Open),
            ("recent", mark("Menus", "Open &recent"), "menu"),
            ("examples", mark("Menus", "&Examples"), "menu"),
            SEPARATOR,
            ("save", mark("Menus", "&Save"), Key.Save),
            ("save_as", mark("Menus", "Save &as…"), "Ctrl+Shift+S"),
            ("export", mark("Menus", "&Export as"), "menu"),
            ("export_picture", mark("Menus", "Export p&icture…"), "Ctrl+Shift+I"),
            ("print", mark("Menus", "&Print…"), Key.Print),
            SEPARATOR,
            ("move_tab", mark("Menus", "&Move tab to new window"), None),
            ("close_tab", mark("Menus", "&Close tab"), "Ctrl+W"),
            ("quit", mark("Menus", "&Quit"), "Ctrl+Q"),
        ),
    ),
    (
        mark("Menus", "&Edit"),
        (
            ("undo", mark("Menus", "&Undo"), Key.Undo),
            ("redo", mark("Menus", "&Redo"), ("Ctrl+Y", "Ctrl+Shift+Z")),
            SEPARATOR,
            "cut",
            "copy",
            "copy_formula",
            ("copy_picture", mark("Menus", "Copy as p&icture"), "Ctrl+Shift+K"),
            "paste",
            "duplicate",
            "duplicate_linked",
            "delete",
            "bridge",
            "select_all",
            "select_upstream",
            "select_downstream",
            "select_between",
            SEPARATOR,
            "add_node",
            "find",
            ("find_op", mark("Menus", "Find an &operation"), "Ctrl+Shift+F"),
        ),
    ),
    (
        mark("Menus", "&View"),
        (
            "zoom_in",
            "zoom_out",
            "zoom_reset",
            "fit",
            "fit_selection",
            SEPARATOR,
            ("palette", mark("Menus", "&Palette"), "Ctrl+1"),
            ("inspector", mark("Menus", "I&nspector"), "Ctrl+2"),
            ("training", mark("Menus", "T&raining"), "Ctrl+3"),
            ("problems", mark("Menus", "Pro&blems"), "Ctrl+Shift+M"),
            ("minimap", mark("Menus", "&Minimap"), "Ctrl+4"),
            SEPARATOR,
            ("next_tab", mark("Menus", "Ne&xt tab"), ("Ctrl+Tab", "Ctrl+PgDown")),
            ("previous_tab", mark("Menus", "Pre&vious tab"), ("Ctrl+Shift+Tab", "Ctrl+PgUp")),
            ("next_area", mark("Menus", "Next &area"), "F6"),
            ("previous_area", mark("Menus", "Previous ar&ea"), "Shift+F6"),
            SEPARATOR,
            ("reduce_motion", mark("Menus", "Reduce &motion"), None),
            ("theme", mark("Menus", "&Theme"), "menu"),
            ("language", mark("Menus", "&Language"), "menu"),
        ),
    ),
    (
        mark("Menus", "&Graph"),
        (
            "mute",
            "swap",
            "slider",
            "reroute",
            "expand",
            "collapse",
            SEPARATOR,
            ("check", mark("Menus", "&Check gradients"), "Ctrl+K"),
            ("output", mark("Menus", "Choose &output"), "menu"),
            SEPARATOR,
            "frame",
            "unframe",
            "fold",
            "enter_frame",
            "leave_frame",
            "add_note",
        ),
    ),
    (
        mark("Menus", "A&rrange"),
        (
            "arrange",
            "arrange_selection",
            SEPARATOR,
            "align_left",
            "align_centre",
            "align_right",
            "align_top",
            "align_middle",
            "align_bottom",
            SEPARATOR,
            "distribute_across",
            "distribute_down",
            SEPARATOR,
            ("snap_grid", mark("Menus", "Snap to &grid"), "Ctrl+J, G"),
            ("snap_neighbours", mark("Menus", "Snap to &neighbours"), "Ctrl+J, N"),
        ),
    ),
    (
        mark("Menus", "&Train"),
        (
            ("train", mark("Menus", "&Train"), "Ctrl+T"),
            ("pause", mark("Menus", "&Pause"), "Ctrl+Shift+T"),
            ("step", mark("Menus", "&Step"), "Ctrl+."),
            ("reset", mark("Menus", "&Reset"), None),
            SEPARATOR,
            ("load_csv", mark("Menus", "&Load CSV…"), None),
            ("datasets", mark("Menus", "Fill with &example data"), "menu"),
        ),
    ),
    (
        mark("Menus", "&Lab"),
        (
            ("open_lab", mark("Menus", "&Open lab…"), None),
            ("labs", mark("Menus", "&Labs that come along"), "menu"),
            SEPARATOR,
            ("check_item", mark("Menus", "&Check"), ("Ctrl+Return", "Ctrl+Enter")),
            ("hint", mark("Menus", "&Hint"), "Ctrl+Shift+H"),
            ("keep_answer", mark("Menus", "&Keep the answer"), None),
            ("next_blank", mark("Menus", "&Next blank"), "F8"),
            SEPARATOR,
            ("submit", mark("Menus", "&Submit…"), ("Ctrl+Shift+Return", "Ctrl+Shift+Enter")),
        ),
    ),
    (
        mark("Menus", "&Help"),
        (
            ("commands", mark("Menus", "&Commands…"), "Ctrl+Shift+P"),
            ("shortcuts", mark("Menus", "&Keys and gestures"), "F1"),
            ("how_to", mark("Menus", "&How to"), None),
            ("about", mark("Menus", "&About GradStudio"), None),
        ),
    ),
)
PANELS = ("palette", "inspector", "training")
"""The entries that show or hide a panel."""
_THEME_NAMES = {
    SYSTEM: mark("Menus", "As the system"),
    "light": mark("Menus", "Light"),
    "dark": mark("Menus", "Dark"),
}
_EXPORTS = {
    "formula": mark("Menus", "&Formula…"),
    "numpy": mark("Menus", "&NumPy, line by line…"),
    "numpy-modular": mark("Menus", "NumPy, a &class for each op…"),
    "torch": mark("Menus", "&PyTorch module…"),
    "latex": mark("Menus", "&LaTeX…"),
}
_LANGUAGE_NAMES = {SYSTEM: mark("Menus", "As the system"), ENGLISH: "English", CHINESE: "简体中文"}


class Menus(QObject):
    """Fills the menu bar of `window`; `actions` has every action by name.

    Args:
        window: what has the menu bar.
        appearance: what the theme and language menus show and choose.
        recent: gives the files opened lately.
        outputs: gives the nodes that can be the output, and which of them is.
    """

    file_wanted = Signal(object)
    example_wanted = Signal(object)
    lab_wanted = Signal(object)
    output_wanted = Signal(str)
    dataset_wanted = Signal(str)
    export_wanted = Signal(str)
    grey_asked = Signal(str)
    """A command was asked for by its two keys, and is greyed out."""

    def __init__(
        self,
        window: QMainWindow,
        appearance: Appearance,
        recent: Callable[[], Sequence[Path]],
        outputs: Callable[[], tuple[Sequence[str], str | None]],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._appearance = appearance
        self._recent = recent
        self._outputs = outputs
        self.actions: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self._tops: list[tuple[QMenu, str]] = []
        self._texts: dict[str, str] = {}
        self._choices: list[tuple[QAction, str]] = []
        self._examples: list[tuple[QAction, Mapping[str, str]]] = []
        for title, entries in _MENUS:
            top = window.menuBar().addMenu("")
            top.menuAction().setProperty(SOURCE, title)
            self._tops.append((top, title))
            for one in entries:
                if isinstance(one, str):
                    self._add(top, one, COMMANDS[one].text, COMMANDS[one].keys)
                else:
                    self._add(top, *one)
        self.actions["quit"].setMenuRole(QAction.MenuRole.QuitRole)
        self.actions["about"].setMenuRole(QAction.MenuRole.AboutRole)
        self._fill_choices("theme", THEMES, _THEME_NAMES, appearance.choose_theme)
        self._fill_choices("language", LANGUAGES, _LANGUAGE_NAMES, appearance.choose_language)
        still = self.actions["reduce_motion"]
        still.toggled.connect(motion.set_reduced)
        # Another window, or the system, may have been asked meanwhile.
        view = next(menu for menu, _ in self._tops if still in menu.actions())
        view.aboutToShow.connect(lambda: _tick(still, motion.is_reduced()))
        _tick(still, motion.is_reduced())
        self.menus["recent"].aboutToShow.connect(self._fill_recent)
        self.menus["output"].aboutToShow.connect(self._fill_outputs)
        self._fill_examples()
        self._fill_labs()
        self._fill_datasets()
        self._fill_exports()
        self.retranslate()

    def _add(self, top: QMenu, name: str, text: str, keys: object) -> None:
        if not name:
            top.addSeparator()
            return
        self._texts[name] = text
        if keys == "menu":
            menu = top.addMenu("")
            menu.setObjectName(name)
            menu.menuAction().setProperty(SOURCE, text)
            self.menus[name] = menu
            self.actions[name] = menu.menuAction()
            return
        action = top.addAction("")
        action.setObjectName(f"action_{name}")
        action.setProperty(SOURCE, text)
        action.setCheckable(name in (*PANELS, *SWITCHES, "reduce_motion"))
        self.actions[name] = action
        if keys is not None:
            some = keys if isinstance(keys, tuple | QKeySequence.StandardKey) else (str(keys),)
            action.setShortcuts(key_sequences(some))
            if len(action.shortcut().toString()) == 1:
                # A letter means this on the canvas alone, which knows it; elsewhere it is typed.
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            if name in COMMANDS and action.shortcut().count() > 1:
                self._answer_for(action, name)

    def _answer_for(self, action: QAction, name: str) -> None:
        """Let the two keys of a command be heard while it is greyed out, too.

        A single key then comes to the canvas, which says what is lacking; of two, Qt waits for the
        second as others begin alike, and lets nobody have it.
        """
        keys = QShortcut(action.shortcut(), self._window)
        keys.activated.connect(lambda: self.grey_asked.emit(name))
        keys.setEnabled(not action.isEnabled())
        action.enabledChanged.connect(lambda on: keys.setEnabled(not on))

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        for menu, title in self._tops:
            menu.setTitle(self.tr(title))
        for name, text in self._texts.items():
            self.actions[name].setText(self.tr(text))
        for action, text in self._choices:
            action.setText(self.tr(text))
        spoken = self._appearance.language.partition("_")[0]
        for action, titles in self._examples:
            action.setText(_unmnemonic(titles.get(spoken) or titles["en"]))
        for action in self.menus["datasets"].actions():
            title = core_text(DATASETS[action.data()].title)
            action.setText(self.tr("{name}: {title}").format(name=action.data(), title=title))

    def mark_choices(self) -> None:
        """Tick the theme and the language that are chosen."""
        for name, choice in (
            ("theme", self._appearance.theme_choice),
            ("language", self._appearance.language_choice),
        ):
            for action in self.menus[name].actions():
                action.setChecked(action.data() == choice)

    def _fill_choices(
        self,
        name: str,
        choices: Sequence[str],
        texts: dict[str, str],
        choose: Callable[[str], None],
    ) -> None:
        menu = self.menus[name]
        group = QActionGroup(menu)
        for choice in choices:
            action = menu.addAction("")
            action.setCheckable(True)
            action.setData(choice)
            group.addAction(action)
            action.triggered.connect(lambda _on, choice=choice: choose(choice))
            action.setProperty(SOURCE, texts[choice])
            self._choices.append((action, texts[choice]))
        menu.aboutToShow.connect(self.mark_choices)
        self.mark_choices()

    def _fill_recent(self) -> None:
        menu = self.menus["recent"]
        menu.clear()
        for path in self._recent():
            action = menu.addAction(_unmnemonic(path.name))
            action.setStatusTip(str(path))
            action.triggered.connect(lambda _on, path=path: self.file_wanted.emit(path))
        if menu.isEmpty():
            menu.addAction(self.tr("No file was opened yet")).setEnabled(False)

    def _fill_outputs(self) -> None:
        menu = self.menus["output"]
        menu.clear()
        names, chosen = self._outputs()
        for name in names:
            action = menu.addAction(_unmnemonic(name))
            action.setCheckable(True)
            action.setChecked(name == chosen)
            action.triggered.connect(lambda _on, name=name: self.output_wanted.emit(name))
        if menu.isEmpty():
            menu.addAction(self.tr("The graph is empty")).setEnabled(False)

    def _fill_examples(self) -> None:
        menu = self.menus["examples"]
        for path in example_files():
            action = menu.addAction("")
            action.triggered.connect(lambda _on, path=path: self.example_wanted.emit(path))
            action.setProperty(NAMES, list(example_titles(path).values()))
            action.setData(path.stem)
            self._examples.append((action, example_titles(path)))
        menu.setEnabled(not menu.isEmpty())

    def _fill_labs(self) -> None:
        menu = self.menus["labs"]
        for path, titles in lab_titles():
            action = menu.addAction("")
            action.triggered.connect(lambda _on, path=path: self.lab_wanted.emit(path))
            action.setProperty(NAMES, list(titles.values()))
            action.setData(path.stem)
            self._examples.append((action, titles))
        menu.setEnabled(not menu.isEmpty())

    def _fill_exports(self) -> None:
        menu = self.menus["export"]
        for language, text in _EXPORTS.items():
            action = menu.addAction("")
            action.triggered.connect(lambda _on, one=language: self.export_wanted.emit(one))
            action.setProperty(SOURCE, text)
            action.setData(language)
            self._choices.append((action, text))

    def _fill_datasets(self) -> None:
        menu = self.menus["datasets"]
        for name in DATASETS:
            action = menu.addAction(name)
            action.setData(name)
            action.triggered.connect(lambda _on, name=name: self.dataset_wanted.emit(name))


def _tick(action: QAction, on: bool) -> None:
    """Show whether something is on, without choosing it."""
    action.blockSignals(True)
    action.setChecked(on)
    action.blockSignals(False)


def example_files() -> list[Path]:
    """Return the graphs that come with the program."""
    try:
        folder = resources.path("examples")
    except FileNotFoundError:
        return []
    return sorted(folder.glob(EXAMPLE_SUFFIX))


def example_titles(path: Path) -> Mapping[str, str]:
    """Return what the example at `path` is called, by language; at least in English."""
    titles = storage.load(path).extra.get("title")
    return titles if isinstance(titles, dict) and "en" in titles else {"en": path.stem}


def _unmnemonic(text: str) -> str:
    """Return `text` so that a menu shows it as it is."""
    return text.replace("&", "&&")
