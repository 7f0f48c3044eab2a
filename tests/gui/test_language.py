"""The window in Chinese: it changes while it runs, wholly, and back again."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtGui import QAction, QFontInfo
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gradstudio import formula, resources, storage
from gradstudio.errors import GradStudioError
from gradstudio.gui import style
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.canvas.hover import edge_tip, node_tip
from gradstudio.gui.dialogs import Answer, UnsavedChanges
from gradstudio.gui.main_window import MainWindow

READERS = (
    *("text", "title", "toolTip", "statusTip", "placeholderText", "specialValueText", "suffix"),
    *("windowTitle", "accessibleName", "accessibleDescription"),
)
_TEXTS = ElementTree.parse(resources.path("i18n", "gradstudio_zh_CN.ts")).getroot()
TRANSLATED = {
    message.findtext("source", "").replace("&", "")
    for message in _TEXTS.iter("message")
    if message.findtext("source") != message.findtext("translation")
}


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    before = qapp.font(), qapp.palette(), qapp.styleSheet()
    made = Appearance(qapp)
    made.apply()
    made.choose_language("en")
    yield made
    made.choose_language("en")
    QSettings().clear()
    qapp.setFont(before[0])
    qapp.setPalette(before[1])
    qapp.setStyleSheet(before[2])


@pytest.fixture
def window(qtbot: QtBot, appearance: Appearance, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)
    made = MainWindow(appearance)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: made.training.plot.chart is not None)
    return made


def shown(window: MainWindow) -> list[tuple[str, str, str]]:
    """Return every text the window shows: of which object, of what kind, and the text."""
    found = []
    widgets = [one for one in window.findChildren(QWidget) if one.isVisibleTo(window)]
    for one in [window, *widgets, *window.findChildren(QAction)]:
        kind = type(one).__name__
        found += [
            (kind, reader, str(getattr(one, reader)()))
            for reader in READERS
            if callable(getattr(one, reader, None))
        ]
        if isinstance(one, QComboBox):
            found += [(kind, "item", one.itemText(at)) for at in range(one.count())]
        if isinstance(one, QTabBar):
            found += [(kind, "tab", one.tabText(at)) for at in range(one.count())]
    return found


def english_left(window: MainWindow) -> list[tuple[str, str, str]]:
    return [text for text in shown(window) if text[2].replace("&", "") in TRANSLATED]


def speak(window: MainWindow, language: str) -> None:
    window.appearance.choose_language(language)
    QCoreApplication.processEvents()  # Qt posts the news of another language.


def open_example(window: MainWindow, name: str) -> None:
    window.filing.open_example(resources.path("examples", f"{name}.gradstudio"))
    window.document.settle()
    QCoreApplication.processEvents()  # The formula bar follows in the next turn.


@pytest.mark.parametrize("selected", ["", "w", "p"])
def test_every_text_changes_with_the_language_and_back(
    qtbot: QtBot, window: MainWindow, selected: str
) -> None:
    open_example(window, "linear-fit")
    window.canvas.select((selected,) if selected else ())
    QCoreApplication.processEvents()
    english = shown(window)
    assert len(english_left(window)) > 100
    speak(window, "zh_CN")
    assert english_left(window) == []
    speak(window, "en")
    assert shown(window) == english


def test_an_empty_window_is_in_chinese(window: MainWindow) -> None:
    speak(window, "zh_CN")
    assert english_left(window) == []


def test_an_error_is_said_in_chinese_with_the_errors_in_it(window: MainWindow) -> None:
    speak(window, "zh_CN")
    values = {"x": np.ones((2, 3)), "y": np.ones(2), "z": np.float64(-1)}
    window.document.commit("", formula.parse("a = x @ y; b = log(z)", values=values))
    window.document.settle()
    window.canvas.select(("a",))
    assert window.inspector.trouble.text.startswith(
        "a（matmul）：x 的形状是 (2, 3)，y 的形状是 (2)"
    )
    window.canvas.select(("b",))
    assert window.inspector.trouble.text == "b（log）的值是 nan：对数的自变量不是正数"
    assert window.inspector.ports.texts()[0][1] == "标量"


def test_a_file_that_cannot_be_read_is_said_in_chinese(window: MainWindow, tmp_path: Path) -> None:
    speak(window, "zh_CN")
    with pytest.raises(GradStudioError) as missing:
        storage.load(tmp_path / "missing.gradstudio")
    said = missing.value.say(lambda text: QCoreApplication.translate("core", text))
    assert said.endswith("missing.gradstudio：无法读取：没有这个文件或文件夹")


def test_tips_on_the_canvas_are_in_chinese(window: MainWindow) -> None:
    speak(window, "zh_CN")
    open_example(window, "linear-fit")
    assert "均值" in node_tip(window.canvas.picture, "loss")
    assert "值：" in edge_tip(window.canvas.picture, 0)
    assert "梯度：" in edge_tip(window.canvas.picture, 0)


def test_chinese_texts_of_qt_itself_are_loaded(qtbot: QtBot, appearance: Appearance) -> None:
    appearance.choose_language("zh_CN")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert [button.text() for button in box.buttons()] == ["取消"]


def test_file_dialogs_are_chinese_throughout(qtbot: QtBot, appearance: Appearance) -> None:
    appearance.choose_language("zh_CN")
    dialog = QFileDialog()
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    dialog.show()
    texts = [one.text() for one in dialog.findChildren(QLabel) if one.text()]
    assert len(texts) >= 3
    assert all(any(ord(letter) > 0x2E80 for letter in one) for one in texts), texts


def test_chinese_is_written_in_simplified_forms() -> None:
    for font in (style.text_font(), style.code_font()):
        assert set(style.CHINESE_FAMILIES) <= set(font.families())
        assert not QFontInfo(font).family().endswith((" JP", " KR", " TC", " HK"))


def test_the_font_of_a_japanese_system_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    class Japanese:
        def __init__(self, font: object) -> None:
            pass

        def family(self) -> str:
            return "Noto Sans Mono CJK JP"

    monkeypatch.setattr(style, "QFontInfo", Japanese)
    assert style.code_font().families()[:2] == ["Noto Sans Mono CJK SC", "Noto Sans CJK SC"]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_chip_of_the_palette_is_cut_short(window: MainWindow, language: str) -> None:
    speak(window, language)
    QCoreApplication.processEvents()
    assert abs(window.palette_panel.width() - 200) <= 4
    chips = window.palette_panel.chips()
    assert [chip.text() for chip in chips if chip.text().endswith("…")] == []
    assert [chip.text() for chip in chips if chip.width() < chip.needed_px] == []
    wide = [chip.op.name for chip in chips if chip.width() > 100]
    assert not {"input", "parameter", "constant", "transpose"} & set(wide)
