"""The leaf editor: typing, pasting and reshaping arrays."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from gradstudio.errors import GradStudioError
from gradstudio.gui.panels import leaf_editor
from gradstudio.gui.panels.leaf_editor import (
    LeafEditor,
    array_source,
    read_cells,
    read_lists,
)
from gradstudio.ops import Array

DECIMALS = ": write decimals with a point, and part cells by tabs or semicolons"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1\t2\n3\t4\n", [[1, 2], [3, 4]]),
        ("1, 2\r\n3, 4\r\n", [[1, 2], [3, 4]]),
        ("1;2;3", [[1, 2, 3]]),
        ("1\n2\n3", [[1], [2], [3]]),
        ("1 2\n−3 4", [[1, 2], [-3, 4]]),
        ("1.5,2\n3,4", [[1.5, 2], [3, 4]]),
        ("1,2,3\n4,5,6", [[1, 2, 3], [4, 5, 6]]),
        ("1，2，3", [[1, 2, 3]]),
        ("1.5×10⁻⁷\t−3", [[1.5e-7, -3]]),
        ("[[1,2],[3,4]]", [[1, 2], [3, 4]]),
        (" [1, 2,\n 3]\n", [[1], [2], [3]]),
    ],
)
def test_cells_as_spreadsheets_copy_them(text: str, rows: list[list[float]]) -> None:
    assert read_cells(text) == rows


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\t2\n3\tabc", "row 2, column 2: “abc” is no number"),
        ("1\t\n", "row 1, column 2: “” is no number"),
        ("1, 2\n3", "row 2 has 1 cells, but row 1 has 2"),
        ("1;2\n3", "row 2 has 1 cells, but row 1 has 2"),
        ("1,5\n2,25", f"row 1, column 1: “1,5”{DECIMALS}"),
        ("3\n2,25", f"row 2, column 1: “2,25”{DECIMALS}"),
        ("1\t2\n3\t4,5", f"row 2, column 2: “4,5”{DECIMALS}"),
        ("1;−4,5e3", f"row 1, column 2: “-4,5e3”{DECIMALS}"),
        ("[[1], [2, 3]]", "[…]: a value is a number or nested lists of equal length"),
        ("[1, x]", "line 1, column 5: a nested list such as [[1, 2], [3, 4]]"),
        (
            "[[[1]]]",
            "a table shows one or two axes: choose “Nested lists” for shape (1, 1, 1)",
        ),
        ("", "there are no numbers in it"),
    ],
)
def test_a_wrong_cell_is_named(text: str, said: str) -> None:
    with pytest.raises(GradStudioError) as wrong:
        read_cells(text)
    assert str(wrong.value) == said


@pytest.mark.parametrize("text", ["[[1], [2, 3]]", "{}", "[1", "[1e999]", '["a"]', "[" * 5000])
def test_what_is_no_nested_list(text: str) -> None:
    with pytest.raises(GradStudioError):
        read_lists(text, "x")


def test_lists_round_trip(rng: np.random.Generator) -> None:
    array = rng.normal(size=(2, 3, 4))
    np.testing.assert_array_equal(read_lists(array_source(array), "x"), array)


def editor(qtbot: QtBot, value: Array | None) -> LeafEditor:
    made = LeafEditor("x", value)
    qtbot.addWidget(made)
    made.show()
    return made


def accept(dialog: LeafEditor) -> Array:
    dialog.accept()
    assert dialog.value is not None
    return dialog.value


def test_typing_into_a_cell(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.array([[1.0, 2.0], [3.0, 4.0]]))
    dialog.grid.setCurrentIndex(dialog.model.index(1, 0))
    dialog.grid.edit(dialog.model.index(1, 0))
    field = dialog.grid.findChild(QLineEdit)
    qtbot.keyClicks(field, "-7.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.model.cells[1, 0] == -7.5)
    np.testing.assert_array_equal(accept(dialog), [[1, 2], [-7.5, 4]])


def test_a_cell_that_is_no_number_keeps_the_old_one(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.array([1.0, 2.0]))
    dialog.grid.edit(dialog.model.index(0, 0))
    field = dialog.grid.findChild(QLineEdit)
    qtbot.keyClicks(field, "two")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "“two” is no number" in dialog.message.text())
    np.testing.assert_array_equal(accept(dialog), [1, 2])


def test_pasting_a_block_from_the_current_cell_on(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.zeros((2, 2)))
    QGuiApplication.clipboard().setText("5\t6\n7\t8")
    dialog.grid.setCurrentIndex(dialog.model.index(1, 1))
    qtbot.keyClick(dialog.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(accept(dialog), [[0, 0, 0], [0, 5, 6], [0, 7, 8]])


def test_pasting_all_gives_the_shape_of_what_was_copied(qtbot: QtBot) -> None:
    dialog = editor(qtbot, None)
    QGuiApplication.clipboard().setText("1\n2\n3\n")
    qtbot.mouseClick(dialog.paste_button, Qt.MouseButton.LeftButton)
    assert dialog.rows.value() == 3
    np.testing.assert_array_equal(accept(dialog), [1, 2, 3])


def test_a_wrong_paste_changes_nothing(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.array([1.0, 2.0]))
    QGuiApplication.clipboard().setText("1\nmany\n")
    qtbot.keyClick(dialog.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dialog.message.text() == "row 2, column 1: “many” is no number"
    np.testing.assert_array_equal(accept(dialog), [1, 2])


def test_rows_and_columns_keep_what_fits(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.array([[1.0, 2.0], [3.0, 4.0]]))
    dialog.rows.setValue(1)
    dialog.columns.setValue(3)
    np.testing.assert_array_equal(accept(dialog), [[1, 2, 0]])


def test_copying_gives_what_pasting_takes(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.array([[1.0, -2.0], [3.0, 4.5]]))
    dialog.grid.selectAll()
    qtbot.keyClick(dialog.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "1\t-2\n3\t4.5"


def test_more_than_two_axes_are_nested_lists(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.arange(8.0).reshape(2, 2, 2))
    assert dialog.text.isVisible()
    dialog.text.setPlainText("[[[1, 2]]]")
    assert accept(dialog).shape == (1, 1, 2)


def test_a_wrong_list_keeps_the_dialog_open(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.zeros((1, 1, 1)))
    dialog.text.setPlainText("[[1, 2], [3]]")
    dialog.accept()
    assert dialog.isVisible()
    assert dialog.message.text().startswith("x: a value is a number or nested lists")


def test_all_digits_of_a_cell_are_there_to_edit(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.array([0.1 + 0.2, -1e-7]))
    index = dialog.model.index(0, 0)
    assert dialog.model.data(index, Qt.ItemDataRole.EditRole) == "0.30000000000000004"
    index = dialog.model.index(1, 0)
    assert dialog.model.data(index) == "−1×10⁻⁷"
    assert dialog.model.data(index, Qt.ItemDataRole.EditRole) == "-1e-7"


def test_edited_lists_are_taken_into_the_table(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.array([[1.0, 2.0]]))
    dialog.axes.setCurrentIndex(3)
    dialog.text.selectAll()
    qtbot.keyClicks(dialog.text, "[[5, 6], [7, 8]]")
    dialog.axes.setCurrentIndex(2)
    assert (dialog.rows.value(), dialog.columns.value()) == (2, 2)
    np.testing.assert_array_equal(accept(dialog), [[5, 6], [7, 8]])


@pytest.mark.parametrize(
    ("text", "said"),
    [("[[1, 2", "line 1, column 7"), ("[[[1]]]", "a table shows"), ("[[1], [2, 3]]", "x: a value")],
)
def test_lists_that_fit_no_table_stay_to_be_mended(qtbot: QtBot, text: str, said: str) -> None:
    dialog = editor(qtbot, np.array([[1.0, 2.0]]))
    dialog.axes.setCurrentIndex(3)
    dialog.text.selectAll()
    qtbot.keyClicks(dialog.text, text)
    dialog.axes.setCurrentIndex(2)
    assert dialog.axes.currentIndex() == 3
    assert dialog.text.toPlainText() == text
    assert dialog.message.text().startswith(said)


def test_a_vector_becomes_lists_and_comes_back(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.array([1.0, 2.0]))
    dialog.axes.setCurrentIndex(3)
    assert dialog.text.toPlainText() == "[1.0, 2.0]"
    dialog.axes.setCurrentIndex(1)
    np.testing.assert_array_equal(accept(dialog), [1, 2])


def test_what_is_too_long_is_refused_whole(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaf_editor, "MOST_TEXT", 10)
    dialog = editor(qtbot, np.array([1.0, 2.0]))
    QGuiApplication.clipboard().setText("1\n2\n3\n4\n5\n6\n")
    qtbot.mouseClick(dialog.paste_button, Qt.MouseButton.LeftButton)
    assert dialog.message.text() == "the text is too long: 12 characters, and 10 are the most"
    np.testing.assert_array_equal(dialog.model.cells[:, 0], [1, 2])
    dialog.axes.setCurrentIndex(3)
    dialog.text.setPlainText("[1, 2, 3, 4]")
    dialog.accept()
    assert dialog.isVisible()
    assert "too long" in dialog.message.text()


def test_brackets_are_pasted_into_the_table(qtbot: QtBot) -> None:
    dialog = editor(qtbot, np.zeros((1, 1)))
    QGuiApplication.clipboard().setText("[[1,2],[3,4]]")
    qtbot.keyClick(dialog.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(accept(dialog), [[1, 2], [3, 4]])
