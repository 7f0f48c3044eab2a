"""Appearance: which theme and which language were chosen, and putting them into effect."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QSettings, Qt, QTranslator, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gradstudio import resources
from gradstudio.gui import style
from gradstudio.gui.theme import DARK, LIGHT, Theme

SYSTEM = "system"
THEMES = (SYSTEM, "light", "dark")
ENGLISH, CHINESE = "en", "zh_CN"
LANGUAGES = (SYSTEM, ENGLISH, CHINESE)


class Appearance(QObject):
    """The theme and the language of the program: chosen while it runs, remembered for next time.

    Colours that widgets paint themselves follow `theme_changed`; texts follow Qt's own
    `LanguageChange` event.
    """

    theme_changed = Signal(object)

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._settings = QSettings()
        self._theme_choice = self._remembered("theme", THEMES)
        self._language_choice = self._remembered("language", LANGUAGES)
        self._installed: list[QTranslator] = []
        self.theme: Theme = LIGHT
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def _remembered(self, key: str, allowed: tuple[str, ...]) -> str:
        value = str(self._settings.value(key, SYSTEM))
        return value if value in allowed else SYSTEM

    def apply(self) -> None:
        """Put both choices into effect."""
        self._app.setStyle("Fusion")
        self._app.setFont(style.text_font())
        self._apply_theme()
        self._apply_language()

    # -- theme ------------------------------------------------------------------------------

    @property
    def theme_choice(self) -> str:
        """One of `THEMES`."""
        return self._theme_choice

    def choose_theme(self, choice: str) -> None:
        """Use one of `THEMES` from now on."""
        self._theme_choice = choice
        self._settings.setValue("theme", choice)
        self._apply_theme()

    def _follow_system(self) -> None:
        if self._theme_choice == SYSTEM:
            self._apply_theme()

    def _apply_theme(self) -> None:
        dark = self._theme_choice == "dark" or (
            self._theme_choice == SYSTEM
            and QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        )
        self.theme = DARK if dark else LIGHT
        self._app.setPalette(style.palette(self.theme))
        self._app.setStyleSheet(style.sheet(self.theme))
        self.theme_changed.emit(self.theme)

    # -- language ---------------------------------------------------------------------------

    @property
    def language_choice(self) -> str:
        """One of `LANGUAGES`."""
        return self._language_choice

    @property
    def language(self) -> str:
        """The language that is shown: `en` or `zh_CN`."""
        if self._language_choice != SYSTEM:
            return self._language_choice
        wanted = QLocale.system().uiLanguages()
        return CHINESE if wanted and wanted[0].startswith("zh") else ENGLISH

    def choose_language(self, choice: str) -> None:
        """Use one of `LANGUAGES` from now on."""
        self._language_choice = choice
        self._settings.setValue("language", choice)
        self._apply_language()

    def _apply_language(self) -> None:
        for translator in self._installed:
            self._app.removeTranslator(translator)
        self._installed = []
        if self.language != CHINESE:
            return
        qt = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if qt.load("qtbase_zh_CN", folder):
            self._installed.append(qt)
        self._installed.append(_chinese())
        for translator in self._installed:
            self._app.installTranslator(translator)


def in_every_language(context: str, text: str) -> tuple[str, ...]:
    """Return `text` and what it is in the other languages, whichever is shown."""
    chinese = _chinese().translate(context, text)
    return (text, chinese) if chinese else (text,)


@cache
def _chinese() -> QTranslator:
    translator = QTranslator()
    translator.load(_translations())
    return translator


def _translations() -> str:
    try:
        return str(resources.path("i18n", "gradstudio_zh_CN.qm"))
    except FileNotFoundError:
        return ""
