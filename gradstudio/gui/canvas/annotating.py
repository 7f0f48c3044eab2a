"""What is done with frames and notes: each one commit, on one canvas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication

from gradstudio.annotations import LARGEST_PX, LONGEST_TITLE, Annotations, Frame, Note, Rect
from gradstudio.graph import Graph
from gradstudio.gui.canvas import cards, places
from gradstudio.gui.canvas.boards import Handle, cursor_for, rect_of, resized
from gradstudio.gui.canvas.folding import HEAD_PX
from gradstudio.gui.canvas.inline import InlineEditor, NoteEditor

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

NOTE_PX = (180.0, 84.0)


class Annotating(QObject):
    """The frames and notes of one canvas, as they are made, changed and removed."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas

    def _commit(self, label: str, annotations: Annotations) -> bool:
        return self._canvas.edits.attempt(label, lambda graph: graph.annotate(annotations))

    # -- frames -----------------------------------------------------------------------------

    def frame(self) -> None:
        """Put a frame around the selected nodes and notes, and ask for its title."""
        canvas, annotations = self._canvas, self._canvas.document.graph.annotations
        nodes, notes = canvas.selection(), canvas.boards.chosen_notes
        whole = set(annotations.whole(nodes))
        tops = [name for name in whole if annotations.frames[name].inside not in whole]
        free = [node for node in nodes if annotations.homes.get(node) not in whole]
        around = [annotations.path(annotations.frames[name].inside) for name in tops]
        around += [annotations.path(annotations.homes.get(node)) for node in free]
        shared = _shared(around)
        name = annotations.fresh_frame()
        title = self.tr("Frame")
        loose = [one for one in notes if annotations.notes[one].inside not in whole]
        made = Annotations(
            {**annotations.frames, name: Frame(title, nodes=(), inside=shared)}, annotations.notes
        ).put(name, free, sorted(tops, key=list(annotations.frames).index), loose)
        if self._commit(self.tr("Frame"), made):
            self.choose(name)
            self.rename(name)

    def unframe(self) -> None:
        """Remove the frames that are meant; what is in them stays."""
        canvas, frames = self._canvas, self._canvas.boards.meant
        annotations = canvas.document.graph.annotations.without_frames(frames)
        self._commit(self.tr("Remove frame"), annotations)

    def take_out(self, nodes: Iterable[str]) -> None:
        """Put nodes into the frame around the one they are in, or into none."""
        annotations = self._canvas.document.graph.annotations
        for node in nodes:
            home = annotations.homes.get(node)
            if home is not None:
                annotations = annotations.put(annotations.frames[home].inside, [node])
        self._commit(self.tr("Take out of the frame"), annotations)

    def choose(self, frame: str) -> None:
        """Choose a frame, and with it all nodes in it."""
        nodes = self._canvas.document.graph.annotations.nodes_in(frame)
        self._canvas.select(nodes, frames=(frame,))

    def fold(self) -> None:
        """Fold the frames that are meant, or unfold them if all are folded."""
        canvas, frames = self._canvas, self._canvas.boards.meant
        annotations = canvas.document.graph.annotations
        self.set_folded(frames, not all(annotations.frames[one].folded for one in frames))

    def set_folded(self, names: Iterable[str], folded: bool) -> None:
        """Draw frames as one node each, or as frames again.

        Where a block, or what was in it, needs more room, what stands beside it goes aside.
        """
        names, canvas = tuple(names), self._canvas

        def edit(graph: Graph) -> Graph:
            moved = canvas.levels.room_for(graph, names, folded=folded)
            graph = graph.move(moved) if moved else graph
            annotations = graph.annotations
            for name in names:
                changed = replace(annotations.frames[name], folded=folded)
                annotations = annotations.with_frame(name, changed)
            return graph.annotate(annotations)

        if canvas.edits.attempt(self.tr("Fold") if folded else self.tr("Unfold"), edit):
            annotations = canvas.document.graph.annotations
            nodes = (node for name in names for node in annotations.nodes_in(name))
            canvas.select(nodes, frames=names)

    def enter(self) -> None:
        """Show the inside alone of the frame that is meant."""
        (frame,) = self._canvas.boards.meant
        self._canvas.levels.go_into(frame)

    def adopt(self, before: Graph, after: Graph) -> Graph:
        """Let new nodes that lie in a frame join it, or the frame whose inside is shown."""
        if not after.annotations.frames:
            return after
        boards, annotations = self._canvas.boards, after.annotations
        for name in after.nodes:
            if name not in before.nodes and name not in annotations.homes:
                at = after.positions.get(name)
                into = self._canvas.inside if at is None else boards.frame_at(QPointF(*at))
                if into is not None and into in annotations.frames:
                    annotations = annotations.put(into, (name,))
        return after if annotations is after.annotations else after.annotate(annotations)

    def colour_frames(self, names: Iterable[str], colour: str) -> None:
        """Give frames a colour."""
        annotations = self._canvas.document.graph.annotations
        for name in names:
            changed = replace(annotations.frames[name], colour=colour)
            annotations = annotations.with_frame(name, changed)
        self._commit(self.tr("Colour"), annotations)

    def retitle(self, name: str, title: str) -> bool:
        """Give a frame a title; return whether it has it now."""
        annotations = self._canvas.document.graph.annotations
        frame = annotations.frames.get(name)
        title = title.strip()
        if frame is None or frame.title == title:
            return True
        return self._commit(
            self.tr("Rename frame"), annotations.with_frame(name, replace(frame, title=title))
        )

    def rename(self, name: str) -> None:
        """Let a frame's title be typed over it."""
        canvas = self._canvas

        def place() -> QRect:
            outline = canvas.boards.frames.get(name)
            sketch = canvas.picture.sketch
            if outline is not None:
                rect = outline.title
            else:
                node = canvas.document.graph.annotations.nodes_in(name)[0]
                rect = QRectF(sketch.rect(sketch.index[node]))
                rect.setHeight(HEAD_PX)
            return canvas.viewportTransform().mapRect(rect).toAlignedRect()

        title = canvas.document.graph.annotations.frames[name].title
        label = self.tr("Title of the frame")
        editor = InlineEditor(
            title, label, lambda typed: self.retitle(name, typed), place, canvas.viewport()
        )
        # It sets the text anew, and so selects nothing.
        editor.setMaxLength(LONGEST_TITLE)
        editor.selectAll()
        canvas.overlays.open_editor(editor)

    def cover(self, name: str, rect: Rect | None) -> None:
        """Let a frame cover a rectangle, or no more than it must."""
        annotations = self._canvas.document.graph.annotations
        changed = replace(annotations.frames[name], rect=rect)
        self._commit(self.tr("Resize"), annotations.with_frame(name, changed))

    # -- notes ------------------------------------------------------------------------------

    def add_note(self, at: QPointF | None = None) -> None:
        """Open a new note, with its upper left corner at a point of the scene or at the pointer."""
        canvas = self._canvas
        free = at is None
        if at is None:
            at = canvas.aim()
            if canvas.pointer.at is None:
                at -= QPointF(NOTE_PX[0] / 2, NOTE_PX[1] / 2)
        rect = QRectF(at.x(), at.y(), *NOTE_PX)
        if free:
            rect = places.clear(canvas, rect)
            canvas.lens.keep_in_sight(rect)

        def keep(text: str) -> bool:
            if not text.strip():
                return True
            annotations = canvas.document.graph.annotations
            name = annotations.fresh_note()
            note = self._grown(Note(text, (rect.x(), rect.y(), *NOTE_PX)))
            # With a long text it may have come to lie on something after all.
            placed = places.clear(canvas, QRectF(*note.rect)) if free else QRectF(*note.rect)
            x, y = round(placed.x(), 2), round(placed.y(), 2)
            inside = canvas.boards.frame_at(QPointF(x, y))
            note = replace(note, rect=(x, y, *note.rect[2:]), inside=inside)
            made = annotations.with_note(name, note)
            done = self._commit(self.tr("Add note"), made)
            if done:
                canvas.select((), notes=(name,))
            return done

        self._write(lambda: rect, "", keep)

    def edit_note(self, name: str) -> None:
        """Let a note's text be typed over it; one without a text is removed."""
        canvas = self._canvas

        def keep(text: str) -> bool:
            annotations = canvas.document.graph.annotations
            note = annotations.notes.get(name)
            if note is None or note.text == text:
                return True
            if not text.strip():
                return self._commit(self.tr("Delete"), annotations.without_notes((name,)))
            return self._commit(
                self.tr("Edit note"),
                annotations.with_note(name, self._grown(replace(note, text=text))),
            )

        text = canvas.document.graph.annotations.notes[name].text
        self._write(lambda: canvas.boards.notes.get(name, QRectF()), text, keep)

    def _grown(self, note: Note) -> Note:
        """Return a note that is as high as its text wants, at least as high as it was."""
        canvas = self._canvas
        x, y, wide, high = note.rect
        needed = cards.needed_px(note, canvas.picture.fonts, canvas.theme)
        # No note is higher than a file may say, whatever is written in it.
        return replace(note, rect=(x, y, wide, max(high, min(needed, LARGEST_PX))))

    def colour_notes(self, names: Iterable[str], colour: str) -> None:
        """Give notes a colour."""
        annotations = self._canvas.document.graph.annotations
        for name in names:
            changed = replace(annotations.notes[name], colour=colour)
            annotations = annotations.with_note(name, changed)
        self._commit(self.tr("Colour"), annotations)

    def lay_note(self, name: str, rect: Rect) -> None:
        """Give a note another place and size."""
        annotations = self._canvas.document.graph.annotations
        changed = replace(annotations.notes[name], rect=rect)
        self._commit(self.tr("Resize"), annotations.with_note(name, changed))

    def _write(self, where: Callable[[], QRectF], text: str, keep: Callable[[str], bool]) -> None:
        canvas = self._canvas

        def place() -> QRect:
            return canvas.viewportTransform().mapRect(where()).toAlignedRect()

        label = self.tr("Text of the note")
        canvas.overlays.open_editor(NoteEditor(text, label, keep, place, canvas.viewport()))


class Resize:
    """Left drag on the border of a frame or a note: some of its sides move."""

    def __init__(self, canvas: Canvas, at: QPoint, handle: Handle) -> None:
        self._canvas = canvas
        self._handle = handle
        self._from = canvas.mapToScene(at)
        self._least: QRectF | None = None
        if handle.kind == "frame":
            outline = canvas.boards.frames[handle.name]
            self._home, self._least = outline.rect, outline.least
        else:
            self._home = canvas.boards.notes[handle.name]
        self._rect = QRectF(self._home)
        canvas.viewport().setCursor(cursor_for(handle.sides))

    def move(self, at: QPoint) -> None:
        by = self._canvas.mapToScene(at) - self._from
        self._rect = resized(self._home, self._handle.sides, by, self._least)
        self._canvas.boards.stretch(self._handle, self._rect)

    def end(self, at: QPoint) -> None:
        if (self._canvas.mapFromScene(self._from) - at).manhattanLength() > 2:
            self.move(at)
        self._canvas.viewport().unsetCursor()
        self._canvas.boards.stretch(self._handle, self._home)
        if self._rect == self._home:
            return
        rect = rect_of(self._rect)
        if self._handle.kind == "note":
            self._canvas.annotating.lay_note(self._handle.name, rect)
        else:
            free = None if self._rect == self._least else rect
            self._canvas.annotating.cover(self._handle.name, free)

    def cancel(self) -> None:
        self._canvas.viewport().unsetCursor()
        self._canvas.boards.stretch(self._handle, self._home)

    def paint(self, painter: QPainter) -> None:
        """Nothing: the frame or the note itself shows it."""


class FoldClick:
    """A press on the triangle of a frame: let go there, it folds the frame, or unfolds it."""

    def __init__(self, canvas: Canvas, at: QPoint, frame: str, *, fold: bool) -> None:
        self._canvas = canvas
        self._from = at
        self._frame = frame
        self._fold = fold

    def move(self, at: QPoint) -> None:
        """Nothing: only where it is let go counts."""

    def end(self, at: QPoint) -> None:
        if (at - self._from).manhattanLength() < QApplication.startDragDistance():
            self._canvas.annotating.set_folded((self._frame,), self._fold)

    def cancel(self) -> None:
        """Nothing was done."""

    def paint(self, painter: QPainter) -> None:
        """Nothing."""


def _shared(paths: list[tuple[str, ...]]) -> str | None:
    """Return the innermost frame that all paths go through."""
    found = None
    for level in zip(*paths, strict=False):
        if len(set(level)) > 1:
            break
        found = level[0]
    return found
