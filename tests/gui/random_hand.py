"""What a hand does at random on a canvas: drags, clicks, strokes, keys, menus, and what interrupts.

The mouse goes where there is something: nodes, ports, labels, links, frames, notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from hypothesis import strategies as st
from hypothesis.stateful import rule
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from random_canvas import SIZE, RandomCanvas, numbers, pick, several

from gradstudio.gui.canvas.commands import COMMANDS, key_sequences
from gradstudio.gui.canvas.keys import KEYS
from gradstudio.gui.canvas.menu import CanvasMenu
from gradstudio.gui.canvas.splice import OP_MIME
from gradstudio.gui.theme import DARK, LIGHT

NO_KEYS = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
LEFT, RIGHT, MIDDLE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
PLACES = (
    *("node", "output", "port", "label", "link", "caption"),
    *("title", "corner", "note", "note corner", "anywhere"),
)
TYPED = (
    *("", "mul", "sum", "3", "[1, 2]", "-0.5", "x + 1", "sigmoid(x) * 2", "relu", "加", "zzz"),
    *("nan", "q7", "a b", "x" * 200),
)
DROPPED = ("add", "mul", "sigmoid", "input", "constant", "matmul", "no op", "")
"""What is dragged out of the palette, or from elsewhere as if it were."""
MEANWHILE = (
    "",
    "",
    "",
    "undo",
    "redo",
    "train",
    "zoom",
    "theme",
    "resize",
    "font",
    "paint",
    "key",
    "leave",
)
"""What happens while a drag is under way."""

Place = tuple[str, int]
"""A kind of place, and which of those there are."""
places = st.tuples(st.sampled_from(PLACES), numbers)
held = st.sampled_from((NO_KEYS, NO_KEYS, NO_KEYS, SHIFT, CTRL, ALT, ALT | SHIFT))


@cache
def chords() -> list[tuple[Qt.Key, Qt.KeyboardModifier]]:
    """Return every key of the canvas that is a single one."""
    sequences = [one for row in KEYS for one in row.sequences()]
    sequences += [one for row in COMMANDS.values() for one in key_sequences(row.keys)]
    single = {one.toString(): one[0] for one in sequences if one.count() == 1}
    pairs = [(one.key(), one.keyboardModifiers()) for one in single.values()]
    # QTest does not know the keys that hardly any keyboard has, as one for Paste.
    return [(key, keys) for key, keys in pairs if key < Qt.Key.Key_Super_L]


# Which keys copy and paste, Qt knows once there is an application.
chord = st.deferred(lambda: st.sampled_from(chords()))
LINKING = [(key, NO_KEYS) for key in (Qt.Key.Key_C, Qt.Key.Key_Right, Qt.Key.Key_Down)]
LINKING += [(Qt.Key.Key_Return, NO_KEYS), (Qt.Key.Key_PageDown, NO_KEYS), (Qt.Key.Key_C, SHIFT)]


@dataclass(frozen=True)
class Drag:
    """One drag of the mouse.

    Args:
        way: from where, and what it comes past.
        button: of the mouse.
        keys: that are held.
        meanwhile: what else happens before it ends.
        number: which of such things.
        escapes: whether Escape ends it.
        text: what is typed where it opens something to type into.
    """

    way: list[Place]
    button: Qt.MouseButton
    keys: Qt.KeyboardModifier
    meanwhile: str
    number: int
    escapes: bool
    text: str


def drags(
    *begins: str,
    to: Sequence[str] = PLACES,
    button: Qt.MouseButton = LEFT,
    keys: Sequence[Qt.KeyboardModifier] = (NO_KEYS, NO_KEYS, NO_KEYS, SHIFT, ALT),
) -> st.SearchStrategy[Drag]:
    """Return drags from one kind of place, past any others, to one kind of place."""
    first = st.tuples(st.sampled_from(begins), numbers)
    last = st.tuples(st.sampled_from(to), numbers)
    between = st.lists(places, max_size=2)
    return st.builds(
        Drag,
        st.builds(lambda one, some, other: [one, *some, other], first, between, last),
        st.just(button),
        st.sampled_from(keys),
        st.sampled_from(MEANWHILE),
        numbers,
        st.sampled_from((False, False, False, True)),
        st.sampled_from(TYPED),
    )


class RandomHand(RandomCanvas):
    """The mouse and the keyboard on the canvas."""

    # -- where and how ----------------------------------------------------------------------

    def spot(self, place: Place) -> QPointF:
        """Return a point of the viewport where there is such a thing, if there is one."""
        kind, number = place
        points = [] if kind == "anywhere" else self._points(kind)
        if not points:
            return QPointF(number % SIZE[0], number // 25 % SIZE[1])
        return self.canvas.lens.seen(QPointF(*pick(number, points)))

    def _points(self, kind: str) -> list[tuple[float, float]]:
        sketch, boards = self.canvas.picture.sketch, self.canvas.boards
        arrays = {
            "node": sketch.centres,
            "output": sketch.outputs(),
            "port": sketch.ports(),
            "label": sketch.label_at[np.isfinite(sketch.label_at[:, 0])],
            "link": sketch.along(np.arange(len(sketch.edges)), np.array([0.5]))[:, 0],
            "caption": sketch.centres + [0, 1] * (sketch.half + 10),
        }
        rects: dict[str, list[QRectF]] = {
            "title": [one.title for one in boards.frames.values()],
            "corner": [one.rect for one in boards.frames.values()],
            "note": list(boards.notes.values()),
            "note corner": list(boards.notes.values()),
        }
        if kind in arrays:
            return [(x, y) for x, y in arrays[kind].tolist()]
        found = (one.bottomRight() if "corner" in kind else one.center() for one in rects[kind])
        return [(at.x(), at.y()) for at in found]

    def mouse(
        self,
        kind: QEvent.Type,
        at: QPointF,
        button: Qt.MouseButton = LEFT,
        keys: Qt.KeyboardModifier = NO_KEYS,
    ) -> None:
        viewport = self.canvas.viewport()
        moves = kind == QEvent.Type.MouseMove
        event = QMouseEvent(
            kind, at, viewport.mapToGlobal(at), Qt.MouseButton.NoButton if moves else button,
            Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button, keys,
        )  # fmt: skip
        QApplication.sendEvent(viewport, event)

    def train(self, number: int) -> None:
        """Let a training run show its numbers, and end."""
        leaves = [name for name in self.graph.nodes if self.graph.nodes[name].op == "parameter"]
        if leaves:
            values = self.graph.nodes[pick(number, leaves)].value
            trained = self.graph.set_values(
                {pick(number, leaves): np.array(0.5) if values is None else values + number % 7}
            )
            self.document.preview(trained)
            self.document.settle()
            self.canvas.viewport().repaint()
            self.document.commit("train", trained)

    def happen(self, what: str, number: int) -> None:
        if what == "undo":
            self.document.undo()
        elif what == "redo":
            self.document.redo()
        elif what == "train":
            self.train(number)
        elif what == "zoom":
            self.canvas.lens.zoom_by(120 if number % 2 else -240, QPointF(number % 600, 200))
        elif what == "theme":
            self.canvas.set_theme(DARK if self.canvas.theme is LIGHT else LIGHT)
        elif what == "resize":
            self.canvas.resize(SIZE[0] - number % 300, SIZE[1] - number % 200)
        elif what == "font":
            font = self.canvas.font()
            font.setPointSizeF(8.0 + number % 9)
            self.canvas.setFont(font)
        elif what == "key":
            QTest.keyClick(self.canvas, *pick(number, chords()))
        elif what == "leave":
            QApplication.sendEvent(self.canvas.viewport(), QEvent(QEvent.Type.Leave))
            self.canvas.clearFocus()
        self.canvas.viewport().repaint()

    # -- what it does -----------------------------------------------------------------------

    def drag(self, drag: Drag) -> None:
        if not self.grows():
            return
        points = [self.spot(place) for place in drag.way]
        self.mouse(QEvent.Type.MouseMove, points[0])
        self.mouse(QEvent.Type.MouseButtonPress, points[0], drag.button, drag.keys)
        before, meanwhile = points[0], drag.meanwhile
        for point in points[1:]:
            for part in (0.1, 0.6, 1.0):
                here = before + (point - before) * part
                self.mouse(QEvent.Type.MouseMove, here, drag.button, drag.keys)
            self.happen(meanwhile, drag.number)
            before, meanwhile = point, ""
        if drag.escapes:
            QTest.keyClick(self.canvas, Qt.Key.Key_Escape)
        self.mouse(QEvent.Type.MouseButtonRelease, before, drag.button, drag.keys)
        # What a key has begun in between does not end with the mouse.
        self.canvas.cancel_gesture()
        self.type(drag.text, Qt.Key.Key_Return)

    @rule(drag=drags("node"))
    def drag_a_node(self, drag: Drag) -> None:
        self.drag(drag)

    @rule(drag=drags("output", to=("port", "node")))
    def draw_a_link(self, drag: Drag) -> None:
        self.drag(drag)

    @rule(drag=drags("port", to=("output", "port", "node", "anywhere")))
    def drag_from_a_port(self, drag: Drag) -> None:
        self.drag(drag)

    @rule(drag=drags("output", "port", to=("anywhere",)))
    def draw_a_link_to_nothing(self, drag: Drag) -> None:
        self.drag(drag)

    @rule(drag=drags("title", "corner", "note", "note corner"))
    def drag_a_board(self, drag: Drag) -> None:
        self.drag(drag)

    @rule(drag=drags("label"))
    def drag_numbers(self, drag: Drag) -> None:
        self.drag(drag)

    @rule(drag=drags("anywhere", button=RIGHT, keys=(CTRL, SHIFT)))
    def cut_or_reroute(self, drag: Drag) -> None:
        self.drag(drag)

    @rule(drag=drags(*PLACES, button=MIDDLE))
    def pan(self, drag: Drag) -> None:
        self.drag(drag)

    @rule(drag=drags(*PLACES, keys=(NO_KEYS, SHIFT, CTRL, ALT, ALT | SHIFT)))
    def drag_something(self, drag: Drag) -> None:
        self.drag(drag)

    @rule(
        op=st.sampled_from(DROPPED),
        way=st.lists(places, min_size=1, max_size=3),
        keys=held,
        meanwhile=st.sampled_from(MEANWHILE),
        lets_go=st.booleans(),
    )
    def drag_from_the_palette(
        self,
        op: str,
        way: list[Place],
        keys: Qt.KeyboardModifier,
        meanwhile: str,
        lets_go: bool,
    ) -> None:
        """Drag an op, or what is none, over the canvas, and perhaps let it go there."""
        if not self.grows():
            return
        data, action = QMimeData(), Qt.DropAction.CopyAction
        data.setData(OP_MIME, op.encode())
        points = [self.spot(place) for place in way]
        viewport = self.canvas.viewport()
        given = (action, data, LEFT, keys)
        QApplication.sendEvent(viewport, QDragEnterEvent(points[0].toPoint(), *given))
        for point in points:
            QApplication.sendEvent(viewport, QDragMoveEvent(point.toPoint(), *given))
            viewport.repaint()
        self.happen(meanwhile, len(op))
        if lets_go:
            QApplication.sendEvent(viewport, QDropEvent(points[-1], *given))
        else:
            QApplication.sendEvent(viewport, QDragLeaveEvent())
        # A key may have begun something meanwhile, as in `drag`.
        self.canvas.cancel_gesture()

    @rule(way=st.lists(numbers, min_size=1, max_size=3), turn=st.sampled_from((0, -120, 240)))
    def use_the_minimap(self, way: list[int], turn: int) -> None:
        minimap = self.canvas.minimap
        if minimap.isHidden():
            return
        points = [QPoint(one % minimap.width(), one % minimap.height()) for one in way]
        QTest.mousePress(minimap, LEFT, NO_KEYS, points[0])
        for point in points:
            QTest.mouseMove(minimap, point)
            self.canvas.viewport().repaint()
        QTest.mouseRelease(minimap, LEFT, NO_KEYS, points[-1])
        if turn and minimap.isVisible():
            self.canvas.lens.zoom_by(turn, QPointF(self.canvas.viewport().rect().center()))

    @rule(place=places, keys=held, twice=st.booleans(), text=st.sampled_from(TYPED))
    def click(self, place: Place, keys: Qt.KeyboardModifier, twice: bool, text: str) -> None:
        at = self.spot(place)
        self.mouse(QEvent.Type.MouseButtonPress, at, LEFT, keys)
        self.mouse(QEvent.Type.MouseButtonRelease, at, LEFT, keys)
        if twice and self.grows():
            self.mouse(QEvent.Type.MouseButtonDblClick, at, LEFT, keys)
            self.mouse(QEvent.Type.MouseButtonRelease, at, LEFT, keys)
            self.type(text, Qt.Key.Key_Return)

    @rule(way=st.lists(places, min_size=1, max_size=4))
    def hover(self, way: list[Place]) -> None:
        for place in way:
            at = self.spot(place)
            self.mouse(QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton)
            self.canvas.viewport().repaint()
            self.canvas.pointer.tool_tip(at.toPoint())

    @rule(place=places, keys=held, turns=st.lists(st.sampled_from((-120, 120)), max_size=4))
    def wheel(self, place: Place, keys: Qt.KeyboardModifier, turns: list[int]) -> None:
        at, viewport = self.spot(place), self.canvas.viewport()
        for turn in turns:
            event = QWheelEvent(
                at, viewport.mapToGlobal(at), QPoint(), QPoint(0, turn),
                Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(viewport, event)
            viewport.repaint()
        QTest.keyRelease(self.canvas, Qt.Key.Key_Alt)

    @rule(place=places, number=numbers, text=st.sampled_from(TYPED))
    def menu(self, place: Place, number: int, text: str) -> None:
        """Do something that the menu of the right mouse button offers."""
        if not self.grows():
            return
        self.click(place, NO_KEYS, twice=False, text="")
        # Not popped up: it would take the keyboard from the next rule.
        menu = CanvasMenu(self.canvas, self.spot(place).toPoint())
        offered = [
            one
            for one in menu.findChildren(QAction)
            if one.isEnabled() and one.menu() is None and not one.isSeparator()
        ]
        pick(number, offered).trigger()
        menu.deleteLater()
        self.type(text, Qt.Key.Key_Return)

    @rule(
        chosen=several,
        keys=st.lists(chord, min_size=1, max_size=5)
        | st.lists(st.sampled_from(LINKING), min_size=2, max_size=6),
        text=st.sampled_from(TYPED),
    )
    def press(
        self, chosen: list[int], keys: list[tuple[Qt.Key, Qt.KeyboardModifier]], text: str
    ) -> None:
        self.choose(chosen)
        for key in keys:
            if self.grows():
                QTest.keyClick(self.canvas, *key)
        self.canvas.cancel_gesture()
        self.type(text, Qt.Key.Key_Return)

    @rule(chosen=several, name=st.sampled_from(list(COMMANDS)), text=st.sampled_from(TYPED))
    def command(self, chosen: list[int], name: str, text: str) -> None:
        self.choose(chosen)
        if self.grows():
            COMMANDS[name].give(self.canvas)
            self.type(text, Qt.Key.Key_Return)

    @rule(what=st.sampled_from(sorted({*MEANWHILE} - {"", "key"})), at=numbers)
    def happens(self, what: str, at: int) -> None:
        self.happen(what, at)
