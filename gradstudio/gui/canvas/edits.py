"""What can be done to the graph from the canvas: each one commit, or one sentence why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QPointF, Signal
from PySide6.QtGui import QGuiApplication

from gradstudio.annotations import Annotations
from gradstudio.emit.formula import to_formula
from gradstudio.errors import GradStudioError
from gradstudio.graph import Edge, Graph, Point, checked_name
from gradstudio.gui.canvas.face import is_numbered
from gradstudio.gui.canvas.layout import arrange
from gradstudio.gui.canvas.mirror import Mirror
from gradstudio.gui.document import Document
from gradstudio.gui.transfer import packed, unpacked
from gradstudio.gui.wording import error_text, value_refusal
from gradstudio.looks import PLAIN
from gradstudio.numbers import EntryError, Nested, read_value
from gradstudio.ops import op_named

NEW_VALUE = 1.0
PASTE_PX = 30.0
CLEAR_PX = (110.0, 80.0)
"""How far what is pasted keeps from what lies there, from centre to centre."""
MOST_REPORTED = 6
"""How many new names of pasted nodes are said."""


class Edits(QObject):
    """The edits of one canvas.

    Args:
        document: what they are committed to.
        mirror: where nodes are shown, and which are selected.
        adopt: returns what the canvas makes of a graph with new nodes, given the one before.
        parent: the canvas.
    """

    refused = Signal(str)
    """Why an edit was not done, in the reader's language."""
    reported = Signal(str)
    """What an edit that was done did besides."""
    made = Signal(object)
    """Names of nodes that are new or have a new name, to be selected."""
    annotated = Signal(object)
    """Names of notes that are new, to be selected too."""

    def __init__(
        self,
        document: Document,
        mirror: Mirror,
        adopt: Callable[[Graph, Graph], Graph],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._mirror = mirror
        self._adopt = adopt

    def attempt(self, label: str, edit: Callable[[Graph], Graph]) -> bool:
        """Commit what `edit` makes of the graph; say why not where it refuses.

        From the first edit on the canvas on, nodes stay where they were laid out.
        """
        try:
            before = self._mirror.positioned()
            graph = self._adopt(before, edit(before))
            self._document.allow(graph)
        except GradStudioError as wrong:
            self.refused.emit(error_text(wrong))
            return False
        self._document.commit(label, graph)
        return True

    # -- nodes ------------------------------------------------------------------------------

    def add(self, op: str, at: QPointF, into: Callable[[Graph, str], Graph] | None = None) -> str:
        """Add a node and return its name; empty if there is no such op.

        Args:
            op: the op's name.
            at: where its centre goes.
            into: links the node, if it is to be linked.
        """
        name = ""

        def edit(graph: Graph) -> Graph:
            nonlocal name
            rules = op_named(op, op)
            name = graph.fresh_name(rules.symbol if rules.leaf else op)
            value = NEW_VALUE if rules.leaf else None
            graph = graph.add(name, op, value=value, at=(round(at.x(), 2), round(at.y(), 2)))
            return graph if into is None else into(graph, name)

        title = QCoreApplication.translate("ops", op_named(op).title) if _known(op) else op
        if not self.attempt(self.tr("Add {op}").format(op=title), edit):
            return ""
        self.made.emit((name,))
        return name

    def put(self, label: str, edit: Callable[[Graph], tuple[Graph, tuple[str, ...]]]) -> bool:
        """Commit what `edit` adds to the graph, and select what is new."""
        names: tuple[str, ...] = ()

        def added(graph: Graph) -> Graph:
            nonlocal names
            graph, names = edit(graph)
            return graph

        done = self.attempt(label, added)
        if done:
            self.made.emit(names)
        return done

    def move(
        self,
        positions: Mapping[str, Point],
        carried: Callable[[Annotations], Annotations] | None = None,
        into: Callable[[Graph], Graph] | None = None,
    ) -> bool:
        """Put nodes elsewhere, and return whether they can go there.

        Those that were only laid out stay where they are shown.

        Args:
            positions: their new centres.
            carried: what this makes of frames and notes, where it does anything to them.
            into: links what was moved, if it is to be linked.
        """

        def edit(graph: Graph) -> Graph:
            graph = graph.move(self._mirror.real(positions))
            annotations = graph.annotations
            if carried is not None and annotations:
                annotations = carried(annotations)
            moved = graph if annotations is graph.annotations else graph.annotate(annotations)
            return moved if into is None else into(moved)

        label = self.tr("Move") if into is None else self.tr("Insert into link")
        return self.attempt(label, edit)

    def delete(self, names: tuple[str, ...], notes: tuple[str, ...] = ()) -> None:
        """Remove nodes and their links, and notes."""
        if names or notes:
            self.attempt(self.tr("Delete"), lambda graph: _without(graph, names, notes))

    def rename(self, old: str, new: str) -> bool:
        """Give a node another name; return whether it has it now."""
        new = new.strip()
        if old == new:
            return True
        label = self.tr("Rename {name}").format(name=old)
        done = self.attempt(label, lambda graph: graph.rename(old, new))
        if done:
            self.made.emit((checked_name(new),))
        return done

    def set_value(self, name: str, text: str) -> bool:
        """Give a leaf the number or the nested lists that `text` writes."""
        try:
            value = read_value(text)
        except EntryError as wrong:
            self.refused.emit(value_refusal(wrong))
            return False
        return self.set_number(name, value)

    def set_number(self, name: str, value: Nested) -> bool:
        """Give a leaf a number, or nested lists of numbers."""
        return self.attempt(
            self.tr("Set {name}").format(name=name),
            lambda graph: graph.set_values({name: value}),
        )

    def set_kind(self, name: str, op: str) -> None:
        """Make a leaf an input, a parameter or a constant."""
        if self._document.graph.nodes[name].op != op:
            self.attempt(self.tr("Change kind"), lambda graph: graph.set_op(name, op))

    def set_data(self, name: str, data: bool) -> None:
        """Say whether an input's first axis counts samples."""
        self.attempt(
            self.tr("Name as data"), lambda graph: graph.set_settings(name, {"data": data})
        )

    def set_output(self, name: str) -> None:
        """Make a node the one whose gradient is asked."""
        self.attempt(self.tr("Choose output"), lambda graph: graph.set_output(name))

    def set_range(self, name: str, limits: Point) -> bool:
        """Say from where to where a leaf's slider goes; return whether it can."""

        def edit(graph: Graph) -> Graph:
            return graph.set_look(name, replace(graph.looks.get(name, PLAIN), range=limits))

        return self.attempt(self.tr("Range of {name}").format(name=name), edit)

    def pin(self, link: Edge, at: Point | None) -> None:
        """Pin the numbers of a link so far from its port, or let them go."""
        label = self.tr("Let go of numbers") if at is None else self.tr("Pin numbers")

        def edit(graph: Graph) -> Graph:
            look = graph.looks.get(link.target, PLAIN)
            return graph.set_look(link.target, look.with_pin(link.port, at))

        self.attempt(label, edit)

    # -- links ------------------------------------------------------------------------------

    def link(self, source: str, target: str, port: int) -> None:
        """Link the output of `source` to a port."""
        inputs = self._document.graph.nodes[target].inputs
        if port >= len(inputs) or inputs[port] != source:
            self.attempt(self.tr("Link"), lambda graph: graph.connect(source, target, port))

    def move_link(self, link: Edge, to: tuple[str, int] | None) -> None:
        """Put the end of a link into another port, or nowhere."""
        if to is None:
            self.attempt(
                self.tr("Remove link"), lambda graph: graph.disconnect(link.target, link.port)
            )
        elif to != (link.target, link.port):
            self.attempt(
                self.tr("Move link"),
                lambda graph: graph.disconnect(link.target, link.port).connect(link.source, *to),
            )

    def refuse_full(self, name: str) -> None:
        """Say that a node has no port left."""
        if self._document.graph.ports(name):
            text = self.tr("{name} has no free port: drop the link on the one it is to replace")
        else:
            text = self.tr("{name} takes no input")
        self.refused.emit(text.format(name=name))

    # -- clipboard --------------------------------------------------------------------------

    def copy(self, names: tuple[str, ...], notes: tuple[str, ...] = ()) -> bool:
        """Put nodes, and the links between them, on the clipboard: as a file and as a formula.

        Frames of which all nodes are among them go along.

        Returns:
            Whether that may be done.
        """
        if self._withheld(names):
            return False
        if names or notes:
            part = self._mirror.positioned().subgraph(names, notes)
            QGuiApplication.clipboard().setMimeData(packed(part))
        return True

    def _withheld(self, names: tuple[str, ...]) -> bool:
        """Return whether the numbers of nodes are not to be computed elsewhere yet; say why."""
        nodes, wrong = self._document.graph.nodes, self._document.withheld
        if wrong is None or all(nodes[name].is_leaf for name in names):
            return False
        self.refused.emit(error_text(wrong))
        return True

    def copy_formula(self, names: tuple[str, ...]) -> None:
        """Put the formula of nodes on the clipboard, as text."""
        if not names or self._withheld(names):
            return
        try:
            text = to_formula(self._document.graph.subgraph(names), leaves=True)
        except GradStudioError as wrong:
            self.refused.emit(error_text(wrong))
        else:
            QGuiApplication.clipboard().setText(text)

    def cut(self, names: tuple[str, ...], notes: tuple[str, ...] = ()) -> None:
        """Copy nodes and notes and remove them."""
        if (names or notes) and self.copy(names, notes):
            self.attempt(self.tr("Cut"), lambda graph: _without(graph, names, notes))

    def paste(self, at: QPointF, *, clear: bool) -> bool:
        """Add the graph or the formula on the clipboard, with its middle at `at` or beside it.

        Args:
            at: in scene coordinates.
            clear: whether it must not come to lie among other nodes: nobody chose the place.
        """
        graph = self._mirror.positioned()
        try:
            other, begun = unpacked(QGuiApplication.clipboard().mimeData(), graph)
        except GradStudioError as wrong:
            self.refused.emit(error_text(wrong))
            return False
        if missing := [name for name in other.nodes if name not in other.positions]:
            other = other.move(arrange(other, missing if other.positions else None))
        offset = _offset_to(at, other, graph, clear=clear)
        return self._merge(self.tr("Paste"), other, offset, begun=begun)

    def duplicate(self, names: tuple[str, ...], notes: tuple[str, ...], offset: Point) -> None:
        """Add the same nodes and notes once more, so far from them."""
        if names or notes:
            part = self._mirror.positioned().subgraph(names, notes)
            self._merge(self.tr("Duplicate"), part, offset, report=False)

    def _merge(
        self,
        label: str,
        other: Graph,
        offset: Point,
        *,
        report: bool = True,
        begun: tuple[str, ...] = (),
    ) -> bool:
        names: dict[str, str] = {}

        def edit(graph: Graph) -> Graph:
            nonlocal names
            merged, names = graph.merged(other, offset)
            return merged

        before = self._document.graph.annotations.notes
        if not (len(other) or other.annotations) or not self.attempt(label, edit):
            return False
        self.made.emit(tuple(names.values()))
        notes = self._document.graph.annotations.notes
        self.annotated.emit(tuple(name for name in notes if name not in before))
        renamed = [
            f"{old} → {new}"
            for old, new in names.items()
            # What the program had numbered, it numbers on.
            if old != new and not is_numbered(old, other.nodes[old])
        ]
        said = []
        if report and renamed:
            text = self.tr("Renamed, as these names are taken: {names}")
            said.append(text.format(names=_listed(renamed)))
        if begun:
            text = self.tr("New leaves begin at 1: {names}")
            said.append(text.format(names=_listed([names[name] for name in begun])))
        if said:
            self.reported.emit(" · ".join(said))
        return True


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_REPORTED]) + (", …" if len(names) > MOST_REPORTED else "")


def _offset_to(at: QPointF, other: Graph, graph: Graph, *, clear: bool) -> Point:
    """Return how far to shift `other` for its middle to be at `at`, or beside what lies there.

    With `clear` it goes down to where nothing lies in between its nodes either.
    """
    rects = [note.rect for note in other.annotations.notes.values()]
    points = np.array(list(other.positions.values()) or [rect[:2] for rect in rects])
    if not points.size:
        return 0.0, 0.0
    low, high = points.min(axis=0), points.max(axis=0)
    offset = np.round(np.array([at.x(), at.y()]) - (low + high) / 2, 2)
    there = np.array(list(graph.positions.values())).reshape(-1, 2)
    if clear:
        step, margin = np.array([0.0, PASTE_PX]), np.array(CLEAR_PX)
        while (
            ((there > low + offset - margin) & (there < high + offset + margin)).all(axis=1).any()
        ):
            offset += step
    else:
        taken = set(map(tuple, (there // PASTE_PX).tolist()))
        while not taken.isdisjoint(map(tuple, ((points + offset) // PASTE_PX).tolist())):
            offset += PASTE_PX
    return float(offset[0]), float(offset[1])


def _without(graph: Graph, names: tuple[str, ...], notes: tuple[str, ...]) -> Graph:
    graph = graph.remove(names) if names else graph
    return graph.annotate(graph.annotations.without_notes(notes)) if notes else graph


def _known(op: str) -> bool:
    try:
        op_named(op)
    except GradStudioError:
        return False
    return True
