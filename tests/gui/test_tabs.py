"""Tabs and windows: opening, closing, moving and dropping, and that nothing is lost or kept."""

import gc
import os
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionTab
from pytestqt.qtbot import QtBot

from gradstudio import formula, resources, storage
from gradstudio.graph import Graph
from gradstudio.gui.app import open_first_example
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.dialogs import Answer, FileToSave, UnsavedChanges
from gradstudio.gui.main_window import MainWindow
from gradstudio.gui.page import GraphPage
from gradstudio.gui.tabs import NARROWEST_PX, TabRow, Tabs
from gradstudio.gui.theme import DARK

NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


@pytest.fixture
def window(
    qtbot: QtBot, appearance: Appearance, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)
    made = MainWindow(appearance)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    for one in tuple(made.windows):
        one.close_for_good()
    vanish()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which documents were asked about; everything is answered with Cancel."""
    titles: list[str] = []
    monkeypatch.setattr(
        UnsavedChanges, "ask", lambda title, *args: titles.append(title) or Answer.CANCEL
    )
    return titles


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = []
    for name, text in (("one", "f = (x + y) * z"), ("two", "g = x * y")):
        paths.append(tmp_path / f"{name}.gradstudio")
        graph = formula.parse(text)
        storage.save(
            paths[-1], graph.set_values(dict.fromkeys("xyz" if name == "one" else "xy", 2))
        )
    return paths


def vanish() -> None:
    """Let everything go that was told to go later."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


def trigger(window: MainWindow, name: str) -> None:
    window.menus.actions[name].trigger()


def tabs(window: MainWindow) -> Tabs:
    return window.findChild(Tabs, "tabs")


def names(window: MainWindow) -> list[str]:
    row = tabs(window)
    return [row.tabText(at) for at in range(row.count())]


def edit(window: MainWindow, text: str = "h = a * b") -> None:
    window.document.commit("edit", formula.parse(text).set_values({"a": 2, "b": 3}))
    window.document.settle()


DROPPED = ("The text that was dropped is no graph: ", "No graph can be read from the text: ")


def drop(window: MainWindow, data: QMimeData) -> None:
    enter = QDragEnterEvent(QPointF(300, 300).toPoint(), Qt.DropAction.CopyAction, data, LEFT, NONE)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, LEFT, NONE))
    QApplication.processEvents()


def urls(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def text(said: str) -> QMimeData:
    data = QMimeData()
    data.setText(said)
    return data


# -- opening ---------------------------------------------------------------------------------


def test_each_file_has_a_tab_and_an_untouched_page_is_used(
    window: MainWindow, files: list[Path]
) -> None:
    assert names(window) == ["Untitled"]
    window.filing.open_files(files)
    assert names(window) == ["one", "two"]
    assert window.document.path == files[1]
    assert tabs(window).currentIndex() == 1
    window.filing.open_file(files[0])
    assert names(window) == ["one", "two"]
    assert window.document.path == files[0]
    assert window.windowTitle() == "one.gradstudio[*] — GradStudio"


def test_new_is_a_tab_unless_nothing_was_done_yet(qtbot: QtBot, window: MainWindow) -> None:
    first = window.page
    qtbot.keyClick(window, Qt.Key.Key_N, CONTROL)
    assert window.pages == (first,)
    edit(window)
    trigger(window, "new")
    assert len(window.pages) == 2
    assert window.page is not first
    assert names(window) == ["Untitled ●", "Untitled"]
    row = window.findChildren(TabRow)[1]
    edit(window)
    qtbot.mouseDClick(row, LEFT, NONE, row.rect().center())
    assert len(window.pages) == 3


def test_an_example_lends_its_name_to_its_copy(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    open_first_example(window)
    assert names(window) == ["sigmoid"]
    proposed: list[Path] = []
    monkeypatch.setattr(FileToSave, "ask", lambda *args: proposed.append(args[2]))
    assert not window.filing.save()
    assert proposed[0].name == "sigmoid.gradstudio"
    trigger(window, "new")
    assert window.document.title == "Untitled"


def test_of_files_that_cannot_be_read_no_tab_is_left(
    window: MainWindow, files: list[Path], said: list[str], tmp_path: Path
) -> None:
    torn = tmp_path / "torn.gradstudio"
    torn.write_text("{")
    window.filing.open_files([files[0], torn, tmp_path / "missing.gradstudio", files[1]])
    vanish()
    assert names(window) == ["one", "two"]
    assert len(said) == 1
    assert "torn.gradstudio" in said[0]
    assert "missing.gradstudio" in said[0]


def test_a_file_of_another_tab_is_not_written_over(
    window: MainWindow, files: list[Path], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    window.filing.open_files(files)
    before = files[0].read_bytes()
    monkeypatch.setattr(FileToSave, "ask", lambda *args: files[0])
    assert not window.filing.save_as()
    assert "one.gradstudio" in said[0]
    assert files[0].read_bytes() == before
    assert window.document.path == files[1]


def test_files_of_one_name_are_told_apart(
    window: MainWindow, files: list[Path], tmp_path: Path
) -> None:
    other = tmp_path / "week 2" / "one.gradstudio"
    other.parent.mkdir()
    other.write_bytes(files[0].read_bytes())
    window.filing.open_files([files[0], other, files[1]])
    assert names(window) == [f"one — {tmp_path.name}", "one — week 2", "two"]
    assert str(other) in tabs(window).tabToolTip(1)


# -- one page at a time ----------------------------------------------------------------------


def test_everything_follows_the_page(
    qtbot: QtBot, window: MainWindow, files: list[Path], appearance: Appearance
) -> None:
    window.filing.open_files(files)
    window.document.settle()
    assert window.status.summary.text() == "3 nodes · 2 edges · g = 4"
    edit(window)
    assert names(window) == ["one", "two ●"]
    assert window.isWindowModified()
    assert window.status.saved.text() == "unsaved changes"
    qtbot.keyClick(window, Qt.Key.Key_PageUp, CONTROL)
    assert window.document.path == files[0]
    assert not window.isWindowModified()
    assert not window.menus.actions["undo"].isEnabled()
    assert window.status.summary.text() == "5 nodes · 4 edges · f = 8"
    assert window.status.saved.text() == "saved"
    window.canvas.lens.zoom_in()
    zoomed = window.status.zoom.text()
    trigger(window, "next_tab")
    assert window.menus.actions["undo"].text() == "&Undo: edit"
    assert window.status.zoom.text() != zoomed
    trigger(window, "undo")
    assert names(window) == ["one", "two"]
    appearance.choose_theme("dark")
    assert [page.canvas.theme for page in window.pages] == [DARK, DARK]
    trigger(window, "new")
    assert window.canvas.theme is DARK
    appearance.choose_theme("light")


def test_what_a_page_that_is_not_seen_does_is_not_shown(
    qtbot: QtBot, window: MainWindow, files: list[Path]
) -> None:
    open_first_example(window)
    learning = window.page
    window.training.steps.setValue(30)
    trigger(window, "train")
    window.filing.open_file(files[0])
    window.document.settle()
    shown = window.status.summary.text()
    qtbot.waitUntil(lambda: not learning.session.running)
    assert learning.document.undo_stack.undoText() == "Train 30 steps"
    learning.document.settle()
    assert window.status.summary.text() == shown
    assert window.status.currentMessage().startswith("sigmoid: Training stopped")
    assert names(window) == ["sigmoid ●", "one"]
    assert not window.menus.actions["undo"].isEnabled()


def test_keys_go_round_the_tabs(qtbot: QtBot, window: MainWindow, files: list[Path]) -> None:
    window.filing.open_files(files)
    window.activateWindow()
    qtbot.waitUntil(window.canvas.hasFocus)
    for key, keys, path in (
        (Qt.Key.Key_Tab, CONTROL, files[0]),
        (Qt.Key.Key_PageDown, CONTROL, files[1]),
        (Qt.Key.Key_Backtab, CONTROL | Qt.KeyboardModifier.ShiftModifier, files[0]),
        (Qt.Key.Key_PageUp, CONTROL, files[1]),
    ):
        qtbot.keyClick(window.canvas, key, keys)
        assert window.document.path == path
    qtbot.waitUntil(window.canvas.hasFocus)
    row = tabs(window)
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Left)
    assert window.document.path == files[0]
    assert row.hasFocus()


def test_the_layout_does_not_jump(qtbot: QtBot, window: MainWindow, files: list[Path]) -> None:
    window.filing.open_files(files)
    QApplication.processEvents()
    for splitter in window.page._splitters:
        one, two = splitter.sizes()
        splitter.setSizes([one - 40, two + 40])
    trigger(window, "inspector")

    def places() -> list[object]:
        QApplication.processEvents()
        return [
            part.rect().translated(part.mapTo(window, part.rect().topLeft()))
            for part in (window.canvas, window.training, window.formula_bar, tabs(window))
        ]

    before = places()
    row = tabs(window).tabRect(0)
    qtbot.mouseClick(tabs(window), LEFT, NONE, row.center())
    assert window.document.path == files[0]
    assert not window.inspector.isVisible()
    assert places() == before
    window.resize(1440, 900)
    before = places()
    trigger(window, "next_tab")
    assert places() == before
    edit(window)
    trigger(window, "new")
    assert places()[:3] == before[:3]


def test_a_page_is_fitted_into_its_canvas_when_it_is_seen_first(
    window: MainWindow, files: list[Path]
) -> None:
    window.filing.open_files(files)
    QApplication.processEvents()
    canvas = window.canvas
    middle = canvas.mapToScene(canvas.viewport().rect().center())
    bounds = canvas.picture.bounds(1.0)
    assert abs(bounds.center().x() - middle.x()) < bounds.width() / 4
    assert abs(bounds.center().y() - middle.y()) < bounds.height() / 4


def test_tabs_are_moved(qtbot: QtBot, window: MainWindow, files: list[Path]) -> None:
    window.filing.open_files(files)
    tabs(window).moveTab(1, 0)
    assert names(window) == ["two", "one"]
    assert window.document.path == files[1]
    trigger(window, "next_tab")
    assert window.document.path == files[0]
    edit(window)
    assert names(window) == ["two", "one ●"]


# -- closing ---------------------------------------------------------------------------------


def test_ways_to_close_a_tab(qtbot: QtBot, window: MainWindow, files: list[Path]) -> None:
    window.filing.open_files(files)
    row = tabs(window)
    qtbot.mouseClick(row, MIDDLE, NONE, row.tabRect(0).center())
    assert names(window) == ["two"]
    assert window.document.path == files[1]
    qtbot.keyClick(window, Qt.Key.Key_W, CONTROL)
    assert names(window) == ["Untitled"]
    assert window.page.untouched
    qtbot.keyClick(window, Qt.Key.Key_W, CONTROL)
    assert names(window) == ["Untitled"]
    window.filing.open_files(files)
    row.tabButton(0, row.ButtonPosition.RightSide).click()
    assert names(window) == ["two"]


def test_the_page_asked_about_is_shown(
    qtbot: QtBot, window: MainWindow, files: list[Path], asked: list[str]
) -> None:
    window.filing.open_files(files)
    edit(window)
    trigger(window, "previous_tab")
    row = tabs(window)
    qtbot.mouseClick(row, MIDDLE, NONE, row.tabRect(1).center())
    assert asked == ["two.gradstudio"]
    assert window.document.path == files[1]
    assert names(window) == ["one", "two ●"]


def test_closing_the_others_stops_at_the_first_that_is_kept(
    window: MainWindow, files: list[Path], asked: list[str]
) -> None:
    window.filing.open_files(files)
    trigger(window, "new")
    window._pages.show(window.pages[1])
    edit(window)
    menu = tabs(window).menu(2)
    menu.actions()[1].trigger()
    menu.deleteLater()
    assert asked == ["two.gradstudio"]
    assert names(window) == ["two ●", "Untitled"]


def test_a_closed_page_leaves_no_memory_behind(
    qtbot: QtBot, window: MainWindow, files: list[Path]
) -> None:
    window.filing.open_file(files[0])
    values = np.zeros((100, 100))
    graph = Graph().add("m", "parameter", value=values).add("s", "sum", ["m"])
    trigger(window, "new")
    edit(window)
    window.document.commit("big", graph)
    window.document.settle()
    window.canvas.select(("m",))
    QApplication.processEvents()
    qtbot.waitUntil(lambda: window.training.plot.chart is not None)
    page = window.page
    kept = [
        weakref.ref(one)
        for one in (page, page.document, page.canvas, page.inspector, page.training, page.session)
    ]
    nodes = weakref.ref(graph)
    del page, graph
    trigger(window, "close_tab")
    assert names(window) == ["one"]
    vanish()
    gc.collect()
    assert [one() for one in kept] == [None] * len(kept)
    assert nodes() is None


def test_many_tabs_are_scrolled_and_leave_no_gap(
    window: MainWindow, files: list[Path], tmp_path: Path
) -> None:
    paths = [tmp_path / f"homework-of-student-{at}.gradstudio" for at in range(14)]
    for path in paths:
        path.write_bytes(files[0].read_bytes())
    window.filing.open_files(paths)
    QApplication.processEvents()
    row = tabs(window)
    assert all(row.tabRect(at).width() >= NARROWEST_PX for at in range(14))
    last = row.tabRect(13)
    assert row.rect().contains(last)
    assert last.right() > row.width() - NARROWEST_PX
    window._pages.show(window.pages[0])
    assert row.rect().contains(row.tabRect(0))


# -- windows ---------------------------------------------------------------------------------


def other(window: MainWindow) -> MainWindow:
    (found,) = (one for one in window.windows if one is not window)
    return found


def test_a_second_window_shares_files_theme_and_language(
    qtbot: QtBot, window: MainWindow, files: list[Path], appearance: Appearance
) -> None:
    window.filing.open_file(files[0])
    trigger(window, "new_window")
    second = other(window)
    assert second.isVisible()
    assert names(second) == ["Untitled"]
    second.filing.open_files(files)
    assert names(second) == ["two"]
    assert names(window) == ["one"]
    appearance.choose_language("zh_CN")
    QCoreApplication.processEvents()
    assert second.menus.actions["save"].text() == window.menus.actions["save"].text() != "&Save"
    appearance.choose_language("en")
    QCoreApplication.processEvents()


def test_a_tab_becomes_a_window_with_its_history(
    qtbot: QtBot, window: MainWindow, files: list[Path]
) -> None:
    window.filing.open_files(files)
    edit(window)
    page = window.page
    window.menus.actions["move_tab"].trigger()
    second = other(window)
    assert second.pages == (page,)
    assert window.document.path == files[0]
    assert not window.menus.actions["move_tab"].isEnabled()
    assert second.canvas.isVisible()
    trigger(second, "undo")
    assert second.document.graph.nodes.keys() == {"x", "y", "g"}
    assert names(second) == ["two"]
    assert not second.menus.actions["undo"].isEnabled()
    window.canvas.lens.zoom_in()
    assert second.status.zoom.text() == f"{second.canvas.zoom:.0%}"
    gone = weakref.ref(second)
    assert second.close()
    del second, page
    vanish()
    gc.collect()
    assert gone() is None
    assert window.windows == [window]


def test_a_window_that_is_deleted_while_it_is_seen_goes_quietly(
    qtbot: QtBot, appearance: Appearance
) -> None:
    made = MainWindow(appearance)
    made.show()
    qtbot.waitExposed(made)
    made.deleteLater()
    vanish()


def test_quitting_asks_for_every_page_of_every_window(
    qtbot: QtBot,
    window: MainWindow,
    files: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window.filing.open_files(files)
    edit(window)
    trigger(window, "new_window")
    second = other(window)
    edit(second)
    trigger(second, "new")
    edit(second)
    titles: list[str] = []
    answers = iter([Answer.DISCARD, Answer.DISCARD, Answer.CANCEL])
    monkeypatch.setattr(
        UnsavedChanges, "ask", lambda title, *args: titles.append(title) or next(answers)
    )
    trigger(window, "quit")
    assert titles == ["two.gradstudio", "Untitled", "Untitled"]
    assert window.isVisible()
    assert second.isVisible()
    # Whoever thought better of it is asked again.
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.CANCEL)
    assert not window.close()
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)
    trigger(second, "quit")
    assert not window.isVisible()
    assert window.windows == []


def test_what_a_page_learns_in_the_background_is_asked_about(
    qtbot: QtBot, window: MainWindow, files: list[Path], asked: list[str]
) -> None:
    open_first_example(window)
    learning = window.page
    window.training.steps.setValue(1_000_000)
    trigger(window, "train")
    qtbot.waitUntil(lambda: learning.session.steps > 0)
    window.filing.open_file(files[0])
    trigger(window, "quit")
    assert asked == ["sigmoid"]
    assert window.isVisible()
    assert window.page is learning
    assert not learning.session.running
    assert learning.document.undo_stack.undoText().startswith("Train ")


def test_closing_the_last_tab_of_a_further_window_closes_it(
    window: MainWindow, files: list[Path]
) -> None:
    trigger(window, "new_window")
    second = other(window)
    second.filing.open_file(files[0])
    trigger(second, "close_tab")
    assert second.isVisible()
    trigger(second, "close_tab")
    assert window.windows == [window]
    trigger(window, "close_tab")
    assert window.isVisible()


# -- dropping --------------------------------------------------------------------------------


def test_dropped_files_open_and_nonsense_is_said(
    window: MainWindow, files: list[Path], said: list[str], tmp_path: Path
) -> None:
    edit(window)
    graph = window.document.graph
    picture = tmp_path / "cat.png"
    picture.write_bytes(b"\x89PNG")
    drop(window, urls(files[0], picture, files[1]))
    assert names(window) == ["Untitled ●", "one", "two"]
    assert said == [], "a box that waits for an answer inside a drop ends the process"
    assert window.canvas.toast.isVisible()
    assert window.canvas.toast.text.startswith("cat.png is no graph")
    assert window.pages[0].document.graph is graph


def test_a_dropped_table_fills_the_data(window: MainWindow, tmp_path: Path) -> None:
    graph = formula.parse("p = w * x; loss = mse(p, y)").set_values({"w": 1.0, "x": 1, "y": 2})
    for leaf in ("x", "y"):
        graph = graph.set_settings(leaf, {"data": True})
    window.document.commit("data", graph)
    table = tmp_path / "t.csv"
    table.write_text("x,y\n1,2\n3,4\n")
    drop(window, urls(table))
    np.testing.assert_array_equal(window.document.graph.nodes["y"].value, [2, 4])
    assert window.document.undo_stack.undoText() == "Load t.csv"


@pytest.mark.parametrize("kind", ["formula", "file"])
def test_dropped_text_that_is_a_graph_becomes_one(
    window: MainWindow, files: list[Path], kind: str
) -> None:
    window.filing.open_file(files[0])
    drop(window, text("f = x * y" if kind == "formula" else files[1].read_text(encoding="utf-8")))
    assert len(window.pages) == 2
    assert len(window.document.graph.nodes) == 3
    assert window.document.modified
    trigger(window, "undo")
    assert not window.document.graph.nodes


@pytest.mark.parametrize(
    "nonsense",
    [
        "Dear all, the meeting is off!",
        "{]",
        '{"format": "x"}',
        "import os",
        "\0\0",
        '{"\udc80": 1}',
    ],
)
def test_dropped_text_that_is_no_graph_is_one_message(
    window: MainWindow, files: list[Path], said: list[str], nonsense: str
) -> None:
    window.filing.open_file(files[0])
    graph = window.document.graph
    drop(window, text(nonsense))
    assert said == []
    assert window.canvas.toast.text.startswith(DROPPED)
    assert window.canvas.toast.text.count("\n") == 0
    assert window.pages == (window.page,)
    assert window.document.graph is graph


def test_a_file_can_be_dropped_anywhere_also_on_the_formula(
    window: MainWindow, files: list[Path]
) -> None:
    field, palette = window.formula_bar.field, window.palette_panel
    for target, path in zip((field, palette), files, strict=True):
        at = QPointF(5, 5)
        data, copy = urls(path), Qt.DropAction.CopyAction
        enter = QDragEnterEvent(at.toPoint(), copy, data, LEFT, NONE)
        QApplication.sendEvent(target, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(target, QDropEvent(at, copy, data, LEFT, NONE))
        QApplication.processEvents()
        assert window.document.path == path
        assert "file" not in field.text()
    assert names(window) == ["one", "two"]


# -- the drawer ------------------------------------------------------------------------------


def test_the_training_controls_stay_in_sight_beside_another_panel(
    qtbot: QtBot, appearance: Appearance
) -> None:
    page = GraphPage(appearance.theme)
    qtbot.addWidget(page)
    qtbot.addWidget(page.bar)
    page.resize(1000, 700)
    page.show()
    drawer = page.training.drawer
    count = [0]
    extra = type(page.bar)(page)
    drawer.add(extra, lambda: f"Found {count[0]}")
    last = drawer.tabs.count() - 1
    assert [drawer.tabs.tabText(at) for at in (0, last)] == ["Loss", "Found 0"]
    assert page.training.plot.isVisible()
    qtbot.mouseClick(drawer.tabs, LEFT, NONE, drawer.tabs.tabRect(last).center())
    assert extra.isVisible()
    assert drawer.panel is extra
    assert not page.training.plot.isVisible()
    assert page.training.train_button.isVisible()
    count[0] = 3
    drawer.retitle()
    assert drawer.tabs.tabText(last) == "Found 3"
    drawer.show_panel(page.training.plot)
    assert page.training.plot.isVisible()


def test_no_name_is_cut_where_there_is_room(window: MainWindow) -> None:
    for name in ("sigmoid", "mlp", "xyz"):
        window.filing.open_example(resources.path("examples", f"{name}.gradstudio"))
    tabs = window.findChild(Tabs)
    for current in range(tabs.count()):
        tabs.setCurrentIndex(current)
        QApplication.processEvents()
        for at in range(tabs.count()):
            assert tabs.tabRect(at).width() >= tabs.tabSizeHint(at).width()
    assert _left_of(tabs) == "sigmoid"


def _left_of(tabs: Tabs) -> str:
    """Return the name of the first tab as far as it is written: the style is asked, as Qt does."""
    option = QStyleOptionTab()
    tabs.initStyleOption(option, 0)
    room = tabs.style().subElementRect(QStyle.SubElement.SE_TabBarTabText, option, tabs)
    return tabs.fontMetrics().elidedText(option.text, Qt.TextElideMode.ElideRight, room.width())


def test_what_cannot_be_opened_is_said_in_plain_words(
    window: MainWindow, tmp_path: Path, said: list[str]
) -> None:
    (tmp_path / "nonsense.bin").write_bytes(b"\x89\xff\x00PNG")
    (tmp_path / "folder").mkdir()
    (tmp_path / "cut.gradstudio").write_text('{"format": "gradstudio", "version": 1, "nodes": {')
    names = ("nonsense.bin", "folder", "nowhere.gradstudio", "cut.gradstudio")
    window.filing.open_files([tmp_path / name for name in names])
    assert len(said) == 1
    nonsense, folder, nowhere, cut = said[0].splitlines()
    assert nonsense.startswith("nonsense.bin is not a GradStudio file. Open a graph (.gradstudio)")
    assert folder.startswith("folder is a folder. Open a graph")
    assert nowhere == "nowhere.gradstudio was not found. Check its name and its folder."
    assert "damaged or cut off" in cut
    assert window.isVisible()
    assert window.page.untouched


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_is_refused_and_not_waited_for(
    window: MainWindow, tmp_path: Path, said: list[str]
) -> None:
    os.mkfifo(tmp_path / "pipe.gradstudio")
    window.filing.open_file(tmp_path / "pipe.gradstudio")
    assert len(said) == 1
    assert "this is no ordinary file" in said[0]
    assert window.page.untouched
