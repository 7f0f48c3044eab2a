"""The palette: finding an op by any of its names, and taking it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag
from pytestqt.qtbot import QtBot

from gradstudio.gui.canvas.splice import OP_MIME
from gradstudio.gui.panels import palette as module
from gradstudio.gui.panels.palette import Palette
from gradstudio.ops import REGISTRY

CHINESE = {"matmul": "矩阵乘法"}


def titles(context: str, text: str) -> Iterator[str]:
    yield text
    if text in CHINESE:
        yield CHINESE[text]


@pytest.fixture
def palette(qtbot: QtBot) -> Palette:
    made = Palette(titles)
    qtbot.addWidget(made)
    made.resize(216, 700)
    made.show()
    return made


def names(palette: Palette) -> list[str]:
    return [chip.op.name for chip in palette.chips()]


def test_every_listed_op_is_there_once(palette: Palette) -> None:
    assert sorted(names(palette)) == sorted(op.name for op in REGISTRY.values() if op.listed)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("矩阵乘", "matmul"), ("MATMUL", "matmul"), ("leaky", "leaky_relu"), ("mse_loss", "mse")],
)
def test_search_finds_titles_names_and_aliases(palette: Palette, typed: str, found: str) -> None:
    palette.search.insert(typed)  # No key of a keyboard types Chinese.
    assert names(palette) == [found]


def test_search_without_a_match_says_so(qtbot: QtBot, palette: Palette) -> None:
    qtbot.keyClicks(palette.search, "frobnicate")
    assert not names(palette)
    assert palette._nothing.isVisible()
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert len(names(palette)) > 20


def test_enter_in_the_search_adds_the_best_match(qtbot: QtBot, palette: Palette) -> None:
    qtbot.keyClicks(palette.search, "max")
    with qtbot.waitSignal(palette.wanted) as wanted:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert wanted.args == ["max"]
    assert palette.search.text() == ""


def test_double_click_and_enter_add_an_op(qtbot: QtBot, palette: Palette) -> None:
    chip = next(chip for chip in palette.chips() if chip.op.name == "exp")
    with qtbot.waitSignal(palette.wanted) as wanted:
        qtbot.mouseDClick(chip, Qt.MouseButton.LeftButton)
    assert wanted.args == ["exp"]
    with qtbot.waitSignal(palette.wanted) as wanted:
        qtbot.keyClick(chip, Qt.Key.Key_Return)
    assert wanted.args == ["exp"]


def test_down_goes_from_the_search_to_the_first_match(qtbot: QtBot, palette: Palette) -> None:
    palette.activateWindow()
    palette.focus_search()
    qtbot.waitUntil(palette.search.hasFocus)
    qtbot.keyClicks(palette.search, "tanh")
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.chips()[0].hasFocus()


def test_a_drag_carries_the_name_of_the_op(
    qtbot: QtBot, palette: Palette, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[bytes] = []

    class Drag(QDrag):
        def setMimeData(self, data: QMimeData) -> None:
            carried.append(bytes(data.data(OP_MIME).data()))
            super().setMimeData(data)

        def exec(self, *actions: Qt.DropAction) -> Qt.DropAction:
            return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(module, "QDrag", Drag)
    chip = next(chip for chip in palette.chips() if chip.op.name == "mul")
    qtbot.mousePress(chip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.mouseMove(chip, QPoint(60, 20))
    assert carried == [b"mul"]


def test_tool_tips_say_what_the_gradient_does(palette: Palette) -> None:
    chip = next(chip for chip in palette.chips() if chip.op.name == "add")
    assert "upstream gradient" in chip.toolTip()
    assert chip.accessibleName() == "add"


def test_tool_tips_say_the_name_where_the_title_is_another_word(palette: Palette) -> None:
    chip = next(chip for chip in palette.chips() if chip.op.name == "amax")
    assert f"{chip.op.title} (amax): " in chip.toolTip()


def test_a_long_title_has_a_row_of_its_own(qtbot: QtBot, palette: Palette) -> None:
    chips = {chip.op.name: chip for chip in palette.chips()}
    qtbot.waitUntil(lambda: chips["exp"].x() > 0)
    longest = max(chips.values(), key=lambda chip: chip.needed_px)
    palette.resize(chips["exp"].needed_px * 2 + 60, 700)
    qtbot.waitUntil(lambda: longest.width() > 1.5 * chips["exp"].width())
    assert chips["exp"].y() == chips["log"].y()
