"""Which orders of a window can be given now, and why one cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gradstudio.errors import mark
from gradstudio.gui.canvas.commands import COMMANDS
from gradstudio.gui.labs import ACTIONS as LAB_ACTIONS
from gradstudio.gui.orders import Order

if TYPE_CHECKING:
    from gradstudio.gui.main_window import MainWindow

_ALONE = {
    "undo": mark("Orders", "There is nothing to undo"),
    "redo": mark("Orders", "There is nothing to redo"),
    "pause": mark("Orders", "No training is under way"),
    "reset": mark("Orders", "Nothing was trained yet"),
    "next_tab": mark("Orders", "There is one tab only"),
    "previous_tab": mark("Orders", "There is one tab only"),
    "move_tab": mark("Orders", "There is one tab only"),
}
_RUNNING = mark("Orders", "A training is under way")
_EMPTY = mark("Orders", "The graph is empty")


def offer(window: MainWindow) -> None:
    """Let the orders be given that can be, and no others."""
    running, some = window.session.running, bool(window.document.graph.nodes)
    lab, stack = window.labs.lab, window.document.undo_stack
    allowed, tabs = None if lab is None else lab.allowed, len(window.pages) > 1
    able = {
        "undo": stack.canUndo(),
        "redo": stack.canRedo(),
        "pause": running,
        "reset": window.session.can_reset,
        **dict.fromkeys(("train", "step"), some and not running),
        **dict.fromkeys(("check", "export", "export_picture", "copy_picture", "print"), some),
        **{name: not command.lacking(window.canvas) for name, command in COMMANDS.items()},
        **dict.fromkeys(LAB_ACTIONS, lab is not None),
        **dict.fromkeys(("palette", "find_op"), allowed is None or bool(allowed)),
        **dict.fromkeys(("next_tab", "previous_tab", "move_tab"), tabs),
    }
    for name, can in able.items():
        window.menus.actions[name].setEnabled(can)


def why(window: MainWindow, order: Order) -> str:
    """Return why an order cannot be given, in the reader's language; "" where nobody knows."""
    if order.name in COMMANDS:
        return COMMANDS[order.name].lack(window.canvas)
    text = _ALONE.get(order.name, "")
    if not text and not window.document.graph.nodes:
        text = _EMPTY
    elif not text and window.session.running and order.name in ("train", "step"):
        text = _RUNNING
    return QCoreApplication.translate("Orders", text) if text else ""
