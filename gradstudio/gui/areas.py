"""The areas of the window, and how keys go from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget


def step(areas: Sequence[QWidget], by: int) -> QWidget | None:
    """Put the keyboard into the next area (or the one before), where it last was there.

    Areas in which nothing can have it, as they are hidden or empty, are passed over.

    Returns:
        What has the keyboard now; None where no area can have it.
    """
    now: QWidget | None = QApplication.focusWidget()
    inside = [at for at, area in enumerate(areas) if now is not None and _holds(area, now)]
    at = inside[0] if inside else (-1 if by > 0 else 0)
    for ahead in range(1, len(areas) + 1):
        area = areas[(at + by * ahead) % len(areas)]
        target = _target(area)
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return target
    return None


def _holds(area: QWidget, widget: QWidget) -> bool:
    return area is widget or area.isAncestorOf(widget)


def _target(area: QWidget) -> QWidget | None:
    last: QWidget | None = area.focusWidget()
    if last is not None and _takes(last):
        return last
    if _takes(area):
        return area
    # WORKAROUND: PySide 6.11 takes what `nextInFocusChain` returns for a child of the widget it was
    # asked of, and would delete the window with it. All are asked in the order they were made in.
    able = [one for one in area.findChildren(QWidget) if _takes(one)]
    # What only scrolls comes last: it is for areas with nothing but text.
    return min(able, key=lambda one: isinstance(one, QScrollArea), default=None)


def _takes(widget: QWidget) -> bool:
    tabs = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(tabs) and widget.isVisible() and widget.isEnabled()
