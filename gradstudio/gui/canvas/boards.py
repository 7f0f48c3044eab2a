"""Frames and notes on the canvas: where each lies, which are chosen, and what is under a point.

A frame reaches around all that is in it. While nodes are dragged it stands still, so that they can
be dropped outside it; frames and notes that go along with the nodes are lifted meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gradstudio.annotations import LEAST_NOTE_PX, Annotations, Frame, Rect
from gradstudio.gui.canvas import cards, standing
from gradstudio.gui.canvas.block import FOLD_PX as BLOCK_FOLD_PX
from gradstudio.gui.canvas.folding import HEAD_PX, unfolded
from gradstudio.gui.canvas.sketch import Floats, indices
from gradstudio.gui.canvas.under import node_under

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

TITLE_PX = 24.0
TITLE_MARGIN_PX = 36.0
WIDEST_TITLE_PX = 240.0
"""A frame is as wide as its title, up to this."""
LARGEST_TITLE = 1.4
"""How much larger a title is written in a small picture, at most."""
PAD_PX = 4.0
NESTED_PX = 10.0
"""How far a frame reaches beyond the frames and notes in it."""
BORDER_PX = 5.0
"""How near to its border, in px of the screen, a frame or a note is resized."""


FOLD_PX = 22.0
"""How much of the title's left end the triangle takes that folds the frame."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One frame as it is drawn.

    Args:
        frame: the frame.
        rect: all it covers, its title included.
        least: what it cannot be smaller than.
    """

    frame: Frame
    rect: QRectF
    least: QRectF

    @property
    def title(self) -> QRectF:
        """Where its title stands."""
        return QRectF(self.rect.left(), self.rect.top(), self.rect.width(), TITLE_PX)


class Handle(NamedTuple):
    """What of a frame or a note can be gripped at a point.

    Args:
        kind: `frame` or `note`.
        name: which.
        sides: which of left, top, right and bottom a drag moves; none for the whole of it.
    """

    kind: str
    name: str
    sides: str = ""


@dataclass(slots=True)
class _Lifted:
    frames: frozenset[str]
    notes: frozenset[str]
    nodes: tuple[str, ...]
    home: str | None
    offset: QPointF


class Boards:
    """The frames and notes of one canvas."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.frames: dict[str, Outline] = {}
        """Those that are drawn, each after the one it lies in."""
        self.notes: dict[str, QRectF] = {}
        self.chosen_frames: tuple[str, ...] = ()
        self.chosen_notes: tuple[str, ...] = ()
        self.target: str | None = None
        """The frame that what is dragged would fall into."""
        self.version = 0
        """Counts what changed: a picture of the same version is still right."""
        self._lifted: _Lifted | None = None
        self._key: tuple[object, ...] = ()
        self._places: tuple[tuple[object, ...], Mapping[Handle, QRectF]] = ((), {})
        self._papers = cards.Papers()

    @property
    def annotations(self) -> Annotations:
        """The document's frames and notes."""
        return self._canvas.document.graph.annotations

    # -- following --------------------------------------------------------------------------

    def refresh(self) -> None:
        """Find out where everything lies, if anything that matters has changed."""
        annotations, sketch = self.annotations, self._canvas.picture.sketch
        key = (annotations, sketch, sketch.version)
        if self._key and key[0] is self._key[0] and key[1:] == self._key[1:]:
            return
        self._key = key
        self.chosen_frames = tuple(one for one in self.chosen_frames if one in annotations.frames)
        self.chosen_notes = tuple(one for one in self.chosen_notes if one in annotations.notes)
        if not annotations and not self.frames and not self.notes:
            return
        self.version += 1
        inside = self._canvas.inside
        shown = unfolded(annotations, inside)
        seen = {inside, *shown}
        self.notes = {
            name: QRectF(*note.rect)
            for name, note in annotations.notes.items()
            if note.inside in seen
        }
        self.frames = self._outlines(annotations, shown)
        standing.block(sketch, self._unlabelled())
        self._canvas.viewport().update()

    def _outlines(self, annotations: Annotations, order: tuple[str, ...]) -> dict[str, Outline]:
        sketch, fonts = self._canvas.picture.sketch, self._canvas.picture.fonts
        inside: dict[str, QRectF] = {}
        for name, rect in self.notes.items():
            around = annotations.notes[name].inside
            if around is not None:
                inside[around] = inside.get(around, QRectF()).united(_grown(rect, NESTED_PX))
        for block in () if self._canvas.view is None else self._canvas.view.blocks:
            around = annotations.frames[block.frame].inside
            if around is not None:
                body = _grown(sketch.bounds(indices(sketch, (block.lead,))), PAD_PX)
                inside[around] = inside.get(around, QRectF()).united(body)
        found: dict[str, Outline] = {}
        for name in reversed(order):
            frame = annotations.frames[name]
            least = inside.get(name, QRectF())
            if frame.nodes:
                bodies = sketch.bounds(indices(sketch, frame.nodes))
                least = least.united(_grown(bodies, PAD_PX))
            least = least.adjusted(0, -TITLE_PX, 0, 0)
            title_px = fonts.width("label", frame.title) + TITLE_MARGIN_PX
            least.setWidth(max(least.width(), min(title_px, WIDEST_TITLE_PX)))
            rect = least if frame.rect is None else least.united(QRectF(*frame.rect))
            found[name] = Outline(frame, rect, least)
            if frame.inside is not None:
                held = _grown(rect, NESTED_PX)
                inside[frame.inside] = inside.get(frame.inside, QRectF()).united(held)
        return {name: found[name] for name in order}

    def _unlabelled(self) -> Floats:
        """Return what no number of an edge may cover: the notes, and the titles of frames."""
        fonts = self._canvas.picture.fonts
        rects = list(self.notes.values())
        for outline in self.frames.values():
            title = outline.title
            wide = LARGEST_TITLE * fonts.width("label", outline.frame.title) + TITLE_MARGIN_PX
            title.setWidth(min(title.width(), wide))
            rects.append(title)
        corners = [(one.left(), one.top(), one.right(), one.bottom()) for one in rects]
        return np.array(corners, np.float64).reshape(-1, 4)

    @property
    def places(self) -> Mapping[Handle, QRectF]:
        """Where all frames and notes are that are drawn, folded frames too; inner ones later."""
        view, sketch = self._canvas.view, self._canvas.picture.sketch
        # A screen reader asks for it again with every one of them.
        key = (self.version, sketch, sketch.version)
        if self._places[0] != key:
            found = {Handle("frame", name): one.rect for name, one in self.frames.items()}
            for block in () if view is None else view.blocks:
                found[Handle("frame", block.frame)] = sketch.rect(sketch.index[block.lead])
            found |= {Handle("note", name): rect for name, rect in self.notes.items()}
            self._places = (key, found)
        return self._places[1]

    def bounds(self) -> QRectF:
        """Return what all frames and notes take; empty without any."""
        bounds = QRectF()
        for rect in (*(one.rect for one in self.frames.values()), *self.notes.values()):
            bounds = bounds.united(rect)
        return bounds

    # -- choosing ---------------------------------------------------------------------------

    def choose(self, frames: Iterable[str] = (), notes: Iterable[str] = ()) -> bool:
        """Choose these frames and notes and no others; return whether that is a change."""
        chosen = tuple(frames), tuple(notes)
        if chosen == (self.chosen_frames, self.chosen_notes):
            return False
        self.chosen_frames, self.chosen_notes = chosen
        self.version += 1
        self._canvas.viewport().update()
        return True

    def reach(self, handle: Handle) -> None:
        """Choose a frame or a note alone, unless it is chosen already."""
        chosen = self.chosen_notes if handle.kind == "note" else self.chosen_frames
        if handle.name not in chosen:
            self.choose_alone(handle)

    def choose_alone(self, handle: Handle) -> None:
        """Choose a frame, with its nodes, or a note, and nothing else."""
        if handle.kind == "note":
            self._canvas.select((), notes=(handle.name,))
        else:
            self._canvas.annotating.choose(handle.name)

    def touched(self, rect: QRectF) -> tuple[str, ...]:
        """Return the notes that a box touches."""
        return tuple(name for name, one in self.notes.items() if one.intersects(rect))

    @property
    def sole(self) -> str | None:
        """The frame that is chosen, if it is the only one and nothing else is selected."""
        if len(self.chosen_frames) != 1 or self.chosen_notes:
            return None
        (frame,) = self.chosen_frames
        inside = set(self.annotations.nodes_in(frame))
        return frame if inside.issuperset(self._canvas.selection()) else None

    @property
    def meant(self) -> tuple[str, ...]:
        """The frames a command is for: the chosen ones, or those around the selected nodes."""
        if self.chosen_frames:
            return self.chosen_frames
        selected, annotations = self._canvas.selection(), self.annotations
        if not annotations.frames or not selected:
            return ()
        whole = set(annotations.whole(selected))
        outermost = tuple(one for one in whole if annotations.frames[one].inside not in whole)
        homes = (annotations.homes.get(node) for node in selected)
        return outermost or tuple(dict.fromkeys(one for one in homes if one is not None))

    # -- under a point ----------------------------------------------------------------------

    def under(self, at: QPointF) -> Handle | None:
        """Return what can be gripped at a point of the scene: of several, the topmost."""
        reach = BORDER_PX / self._canvas.zoom
        for name, rect in reversed(self.notes.items()):
            if _grown(rect, reach).contains(at):
                return Handle("note", name, _sides(rect, at, reach))
        for name, outline in reversed(self.frames.items()):
            if _grown(outline.rect, reach).contains(at):
                sides = _sides(outline.rect, at, reach)
                if sides or outline.title.contains(at):
                    return Handle("frame", name, sides)
        return None

    def frame_at(self, at: QPointF, without: Collection[str] = ()) -> str | None:
        """Return the innermost frame that covers a point of the scene, or the one gone into."""
        for name, outline in reversed(self.frames.items()):
            if name not in without and outline.rect.contains(at):
                return name
        return self._canvas.inside

    def folds(self, at: QPointF) -> str | None:
        """Return the frame whose triangle, that folds or unfolds it, is at a point."""
        handle = self.under(at)
        if handle is None or handle.kind != "frame" or handle.sides:
            return None
        off = at.x() - self.frames[handle.name].rect.left()
        return handle.name if off < FOLD_PX else None

    def block_at(self, at: QPointF) -> tuple[str, bool] | None:
        """Return the folded frame at a point, and whether its triangle is there."""
        sketch = self._canvas.picture.sketch
        if sketch.lead is None or (node := node_under(sketch, at)) is None:
            return None
        block, rect = sketch.faces[node].block, sketch.rect(node)
        if block is None:
            return None
        off = at - rect.topLeft()
        return block.frame, off.x() < BLOCK_FOLD_PX and off.y() < HEAD_PX

    # -- going along with nodes -------------------------------------------------------------

    def lift(self, nodes: tuple[str, ...]) -> None:
        """Let the frames of which all nodes are `nodes`, and the chosen notes, go along."""
        annotations = self.annotations
        # The frame gone into stays, and all around it, though every node in it may go.
        around = annotations.path(self._canvas.inside)
        whole = annotations.whole(nodes) if annotations.frames else ()
        frames = frozenset(whole).difference(around)
        notes = frozenset(
            name
            for name, note in annotations.notes.items()
            if name in self.chosen_notes or note.inside in frames
        )
        homes = [annotations.homes.get(node) for node in nodes]
        homes += [annotations.notes[name].inside for name in self.chosen_notes]
        home = homes[0] if homes else None
        while home is not None and home in frames:
            home = annotations.frames[home].inside
        free = tuple(node for node in nodes if annotations.homes.get(node) not in frames)
        self._lifted = _Lifted(frames, notes, free, home, QPointF())
        self.target = home

    def carry(self, offset: QPointF) -> QRectF:
        """Put what goes along this far from where it was; return what must be painted again."""
        lifted = self._lifted
        if lifted is None or not (lifted.frames or lifted.notes):
            return QRectF()
        rects = [self.frames[name].rect for name in lifted.frames if name in self.frames]
        rects += [self.notes[name] for name in lifted.notes if name in self.notes]
        dirty = QRectF()
        for rect in rects:
            dirty = dirty.united(rect.translated(lifted.offset)).united(rect.translated(offset))
        lifted.offset = offset
        return _grown(dirty, 4)

    def aim(self, at: QPointF) -> None:
        """Mark the frame that what is dragged would fall into at a point."""
        if self._lifted is None or not self.frames:
            return
        target = self.frame_at(at, self._lifted.frames)
        if target != self.target:
            for name in (target, self.target):
                if name is not None and name in self.frames:
                    self._canvas.scene().update(_grown(self.frames[name].rect, 4))
            self.target = target

    def put_back(self) -> None:
        """Let everything stand where it was, if it is still there: undo may have taken it away."""
        self._lifted = self.target = None

    def put_down(self) -> Carried:
        """Let everything stand where it is; return what that makes of the document's."""
        lifted, self._lifted = self._lifted, None
        if lifted is None:
            return Carried({})
        frames, annotations = lifted.frames, self.annotations
        moved = {}
        for name in lifted.notes:
            # Those in a folded frame go along unseen.
            rect = self.notes.get(name, QRectF(*annotations.notes[name].rect))
            moved[name] = rect_of(rect.translated(lifted.offset))
        joined = None
        if self.target != lifted.home:
            tops = tuple(one for one in frames if annotations.frames[one].inside not in frames)
            notes = tuple(
                one for one in lifted.notes if annotations.notes[one].inside not in frames
            )
            joined = Joined(self.target, lifted.nodes, tops, notes)
        self.target = None
        return Carried(moved, joined)

    def stretch(self, handle: Handle, rect: QRectF) -> None:
        """Show a frame or a note with another rectangle."""
        if handle.kind == "note" and handle.name in self.notes:
            before, self.notes[handle.name] = self.notes[handle.name], rect
        elif handle.kind == "frame" and handle.name in self.frames:
            before = self.frames[handle.name].rect
            self.frames[handle.name] = replace(self.frames[handle.name], rect=rect)
        else:
            return
        self.version += 1
        self._canvas.scene().update(_grown(before.united(rect), 4))

    # -- painting ---------------------------------------------------------------------------

    def paint(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint what stands still, below all curves and nodes."""
        lifted = self._lifted
        self.paint_some(
            painter,
            exposed,
            [name for name in self.frames if lifted is None or name not in lifted.frames],
            [name for name in self.notes if lifted is None or name not in lifted.notes],
        )

    def paint_lifted(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint what goes along with the nodes that are dragged, and where they would fall."""
        lifted = self._lifted
        if lifted is None:
            return
        if self.target is not None and self.target != lifted.home and self.target in self.frames:
            cards.paint_target(painter, self.frames[self.target].rect, self._canvas.theme)
        painter.save()
        painter.translate(lifted.offset)
        seen = exposed.translated(-lifted.offset)
        frames = [name for name in self.frames if name in lifted.frames]
        self.paint_some(
            painter, seen, frames, [name for name in self.notes if name in lifted.notes]
        )
        painter.restore()

    def paint_some(
        self, painter: QPainter, exposed: QRectF, frames: list[str], notes: list[str]
    ) -> None:
        """Paint these frames and notes, as far as `exposed` shows them."""
        canvas, annotations = self._canvas, self.annotations
        look = cards.Look(canvas.theme, canvas.picture.fonts, canvas.zoom)
        for name in frames:
            outline = self.frames[name]
            if outline.rect.intersects(exposed):
                chosen = name in self.chosen_frames
                cards.paint_frame(painter, outline.rect, outline.frame, TITLE_PX, look, chosen)
        for name in notes:
            if self.notes[name].intersects(exposed) and name in annotations.notes:
                note, chosen = annotations.notes[name], name in self.chosen_notes
                cards.paint_note(painter, self.notes[name], note, look, chosen, self._papers)


@dataclass(frozen=True, slots=True)
class Joined:
    """What fell into another frame, or out of all."""

    into: str | None
    nodes: tuple[str, ...]
    frames: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """Where notes lie now that went along with nodes, and what changed its frame."""

    notes: dict[str, Rect]
    joined: Joined | None = None

    def onto(self, annotations: Annotations) -> Annotations:
        """Return the frames and notes after it."""
        kept = dict(annotations.notes)
        for name, rect in self.notes.items():
            kept[name] = replace(kept[name], rect=rect)
        changed = replace(annotations, notes=kept) if self.notes else annotations
        if self.joined is not None:
            one = self.joined
            changed = changed.put(one.into, one.nodes, one.frames, one.notes)
        return changed


def resized(rect: QRectF, sides: str, by: QPointF, least: QRectF | None) -> QRectF:
    """Return `rect` with some of its sides moved: around `least`, or no smaller than a note is."""
    wide, high = LEAST_NOTE_PX
    new = QRectF(rect)
    if "l" in sides:
        most = rect.right() - wide if least is None else least.left()
        new.setLeft(min(rect.left() + by.x(), most))
    if "r" in sides:
        most = rect.left() + wide if least is None else least.right()
        new.setRight(max(rect.right() + by.x(), most))
    if "t" in sides:
        most = rect.bottom() - high if least is None else least.top()
        new.setTop(min(rect.top() + by.y(), most))
    if "b" in sides:
        most = rect.top() + high if least is None else least.bottom()
        new.setBottom(max(rect.bottom() + by.y(), most))
    return new


def cursor_for(sides: str) -> Qt.CursorShape:
    """Return the pointer's form over these sides of a rectangle."""
    shapes = Qt.CursorShape
    if sides in ("l", "r"):
        return shapes.SizeHorCursor
    if sides in ("t", "b"):
        return shapes.SizeVerCursor
    return shapes.SizeFDiagCursor if sides in ("lt", "rb") else shapes.SizeBDiagCursor


def rect_of(rect: QRectF) -> Rect:
    """Return a rectangle as frames and notes have it, in hundredths of a px."""
    left, top, wide, high = rect.x(), rect.y(), rect.width(), rect.height()
    return round(left, 2), round(top, 2), round(wide, 2), round(high, 2)


def _sides(rect: QRectF, at: QPointF, reach: float) -> str:
    corner = 2 * reach
    near_x = min(abs(at.x() - rect.left()), abs(at.x() - rect.right()))
    near_y = min(abs(at.y() - rect.top()), abs(at.y() - rect.bottom()))
    if min(near_x, near_y) > reach:
        return ""
    sides = ""
    if abs(at.x() - rect.left()) <= (corner if near_y <= reach else reach):
        sides += "l"
    elif abs(at.x() - rect.right()) <= (corner if near_y <= reach else reach):
        sides += "r"
    if abs(at.y() - rect.top()) <= (corner if near_x <= reach else reach):
        sides += "t"
    elif abs(at.y() - rect.bottom()) <= (corner if near_x <= reach else reach):
        sides += "b"
    return sides


def _grown(rect: QRectF, px: float) -> QRectF:
    return rect.adjusted(-px, -px, px, px)
