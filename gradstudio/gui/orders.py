"""Every order the menus can give, as one list: where it stands, its keys, all its names."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from gradstudio.gui.appearance import in_every_language

NAMES = "names"
"""The property of an action that has its names where they are not of the program."""
SOURCE = "source"
"""The property of an action that has its text before it is translated."""
BETWEEN = " › "
_LETTER = re.compile(r"\(&\w\)")
_SIGNS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter", "Del": "Delete"}
_ARROWS = "←→↑↓"
_RARE = frozenset(("New", "Open", "Save", "Undo", "Redo", "Cut", "Copy", "Paste", "Find", "Help"))
"""Keys of keyboards that few have; F13 and above, which platforms give meanings, are others."""
_ELSEWHERE: Mapping[str, tuple[str, ...]] = {
    "add_note": ("comment", "sticky note", "注释", "便签"),
    "arrange": ("auto layout", "tidy up", "自动布局"),
    "bridge": ("dissolve", "ripple delete"),
    "collapse": ("recognise", "merge"),
    "copy_picture": ("screenshot", "copy image", "截图"),
    "enter_frame": ("enter group", "open subgraph", "进入组"),
    "expand": ("explode", "break apart"),
    "export_picture": ("screenshot", "save image", "png", "svg", "pdf", "截图"),
    "fit": ("zoom to fit", "view all", "适应窗口"),
    "fit_selection": ("zoom to selection", "view selected"),
    "fold": ("subgraph", "group node", "子图", "折叠组"),
    "frame": ("group", "comment box", "编组"),
    "language": ("settings", "preferences", "设置"),
    "mute": ("bypass", "disable", "旁路", "禁用"),
    "reduce_motion": ("settings", "preferences", "animation", "设置"),
    "reroute": ("dot", "knot"),
    "theme": ("settings", "preferences", "设置"),
    "unframe": ("ungroup", "取消编组"),
}
"""What other programs call an order, by its name or its submenu's."""


@dataclass(frozen=True)
class Order:
    """One entry of a menu.

    Args:
        key: what it is called in the settings, in any language the same.
        name: the action's name, or for an entry of a submenu the submenu's.
        action: does it.
        menu: the menu it stands in, and the submenu if it is in one, as they are titled now.
        text: what it is called now.
        names: what it is called in every language.
        others: the same with its menus in front, and what other programs call it.
    """

    key: str
    name: str
    action: QAction
    menu: tuple[str, ...]
    text: str
    names: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def where(self) -> str:
        """The menus that lead to it."""
        return BETWEEN.join(self.menu)

    @property
    def keys(self) -> str:
        """Its keys as people write them; empty without any."""
        return keys_text(self.action.shortcuts())

    @property
    def first_key(self) -> str:
        """The first of its keys; empty without any."""
        return keys_text([self.action.shortcut()])


def orders(bar: QMenuBar) -> list[Order]:
    """Return all orders of a menu bar, menu by menu, and after them the choices of submenus."""
    found = [
        order
        for action in bar.actions()
        if action.isVisible() and isinstance(menu := action.menu(), QMenu)
        for order in _below(menu, (plain(action.text()),), _names(action), "")
    ]
    return sorted(found, key=lambda order: len(order.menu))


def _below(
    menu: QMenu, path: tuple[str, ...], above: tuple[str, ...], name: str
) -> Iterator[Order]:
    if name:
        # Such menus are filled when they open.
        menu.aboutToShow.emit()
    for action in menu.actions():
        if action.isSeparator() or not action.isVisible():
            continue
        text, names = plain(action.text()), _names(action)
        inner = action.menu()
        if isinstance(inner, QMenu):
            submenu = inner.objectName() or text
            yield from _below(inner, (*path, text), names, submenu)
            continue
        own = action.objectName().removeprefix("action_")
        known = bool(own) or action.isEnabled()
        if known:
            said = str(action.data() or action.statusTip() or names[0])
            others = tuple(f"{one} {word}" for one in above for word in names)
            others += _ELSEWHERE.get(own or name, ())
            if isinstance(action.data(), str):
                # A file is known by its name, too.
                others += (Path(action.data()).stem,)
            key = own or f"{name}/{said}"
            yield Order(key, own or name, action, path, text, names, others)


def _names(action: QAction) -> tuple[str, ...]:
    now = plain(action.text())
    source, given = action.property(SOURCE), action.property(NAMES)
    if given:
        return tuple(dict.fromkeys((now, *given)))
    if not source:
        return (now,)
    return tuple(dict.fromkeys((now, *map(plain, in_every_language("Menus", str(source))))))


def plain(text: str) -> str:
    """Return the text of an action without the marks of its letter."""
    return re.sub("&(.)", r"\1", _LETTER.sub("", text)).strip()


def key_text(keys: QKeySequence) -> str:
    """Return a key as it stands on the keyboard: `Ctrl+Shift+P`, `Alt+←`."""
    if sys.platform == "darwin":
        return keys.toString(QKeySequence.SequenceFormat.NativeText)
    before, plus, last = keys.toString().rpartition("+")
    if not last:
        return keys.toString()
    return f"{before}{plus}{_SIGNS.get(last, last)}"


def _is_rare(keys: str) -> bool:
    return keys in _RARE or re.search(r"\bF(1[3-9]|[23]\d)$", keys) is not None


def keys_text(sequences: Iterable[QKeySequence]) -> str:
    """Return several keys that do the same: `Ctrl+Y, Ctrl+Shift+Z`, `Shift+← → ↑ ↓`."""
    common = (keys for keys in sequences if not _is_rare(keys.toString()))
    texts = [key_text(keys) for keys in common]
    texts = list(dict.fromkeys(filter(None, texts)))
    befores = {text[:-1] for text in texts}
    if len(befores) == 1 and len(texts) > 1 and all(text[-1] in _ARROWS for text in texts):
        return befores.pop() + " ".join(text[-1] for text in texts)
    return ", ".join(texts)
