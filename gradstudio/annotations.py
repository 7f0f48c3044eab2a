"""Frames and notes: what is drawn around a graph's nodes; nothing is computed from it.

A frame holds nodes, and lies in at most one other frame, as a note may; so a node is in one frame
at most, and frames form trees. A frame is never empty: it vanishes with the last node in it.
(Rejected: rectangles that carry what happens to lie upon them, so that a node strays into a frame
because it was put aside for a moment.)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

from gradstudio.errors import GraphError, mark
from gradstudio.naming import LONGEST_NAME, apart
from gradstudio.node import EMPTY

Rect: TypeAlias = tuple[float, float, float, float]
"""Left, top, width and height, in px of the canvas at 100 %."""
Point: TypeAlias = tuple[float, float]

COLOURS = ("blue", "green", "yellow", "red", "purple", "grey")
LONGEST_TITLE = 120
LONGEST_NOTE = 20_000
MOST_OF_A_KIND = 10_000
FARTHEST_PX = 1e7
LARGEST_PX = 1e5
LEAST_NOTE_PX = (60.0, 36.0)


def _empty() -> Mapping[str, Any]:
    return EMPTY


@dataclass(frozen=True)
class Frame:
    """A named part of the graph.

    Args:
        title: one line of plain text.
        colour: one of `COLOURS`.
        nodes: those right in it, not those in frames inside it.
        inside: the frame it lies in.
        folded: whether it is drawn as one node.
        rect: what it covers at least; it always reaches around all that is in it.
        extra: fields of its file that this version does not know, kept for the next save.
    """

    title: str = ""
    colour: str = COLOURS[0]
    nodes: tuple[str, ...] = ()
    inside: str | None = None
    folded: bool = False
    rect: Rect | None = None
    extra: Mapping[str, Any] = field(default_factory=_empty)


@dataclass(frozen=True)
class Note:
    """A text on the canvas.

    Args:
        text: Markdown.
        rect: where it lies.
        colour: one of `COLOURS`.
        inside: the frame it lies in, and goes with.
        extra: fields of its file that this version does not know, kept for the next save.
    """

    text: str
    rect: Rect
    colour: str = "yellow"
    inside: str | None = None
    extra: Mapping[str, Any] = field(default_factory=_empty)


@dataclass(frozen=True)
class Annotations:
    """All frames and notes of one graph, by name.

    Edits return new ones; `Graph.annotate` checks them. Mappings are never mutated after they are
    handed in.
    """

    frames: Mapping[str, Frame] = field(default_factory=_empty)
    notes: Mapping[str, Note] = field(default_factory=_empty)

    # -- reading ----------------------------------------------------------------------------

    def __bool__(self) -> bool:
        """Whether there is any frame or note."""
        return bool(self.frames or self.notes)

    @cached_property
    def homes(self) -> Mapping[str, str]:
        """Of each node that is in a frame, the innermost frame."""
        return {node: name for name, frame in self.frames.items() for node in frame.nodes}

    @cached_property
    def children(self) -> Mapping[str | None, tuple[str, ...]]:
        """Of each frame, the frames right in it; of None, those in no other."""
        found: dict[str | None, list[str]] = {}
        for name, frame in self.frames.items():
            found.setdefault(frame.inside, []).append(name)
        return {name: tuple(some) for name, some in found.items()}

    def path(self, name: str | None) -> tuple[str, ...]:
        """Return the frames around what lies in the frame `name`, the outermost first."""
        found: list[str] = []
        while name is not None:
            found.append(name)
            name = self.frames[name].inside
        return tuple(reversed(found))

    def nested(self, name: str) -> tuple[str, ...]:
        """Return the frame and all frames in it, each after the one it lies in."""
        found, pending = [], [name]
        while pending:
            current = pending.pop()
            found.append(current)
            pending.extend(reversed(self.children.get(current, ())))
        return tuple(found)

    def nodes_in(self, name: str) -> tuple[str, ...]:
        """Return all nodes in the frame and in the frames inside it."""
        return tuple(node for one in self.nested(name) for node in self.frames[one].nodes)

    def whole(self, nodes: Collection[str]) -> tuple[str, ...]:
        """Return the frames of which all nodes are among `nodes`."""
        kept = set(nodes)
        return (
            tuple(name for name in self.frames if kept.issuperset(self.nodes_in(name)))
            if kept
            else ()
        )

    def fresh_frame(self) -> str:
        """Return a name that no frame has."""
        return _fresh("frame", self.frames)

    def fresh_note(self) -> str:
        """Return a name that no note has."""
        return _fresh("note", self.notes)

    # -- editing ----------------------------------------------------------------------------

    def with_frame(self, name: str, frame: Frame) -> Annotations:
        """Return them with a frame more, or changed."""
        return replace(self, frames={**self.frames, name: frame})

    def with_note(self, name: str, note: Note) -> Annotations:
        """Return them with a note more, or changed."""
        return replace(self, notes={**self.notes, name: note})

    def without_notes(self, names: Iterable[str]) -> Annotations:
        """Return them without these notes."""
        gone = set(names)
        return replace(self, notes={at: one for at, one in self.notes.items() if at not in gone})

    def without_frames(self, names: Iterable[str]) -> Annotations:
        """Return them without these frames: what was in one is now in the frame around it."""
        gone = set(names)
        frames = dict(self.frames)
        for name in gone:
            frame = frames.pop(name)
            around = self._around(frame.inside, gone)
            if around is not None:
                held = frames[around]
                frames[around] = replace(held, nodes=(*held.nodes, *frame.nodes))
        frames = {
            name: replace(one, inside=self._around(one.inside, gone)) if one.inside in gone else one
            for name, one in frames.items()
        }
        return replace(self, frames=frames, notes=self._notes_around(gone))

    def put(
        self,
        into: str | None,
        nodes: Iterable[str] = (),
        frames: Iterable[str] = (),
        notes: Iterable[str] = (),
    ) -> Annotations:
        """Return them with nodes, frames and notes in the frame `into`, or in none.

        Frames that hold nothing any more are gone.
        """
        moved = dict.fromkeys(nodes)
        changed = {
            name: replace(frame, nodes=tuple(one for one in frame.nodes if one not in moved))
            for name, frame in self.frames.items()
        }
        if into is not None:
            changed[into] = replace(changed[into], nodes=(*changed[into].nodes, *moved))
        for name in frames:
            changed[name] = replace(changed[name], inside=into)
        kept = dict(self.notes)
        for name in notes:
            kept[name] = replace(kept[name], inside=into)
        return Annotations(changed, kept)._pruned()

    def without_nodes(self, gone: Collection[str]) -> Annotations:
        """Return them for a graph without the nodes `gone`."""
        if not any(node in self.homes for node in gone):
            return self
        return self.put(None, [node for node in gone if node in self.homes])

    def renamed(self, names: Mapping[str, str]) -> Annotations:
        """Return them for a graph whose nodes have other names: old to new."""
        if not any(node in self.homes for node in names):
            return self
        frames = {
            at: replace(one, nodes=tuple(names.get(node, node) for node in one.nodes))
            for at, one in self.frames.items()
        }
        return replace(self, frames=frames)

    def only(self, nodes: Collection[str], notes: Collection[str] = ()) -> Annotations:
        """Return the frames of which all nodes are kept, the notes in them, and `notes`."""
        kept = set(self.whole(nodes)) if self.frames else set()
        gone = self.frames.keys() - kept
        frames = {
            name: replace(self.frames[name], inside=self._around(self.frames[name].inside, gone))
            for name in self.frames
            if name in kept
        }
        chosen = {
            name: replace(note, inside=self._around(note.inside, gone))
            for name, note in self.notes.items()
            if name in notes or note.inside in kept
        }
        return Annotations(frames, chosen)

    def merged(self, other: Annotations, offset: Point = (0.0, 0.0)) -> Annotations:
        """Return them with those of another graph, whose nodes have names of their own."""
        if not other:
            return self
        frames = apart(other.frames, self.frames, lambda _: "frame")
        notes = apart(other.notes, self.notes, lambda _: "note")
        added = {
            frames[name]: replace(
                one,
                inside=None if one.inside is None else frames[one.inside],
                rect=None if one.rect is None else _shifted(one.rect, offset),
            )
            for name, one in other.frames.items()
        }
        noted = {
            notes[name]: replace(
                one,
                inside=None if one.inside is None else frames[one.inside],
                rect=_shifted(one.rect, offset),
            )
            for name, one in other.notes.items()
        }
        return Annotations({**self.frames, **added}, {**self.notes, **noted})

    def followed(self, before: Mapping[str, Point], moved: Mapping[str, Point]) -> Annotations:
        """Return them after nodes moved from where `before` has them.

        A rectangle goes with its nodes where all of them go the same way; where they part it is
        given up, and the frame reaches around them again.
        """
        changed: dict[str, Frame] = {}
        for name, frame in self.frames.items():
            if frame.rect is None:
                continue
            nodes = self.nodes_in(name)
            if not all(node in moved and node in before for node in nodes):
                continue
            ways = {
                (
                    round(moved[node][0] - before[node][0], 2),
                    round(moved[node][1] - before[node][1], 2),
                )
                for node in nodes
            }
            rect = None if _parted(ways) else _shifted(frame.rect, next(iter(ways)))
            changed[name] = replace(frame, rect=rect)
        return replace(self, frames={**self.frames, **changed}) if changed else self

    def _around(self, name: str | None, gone: Collection[str]) -> str | None:
        while name is not None and name in gone:
            name = self.frames[name].inside
        return name

    def _notes_around(self, gone: Collection[str]) -> Mapping[str, Note]:
        return {
            at: replace(one, inside=self._around(one.inside, gone)) if one.inside in gone else one
            for at, one in self.notes.items()
        }

    def _pruned(self) -> Annotations:
        held = {name: len(frame.nodes) for name, frame in self.frames.items()}
        for frame in self.frames.values():
            if frame.inside is not None:
                held[frame.inside] += 1
        gone: set[str] = set()
        empty = [name for name, count in held.items() if not count]
        while empty:
            name = empty.pop()
            gone.add(name)
            around = self.frames[name].inside
            if around is not None:
                held[around] -= 1
                if not held[around]:
                    empty.append(around)
        if not gone:
            return self
        frames = {name: one for name, one in self.frames.items() if name not in gone}
        return Annotations(frames, self._notes_around(gone))

    # -- checking ---------------------------------------------------------------------------

    def check(self, nodes: Collection[str]) -> None:
        """Make sure that a graph with these nodes can have them.

        Raises:
            GraphError: it cannot; the message names the frame or the note.
        """
        if max(len(self.frames), len(self.notes)) > MOST_OF_A_KIND:
            raise GraphError(
                mark("core", "there are more than {most} frames or notes"), most=MOST_OF_A_KIND
            )
        homes: dict[str, str] = {}
        for name, frame in self.frames.items():
            self._check_frame(name, frame)
            for node in frame.nodes:
                if node not in nodes:
                    raise _frame_error(
                        name, mark("core", "there is no node called {node}"), node=node
                    )
                if node in homes:
                    raise _frame_error(
                        name,
                        mark("core", "{node} is in the frame {other} too"),
                        node=node,
                        other=homes[node],
                    )
                homes[node] = name
        for name in self.notes:
            self._check_note(name)
        self._check_tree()

    def _check_frame(self, name: str, frame: Frame) -> None:
        if not _is_name(name):
            raise _frame_error(name, mark("core", "this cannot be the name of a frame"))
        if len(frame.title) > LONGEST_TITLE or not _is_line(frame.title):
            raise _frame_error(
                name,
                mark("core", "its title must be one line of at most {most} characters"),
                most=LONGEST_TITLE,
            )
        if frame.colour not in COLOURS:
            raise _frame_error(name, *_unknown_colour(frame.colour))
        if frame.inside is not None and frame.inside not in self.frames:
            raise _frame_error(
                name, mark("core", "there is no frame called {other}"), other=frame.inside[:80]
            )
        if frame.rect is not None and not _sane(frame.rect):
            raise _frame_error(name, mark("core", "its place or its size is out of bounds"))
        if not frame.nodes and name not in self.children:
            raise _frame_error(name, mark("core", "nothing is in it"))

    def _check_note(self, name: str) -> None:
        note = self.notes[name]

        def refused(said: str, **parts: Any) -> GraphError:
            return GraphError(
                mark("core", "note {note}: {said}"),
                note=name[:80],
                said=GraphError(said, **parts),
            )

        if not _is_name(name):
            raise refused(mark("core", "this cannot be the name of a note"))
        if len(note.text) > LONGEST_NOTE:
            raise refused(
                mark("core", "its text is longer than {most} characters"), most=LONGEST_NOTE
            )
        if note.colour not in COLOURS:
            said, colour = _unknown_colour(note.colour)
            raise refused(said, **colour)
        if note.inside is not None and note.inside not in self.frames:
            raise refused(mark("core", "there is no frame called {other}"), other=note.inside[:80])
        if not _sane(note.rect):
            raise refused(mark("core", "its place or its size is out of bounds"))

    def _check_tree(self) -> None:
        reached = 0
        pending = list(self.children.get(None, ()))
        seen: set[str] = set()
        while pending:
            current = pending.pop()
            seen.add(current)
            reached += 1
            pending.extend(self.children.get(current, ()))
        if reached < len(self.frames):
            name = next(name for name in self.frames if name not in seen)
            raise _frame_error(name, mark("core", "it lies in itself"))


NONE = Annotations()


def _fresh(stem: str, taken: Collection[str]) -> str:
    number = 1
    while (name := f"{stem}{number}") in taken:
        number += 1
    return name


def _shifted(rect: Rect, by: Point) -> Rect:
    return round(rect[0] + by[0], 2), round(rect[1] + by[1], 2), rect[2], rect[3]


def _parted(ways: Collection[Point]) -> bool:
    across, down = [x for x, _ in ways], [y for _, y in ways]
    # Positions are rounded to hundredths.
    return max(across) - min(across) > 0.03 or max(down) - min(down) > 0.03


def _is_line(text: str) -> bool:
    """Return whether a text has neither line ends nor control characters in it."""
    return all(unicodedata.category(one) not in ("Cc", "Zl", "Zp") for one in text)


def _is_name(name: str) -> bool:
    return name.isidentifier() and len(name) <= LONGEST_NAME


def _sane(rect: Rect) -> bool:
    left, top, wide, high = rect
    return (
        abs(left) <= FARTHEST_PX
        and abs(top) <= FARTHEST_PX
        and 0 < wide <= LARGEST_PX
        and 0 < high <= LARGEST_PX
    )


def _unknown_colour(colour: str) -> tuple[str, dict[str, Any]]:
    said = mark("core", "there is no colour “{colour}”; there are: {known}")
    return said, {"colour": colour[:80], "known": ", ".join(COLOURS)}


def _frame_error(name: str, said: str, parts: Mapping[str, Any] = EMPTY, **more: Any) -> GraphError:
    return GraphError(
        mark("core", "frame {frame}: {said}"),
        frame=name[:80],
        said=GraphError(said, **parts, **more),
    )
