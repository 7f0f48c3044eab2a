"""What was chosen lately: short lists of names in the settings, the newest first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings


class Recent:
    """One such list.

    Args:
        key: where it stands in the settings.
        most: how many names it keeps.
        still: whether a name still means something; without it, all do.
    """

    def __init__(self, key: str, most: int, still: Callable[[str], bool] | None = None) -> None:
        self.key = key
        self._most = most
        self._still = still

    def names(self) -> tuple[str, ...]:
        """Return what it holds, the newest first."""
        known = QSettings().value(self.key)
        # QSettings gives a list of one back as a text.
        names = [known] if isinstance(known, str) else known if isinstance(known, list) else []
        kept = [str(name) for name in names if self._still is None or self._still(str(name))]
        return tuple(kept[: self._most])

    def remember(self, name: str) -> None:
        """Put `name` in front."""
        others = [one for one in self.names() if one != name]
        QSettings().setValue(self.key, [name, *others][: self._most])
