"""The canvas for screen readers: nodes, edges, frames, notes as things with names and places.

Nothing is made before it is asked for: a graph of thousands of nodes costs nothing, and what was
asked for goes when the node or the edge does.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleEvent,
    QAccessibleInterface,
    QColor,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from gradstudio.graph import Edge
from gradstudio.gui.canvas import spoken
from gradstudio.gui.canvas.boards import Handle
from gradstudio.gui.canvas.under import edge_under, node_under

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

EDGE_REACH_PX = 6.0
_Text = QAccessible.Text
_kept: list[CanvasAccessible] = []
_factories: list[Callable[[str, QObject], QAccessibleInterface | None]] = []


def install(kind: type[Canvas]) -> None:
    """Let Qt ask here for the interface of every canvas; `kind` is their class."""

    def factory(_key: str, thing: QObject) -> QAccessibleInterface | None:
        if not isinstance(thing, kind) or not hasattr(thing, "narrator"):
            # Qt asks already while a widget is being made.
            return None
        # WORKAROUND: Qt takes an interface to be of one meta object, of which PySide makes a new
        # one whenever something is connected, and deletes every interface it was given when the
        # object goes. So each time it gets another one, and each is kept until Qt has deleted it,
        # since PySide does not.
        _kept[:] = [one for one in _kept if shiboken6.isValid(one)]
        _kept.append(CanvasAccessible(thing))
        return _kept[-1]

    if not _factories:
        _factories.append(factory)
        QAccessible.installFactory(factory)


class Part(QAccessibleWidget):
    """A node, an edge, a frame or a note.

    WORKAROUND: it is no widget, but PySide 6.11 crashes in every `interface_cast` written in Python
    that returns nothing, and without one there are no actions. Qt's class for widgets has actions
    of its own; whatever else of it would ask its widget is answered here.

    Args:
        parts: what it is one of.
        role: what screen readers call it.
    """

    def __init__(self, parts: Parts, role: QAccessible.Role) -> None:
        super().__init__(parts.canvas, role)
        self._all = parts

    @property
    def canvas(self) -> Canvas:
        """The canvas it is on."""
        return self._all.canvas

    def press(self) -> None:
        """Do what Enter does."""

    def isValid(self) -> bool:
        return self._all.valid

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self.canvas)

    def window(self) -> QWindow:
        return self.parent().window()

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def relations(
        self, match: QAccessible.RelationFlag = QAccessible.RelationFlag.AllRelations
    ) -> list[tuple[QAccessibleInterface, QAccessible.RelationFlag]]:
        return []

    def foregroundColor(self) -> QColor:
        return self.canvas.palette().text().color()

    def backgroundColor(self) -> QColor:
        return self.canvas.palette().base().color()

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Nothing: names are changed by orders."""

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    def doAction(self, name: str) -> None:
        if name == QAccessibleActionInterface.pressAction() and self.isValid():
            self.press()

    def keyBindingsForAction(self, name: str) -> list[str]:
        return ["Enter"] if name == QAccessibleActionInterface.pressAction() else []

    def object(self) -> None:  # type: ignore[override] # or none
        """Nothing: it is painted, and no object of its own."""

    def _is_off_screen(self, rect: QRectF) -> bool:
        seen = self.canvas.viewportTransform().mapRect(rect).toAlignedRect()
        return not self.canvas.viewport().rect().intersects(seen)

    def _on_screen(self, rect: QRectF) -> QRect:
        viewport = self.canvas.viewport()
        seen = self.canvas.viewportTransform().mapRect(rect).toAlignedRect()
        return QRect(viewport.mapToGlobal(seen.topLeft()), seen.size())


class NodePart(Part):
    """One node."""

    def __init__(self, parts: Parts, name: str) -> None:
        super().__init__(parts, QAccessible.Role.ListItem)
        self.name = name

    def isValid(self) -> bool:
        return super().isValid() and self.name in self.canvas.picture.sketch.index

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        if not self.isValid():
            state.invalid = True
            return state
        canvas = self.canvas
        sketch = canvas.picture.sketch
        at = sketch.index[self.name]
        state.focusable = state.selectable = state.multiSelectable = True
        state.selected = bool(canvas.picture.marks.selected[at])
        state.focused = canvas.hasFocus() and canvas.caret.name == self.name
        state.offscreen = self._is_off_screen(sketch.rect(at))
        return state

    def text(self, kind: QAccessible.Text) -> str:
        if not self.isValid():
            return ""
        picture = self.canvas.picture
        if kind == _Text.Name:
            return spoken.node(picture, self.name)
        if kind == _Text.Description:
            return spoken.node_kind(picture, self.name)
        if kind == _Text.Value:
            return spoken.node_value(picture, self.name)
        return ""

    def rect(self) -> QRect:
        if not self.isValid():
            return QRect()
        sketch = self.canvas.picture.sketch
        return self._on_screen(sketch.rect(sketch.index[self.name]))

    def relations(
        self, match: QAccessible.RelationFlag = QAccessible.RelationFlag.AllRelations
    ) -> list[tuple[QAccessibleInterface, QAccessible.RelationFlag]]:
        if not self.isValid():
            return []
        flag = QAccessible.RelationFlag
        graph, parts = self.canvas.picture.graph, self._all
        inputs = dict.fromkeys(one for one in graph.nodes[self.name].inputs if one is not None)
        users = dict.fromkeys(edge.target for edge in graph.consumers.get(self.name, ()))
        return [
            *((parts.node(one), flag.FlowsFrom) for one in inputs if match & flag.FlowsFrom),
            *((parts.node(one), flag.FlowsTo) for one in users if match & flag.FlowsTo),
        ]

    def press(self) -> None:
        canvas = self.canvas
        canvas.caret.put(self.name, (self.name,))
        canvas.overlays.edit(self.name)


class EdgePart(Part):
    """One edge."""

    def __init__(self, parts: Parts, target: str, port: int) -> None:
        super().__init__(parts, QAccessible.Role.Graphic)
        self.place = (target, port)

    def isValid(self) -> bool:
        return super().isValid() and self.place in self.canvas.picture.sketch.edge_index

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        if not self.isValid():
            state.invalid = True
        return state

    def text(self, kind: QAccessible.Text) -> str:
        if kind != _Text.Name or not self.isValid():
            return ""
        picture = self.canvas.picture
        return spoken.edge(picture, picture.sketch.edge_index[self.place])

    def rect(self) -> QRect:
        if not self.isValid():
            return QRect()
        sketch = self.canvas.picture.sketch
        return self._on_screen(sketch.path(sketch.edge_index[self.place]).controlPointRect())

    def press(self) -> None:
        """Go to the node it leads into."""
        self.canvas.caret.put(self.place[0], (self.place[0],))


class BoardPart(Part):
    """One frame, folded or not, or one note."""

    def __init__(self, parts: Parts, handle: Handle) -> None:
        role = QAccessible.Role.Note if handle.kind == "note" else QAccessible.Role.Grouping
        super().__init__(parts, role)
        self.handle = handle

    def isValid(self) -> bool:
        return super().isValid() and self.handle in self.canvas.boards.places

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        if not self.isValid():
            state.invalid = True
            return state
        boards, (kind, name, _) = self.canvas.boards, self.handle
        state.selectable = state.multiSelectable = True
        state.selected = name in (boards.chosen_notes if kind == "note" else boards.chosen_frames)
        state.offscreen = self._is_off_screen(boards.places[self.handle])
        return state

    def text(self, kind: QAccessible.Text) -> str:
        if kind != _Text.Name or not self.isValid():
            return ""
        annotations = self.canvas.boards.annotations
        if self.handle.kind == "note":
            return spoken.note(annotations.notes[self.handle.name])
        return spoken.frame(annotations, self.handle.name)

    def rect(self) -> QRect:
        return (
            self._on_screen(self.canvas.boards.places[self.handle]) if self.isValid() else QRect()
        )

    def press(self) -> None:
        """Go into the frame, or write the note."""
        canvas = self.canvas
        canvas.boards.reach(self.handle)
        if self.handle.kind == "note":
            canvas.annotating.edit_note(self.handle.name)
        else:
            canvas.levels.go_into(self.handle.name)


class Parts:
    """The parts of one canvas that were asked for, each one kept while what it speaks of is there.

    Qt holds every one by an id, and must be told when one goes.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = weakref.ref(canvas)
        self._parts: dict[str | tuple[str, int] | Handle, Part] = {}
        canvas.destroyed.connect(self.clear)

    @property
    def canvas(self) -> Canvas:
        """The canvas, as long as there is one: without it nobody asks."""
        canvas = self._canvas()
        if canvas is None:
            raise RuntimeError("the canvas of this interface is gone")
        return canvas

    @property
    def valid(self) -> bool:
        """Whether there is still something to speak of."""
        canvas = self._canvas()
        return canvas is not None and shiboken6.isValid(canvas)

    def __len__(self) -> int:
        return len(self._parts)

    def node(self, name: str) -> Part:
        """Return the part of a node."""
        if name not in self._parts:
            self._parts[name] = NodePart(self, name)
        return self._parts[name]

    def edge(self, link: Edge) -> Part:
        """Return the part of an edge."""
        place = (link.target, link.port)
        if place not in self._parts:
            self._parts[place] = EdgePart(self, *place)
        return self._parts[place]

    def board(self, handle: Handle) -> Part:
        """Return the part of a frame or a note."""
        if handle not in self._parts:
            self._parts[handle] = BoardPart(self, handle)
        return self._parts[handle]

    def prune(self) -> None:
        """Let go of the parts of which nothing is there any more."""
        for key in [key for key, part in self._parts.items() if not part.isValid()]:
            _delete(self._parts.pop(key))

    def clear(self) -> None:
        """Let go of all."""
        parts, self._parts = self._parts, {}
        for part in parts.values():
            _delete(part)


def _delete(part: Part) -> None:
    if shiboken6.isValid(part):
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(part))


class CanvasAccessible(QAccessibleWidget):
    """A canvas: its nodes in the order of the graph, its edges, frames, notes, then its viewport.

    Last comes what floats over it.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas, QAccessible.Role.Canvas)
        self._canvas = weakref.ref(canvas)

    @property
    def canvas(self) -> Canvas:
        """The canvas: without it nobody asks."""
        return self.parts.canvas

    @property
    def parts(self) -> Parts:
        """What was asked for of it."""
        canvas = self._canvas()
        if canvas is None:
            raise RuntimeError("the canvas of this interface is gone")
        return canvas.narrator.parts

    def childCount(self) -> int:
        sketch = self.canvas.picture.sketch
        painted = len(sketch.names) + len(sketch.edges) + len(self.canvas.boards.places)
        return painted + len(self._widgets())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        sketch = self.canvas.picture.sketch
        nodes, edges = len(sketch.names), len(sketch.edges)
        if 0 <= index < nodes:
            return self.parts.node(sketch.names[index])
        if nodes <= index < nodes + edges:
            return self.parts.edge(sketch.edges[index - nodes])
        boards, at = list(self.canvas.boards.places), index - nodes - edges
        if 0 <= at < len(boards):
            return self.parts.board(boards[at])
        widgets, at = self._widgets(), at - len(boards)
        return _of_widget(widgets[at]) if 0 <= at < len(widgets) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        sketch = self.canvas.picture.sketch
        if isinstance(child, NodePart):
            return sketch.index.get(child.name, -1)
        if isinstance(child, EdgePart):
            at = sketch.edge_index.get(child.place)
            return -1 if at is None else len(sketch.names) + at
        boards, before = list(self.canvas.boards.places), len(sketch.names) + len(sketch.edges)
        if isinstance(child, BoardPart):
            return before + boards.index(child.handle) if child.handle in boards else -1
        widgets, widget = self._widgets(), child.object()
        if not isinstance(widget, QWidget) or widget not in widgets:
            return -1
        return before + len(boards) + widgets.index(widget)

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        canvas, viewport = self.canvas, self.canvas.viewport()
        at = viewport.mapFromGlobal(QPoint(x, y))
        if not viewport.rect().contains(at):
            return None
        over: QWidget | None = canvas.childAt(canvas.mapFromGlobal(QPoint(x, y)))
        if over is not None and over is not viewport:
            floating = (one for one in self._widgets() if one is over or one.isAncestorOf(over))
            return _of_widget(next(floating, viewport))
        where, sketch = canvas.mapToScene(at), canvas.picture.sketch
        node = node_under(sketch, where)
        if node is not None:
            return self.parts.node(sketch.names[node])
        edge = edge_under(sketch, where, EDGE_REACH_PX / canvas.zoom)
        if edge is not None:
            return self.parts.edge(sketch.edges[edge])
        # Of frames in one another, the inner ones come later; notes last.
        around = (one for one, rect in canvas.boards.places.items() if rect.contains(where))
        board = next(reversed(list(around)), None)
        return _of_widget(viewport) if board is None else self.parts.board(board)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        name = self.canvas.caret.name
        if self.canvas.hasFocus() and name is not None:
            return self.parts.node(name)
        return None

    def text(self, kind: QAccessible.Text) -> str:
        if kind == _Text.Description:
            return spoken.whole(self.canvas.picture)
        return super().text(kind)

    def _widgets(self) -> list[QWidget]:
        """Return the viewport, and what floats over it now."""
        viewport, only = self.canvas.viewport(), Qt.FindChildOption.FindDirectChildrenOnly
        floating = self.canvas.findChildren(QWidget, options=only)
        return [viewport, *(one for one in floating if one.isVisible() and one is not viewport)]


def _of_widget(widget: QWidget) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def tell(canvas: Canvas, event: QAccessible.Event, name: str | None = None) -> None:
    """Tell screen readers of an event of a node, or of the canvas itself."""
    told = QAccessibleEvent(canvas, event)
    if name is not None:
        told.setChild(canvas.picture.sketch.index[name])
    QAccessible.updateAccessibility(told)
