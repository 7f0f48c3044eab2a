"""What each key does on the canvas: one table, which the keyboard and the sheet of keys read.

Keys of commands stand in the table of commands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QKeyCombination, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from gradstudio.errors import mark
from gradstudio.gui.canvas.caret import DOWN, LEFT, RIGHT, UP, Direction
from gradstudio.gui.canvas.commands import COMMANDS, Shortcut, key_sequences
from gradstudio.gui.canvas.gestures import Nudge, Pan
from gradstudio.gui.canvas.key_link import KeyLink
from gradstudio.gui.canvas.scrub import Turn

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

ARROW_PAN_PX = 60
_ARROWS: dict[Qt.Key, Direction] = {
    Qt.Key.Key_Left: LEFT,
    Qt.Key.Key_Right: RIGHT,
    Qt.Key.Key_Up: UP,
    Qt.Key.Key_Down: DOWN,
}


@dataclass(frozen=True)
class KeyRow:
    """What some keys do.

    Args:
        keys: the keys, as in a command.
        do: does it for one of them; returns False where there is nothing to do here.
        text: what it does, marked for translation; empty for the key of a command.
        held: whether a key that is held down does it again and again.
    """

    keys: Shortcut
    do: Callable[[Keys, Qt.Key], bool | None]
    text: str = ""
    held: bool = False

    def sequences(self) -> list[QKeySequence]:
        """Return each of the keys."""
        return key_sequences(self.keys)


class Keys:
    """The keyboard of one canvas."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.space_held = False
        """Space makes the left button pan."""
        self._tapped = False
        """Whether Space is held, and nothing was done with it yet."""

    def press(self, event: QKeyEvent) -> bool:
        """Do what the key does; return False where it does nothing here."""
        if event.key() == Qt.Key.Key_Escape and self.canvas.gesture is not None:
            # Whatever else is held, as Shift is while a number is dragged finely.
            return self.escape()
        pressed = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        row = _rows().get(QKeySequence(QKeyCombination(pressed, Qt.Key(event.key()))).toString())
        if row is None:
            return False
        if event.isAutoRepeat() and not row.held:
            return True
        return row.do(self, Qt.Key(event.key())) is not False

    def release(self, event: QKeyEvent) -> bool:
        """End what lasts as long as the key is held."""
        if event.isAutoRepeat():
            return True
        gesture = self.canvas.gesture
        if event.key() == Qt.Key.Key_Space:
            tapped, self.space_held, self._tapped = self._tapped, False, False
            if not isinstance(gesture, Pan):
                self.canvas.viewport().unsetCursor()
            if tapped and gesture is None:
                self.canvas.overlays.find_node()
        elif (isinstance(gesture, Nudge) and event.key() in _ARROWS) or (
            isinstance(gesture, Turn) and event.key() == Qt.Key.Key_Alt
        ):
            self.canvas.end_gesture(QPoint())
        else:
            return False
        return True

    def let_go(self) -> None:
        """Take all keys as released: they will be, where nobody tells."""
        self.space_held = self._tapped = False
        self.interrupt()

    def interrupt(self) -> None:
        """End what keys have begun: the mouse is used now, or the keyboard goes elsewhere."""
        if isinstance(self.canvas.gesture, Nudge | Turn):
            self.canvas.end_gesture(QPoint())
        elif isinstance(self.canvas.gesture, KeyLink):
            self.canvas.cancel_gesture()

    # -- what rows do -----------------------------------------------------------------------

    def walk(self, direction: Direction, *, extend: bool = False, select: bool = True) -> None:
        gesture = self.canvas.gesture
        if isinstance(gesture, KeyLink):
            gesture.step(direction)
        elif gesture is None:
            self.canvas.caret.walk(direction, extend=extend, select=select)

    def leap(self, by: int) -> None:
        if isinstance(self.canvas.gesture, KeyLink):
            self.canvas.gesture.leap(by)
        elif self.canvas.gesture is None:
            self.canvas.caret.leap(by)

    def toggle(self) -> None:
        """Select the node with the ring as well, or not any more."""
        canvas = self.canvas
        name, selected = canvas.caret.name, canvas.selection()
        if name is not None:
            others = tuple(one for one in selected if one != name)
            canvas.select(others if name in selected else (*selected, name))

    def nudge(self, direction: Direction, *, fine: bool = False) -> None:
        """Move the selected nodes, or without any look elsewhere."""
        canvas, along = self.canvas, QPointF(*direction)
        if canvas.gesture is None:
            if not canvas.selection():
                canvas.lens.pan((-along * ARROW_PAN_PX).toPoint())
                return
            canvas.begin_gesture(Nudge(canvas))
        if isinstance(canvas.gesture, Nudge):
            canvas.gesture.step(along, fine=fine)

    def enter(self) -> bool:
        """Land the link in the air; else edit the node."""
        canvas = self.canvas
        if isinstance(canvas.gesture, KeyLink):
            if canvas.gesture.aimed is None:
                canvas.cancel_gesture()
            canvas.end_gesture(QPoint())
            return True
        if (frame := canvas.boards.sole) is not None:
            canvas.levels.go_into(frame)
            return True
        if self._open_board():
            return True
        name = canvas.caret.name
        if name is None:
            return False
        canvas.overlays.edit(name)
        return True

    def _open_board(self) -> bool:
        """Edit the frame or the note that is chosen, if one is."""
        boards, annotating = self.canvas.boards, self.canvas.annotating
        if len(boards.chosen_notes) == 1 and not self.canvas.selection():
            annotating.edit_note(boards.chosen_notes[0])
        elif (frame := boards.sole) is not None:
            annotating.rename(frame)
        else:
            return False
        return True

    def rename(self) -> bool:
        if self._open_board():
            return True
        name = self.canvas.caret.name
        if name is not None:
            self.canvas.overlays.rename(name)
        return name is not None

    def escape(self) -> bool:
        canvas = self.canvas
        if canvas.gesture is not None:
            canvas.cancel_gesture()
        elif canvas.selection() or canvas.boards.chosen_notes:
            canvas.select(())
        elif canvas.find_bar.isVisible():
            canvas.find_bar.close_bar()
        elif canvas.inside is not None:
            canvas.levels.go_out()
        else:
            return False
        return True

    def delete(self) -> None:
        """Remove the link that keys hold, else the selected nodes."""
        canvas = self.canvas
        if isinstance(canvas.gesture, KeyLink):
            link = canvas.gesture.link
            if link is not None:
                canvas.cancel_gesture()
                canvas.edits.move_link(link, None)
        else:
            COMMANDS["delete"].give(canvas)

    def hold_space(self) -> None:
        self.space_held = self._tapped = True
        self.canvas.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def pans(self) -> bool:
        """Return whether a press of the left button pans: then Space was not tapped."""
        self._tapped = False
        return self.space_held

    def find(self) -> None:
        """Find a node: beside the one with the ring, at the end of the link that keys hold."""
        canvas, gesture = self.canvas, self.canvas.gesture
        if isinstance(gesture, KeyLink):
            way = RIGHT if gesture.target is None else LEFT
            canvas.overlays.find_node(canvas.caret.beside(way), gesture.hand_over())
        elif gesture is None:
            canvas.overlays.find_node()

    def link(self) -> None:
        """Begin a link out of the node."""
        canvas = self.canvas
        name = self._node_to_link()
        if name is not None:
            # First: a link the other way has lit up other ports.
            canvas.cancel_gesture()
            canvas.begin_gesture(KeyLink(canvas, source=name))

    def link_back(self) -> None:
        """Begin a link into the node: into its first free port, and when asked again the next."""
        canvas, gesture = self.canvas, self.canvas.gesture
        name, port = self._node_to_link(), -1
        if isinstance(gesture, KeyLink) and gesture.target is not None:
            name, port = gesture.target
        if name is None:
            return
        graph = canvas.document.graph
        count, inputs = len(graph.ports(name)), graph.nodes[name].inputs
        if not count:
            canvas.edits.refuse_full(name)
            return
        if port < 0:
            free = (at for at in range(count) if at >= len(inputs) or inputs[at] is None)
            port = next(free, 0)
        else:
            port = (port + 1) % count
        canvas.cancel_gesture()
        canvas.begin_gesture(KeyLink(canvas, target=(name, port)))

    def _node_to_link(self) -> str | None:
        canvas = self.canvas
        if canvas.gesture is not None and not isinstance(canvas.gesture, KeyLink):
            return None
        name = canvas.caret.name
        if name is None:
            canvas.refuse(
                QCoreApplication.translate("CanvasKeys", "Choose a node first, with the arrows")
            )
        return name


def _walk(keys: Keys, key: Qt.Key) -> None:
    keys.walk(_ARROWS[key])


def _four(modifiers: str) -> tuple[str, ...]:
    return tuple(f"{modifiers}+{arrow}" for arrow in ("Left", "Right", "Up", "Down"))


def _ordered(name: str) -> Callable[[Keys, Qt.Key], None]:
    """Return what the key of a command does."""
    command = COMMANDS[name]
    return lambda keys, _: command.give(keys.canvas)


KEYS: tuple[KeyRow, ...] = (
    KeyRow(("Right",), _walk, mark("CanvasKeys", "Along an edge to what uses the node"), held=True),
    KeyRow(("Left",), _walk, mark("CanvasKeys", "Along an edge to an input of it"), held=True),
    KeyRow(("Up", "Down"), _walk, mark("CanvasKeys", "To the node above or below"), held=True),
    KeyRow(
        ("PgUp", "PgDown"),
        lambda keys, key: keys.leap(-1 if key == Qt.Key.Key_PageUp else 1),
        mark("CanvasKeys", "Through all nodes, in the order they are computed"),
        held=True,
    ),
    KeyRow(
        _four("Shift"),
        lambda keys, key: keys.walk(_ARROWS[key], extend=True),
        mark("CanvasKeys", "The same, and select the node as well"),
        held=True,
    ),
    KeyRow(
        _four("Ctrl"),
        lambda keys, key: keys.walk(_ARROWS[key], select=False),
        mark("CanvasKeys", "The same, and leave the selection"),
        held=True,
    ),
    KeyRow(
        ("Ctrl+Return", "Ctrl+Enter"),
        lambda keys, _: keys.toggle(),
        mark("CanvasKeys", "Select the node as well, or no longer"),
    ),
    KeyRow(
        ("Return", "Enter"),
        lambda keys, _: keys.enter(),
        mark("CanvasKeys", "Edit: the value of a leaf, else in the inspector"),
    ),
    KeyRow(("F2",), lambda keys, _: keys.rename(), mark("CanvasKeys", "Rename the node")),
    KeyRow(
        ("C",),
        lambda keys, _: keys.link(),
        mark("CanvasKeys", "Link from the node: arrows choose the port, Enter links"),
    ),
    KeyRow(
        ("Shift+C",),
        lambda keys, _: keys.link_back(),
        mark("CanvasKeys", "Link into the node; again for its next port; Delete removes a link"),
    ),
    KeyRow(
        _four("Alt"),
        lambda keys, key: keys.nudge(_ARROWS[key]),
        mark("CanvasKeys", "Move the selected nodes; without any, the canvas"),
        held=True,
    ),
    KeyRow(
        _four("Alt+Shift"),
        lambda keys, key: keys.nudge(_ARROWS[key], fine=True),
        mark("CanvasKeys", "Move them by one pixel"),
        held=True,
    ),
    KeyRow(
        ("Del", "Backspace"),
        lambda keys, _: keys.delete(),
        mark("CanvasKeys", "Delete what is selected"),
    ),
    KeyRow(
        ("Esc",),
        lambda keys, _: keys.escape(),
        mark("CanvasKeys", "Cancel what is under way; else select nothing"),
    ),
    KeyRow(
        ("Tab", "Shift+A", "T"),
        lambda keys, _: keys.find(),
        mark("CanvasKeys", "Find a node to add"),
    ),
    KeyRow(
        ("Space",),
        lambda keys, _: keys.hold_space(),
        mark("CanvasKeys", "Tapped: find a node to add; held: drag to pan"),
    ),
    KeyRow(("F",), _ordered("fit"), mark("CanvasKeys", "Show all")),
)
"""The keys that the canvas alone has."""


@cache
def _rows() -> dict[str, KeyRow]:
    # A key of a command does more here where it is one of the canvas, too: Delete, Shift+A.
    rows = (*(KeyRow(one.keys, _ordered(name)) for name, one in COMMANDS.items()), *KEYS)
    return {sequence.toString(): row for row in rows for sequence in row.sequences()}
