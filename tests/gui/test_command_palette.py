"""Every order by its name, every key on one sheet, and the keyboard from area to area."""

import re

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gradstudio import formula
from gradstudio.gui.canvas.keys import KEYS
from gradstudio.gui.canvas.mouse import MOUSE
from gradstudio.gui.command_palette import RECENT, CommandPalette
from gradstudio.gui.main_window import MainWindow
from gradstudio.gui.orders import _ELSEWHERE, key_text, keys_text, orders, plain
from gradstudio.gui.shortcut_sheet import PrinterToUse, ShortcutSheet, plain_text, sections
from gradstudio.gui.tabs import Tabs

Key = Qt.Key
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def filled(window: MainWindow) -> MainWindow:
    window.document.commit("begin", formula.parse("f = (x + y) * z").set_values({"x": 2, "y": 3}))
    window.document.settle()
    window.canvas.setFocus()
    return window


def palette(window: MainWindow) -> CommandPalette:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    (found,) = window.findChildren(CommandPalette)
    return found


def ask(qtbot: QtBot, window: MainWindow, text: str) -> CommandPalette:
    window.menus.actions["commands"].trigger()
    found = palette(window)
    found.field.setText(text)
    return found


def enter(qtbot: QtBot, found: CommandPalette) -> None:
    qtbot.keyClick(found.field, Key.Key_Return)


def test_no_line_of_the_sheet_is_cut(window: MainWindow) -> None:
    window.menus.actions["shortcuts"].trigger()
    QApplication.processEvents()
    (sheet,) = window.findChildren(ShortcutSheet)
    letters, tree = sheet.tree.fontMetrics(), sheet.tree
    for section in sheet.shown():
        for what, keys in section.rows:
            assert letters.horizontalAdvance(what) + 24 < tree.columnWidth(0), what
            assert letters.horizontalAdvance(keys) < tree.columnWidth(1), keys
    sheet.close()


def test_the_sheet_lists_no_keys_that_keyboards_do_not_have(window: MainWindow) -> None:
    for section in sections(window.orders()):
        for what, keys in section.rows:
            assert not re.search(r"F(1[3-9]|[23]\d)", keys), what


# -- the palette ------------------------------------------------------------------------------


def test_an_example_is_found_by_its_file_name(qtbot: QtBot, window: MainWindow) -> None:
    found = ask(qtbot, window, "udl-chain")
    assert found.shown()[0].action.data() == "udl-chain"
    enter(qtbot, found)
    assert window.document.graph.nodes


@pytest.mark.parametrize("before", ["finder", "value", "palette"])
def test_the_keyboard_goes_to_the_canvas_where_what_had_it_is_gone(
    qtbot: QtBot, filled: MainWindow, before: str
) -> None:
    canvas = filled.canvas
    if before == "finder":
        qtbot.keyClick(canvas, Key.Key_Tab)
    elif before == "value":
        canvas.select(("x",))
        qtbot.keyClick(canvas, Key.Key_Return)
    else:
        filled.menus.actions["commands"].trigger()
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    filled.menus.actions["commands"].trigger()
    found = palette(filled)
    qtbot.keyClick(found.field, Key.Key_Escape)
    assert canvas.hasFocus()
    assert not found.isVisible()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("group", "frame"),
        ("auto layout", "arrange"),
        ("sticky", "add_note"),
        ("screenshot", "export_picture"),
        ("bypass", "mute"),
        ("zoom to fit", "fit"),
        ("设置", "theme"),
        ("自动布局", "arrange"),
    ],
)
def test_the_words_of_other_programs_find_an_order(qtbot, filled, said, name):
    assert name in [order.name for order in ask(qtbot, filled, said).shown()]


def test_every_word_of_other_programs_is_of_an_order(window):
    assert _ELSEWHERE.keys() <= {order.name for order in orders(window.menuBar())}


def test_of_equals_what_can_be_done_now_comes_first(qtbot, filled):
    filled.canvas.select(())
    found = ask(qtbot, filled, "arrange").shown()
    ready = [order.action.isEnabled() for order in found]
    assert found[0].action.isEnabled()
    assert False in ready


def test_every_entry_of_every_menu_is_an_order(filled: MainWindow) -> None:
    known = {order.key for order in filled.orders()}
    entries = {name for name in filled.menus.actions if name not in filled.menus.menus}
    assert entries <= known
    assert {"theme/dark", "language/zh_CN", "export/latex", "output/f"} <= known
    assert any(key.startswith("examples/") for key in known)
    assert any(key.startswith("datasets/") for key in known)
    assert len(known) == len(filled.orders())


def test_no_key_means_two_orders(filled: MainWindow) -> None:
    orders_of: dict[str, set[str]] = {}
    for name, action in filled.menus.actions.items():
        for key in action.shortcuts():
            orders_of.setdefault(key.toString(), set()).add(name)
    assert {key: names for key, names in orders_of.items() if len(names) > 1} == {}


def test_an_order_is_found_and_given(qtbot: QtBot, filled: MainWindow) -> None:
    found = ask(qtbot, filled, "sel all")
    assert next(order.name for order in found.shown()) == "select_all"
    enter(qtbot, found)
    assert set(filled.canvas.selection()) == {"x", "y", "z", "add1", "f"}
    assert filled.canvas.hasFocus()
    assert filled.document.undo_stack.index() == 1


def test_a_choice_of_a_submenu_is_found_in_both_languages(qtbot: QtBot, filled: MainWindow) -> None:
    for text in ("theme dark", "深色"):
        found = ask(qtbot, filled, text)
        assert found.shown()[0].key == "theme/dark"
        enter(qtbot, found)
        assert filled.appearance.theme_choice == "dark"
        filled.appearance.choose_theme("light")
    filled.appearance.choose_language("zh_CN")
    QApplication.processEvents()
    found = ask(qtbot, filled, "undo")
    assert found.shown()[0].name == "undo"
    assert found.shown()[0].text.startswith("撤销")
    qtbot.keyClick(found.field, Key.Key_Escape)


def test_what_was_given_lately_comes_first(qtbot: QtBot, filled: MainWindow) -> None:
    QSettings().remove(RECENT.key)
    for text in ("check gradients", "fit all"):
        found = ask(qtbot, filled, text)
        assert found.shown()
        if text == "fit all":
            enter(qtbot, found)
        else:
            qtbot.keyClick(found.field, Key.Key_Escape)
    enter(qtbot, ask(qtbot, filled, "zoom in"))
    found = ask(qtbot, filled, "")
    assert [order.key for order in found.shown()][:2] == ["zoom_in", "fit"]
    assert QSettings().value(RECENT.key) == ["zoom_in", "fit"]
    qtbot.keyClick(found.field, Key.Key_Escape)


def test_what_cannot_be_done_says_why_and_is_not_done(qtbot: QtBot, window: MainWindow) -> None:
    heard = []
    window.menus.actions["train"].triggered.connect(heard.append)
    found = ask(qtbot, window, "train")
    assert found.shown()[0].name == "train"
    said = found.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Train, Train, Ctrl+T, The graph is empty"
    enter(qtbot, found)
    assert found.isVisible()
    assert heard == []
    found.field.setText("undo")
    said = found.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.endswith("There is nothing to undo")
    window.document.commit("begin", formula.parse("f = x + y"))
    found.field.setText("align left")
    said = found.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.endswith("Select two nodes or more")
    qtbot.keyClick(found.field, Key.Key_Escape)
    assert not found.isVisible()


def test_arrows_choose_and_escape_gives_the_keyboard_back(qtbot: QtBot, filled: MainWindow) -> None:
    filled.formula_bar.field.setFocus()
    found = ask(qtbot, filled, "zoom")
    assert len(found.shown()) >= 2
    for key, row in ((Key.Key_Down, 1), (Key.Key_Up, 0), (Key.Key_Up, len(found.shown()) - 1)):
        qtbot.keyClick(found.field, key)
        assert found.list.currentRow() == row
    qtbot.keyClick(found.field, Key.Key_Tab)
    assert found.field.hasFocus()
    qtbot.keyClick(found.field, Key.Key_Escape)
    assert filled.formula_bar.field.hasFocus()


def test_nothing_found_says_so_and_clicking_elsewhere_closes(
    qtbot: QtBot, filled: MainWindow
) -> None:
    found = ask(qtbot, filled, "xyzzy")
    assert found.shown() == []
    assert not found.list.isVisible()
    enter(qtbot, found)
    assert found.isVisible()
    filled.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not found.isVisible()


def test_it_lies_in_the_window_however_small(qtbot: QtBot, filled: MainWindow) -> None:
    found = ask(qtbot, filled, "")
    for size in ((900, 600), (1280, 800)):
        filled.resize(*size)
        QApplication.processEvents()
        assert filled.rect().contains(found.geometry())
    qtbot.keyClick(found.field, Key.Key_Escape)


# -- the sheet --------------------------------------------------------------------------------


def test_the_sheet_has_every_key_there_is(filled: MainWindow) -> None:
    made = sections(filled.orders())
    rows = [row for section in made for row in section.rows]
    keys = " ".join(keys for _, keys in rows)
    for name, action in filled.menus.actions.items():
        for sequence in action.shortcuts()[:1]:
            assert key_text(sequence) in keys, name
    assert len(made[0].rows) == sum(1 for row in KEYS if row.text)
    assert len(made[1].rows) == len(MOUSE) == len(dict(MOUSE)), "each gesture once"
    # What a row leaves to a menu is in one.
    for row in KEYS:
        if not row.text:
            assert keys_text(row.sequences()).split(", ")[0] in keys


def test_the_sheet_is_searched_copied_and_printed(
    qtbot: QtBot, filled: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    filled.menus.actions["shortcuts"].trigger()
    (sheet,) = filled.findChildren(ShortcutSheet)
    sheet.field.setText("undo")
    assert next(row for section in sheet.shown() for row in section.rows)[0].startswith("Undo")
    assert sheet.tree.topLevelItemCount() == len(sheet.shown())
    sheet.copy_button.click()
    assert "Ctrl+Z" in QGuiApplication.clipboard().text()
    sheet.field.setText("xyzzy")
    assert not sheet.tree.isVisible()
    qtbot.keyClick(sheet.field, Key.Key_Escape)
    assert sheet.field.text() == ""
    assert sheet.isVisible()
    path = tmp_path / "sheet.pdf"
    printer = QPrinter()
    printer.setOutputFileName(str(path))
    monkeypatch.setattr(PrinterToUse, "ask", lambda *args: printer)
    sheet.print_button.click()
    assert path.read_bytes().startswith(b"%PDF")
    qtbot.keyClick(sheet.field, Key.Key_Escape)
    assert not sheet.isVisible()


def test_the_text_has_columns_in_any_script(filled: MainWindow) -> None:
    filled.appearance.choose_language("zh_CN")
    QApplication.processEvents()
    text = plain_text(sections(filled.orders()))
    assert "画布上的按键\n" in text
    assert "Shift+← → ↑ ↓" in text
    assert "撤销" in text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("Shift+Left", "Shift+Right"), "Shift+← →"),
        (("Return", "Enter"), "Enter"),
        (("Ctrl++", "Ctrl+="), "Ctrl++, Ctrl+="),
        (("Del",), "Delete"),
    ],
)
def test_keys_are_written_as_they_stand_on_a_keyboard(keys: tuple[str, ...], text: str) -> None:
    assert keys_text(map(QKeySequence, keys)) == text


def test_marks_of_letters_go() -> None:
    assert plain("&File") == "File"
    assert plain("文件(&F)") == "文件"
    assert plain("Save &as…") == "Save as…"
    assert plain("black && white") == "black & white"


# -- areas ------------------------------------------------------------------------------------


def tabs(window: MainWindow) -> QWidget:
    (found,) = window.findChildren(Tabs)
    return found


def area(window: MainWindow) -> QWidget:
    now = QApplication.focusWidget()
    return next(
        one
        for one in (
            window.playback_bar,
            window.formula_bar,
            window.palette_panel,
            tabs(window),
            window.canvas,
            window.inspector,
            window.training,
            window.status,
        )
        if one is now or one.isAncestorOf(now)
    )


def test_f6_goes_through_all_areas_and_back(filled: MainWindow) -> None:
    def step(name: str) -> QWidget:
        filled.menus.actions[name].trigger()
        return area(filled)

    filled.canvas.setFocus()
    around = [step("next_area") for _ in range(8)]
    assert around == [
        filled.inspector,
        filled.training,
        filled.status,
        filled.playback_bar,
        filled.formula_bar,
        filled.palette_panel,
        tabs(filled),
        filled.canvas,
    ]
    assert [step("previous_area") for _ in range(8)] == [*reversed(around[:-1]), filled.canvas]


def test_f6_comes_back_to_where_the_keyboard_was_and_passes_what_is_hidden(
    filled: MainWindow,
) -> None:
    filled.training.momentum.setFocus()
    filled.menus.actions["inspector"].setChecked(False)
    filled.menus.actions["previous_area"].trigger()
    assert area(filled) is filled.canvas
    assert filled.canvas.caret.shown
    assert filled.canvas.caret.name is not None
    filled.menus.actions["next_area"].trigger()
    assert filled.training.momentum.hasFocus()
