"""The window: files, prompts, menus, theme and language, and the parts working together."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QThread, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from gradstudio import formula, storage
from gradstudio.emit import EMITTERS
from gradstudio.engine.gradcheck import LeafCheck
from gradstudio.formula.definition import define
from gradstudio.graph import Graph
from gradstudio.gui import main_window as module
from gradstudio.gui import motion
from gradstudio.gui.app import open_first_example
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.canvas.hover import edge_tip, node_tip
from gradstudio.gui.dialogs import Answer, FileToOpen, FileToSave, Message, Page, UnsavedChanges
from gradstudio.gui.gradient_check import GradientCheck
from gradstudio.gui.main_window import MainWindow
from gradstudio.gui.menus import example_files
from gradstudio.gui.style import sheet
from gradstudio.gui.theme import DARK, LIGHT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "xyz.gradstudio"
    graph = formula.parse("f = (x + y) * z").set_values({"x": -2, "y": 5, "z": -4})
    storage.save(path, graph)
    return path


def build(qtbot: QtBot, window: MainWindow, text: str) -> None:
    field = window.formula_bar.field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    window.document.settle()


def trigger(window: MainWindow, name: str) -> None:
    window.menus.actions[name].trigger()


# -- files -----------------------------------------------------------------------------------


def test_opening_shows_the_graph_and_its_name(window: MainWindow, file: Path) -> None:
    window.filing.open_file(file)
    assert window.windowTitle() == "xyz.gradstudio[*] — GradStudio"
    assert not window.isWindowModified()
    assert window.status.summary.text() == "5 nodes · 4 edges · f = −12"
    assert window.canvas.edge_text("f", 1) == ("−4", "3")
    assert window.filing.recent_files() == [file]


def test_a_file_that_cannot_be_read_is_one_message(
    window: MainWindow, file: Path, said: list[str], tmp_path: Path
) -> None:
    window.filing.open_file(file)
    graph = window.document.graph
    torn = tmp_path / "torn.gradstudio"
    torn.write_text("{")
    window.filing.open_file(torn)
    assert len(said) == 1
    assert "torn.gradstudio" in said[0]
    assert window.document.graph is graph
    assert window.document.path == file


def test_a_file_is_dropped_on_the_window(window: MainWindow, file: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    none = Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    drop = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, left, none)
    window.dropEvent(drop)
    assert window.document.path is None, "opened inside the drop event"
    QApplication.processEvents()
    assert window.document.path == file


def test_save_as_and_save(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.gradstudio"
    monkeypatch.setattr(FileToSave, "ask", lambda *args: path)
    build(qtbot, window, "f = x * y")
    assert window.isWindowModified()
    assert window.status.saved.text() == "unsaved changes"
    trigger(window, "save")
    assert not window.isWindowModified()
    assert window.status.saved.text().startswith("saved ")
    assert set(storage.load(path).nodes) == {"x", "y", "f"}
    build(qtbot, window, "f = x * y + 1")
    monkeypatch.setattr(FileToSave, "ask", lambda *args: pytest.fail("it has a file already"))
    trigger(window, "save")
    assert len(storage.load(path).nodes) == 5


def test_a_file_that_cannot_be_written_is_said(
    qtbot: QtBot,
    window: MainWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: list[str],
) -> None:
    monkeypatch.setattr(FileToSave, "ask", lambda *args: tmp_path / "missing" / "a.gradstudio")
    build(qtbot, window, "f = x * y")
    assert not window.filing.save()
    assert len(said) == 1
    assert window.isWindowModified()


@pytest.mark.parametrize(("answer", "left"), [(Answer.DISCARD, True), (Answer.CANCEL, False)])
def test_unsaved_changes_are_asked_about(
    qtbot: QtBot,
    window: MainWindow,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    left: bool,
) -> None:
    build(qtbot, window, "f = x * y")
    asked = []
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: asked.append(args) or answer)
    trigger(window, "close_tab")
    assert len(asked) == 1
    assert (not window.document.graph.nodes) is left
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)


def test_saving_before_leaving(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.gradstudio"
    build(qtbot, window, "f = x * y")
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.SAVE)
    monkeypatch.setattr(FileToSave, "ask", lambda *args: path)
    trigger(window, "close_tab")
    assert path.exists()
    assert not window.document.graph.nodes


def test_closing_can_be_thought_better_of(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(qtbot, window, "f = x * y")
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.CANCEL)
    assert not window.close()
    assert window.isVisible()
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)
    assert window.close()


def test_the_examples_are_listed_and_open_as_copies(window: MainWindow) -> None:
    entries = window.menus.menus["examples"].actions()
    assert len(entries) == len(example_files()) > 5
    for action in entries:
        action.trigger()
        assert window.document.graph.nodes
        assert window.document.path is None
        assert not window.document.evaluation.errors


def test_the_first_start_shows_an_example_already_evaluated(window: MainWindow) -> None:
    open_first_example(window)
    assert window.document.evaluation.output is not None
    assert window.document.shown is window.document.graph
    assert not window.document.modified


@pytest.mark.parametrize("language", list(EMITTERS))
def test_the_graph_is_exported(
    window: MainWindow,
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    window.filing.open_file(file)
    monkeypatch.setattr(FileToSave, "ask", lambda *args: tmp_path / "out")
    entries = window.menus.menus["export"].actions()
    assert len(entries) == len(EMITTERS)
    for entry in entries:
        entry.trigger()
        if (tmp_path / "out").read_text(encoding="utf-8") == EMITTERS[language](
            window.document.graph
        ):
            return
    raise AssertionError(f"no entry writes {language}")


def test_what_cannot_be_exported_is_said(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(Message, "ask", lambda text, *args: said.append(text))
    window.new()
    window.exporting.export("torch")
    assert said == ["The graph is empty"]


# -- the parts together ----------------------------------------------------------------------


def test_every_entry_of_the_menus_does_something(window: MainWindow) -> None:
    def leaves(menu: QMenu) -> Iterator[QAction]:
        for action in menu.actions():
            if action.menu() is not None:
                yield from leaves(action.menu())
            elif not action.isSeparator():
                yield action

    for top in window.menuBar().actions():
        for action in leaves(top.menu()):
            assert action.text()
            assert action.receivers("2triggered(bool)") > 0, action.text()


def test_typing_a_formula_shows_its_numbers(qtbot: QtBot, window: MainWindow) -> None:
    build(qtbot, window, "f = x * y + x")
    assert window.status.summary.text() == "4 nodes · 4 edges · f = 2"
    assert window.inspector.summary.title == "f = 2"
    trigger(window, "undo")
    assert not window.document.graph.nodes


def test_chips_add_nodes_one_after_the_other_in_sight(qtbot: QtBot, window: MainWindow) -> None:
    chips = {chip.op.name: chip for chip in window.palette_panel.chips()}
    canvas = window.canvas
    for name in ("input", "parameter", "mul", *["exp"] * 8):
        qtbot.mouseDClick(chips[name], Qt.MouseButton.LeftButton)
        (made,) = canvas.selection()
        inner = canvas.viewport().rect().adjusted(20, 20, -20, -20)
        assert inner.contains(canvas.node_center(made).toPoint())
    at = list(window.document.graph.positions.values())
    assert at[0][0] == at[1][0]
    assert at[0][1] < at[1][1]
    assert [y for _, y in at[2:]] == [at[1][1]] * 9
    assert [x for x, _ in at[1:]] == sorted(x for x, _ in at[1:])


def test_a_chip_adds_a_node_and_selects_it(qtbot: QtBot, window: MainWindow) -> None:
    chip = next(chip for chip in window.palette_panel.chips() if chip.op.name == "exp")
    qtbot.mouseDClick(chip, Qt.MouseButton.LeftButton)
    (name,) = window.document.graph.nodes
    assert window.document.graph.nodes[name].op == "exp"
    assert window.canvas.selection() == (name,)
    assert window.inspector.name == name


def test_selecting_inspects_and_delete_deletes(window: MainWindow, file: Path) -> None:
    window.filing.open_file(file)
    window.canvas.select(("f",))
    assert window.inspector.name == "f"
    trigger(window, "delete")
    assert "f" not in window.document.graph
    assert not window.menus.actions["delete"].isEnabled()
    trigger(window, "undo")
    assert "f" in window.document.graph


def test_renaming_keeps_the_selection(window: MainWindow, file: Path) -> None:
    window.filing.open_file(file)
    window.canvas.select(("f",))
    window.inspector.name_field.setText("loss")
    window.inspector.name_field.setModified(True)
    window.inspector.name_field.editingFinished.emit()
    assert window.canvas.selection() == ("loss",)
    assert window.inspector.name == "loss"


def test_after_a_name_is_entered_the_canvas_has_the_keyboard(
    qtbot: QtBot, window: MainWindow, file: Path
) -> None:
    window.filing.open_file(file)
    window.document.settle()
    window.activateWindow()
    window.canvas.select(("f",))
    field = window.inspector.name_field
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    field.selectAll()
    qtbot.keyClicks(field, "loss")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "loss" in window.document.graph
    assert window.canvas.hasFocus()
    window.document.settle()
    assert window.canvas.hasFocus()
    assert window.inspector.name == "loss"


def test_stepping_takes_the_inspector_along(window: MainWindow, file: Path) -> None:
    window.filing.open_file(file)
    window.playback.first()
    window.playback.forward()
    assert window.inspector.name == window.playback.current
    assert window.canvas.selection() == (window.playback.current,)


def test_checking_the_gradients(
    qtbot: QtBot, window: MainWindow, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.filing.open_file(file)
    shown: list[tuple[LeafCheck, ...]] = []
    monkeypatch.setattr(GradientCheck, "ask", lambda checks, parent: shown.append(checks))
    trigger(window, "check")
    qtbot.waitUntil(lambda: bool(shown))
    assert {check.name for check in shown[0]} == {"x", "y", "z"}
    dialog = GradientCheck(shown[0])
    qtbot.addWidget(dialog)
    assert dialog.words.text.startswith("✓")
    assert dialog.table.rowCount() == 3
    assert dialog.table.item(0, 4).text() == "yes"


@pytest.fixture
def slow_check(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that ends only when it is told to."""
    checked = module.check

    def slowly(graph: Graph, stop: Callable[[], bool]) -> tuple[LeafCheck, ...]:
        while "x" in graph and not stop():
            QThread.msleep(1)
        return checked(graph, stop=stop)

    monkeypatch.setattr(module, "check", slowly)


@pytest.mark.usefixtures("slow_check")
def test_the_check_of_another_document_is_not_shown(
    qtbot: QtBot, window: MainWindow, file: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    window.filing.open_file(file)
    shown: list[tuple[LeafCheck, ...]] = []
    monkeypatch.setattr(GradientCheck, "ask", lambda checks, parent: shown.append(checks))
    trigger(window, "check")
    window.new()
    assert window.status.currentMessage() == ""
    build(qtbot, window, "f = a * b")
    trigger(window, "check")
    qtbot.waitUntil(lambda: bool(shown))
    assert [[check.name for check in checks] for checks in shown] == [["a", "b"]]
    assert not said


@pytest.mark.usefixtures("slow_check")
def test_closing_stops_a_check(window: MainWindow, file: Path) -> None:
    window.filing.open_file(file)
    trigger(window, "check")
    assert window.close()


def test_of_many_entries_the_table_says_how_many_were_compared(qtbot: QtBot) -> None:
    graph = formula.parse("f = sum(x * y)").set_values({"x": np.ones((30, 30)), "y": 2})
    dialog = GradientCheck(module.check(graph))
    qtbot.addWidget(dialog)
    assert "201 of 901 entries" in dialog.words.text
    assert dialog.table.item(0, 1).text() == "200 of 900 entries"
    assert dialog.table.item(1, 1).text() == "900"


def test_without_a_gradient_the_check_says_why(
    qtbot: QtBot, window: MainWindow, file: Path, said: list[str]
) -> None:
    window.filing.open_file(file)
    window.document.commit("cut", window.document.graph.disconnect("f", 1))
    trigger(window, "check")
    qtbot.waitUntil(lambda: bool(said))
    assert "f" in said[0]


def test_the_output_is_chosen_in_the_menu(window: MainWindow, file: Path) -> None:
    window.filing.open_file(file)
    menu = window.menus.menus["output"]
    menu.aboutToShow.emit()
    names = [action.text() for action in menu.actions()]
    assert names == ["f", "add1"]
    menu.actions()[1].trigger()
    assert window.document.graph.output == "add1"


def test_a_table_fills_the_data(
    qtbot: QtBot,
    window: MainWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: list[str],
) -> None:
    build(qtbot, window, "p = w * x + b; loss = mse(p, y)")
    graph = window.document.graph
    for leaf in ("x", "y"):
        graph = graph.set_settings(leaf, {"data": True})
    window.document.commit("data", graph)
    path = tmp_path / "t.csv"
    path.write_text("x,y\n1,2\n3,\n")
    monkeypatch.setattr(FileToOpen, "ask", lambda *args: path)
    trigger(window, "load_csv")
    assert "line 3" in said[0]
    path.write_text("x,y\n1,2\n3,4\n")
    trigger(window, "load_csv")
    np.testing.assert_array_equal(window.document.graph.nodes["y"].value, [2, 4])
    window.menus.menus["datasets"].actions()[0].trigger()
    assert window.training.data_text.text() == "x (100), y (100)"


def test_training_from_the_menu(qtbot: QtBot, window: MainWindow) -> None:
    open_first_example(window)
    window.training.steps.setValue(20)
    trigger(window, "train")
    qtbot.waitUntil(lambda: not window.session.running)
    assert window.document.undo_stack.undoText() == "Train 20 steps"
    trigger(window, "reset")
    assert window.session.steps == 0


@pytest.mark.parametrize("leave", ["quit", "close_tab"])
def test_leaving_during_a_run_asks_about_what_it_learned(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, leave: str
) -> None:
    open_first_example(window)
    before = window.document.graph
    assert not window.document.modified
    window.training.steps.setValue(1_000_000)
    trigger(window, "train")
    qtbot.waitUntil(lambda: window.session.steps > 0)
    asked: list[bool] = []

    def ask(*args: object) -> Answer:
        asked.append(window.document.modified and not window.session.running)
        return Answer.CANCEL

    monkeypatch.setattr(UnsavedChanges, "ask", ask)
    trigger(window, leave)
    assert asked == [True]
    assert window.isVisible()
    assert window.document.undo_stack.undoText() == f"Train {window.session.steps} steps"
    trigger(window, "undo")
    assert window.document.graph is before
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)


# -- look and language -----------------------------------------------------------------------


def test_the_theme_is_switched_while_running_and_remembered(
    qapp: QApplication, window: MainWindow, appearance: Appearance
) -> None:
    light, dark = window.menus.menus["theme"].actions()[1:]
    dark.trigger()
    assert qapp.styleSheet() == sheet(DARK)
    assert window.canvas.theme is DARK
    assert Appearance(qapp).theme_choice == "dark"
    light.trigger()
    assert qapp.styleSheet() == sheet(LIGHT)
    assert window.canvas.theme is LIGHT


def test_the_language_is_remembered(qapp: QApplication, window: MainWindow) -> None:
    window.menus.menus["language"].actions()[2].trigger()
    assert window.appearance.language == "zh_CN"
    assert Appearance(qapp).language_choice == "zh_CN"
    window.status.language.click()
    assert window.appearance.language == "en"


def test_help_has_pages(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = []
    monkeypatch.setattr(Page, "ask", lambda title, text, parent: pages.append((title, text)))
    trigger(window, "how_to")
    trigger(window, "about")
    assert [title for title, _ in pages] == ["How to", "About GradStudio"]


@pytest.mark.parametrize("size", [(1280, 800), (1440, 900)])
def test_no_label_is_clipped(
    qtbot: QtBot, window: MainWindow, file: Path, size: tuple[int, int]
) -> None:
    window.filing.open_file(file)
    window.resize(*size)
    window.canvas.select(("f",))
    window.training.steps.setValue(5)
    trigger(window, "train")
    qtbot.waitUntil(lambda: not window.session.running)
    qtbot.waitUntil(lambda: not clipped(window))


def clipped(window: MainWindow) -> list[str]:
    """The texts that have less room than they need."""
    labels = [one for one in window.findChildren(QLabel) if one.isVisible() and type(one) is QLabel]
    return [
        one.text()
        for one in labels
        if one.text()
        and (
            one.height() < one.heightForWidth(one.width())
            if one.wordWrap()
            else one.width() < one.sizeHint().width()
        )
    ]


# -- the status line -------------------------------------------------------------------------


def test_one_node_is_not_called_nodes(qtbot: QtBot, window: MainWindow) -> None:
    window.document.commit("add", window.document.graph.add("x", "input", value=2))
    window.document.settle()
    assert window.status.summary.text().startswith("1 node · 0 edges")
    build(qtbot, window, "f = exp(x)")
    assert window.status.summary.text().startswith("2 nodes · 1 edge · ")


def test_the_status_line_waits_for_the_playback(window: MainWindow, file: Path) -> None:
    window.filing.open_file(file)
    window.playback.first()
    assert window.status.summary.text() == "5 nodes · 4 edges"
    window.playback.last()
    assert window.status.summary.text() == "5 nodes · 4 edges · f = −12"


def test_the_play_button_shows_what_it_does(qtbot: QtBot, window: MainWindow, file: Path) -> None:
    window.filing.open_file(file)
    button = window.playback_bar.play
    playing = "Pause"
    waiting = button.accessibleName()
    still = button.grab().toImage()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (button.sign, button.accessibleName()) == ("pause", playing)
    assert button.grab().toImage() != still
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (button.sign, button.accessibleName()) == ("play", waiting)
    assert button.grab().toImage() == still


@pytest.mark.parametrize("wrong", [False, True])
def test_the_line_about_the_check_goes_with_its_result(
    qtbot: QtBot,
    window: MainWindow,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: list[str],
    wrong: bool,
) -> None:
    window.filing.open_file(file)
    if wrong:
        graph = window.document.graph.disconnect("f", 0)
        window.document.commit("cut", graph)
        window.document.settle()
    then: list[str] = []
    monkeypatch.setattr(GradientCheck, "ask", lambda *args: then.append(""))
    trigger(window, "check")
    assert window.status.currentMessage() == "Checking the gradients…"
    qtbot.waitUntil(lambda: bool(then or said))
    assert window.status.currentMessage() == ""


def test_buttons_of_dialogs_have_no_icons(qtbot: QtBot, window: MainWindow) -> None:
    dialog = GradientCheck((), window)
    qtbot.addWidget(dialog)
    dialog.show()
    buttons = dialog.findChildren(QPushButton)
    assert buttons
    assert all(button.icon().isNull() for button in buttons)


# -- panels ----------------------------------------------------------------------------------


def test_panels_are_hidden_and_that_is_remembered(
    qtbot: QtBot, window: MainWindow, appearance: Appearance
) -> None:
    width = window.canvas.width()
    for name, panel in (
        ("palette", window.palette_panel),
        ("inspector", window.inspector),
        ("training", window.training),
    ):
        assert window.menus.actions[name].isChecked()
        trigger(window, name)
        assert not panel.isVisible()
    qtbot.waitUntil(lambda: window.canvas.width() > width + 400)
    again = MainWindow(appearance)
    qtbot.addWidget(again)
    again.show()
    assert not again.palette_panel.isVisible()
    assert not again.menus.actions["training"].isChecked()
    trigger(again, "training")
    assert again.training.isVisible()


def test_finding_an_op_brings_the_palette_back(qtbot: QtBot, window: MainWindow) -> None:
    trigger(window, "palette")
    trigger(window, "find_op")
    assert window.palette_panel.isVisible()
    qtbot.waitUntil(window.palette_panel.search.hasFocus)


# -- ops of the document's own ---------------------------------------------------------------


@pytest.fixture
def own_ops(tmp_path: Path) -> Path:
    path = tmp_path / "own.gradstudio"
    graph = formula.parse("a = x * y; f = a + y").set_values({"x": 2, "y": 3})
    right = define("product", ["x", "y"], "x * y", {"x": "g * y", "y": "g * x"})
    wrong = define("cube", ["x"], "x ** 3", {"x": "g * x ** 2"})
    graph = graph.define(right).define(wrong).set_op("a", "product")
    storage.save(path, graph.add("h", "cube", ["f"]).set_output("h"))
    return path


def test_a_graph_with_ops_of_its_own_is_shown(window: MainWindow, own_ops: Path) -> None:
    window.filing.open_file(own_ops)
    inspector, picture = window.inspector, window.canvas.picture
    window.canvas.select(("a",))
    assert inspector.ports.texts()[0] == ("x ← x", "scalar", "2", "243")
    assert inspector.definition.isVisible()
    assert inspector.definition.formulas.text() == "out = x * y\n∂L/∂x = g * y\n∂L/∂y = g * x"
    assert inspector.definition.verdict.text.startswith("✓")
    window.canvas.select(("h",))
    assert inspector.definition.formulas.text() == "out = x ** 3\n∂L/∂x = g * x ** 2"
    assert inspector.definition.verdict.text.startswith("∂L/∂x is wrong: it gives ")
    assert inspector.chain_rule.texts()[1] == "∂h/∂f = g * f ** 2"
    window.canvas.select(("f",))
    assert not inspector.definition.isVisible()
    assert "product" in node_tip(picture, "a")
    assert all(edge_tip(picture, at) for at in range(len(picture.sketch.edges)))
    window.palette_panel.search.setText("product")
    window.playback.first()
    window.playback.forward()
    window.appearance.choose_language("zh_CN")
    QApplication.processEvents()
    window.canvas.select(("h",))
    assert "错误" in inspector.definition.verdict.text
    assert window.grab().width() > 0


# -- the menu bar ----------------------------------------------------------------------------


def test_letters_of_menus_are_underlined_while_alt_is_held(
    qtbot: QtBot, window: MainWindow
) -> None:
    bar = window.menuBar()
    plain = bar.grab().toImage()
    qtbot.keyPress(window.canvas, Qt.Key.Key_Alt)
    assert bar.grab().toImage() != plain
    qtbot.keyRelease(window.canvas, Qt.Key.Key_Alt)
    window.canvas.setFocus()
    assert bar.grab().toImage() == plain


def test_links_are_rewired_from_the_menus_and_letters_type_elsewhere(
    qtbot: QtBot, window: MainWindow, file: Path
) -> None:
    window.filing.open_file(file)
    window.canvas.select(("add1",))
    trigger(window, "mute")
    assert window.document.graph.nodes["add1"].muted
    trigger(window, "swap")
    trigger(window, "duplicate_linked")
    copy = window.canvas.selection()[0]
    inputs = window.document.graph.nodes["add1"].inputs
    assert window.document.graph.nodes[copy].inputs == inputs
    trigger(window, "bridge")
    assert copy not in window.document.graph
    steps = window.document.undo_stack.count()
    window.canvas.select(("add1",))
    # The letters belong to the canvas: elsewhere they do nothing, and in fields they are typed.
    qtbot.keyClick(window.training, Qt.Key.Key_M)
    assert window.document.undo_stack.count() == steps
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_M)
    assert not window.document.graph.nodes["add1"].muted


def test_motion_is_reduced_from_the_menu_and_remembered(window: MainWindow) -> None:
    action = window.menus.actions["reduce_motion"]
    assert action.isCheckable()
    assert action.isChecked() == motion.is_reduced()
    before = motion.is_reduced()
    action.trigger()
    assert motion.is_reduced() is not before
    # Another window has been asked meanwhile.
    motion.set_reduced(before)
    view = next(top.menu() for top in window.menuBar().actions() if action in top.menu().actions())
    view.aboutToShow.emit()
    assert action.isChecked() == before
