"""What each key does on the canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from gradstudio.gui.canvas.gestures import Nudge, Pan

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

ARROW_PAN_PX = 60
_ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


class Keys:
    """The keyboard of one canvas."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.space_held = False
        """Space makes the left button pan."""
        keys = QKeySequence.StandardKey
        self._standard: tuple[tuple[QKeySequence.StandardKey, Callable[[], None]], ...] = (
            (keys.SelectAll, canvas.select_all),
            (keys.Copy, canvas.copy),
            (keys.Cut, canvas.cut),
            (keys.Paste, canvas.paste),
        )

    def press(self, event: QKeyEvent) -> bool:
        """Do what the key does; return False where it does nothing here."""
        canvas, key = self._canvas, event.key()
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        for standard, action in self._standard:
            if event.matches(standard):
                action()
                return True
        if key == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            canvas.duplicate()
        elif key in _ARROWS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._arrow(_ARROWS[Qt.Key(key)], fine=fine)
        elif plain:
            return self._plain(Qt.Key(key), repeated=event.isAutoRepeat())
        else:
            return False
        return True

    def _plain(self, key: Qt.Key, *, repeated: bool) -> bool:
        canvas, selected = self._canvas, self._canvas.selection()
        if key == Qt.Key.Key_Escape and canvas.gesture is not None:
            canvas.cancel_gesture()
        elif key == Qt.Key.Key_Escape and selected:
            canvas.select(())
        # Not the standard key, which on X11 is Ctrl+D too.
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            canvas.delete_selection()
        elif key == Qt.Key.Key_Space:
            if not repeated:
                self.space_held = True
                canvas.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif key in (Qt.Key.Key_F, Qt.Key.Key_Home):
            canvas.fit()
        elif key == Qt.Key.Key_F2 and len(selected) == 1:
            canvas.rename(selected[0])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(selected) == 1:
            if canvas.document.graph.nodes[selected[0]].is_leaf:
                canvas.edit_value(selected[0])
            else:
                canvas.node_activated.emit(selected[0])
        else:
            return False
        return True

    def release(self, event: QKeyEvent) -> bool:
        """End what lasts as long as the key is held."""
        if event.isAutoRepeat():
            return True
        gesture = self._canvas.gesture
        if event.key() == Qt.Key.Key_Space:
            self.space_held = False
            if not isinstance(gesture, Pan):
                self._canvas.viewport().unsetCursor()
        elif isinstance(gesture, Nudge) and event.key() in _ARROWS:
            self._canvas.end_gesture(QPoint())
        else:
            return False
        return True

    def let_go(self) -> None:
        """Take all keys as released: they will be, where nobody tells."""
        self.space_held = False
        if isinstance(self._canvas.gesture, Nudge):
            self._canvas.end_gesture(QPoint())

    def _arrow(self, direction: QPointF, *, fine: bool) -> None:
        canvas = self._canvas
        if canvas.gesture is None:
            if not canvas.selection():
                canvas.lens.pan((-direction * ARROW_PAN_PX).toPoint())
                return
            canvas.begin_gesture(Nudge(canvas))
        if isinstance(canvas.gesture, Nudge):
            canvas.gesture.step(direction, fine=fine)
