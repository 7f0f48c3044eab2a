"""How widgets look in a theme: Qt's palette, the style sheet, and the fonts."""

from __future__ import annotations

import re
from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette

from gradstudio import resources
from gradstudio.gui.theme import Theme

# Without a family that says SC, fontconfig and Windows may pick Japanese forms for Chinese text.
CHINESE_FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
)
SMALLEST_TEXT_PT = 9.75
SMALL_PT = 0.85
"""The size of headings and notes, as a part of the text's."""


def text_font() -> QFont:
    """Return the system's text font, at a readable size, with Simplified Chinese forms."""
    return _with_chinese(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))


def code_font() -> QFont:
    """Return the system's fixed-width font for formulas and numbers in columns."""
    return scaled(_with_chinese(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)), 0.95)


def scaled(font: QFont, by: float) -> QFont:
    """Return a font so many times as large, be its size given in points or in px."""
    made = QFont(font)
    if font.pointSizeF() > 0:
        made.setPointSizeF(font.pointSizeF() * by)
    else:
        made.setPixelSize(max(round(font.pixelSize() * by), 1))
    return made


def _with_chinese(font: QFont) -> QFont:
    # The system may name an alias such as "Sans Serif", which stands for nothing in a list.
    family = QFontInfo(font).family()
    # A Japanese or Korean system names its own variant of a font that has a Chinese one.
    family = re.sub(" (JP|KR|TC|HK)$", " SC", family)
    font.setFamilies(list(dict.fromkeys((family, *CHINESE_FAMILIES))))
    font.setPointSizeF(max(font.pointSizeF(), SMALLEST_TEXT_PT))
    return font


def palette(theme: Theme) -> QPalette:
    """Return the colours of widgets that the style sheet does not speak of."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.panel,
        role.WindowText: theme.text,
        role.Base: theme.canvas,
        role.AlternateBase: theme.bar,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.button,
        role.ButtonText: theme.text,
        role.BrightText: theme.on_accent,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.ToolTipBase: theme.card,
        role.ToolTipText: theme.text,
        role.Light: theme.button_hover,
        role.Midlight: theme.button,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.line,
        role.Accent: theme.accent,
    }
    made = QPalette()
    for which, colour in colours.items():
        made.setColor(which, QColor(colour))
    faint = QColor(theme.muted)
    faint.setAlphaF(0.6)
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, faint)
    return made


_SHEET = Template("""
QMainWindow, QDialog, QMessageBox { background: $panel; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: 4px 6px; }
QMenuBar { background: $panel; padding: 2px 6px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $button_hover; }
QMenu { background: $card; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 26px; border-radius: 4px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $muted; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QStatusBar { background: $bar; border-top: 1px solid $line; color: $muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel, QStatusBar QToolButton { color: $muted; }
QStatusBar QToolButton[severity="error"] { color: $error; }
QStatusBar QToolButton[severity="warning"] { color: $warning; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QFrame[box="tabs"] { background: $bar; border: none; }
QTabBar[row="pages"], QTabBar[row="drawer"] { font-weight: 600; }
QTabBar[row="pages"] { background: $bar; }
QTabBar[row="pages"]::tab { background: transparent; color: $muted; border: none;
    font-weight: 400; padding: 7px 8px 7px 14px; min-width: 60px; max-width: 220px; }
QTabBar[row="pages"]::tab:hover { background: $button_hover; }
QTabBar[row="pages"]::tab:selected { background: $canvas; color: $text; font-weight: 600; }
QTabBar[row="pages"]::tab:focus { color: $accent; }
QTabBar::close-button { image: url("$close"); subcontrol-position: right; width: 12px;
    height: 12px; }
QTabBar::close-button:hover { background: $line; border-radius: 3px; }
QTabBar::scroller { width: 40px; }
QTabBar QToolButton { background: $bar; border: none; border-radius: 0; padding: 0; }
QTabBar QToolButton::right-arrow { image: url("$right"); width: 12px; height: 12px; }
QTabBar QToolButton::left-arrow { image: url("$left"); width: 12px; height: 12px; }
QTabBar[row="drawer"]::tab { background: transparent; color: $muted; border: none;
    font-weight: 400; border-bottom: 2px solid transparent; padding: 4px 2px;
    margin: 0 10px 0 6px; }
QTabBar[row="drawer"]::tab:hover { color: $text; }
QTabBar[row="drawer"]::tab:selected { color: $text; border-bottom-color: $accent;
    font-weight: 600; }
QTabBar[row="drawer"]::tab:focus { color: $accent; }
QSplitter::handle { background: $line; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollArea[framed="true"] { border: 1px solid transparent; }
QScrollArea[framed="true"]:focus { border-color: $accent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; min-height: 24px;
    min-width: 24px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QPushButton, QToolButton { background: $button; border: 1px solid transparent; border-radius: 5px;
    padding: 5px 12px; }
QToolButton { padding: 4px 8px; }
QPushButton:hover, QToolButton:hover { background: $button_hover; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $muted; }
QPushButton:default, QPushButton[primary="true"], QToolButton[primary="true"] {
    background: $accent; color: $on_accent; font-weight: 600; }
QPushButton[primary="true"]:focus, QToolButton[primary="true"]:focus { border-color: $text; }
QPushButton:default:disabled, QPushButton[primary="true"]:disabled,
QToolButton[primary="true"]:disabled {
    background: $button; color: $muted; }
QPushButton[chip="true"] { text-align: left; padding: 4px 4px; }
QToolButton[flat="true"] { background: transparent; padding: 2px 6px; }
QToolButton[flat="true"]:hover { background: $button_hover; }
QLineEdit, QPlainTextEdit, QSpinBox, QComboBox { background: $canvas; color: $text;
    border: 1px solid $line; border-radius: 5px; padding: 4px 7px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QComboBox:focus {
    border-color: $accent; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { color: $muted; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; height: 0; border: none; }
QCheckBox { spacing: 6px; }
QCheckBox::indicator, QMenu::indicator { width: 13px; height: 13px; border: 1px solid $edge;
    border-radius: 3px; background: $canvas; }
QCheckBox::indicator:checked, QMenu::indicator:checked { background: $accent;
    border-color: $accent; image: url("$check"); }
QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:disabled { border-color: $line; }
QMenu::indicator { margin-left: 7px; }
QRadioButton { spacing: 6px; }
QRadioButton::indicator { width: 13px; height: 13px; border: 1px solid $edge; border-radius: 7px;
    background: $canvas; }
QRadioButton::indicator:checked { width: 7px; height: 7px; border: 4px solid $accent;
    background: $on_accent; }
QRadioButton::indicator:focus { border-color: $accent; }
QRadioButton::indicator:disabled { border-color: $line; }
QRadioButton::indicator:checked:disabled { border-color: $muted; background: $canvas; }
QLineEdit[flat="true"] { background: transparent; border-color: transparent; padding-left: 0; }
QLineEdit[flat="true"]:hover { border-color: $line; }
QLineEdit[flat="true"]:focus { border-color: $accent; padding-left: 6px; background: $canvas; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url("$chevron"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $line;
    selection-background-color: $accent; selection-color: $on_accent; }
QTableView { background: $canvas; gridline-color: $line; border: 1px solid $line; }
QHeaderView::section { background: $bar; color: $muted; border: none;
    border-right: 1px solid $line; border-bottom: 1px solid $line; padding: 3px 6px; }
QTableCornerButton::section { background: $bar; border: none; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $value; }
QSlider[phase="backward"]::sub-page:horizontal { background: $gradient; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -4px 0; border-radius: 6px;
    background: $value; }
QSlider[phase="backward"]::handle:horizontal { background: $gradient; }
QSlider::handle:horizontal:focus { border: 2px solid $text; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: $line; }
QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QLabel[role="heading"] { color: $muted; font-weight: 600; }
QLabel[role="title"] { font-weight: 700; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="value"] { color: $value; font-weight: 600; }
QLabel[role="gradient"] { color: $gradient; font-weight: 600; }
QLabel[role="derivation"] { color: $gradient; }
QLabel[role="error"] { color: $error; }
QLabel[role="warning"] { color: $warning; }
QLabel[phase="forward"] { color: $value; font-weight: 600; }
QLabel[phase="backward"] { color: $gradient; font-weight: 600; }
QFrame[box="card"] { background: $canvas; border: 1px solid $line; border-radius: 6px; }
QFrame[box="floating"] { background: $panel; border: 1px solid $edge; border-radius: 8px; }
QTreeView { background: $canvas; border: 1px solid $line; border-radius: 5px; }
QTreeView[airy="true"]::item { padding: 3px 2px; }
QFrame[box="floating"] QListWidget { background: transparent; border: none; }
QFrame[box="good"] { background: $good; border: 1px solid $good_line; border-radius: 6px; }
QFrame[box="error"] { background: $card; border: 1px solid $error; border-radius: 6px; }
QFrame[box="warning"] { background: $card; border: 1px solid $warning; border-radius: 6px; }
QFrame[box="popup"] { background: $card; border: 1px solid $edge; border-radius: 8px; }
QFrame[box="popup"] QListView { background: transparent; border: none; outline: none; }
QFrame[box="field"] { background: $canvas; border: 1px solid $line; border-radius: 6px; }
QFrame[box="field"][active="true"] { border-color: $accent; }
QFrame[box="field"][wrong="true"] { border-color: $error; }
QLineEdit[wrong="true"] { border-color: $error; color: $error; }
QFrame[box="field"] QLineEdit { background: transparent; border: none; }
QTextEdit[reading="true"] { background: transparent; border: none; padding: 0; }
QTextEdit[reading="true"]:focus { border-left: 2px solid $accent; }
QLineEdit[blank] { padding: 0 3px; border-radius: 4px; background: $card; font-weight: 600; }
QLineEdit[blank="value"] { color: $value; border-color: $value; }
QLineEdit[blank="gradient"] { color: $gradient; border-color: $gradient; }
QLineEdit[blank][current="false"][verdict=""] { border-style: dashed; }
QLineEdit[blank]:focus, QLineEdit[blank][current="false"][verdict=""]:focus {
    border: 2px solid $accent; padding: 0 2px; }
QLineEdit[verdict="right"] { border: 1px solid $good_line; background: $good; }
QLineEdit[blank][verdict="right"] { color: $value; }
QLineEdit[verdict="wrong"], QLineEdit[verdict="unread"] { border: 1px solid $error; color: $error; }
QFrame[box="bar"] { background: $panel; border: none; border-bottom: 1px solid $line; }
QFrame[box="find"] { background: $card; border: 1px solid $line; border-radius: 6px; }
QFrame[box="panel"] { background: $panel; border: none; }
""")


def sheet(theme: Theme) -> str:
    """Return the style sheet of the whole program."""
    colours = {
        key: value
        for key in Theme.__dataclass_fields__
        if isinstance(value := getattr(theme, key), str)
    }
    icons = {
        icon: resources.path("icons", f"{icon}-{theme.name}.svg").as_posix()
        for icon in ("check", "chevron", "close", "left", "right")
    }
    return _SHEET.substitute(colours, **icons)
