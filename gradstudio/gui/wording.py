"""How the window says what the core says in English."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from gradstudio.errors import GradStudioError


def core_text(text: str) -> str:
    """Return a text of the core in the reader's language."""
    return QCoreApplication.translate("core", text)


def error_text(wrong: GradStudioError) -> str:
    """Return an error in the reader's language."""
    return wrong.say(core_text)
