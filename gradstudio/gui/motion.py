"""Whether anything may move or flash by itself: what was chosen, else what the system says."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QStyle

_KEY = "reduce_motion"


def is_reduced() -> bool:
    """Return whether nothing is to move or flash that the user does not move."""
    chosen = QSettings().value(_KEY)
    if chosen is not None:
        return str(chosen).lower() == "true"
    # Qt passes on here that a system is set to show no animations.
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


def set_reduced(reduced: bool) -> None:
    """Choose, for now and for next time."""
    QSettings().setValue(_KEY, "true" if reduced else "false")
