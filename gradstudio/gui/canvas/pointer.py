"""What lies under the pointer, and so what a press, a double click and the wheel do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from gradstudio.gui.canvas import hover
from gradstudio.gui.canvas.annotating import FoldClick, Resize
from gradstudio.gui.canvas.boards import Handle, cursor_for
from gradstudio.gui.canvas.gestures import BoxSelect, Gesture, MoveNodes
from gradstudio.gui.canvas.links import DrawLink
from gradstudio.gui.canvas.pins import PinLabel
from gradstudio.gui.canvas.scrub import Scrub, Turn, is_scalar_leaf, scrubbed_at
from gradstudio.gui.canvas.stroke import Stroke
from gradstudio.gui.canvas.under import (
    caption_under,
    edge_under,
    input_near,
    label_under,
    node_under,
    output_near,
)

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

PORT_REACH_PX = 9.0
NOTCH = 120
"""What Qt counts a notch of the wheel for, in eighths of a degree."""
EDGE_REACH_PX = 6.0
STROKE = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
NAME_PX = 12.0
"""How far from the left end of a pill its name begins."""


class Pointer:
    """The mouse over one canvas."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.at: QPointF | None = None
        """Where it was seen last in the viewport; None while it is elsewhere."""

    def press(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture | None:
        """Begin the gesture for what is at `at`, a point of the viewport."""
        canvas = self._canvas
        if modifiers & STROKE == STROKE:
            return Stroke(canvas, at.toPoint(), canvas.rewiring.cut)
        link = self._link(at, copy=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        if link is not None:
            return link
        sketch = canvas.picture.sketch
        node = node_under(sketch, canvas.lens.scene(at))
        add = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        toggle = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if node is not None and canvas.levels.is_guest(sketch.names[node]):
            node = None
        if node is not None and (block := canvas.boards.block_at(canvas.lens.scene(at))):
            return self._block(at, *block, add=add, toggle=toggle)
        if node is None and (board := self._board(at, add=add or toggle)) is not None:
            return board
        if node is None and canvas.shows_text and not add and not toggle:
            edge = label_under(sketch, canvas.lens.scene(at))
            if edge is not None:
                return PinLabel(canvas, at.toPoint(), edge)
        if node is None:
            return BoxSelect(canvas, at.toPoint(), add=add or toggle)
        name, selected = sketch.names[node], canvas.selection()
        if toggle:
            kept = tuple(one for one in selected if one != name)
            canvas.select(kept if name in selected else (*selected, name))
            return None
        if name not in selected:
            canvas.select((*selected, name) if add else (name,))
        if not add and scrubbed_at(canvas, canvas.lens.scene(at)) == name:
            return Scrub(canvas, at.toPoint(), name, keep=False)
        return MoveNodes(canvas, at.toPoint(), name, keep=add)

    def _board(self, at: QPointF, *, add: bool) -> Gesture | None:
        """Begin the gesture for the frame or the note at `at`, where there is one."""
        canvas, boards = self._canvas, self._canvas.boards
        handle = boards.under(canvas.lens.scene(at))
        if handle is None:
            return None
        selected, notes = canvas.selection(), boards.chosen_notes
        if handle.kind == "frame":
            if handle.name not in boards.chosen_frames:
                nodes = boards.annotations.nodes_in(handle.name)
                kept = (selected, boards.chosen_frames, notes) if add else ((), (), ())
                canvas.select((*kept[0], *nodes), frames=(*kept[1], handle.name), notes=kept[2])
        elif handle.name not in notes:
            kept = (selected, boards.chosen_frames, notes) if add else ((), (), ())
            canvas.select(kept[0], frames=kept[1], notes=(*kept[2], handle.name))
        if boards.folds(canvas.lens.scene(at)) is not None:
            return FoldClick(canvas, at.toPoint(), handle.name, fold=True)
        if handle.sides:
            return Resize(canvas, at.toPoint(), handle)
        return MoveNodes(canvas, at.toPoint(), lambda: boards.choose_alone(handle), keep=add)

    def _block(
        self, at: QPointF, frame: str, triangle: bool, *, add: bool, toggle: bool
    ) -> Gesture | None:
        """Begin the gesture for a folded frame."""
        canvas, boards = self._canvas, self._canvas.boards
        if triangle:
            return FoldClick(canvas, at.toPoint(), frame, fold=False)
        nodes, selected = boards.annotations.nodes_in(frame), canvas.selection()
        others = tuple(one for one in boards.chosen_frames if one != frame)
        if toggle and nodes[0] in selected:
            rest = [one for one in selected if one not in set(nodes)]
            canvas.select(rest, frames=others, notes=boards.chosen_notes)
            return None
        if nodes[0] not in selected or not add:
            keep = add or toggle or nodes[0] in selected
            canvas.select(
                (*(selected if keep else ()), *nodes),
                frames=(*(others if keep else ()), frame),
                notes=boards.chosen_notes if keep else (),
            )
        if toggle:
            return None
        alone = Handle("frame", frame)
        return MoveNodes(canvas, at.toPoint(), lambda: boards.choose_alone(alone), keep=add)

    def press_right(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture | None:
        """Begin a stroke with the right button; without a modifier key it opens a menu."""
        canvas = self._canvas
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            return Stroke(canvas, at.toPoint(), canvas.rewiring.cut)
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            return Stroke(canvas, at.toPoint(), canvas.rewiring.add_dots)
        return None

    def _link(self, at: QPointF, *, copy: bool) -> Gesture | None:
        canvas = self._canvas
        sketch, where = canvas.picture.sketch, canvas.lens.scene(at)
        flat, output = self._ports(where)
        if flat is not None:
            name = sketch.names[int(sketch.port_node[flat])]
            port = sketch.port_number(flat)
            taken = sketch.edge_index.get((name, port))
            if taken is None:
                return DrawLink(canvas, at.toPoint(), target=(name, port))
            edge = sketch.edges[taken]
            if copy:
                return DrawLink(canvas, at.toPoint(), source=edge.source)
            return DrawLink(canvas, at.toPoint(), source=edge.source, taken=edge)
        if output is not None:
            return DrawLink(canvas, at.toPoint(), source=sketch.names[output])
        return None

    def _ports(self, where: QPointF) -> tuple[int | None, int | None]:
        """Return the input port and the node whose output port are in reach, where ports show."""
        canvas = self._canvas
        if not canvas.shows_text:
            return None, None
        node = node_under(canvas.picture.sketch, where)
        if node is not None and canvas.picture.sketch.faces[node].dot:
            # A dot is all port: what lies on it takes hold of the dot.
            return None, None
        # Zoomed out, a reach in px of the screen would swallow whole nodes.
        reach = PORT_REACH_PX / max(canvas.zoom, 0.8)
        sketch = canvas.picture.sketch
        return input_near(sketch, where, reach), output_near(sketch, where, reach)

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom here, pan, or step the number of the leaf here: as the keys say that are held."""
        canvas, modifiers = self._canvas, event.modifiers()
        zooms = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        # A mouse wheel has pixel deltas on some systems too, but no phases.
        if (
            not zooms
            and not event.pixelDelta().isNull()
            and event.phase() != Qt.ScrollPhase.NoScrollPhase
        ):
            canvas.lens.pan(event.pixelDelta())
            return
        delta = event.angleDelta().y() or event.angleDelta().x()
        if modifiers & Qt.KeyboardModifier.AltModifier and self._turn(event.position(), delta):
            return
        if modifiers & Qt.KeyboardModifier.ShiftModifier and not zooms:
            canvas.lens.pan(QPoint(delta // 2, 0))
            return
        canvas.lens.zoom_by(delta, event.position())

    def _turn(self, at: QPointF, delta: int) -> bool:
        """Step the number of the leaf under the pointer; return False where there is none."""
        canvas = self._canvas
        sketch, gesture = canvas.picture.sketch, canvas.gesture
        node = node_under(sketch, canvas.lens.scene(at))
        name = None if node is None else sketch.names[node]
        if isinstance(gesture, Turn) and gesture.name != name:
            canvas.end_gesture(at.toPoint())
        if name is None or not is_scalar_leaf(canvas, name):
            return False
        if canvas.gesture is None:
            canvas.begin_gesture(Turn(canvas, name))
        if isinstance(canvas.gesture, Turn):
            fine = bool(canvas.modifiers & Qt.KeyboardModifier.ShiftModifier)
            coarse = bool(canvas.modifiers & Qt.KeyboardModifier.ControlModifier)
            canvas.gesture.step(delta / NOTCH, fine=fine, coarse=coarse)
        return True

    def hover(self, at: QPointF) -> None:
        """Show what a press would do here: the output port of the node, a cross over ports."""
        canvas = self._canvas
        sketch, marks = canvas.picture.sketch, canvas.picture.marks
        where = canvas.lens.scene(at)
        flat, node = self._ports(where)
        if flat is not None or node is not None:
            canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)
        elif scrubbed_at(canvas, where) is not None:
            canvas.viewport().setCursor(Qt.CursorShape.SizeHorCursor)
        elif (
            (canvas.boards.frames or canvas.boards.notes)
            and node_under(sketch, where) is None
            and (handle := canvas.boards.under(where)) is not None
            and handle.sides
        ):
            canvas.viewport().setCursor(cursor_for(handle.sides))
        elif label_under(sketch, where) is not None and canvas.shows_text:
            canvas.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            canvas.viewport().unsetCursor()
        if node is None:
            node = node_under(sketch, where)
        hovered = -1 if node is None else node
        if hovered != marks.hovered:
            none = np.zeros(0, np.int64)
            for one in (marks.hovered, hovered):
                if one >= 0:
                    canvas.scene().update(sketch.dirty(np.array([one]), none))
            marks.hovered = hovered
            canvas.refocus()

    def double_click(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Open what is there: a name to rename, a leaf's value, or the node; with Ctrl, a dot."""
        canvas = self._canvas
        sketch, where = canvas.picture.sketch, canvas.lens.scene(at)
        node = node_under(sketch, where)
        if node is None and modifiers & Qt.KeyboardModifier.ControlModifier:
            edge = edge_under(sketch, where, EDGE_REACH_PX / canvas.zoom)
            if edge is not None:
                canvas.rewiring.add_dots({sketch.edges[edge]: where})
            return
        block = canvas.boards.block_at(where)
        if block is not None:
            canvas.annotating.set_folded((block[0],), folded=False)
            return
        if node is None:
            caption = caption_under(sketch, where)
            handle = canvas.boards.under(where)
            if caption is not None:
                canvas.overlays.rename(sketch.names[caption])
            elif handle is not None and handle.kind == "note":
                canvas.annotating.edit_note(handle.name)
            elif handle is not None:
                canvas.annotating.rename(handle.name)
            elif edge_under(sketch, where, EDGE_REACH_PX / canvas.zoom) is None:
                canvas.overlays.find_node(at)
            return
        face, name = sketch.faces[node], sketch.names[node]
        if face.kind == "op":
            canvas.node_activated.emit(name)
        elif face.text and where.x() < sketch.rect(node).left() + NAME_PX + face.text_px:
            canvas.overlays.rename(name)
        else:
            canvas.overlays.edit_value(name)

    def tool_tip(self, at: QPoint) -> str:
        """Return what the tool tip says at a point of the viewport; "" over nothing."""
        canvas = self._canvas
        picture, where = canvas.picture, canvas.mapToScene(at)
        sketch = picture.sketch
        node = node_under(sketch, where)
        block = None if node is None else sketch.faces[node].block
        if block is not None:
            return hover.block_tip(picture, block)
        if node is not None:
            return hover.node_tip(picture, sketch.names[node])
        edge = edge_under(sketch, where, EDGE_REACH_PX / canvas.zoom)
        return "" if edge is None else hover.edge_tip(picture, edge)
