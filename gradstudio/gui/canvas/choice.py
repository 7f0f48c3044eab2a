"""What can be switched on and off for all canvases, and is remembered for next time."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSettings


@dataclass(frozen=True)
class Choice:
    """One such thing.

    Args:
        key: under which name it is remembered.
        default: what it is at first.
    """

    key: str
    default: bool

    @property
    def on(self) -> bool:
        """Whether it is on."""
        return bool(QSettings().value(self.key, self.default, type=bool))

    def set(self, on: bool) -> None:
        """Remember whether it is on."""
        QSettings().setValue(self.key, on)
