"""The Arrange menu and the other commands for the canvas, by the keys of the window."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gradstudio import formula
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.canvas.commands import COMMANDS
from gradstudio.gui.canvas.guides import TO_GRID, TO_NEIGHBOURS
from gradstudio.gui.dialogs import Answer, UnsavedChanges
from gradstudio.gui.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)
    before = qapp.font(), qapp.palette(), qapp.styleSheet()
    appearance = Appearance(qapp)
    appearance.apply()
    made = MainWindow(appearance)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    graph = formula.parse("f = (x + y) * z").set_values({"x": -2, "y": 5, "z": -4})
    made.document.commit("begin", graph)
    made.document.settle()
    made.canvas.setFocus()
    yield made
    QSettings().clear()
    qapp.setFont(before[0])
    qapp.setPalette(before[1])
    qapp.setStyleSheet(before[2])


def test_every_command_has_an_entry_and_is_offered_when_it_can_be_done(
    window: MainWindow,
) -> None:
    actions, canvas = window.menus.actions, window.canvas
    assert COMMANDS.keys() <= actions.keys()

    def offered(*names: str) -> set[str]:
        canvas.select(names)
        return {name for name in COMMANDS if actions[name].isEnabled()}

    always = {"paste", "add_node", "zoom_in", "zoom_out", "zoom_reset", "add_note"}
    of_a_graph = always | {"select_all", "find", "fit", "arrange"}
    of_one = {"cut", "copy", "copy_formula", "duplicate", "duplicate_linked", "delete", "bridge"}
    of_one |= {"select_upstream", "select_downstream", "fit_selection", "collapse", "frame"}
    aligned = {f"align_{side}" for side in ("left", "centre", "right", "top", "middle", "bottom")}
    of_two = of_one | aligned | {"select_between", "arrange_selection"}
    of_three = of_two | {"distribute_across", "distribute_down"}
    assert offered() == of_a_graph
    assert offered("x") == of_a_graph | of_one | {"slider", "reroute"}
    assert offered("f") == of_a_graph | of_one | {"mute", "swap"}
    assert offered("x", "y") == of_a_graph | of_two | {"reroute"}
    assert offered("x", "y", "f") == of_a_graph | of_three | {"mute", "swap", "reroute"}
    window.document.new()
    assert offered() == always


def test_what_a_command_lacks_follows_the_selection(window: MainWindow) -> None:
    canvas = window.canvas

    def lacks(*names: str) -> dict[str, str]:
        canvas.select(names)
        return {name: command.lack(canvas) for name, command in COMMANDS.items()}

    for name in ("bridge", "frame", "copy_formula", "duplicate_linked", "collapse"):
        assert lacks()[name] == "Select a node"
        assert lacks("x")[name] == ""
    assert lacks()["copy"] == "Select a node or a note"
    assert lacks("x")["align_left"] == "Select two nodes or more"
    assert lacks("x", "y")["align_left"] == ""
    assert lacks("x", "y")["distribute_down"] == "Select three nodes or more"
    assert lacks("x")["mute"] == "Select a node that is no leaf"
    assert lacks("x", "f")["mute"] == ""
    assert lacks("x")["swap"] == "Select a node with two inputs that differ"
    assert lacks("f")["swap"] == lacks("x")["slider"] == lacks("x")["reroute"] == ""
    assert lacks("f")["slider"] == "Select one leaf that holds a number"
    assert lacks("f")["reroute"] == "Select a node that is used"
    assert lacks("f")["expand"].startswith("Select a node that is composed of others")
    assert lacks("f")["fold"] == lacks("f")["unframe"] == "Select a frame, or a node in one"
    assert lacks()["leave_frame"] == "This is the whole graph already"


def test_frames_are_gone_into_and_out_of_only_where_that_leads_somewhere(
    window: MainWindow,
) -> None:
    actions, canvas = window.menus.actions, window.canvas
    canvas.select(("x", "y"))
    actions["frame"].trigger()
    canvas.overlays.close_editor()
    canvas.select(("z",))
    assert not actions["fold"].isEnabled()
    canvas.select(("x",))
    assert actions["fold"].isEnabled()
    assert not actions["leave_frame"].isEnabled()
    actions["enter_frame"].trigger()
    assert actions["leave_frame"].isEnabled()
    actions["leave_frame"].trigger()
    assert canvas.inside is None
    assert not actions["leave_frame"].isEnabled()


def test_the_key_of_a_command_that_lacks_something_says_so_at_the_place(
    window: MainWindow, qtbot: QtBot
) -> None:
    canvas, graph = window.canvas, window.document.graph
    canvas.select(())
    qtbot.keyClick(canvas, Qt.Key.Key_G, CTRL)
    assert window.document.graph is graph
    assert canvas.toast.isVisible()
    assert canvas.toast.text == "Select a node"
    qtbot.keyClick(canvas, Qt.Key.Key_U, CTRL | SHIFT)
    assert canvas.toast.text == "This is the whole graph already"


def test_two_keys_in_a_row_say_what_their_command_lacks(window: MainWindow, qtbot: QtBot) -> None:
    canvas, graph = window.canvas, window.document.graph

    def press(key: Qt.Key) -> str:
        canvas.toast.hush()
        qtbot.keyClick(canvas, Qt.Key.Key_J, CTRL)
        qtbot.keyClick(canvas, key)
        return canvas.toast.text if canvas.toast.isVisible() else ""

    canvas.select(("x",))
    assert press(Qt.Key.Key_L) == "Select two nodes or more"
    canvas.select(("x", "f"))
    assert press(Qt.Key.Key_H) == "Select three nodes or more"
    assert window.document.graph is graph
    assert press(Qt.Key.Key_C) == ""
    places = window.document.graph.positions
    assert places["x"][0] == places["f"][0]
    window.document.new()
    assert press(Qt.Key.Key_V) == "The graph is empty"


def test_keys_select_lay_out_and_line_up(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.canvas
    canvas.select(("y",))
    qtbot.keyClick(canvas, Qt.Key.Key_Right, CTRL | SHIFT)
    chosen = canvas.selection()
    assert set(chosen) > {"y", "f"}
    assert "x" not in chosen
    canvas.select(("f",))
    qtbot.keyClick(canvas, Qt.Key.Key_Left, CTRL | SHIFT)
    assert len(canvas.selection()) == 5
    canvas.select(("x", "f"))
    qtbot.keyClick(canvas, Qt.Key.Key_B, CTRL | SHIFT)
    assert len(canvas.selection()) == 3
    canvas.select(("x", "f"))
    qtbot.keyClick(canvas, Qt.Key.Key_J, CTRL)
    qtbot.keyClick(canvas, Qt.Key.Key_M)
    places = window.document.graph.positions
    assert places["x"][1] == places["f"][1]
    assert window.document.undo_stack.undoText() == "Align"
    qtbot.keyClick(canvas, Qt.Key.Key_L, CTRL)
    assert window.document.undo_stack.undoText() == "Lay out"
    qtbot.waitUntil(lambda: not canvas.glide.running)


def test_snapping_is_switched_in_the_menu_and_remembered(window: MainWindow, qtbot: QtBot) -> None:
    assert not TO_GRID.on
    assert TO_NEIGHBOURS.on
    assert window.menus.actions["snap_neighbours"].isChecked()
    qtbot.keyClick(window.canvas, Qt.Key.Key_J, CTRL)
    qtbot.keyClick(window.canvas, Qt.Key.Key_G)
    assert TO_GRID.on
    window.menus.actions["snap_neighbours"].trigger()
    assert not TO_NEIGHBOURS.on
    other = MainWindow(window.appearance)
    qtbot.addWidget(other)
    assert other.menus.actions["snap_grid"].isChecked()
    assert not other.menus.actions["snap_neighbours"].isChecked()


def test_the_key_for_finding_opens_the_bar(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.canvas.find_bar
    qtbot.keyClick(window.canvas, Qt.Key.Key_F, CTRL)
    assert bar.isVisible()
    assert bar.field.hasFocus()
    qtbot.keyClicks(bar.field, "z")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert window.canvas.selection() == ("z",)
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    qtbot.keyClick(window.canvas, Qt.Key.Key_F, CTRL | SHIFT)
    assert not bar.isVisible()
    assert not window.canvas.hasFocus()
