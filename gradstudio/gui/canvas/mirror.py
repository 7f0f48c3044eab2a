"""Keeps the picture in step with the document: what changed, what must be laid out, drawn anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtGui import QFont

from gradstudio.engine.evaluate import Evaluation
from gradstudio.errors import GradStudioError, GraphError
from gradstudio.graph import Graph, Node, Point
from gradstudio.gui.canvas import standing
from gradstudio.gui.canvas.block import block_faces
from gradstudio.gui.canvas.elbow_room import in_the_way, make_room, outline
from gradstudio.gui.canvas.face import Face, Fonts, face_of, renumbered
from gradstudio.gui.canvas.figures import Figure, Figures
from gradstudio.gui.canvas.focus import Focus
from gradstudio.gui.canvas.folding import View, view_key, view_of
from gradstudio.gui.canvas.inks import Inks
from gradstudio.gui.canvas.layout import arrange
from gradstudio.gui.canvas.picture import Picture
from gradstudio.gui.canvas.sketch import Sketch, indices
from gradstudio.gui.canvas.stencils import Stencils
from gradstudio.gui.document import Document
from gradstudio.gui.playback import Playback
from gradstudio.gui.theme import Theme

NO_VALUE = "?"
FEW = 32
"""So many leaves that change at once become narrower where their numbers are shorter."""

Faces = dict[str, tuple[Node, Figure | None, Face]]
"""Of each node its looks, and of which node and which value they are."""


@dataclass(frozen=True, slots=True)
class Left:
    """A whole graph that was drawn until another took its place: undo comes back to it at once."""

    graph: Graph
    faces: Faces
    sketch: Sketch

    def shows(self, graph: Graph, positions: Mapping[str, Point]) -> bool:
        """Return whether it is `graph`, with its nodes at `positions`."""
        if graph is not self.graph or not graph.nodes:
            return False
        # A gesture that ended in another graph may have moved nodes here.
        there = np.array([positions[name] for name in self.sketch.names])
        return bool((np.round(self.sketch.centres, 2) == np.round(there, 2)).all())


class Mirror:
    """The picture of the document's graph with the numbers of its newest evaluation.

    Numbers come from the evaluation alone, so that all of them are of one graph; the form comes
    from the document, so that an edit shows at once.
    """

    def __init__(self, document: Document, playback: Playback, theme: Theme, font: QFont) -> None:
        self._document = document
        self._playback = playback
        self.fonts = Fonts(font)
        self.figures = Figures(playback, theme)
        self._inks, self._stencils = Inks(theme), Stencils(dark=theme.dark)
        self._faces: Faces = {}
        self._stretched: set[str] = set()
        """Leaves that may be wider than their number, as others ran through them."""
        self.focus = Focus()
        self._left: Left | None = None
        self._placed: dict[str, Point] = {}
        self._ordered: tuple[Mapping[str, Node], dict[str, Point]] | None = None
        """The nodes that were put in order last, and where they went."""
        self.view: View | None = None
        """What is drawn of the graph, where that is not simply all of it."""
        self.inside: str | None = None
        """The frame whose inside alone is drawn."""
        self._view_key: object = None
        self._warned: Mapping[str, GradStudioError] = {}
        self.picture: Picture
        self._draw(None)

    # -- following --------------------------------------------------------------------------

    def follow(self, before: Graph, after: Graph) -> bool:
        """Draw `after`; return whether there is anything to paint before its numbers come."""
        sketch = self.picture.sketch
        if self._warned and before.nodes is not after.nodes:
            # What is another op now is not what was warned of.
            self._warned = {
                name: said
                for name, said in self._warned.items()
                if name in after
                and name in before
                and after.nodes[name].op == before.nodes[name].op
            }
        if self.inside is not None and self.inside not in after.annotations.frames:
            self.inside = None
        key = view_key(after.annotations, self.inside)
        same_form = (
            before is self.picture.graph
            and after.output == before.output
            and _same_form(before, after)
            and key == self._view_key
            and (self.inside is None or after.positions is before.positions)
            and (
                after.positions is before.positions
                or after.positions.keys() == before.positions.keys()
            )
            and (
                self.view is None
                or after.positions is before.positions
                or self.view.keeps_rows({**self._placed, **after.positions})
            )
        )
        if not same_form:
            selected = self.selection
            self._draw(self.picture.sketch)
            self.select(selected)
            return True
        self.picture.graph = after
        if self._ordered is not None and self._ordered[0] is before.nodes:
            # With other values it lies as it lay, drawn anew in other colours, too.
            self._ordered = after.nodes, self._ordered[1]
        moved = [
            name
            for name, at in after.positions.items()
            if name in sketch.index and before.positions.get(name) != at
        ]
        if moved:
            places: Mapping[str, Point] = after.positions
            if self.view is not None:
                homes = {**self._placed, **after.positions}
                self.view, changed = self.view.moved(homes, moved)
                places, moved = self.view.places, list(changed)
            nodes = indices(sketch, moved)
            there = np.array([places[sketch.names[at]] for at in nodes.tolist()])
            # A gesture may have gone ahead, and found the places of the labels on its way.
            ahead = (np.round(sketch.centres[nodes], 2) == there).all(axis=1)
            if not ahead.all():
                sketch.move(nodes[~ahead], there[~ahead])
            sketch.route()
            standing.uncover(sketch, nodes)
            sketch.seek_room()
        pinned = after.looks is not before.looks and standing.take_looks(sketch, after.looks)
        return bool(moved) or pinned

    def take(self, evaluation: Evaluation) -> None:
        """Show the numbers of `evaluation`."""
        picture = self.picture
        picture.take(evaluation)
        self.mark_playback()
        # While numbers run, leaves stand still; then each is as wide as what it holds.
        narrower = not self._document.previewing
        self._reface(picture.graph, picture.sketch, evaluation, narrower=narrower)
        picture.at_rest = narrower

    def _reface(
        self, graph: Graph, sketch: Sketch, evaluation: Evaluation, *, narrower: bool
    ) -> None:
        """Write other numbers into leaves, which become wider for them, or if need be narrower."""
        hidden = self.view.block_of if self.view is not None else {}
        shown = {
            name: self.figures.leaf(evaluation, graph, name)
            for name, (_, _, face) in self._faces.items()
            if face.kind != "op" and name not in hidden
        }
        other = {name for name, now in shown.items() if now is not self._faces[name][1]}
        # Where all numbers change, curves stay where they are if they can.
        exact = (other if len(other) <= FEW else set()) | self._stretched if narrower else set()
        changed: dict[str, Face] = {}
        for name in other | exact & shown.keys():
            node, _, face = self._faces[name]
            text, heat = _said(shown[name])
            fresh = renumbered(face, text, heat, self.fonts)
            changed[name] = fresh if name in exact else fresh.at_least(face)
            self._faces[name] = (node, shown[name], changed[name])
        if narrower:
            self._stretched.clear()
        else:
            self._stretched.update(other)
        if changed:
            standing.uncover(sketch, sketch.reface(changed))

    def warn(self, warned: Mapping[str, GradStudioError]) -> None:
        """Mark nodes where gradients end, fade or grow, until others are marked."""
        self._warned = warned
        self.picture.warn(warned)

    def mark_playback(self) -> None:
        """Mark the node the playback has come to."""
        marks, sketch = self.picture.marks, self.picture.sketch
        marks.current = sketch.index.get(self._playback.current or "", -1)
        if sketch.lead is not None and marks.current >= 0:
            marks.current = int(sketch.lead[marks.current])
        marks.phase = self._playback.phase

    def forget(self) -> None:
        """Keep nothing of what was drawn before: nobody can come back to it."""
        self._left = None

    def restyle(self, theme: Theme, font: QFont) -> None:
        """Draw everything anew in other colours or fonts."""
        self.fonts = Fonts(font)
        self.figures.set_theme(theme)
        self._inks, self._stencils = Inks(theme), Stencils(dark=theme.dark)
        self._faces, self._left = {}, None
        selected = self.selection
        self._draw(self.picture.sketch)
        # What was left has the fonts of before.
        self.forget()
        self.select(selected)

    @property
    def theme(self) -> Theme:
        """The colours everything is painted in."""
        return self._inks.theme

    # -- reading ----------------------------------------------------------------------------

    @property
    def selection(self) -> tuple[str, ...]:
        """The selected nodes, in the order of the graph."""
        names = self.picture.sketch.names
        return tuple(names[at] for at in np.flatnonzero(self.picture.marks.selected).tolist())

    def select(self, names: tuple[str, ...]) -> None:
        """Select those of `names` that there are; of a folded frame all nodes or none."""
        if self.view is not None:
            names = self.view.whole(names)
        sketch, marks = self.picture.sketch, self.picture.marks
        marks.selected[:] = False
        marks.selected[indices(sketch, [name for name in names if name in sketch.index])] = True

    def positioned(self) -> Graph:
        """Return the document's graph with every node where it is shown."""
        graph = self._document.graph
        missing = {name: at for name, at in self._placed.items() if name not in graph.positions}
        return graph.move(missing) if missing else graph

    def real(self, shown: Mapping[str, Point]) -> Mapping[str, Point]:
        """Return where nodes go that are to be shown at these places."""
        return shown if self.view is None else self.view.real(shown)

    def room_for(self, graph: Graph, frames: Iterable[str], *, folded: bool) -> Mapping[str, Point]:
        """Return where nodes must go so that frames can be folded, or unfolded.

        Args:
            graph: the document's, with every node where it is shown.
            frames: those to be folded or unfolded.
            folded: which of the two.
        """
        sketch, annotations = self.picture.sketch, graph.annotations
        shift: dict[int, Point] = {}
        for name in frames:
            changed = replace(annotations.frames[name], folded=folded)
            wanted = graph.annotate(annotations.with_frame(name, changed))
            view = view_of(wanted, graph.positions, self.inside)
            blocks = () if view is None else view.blocks
            inside = [one for one in annotations.nodes_in(name) if one in self._faces]
            halves = {one: self._faces[one][2].half for one in inside}
            nodes, box = indices(sketch, inside), outline(wanted, name, blocks, halves, self.fonts)
            if box is None or not (folded or in_the_way(sketch, nodes, *box)):
                continue
            for node, (x, y) in make_room(sketch, nodes, *box).items():
                off = shift.get(node, (0.0, 0.0))
                shift[node] = off[0] + x, off[1] + y
        shown = {
            sketch.names[node]: (
                round(float(sketch.centres[node, 0]) + x, 2),
                round(float(sketch.centres[node, 1]) + y, 2),
            )
            for node, (x, y) in shift.items()
        }
        return self.real(shown)

    def enter(self, inside: str | None) -> None:
        """Draw the inside of a frame alone, or everything."""
        selected = self.selection
        self.inside = inside
        self._draw(self.picture.sketch)
        self.select(selected)

    # -- drawing ----------------------------------------------------------------------------

    def _draw(self, before: Sketch | None) -> None:
        self.focus.leave()
        graph, evaluation = self._document.graph, self._document.evaluation
        known, self._left = self._left, None
        if before is not None and self.view is None:
            self._left = Left(self.picture.graph, self._faces, before)
        positions = self._positions(graph)
        self.view = view_of(graph, positions, self.inside)
        self._view_key = view_key(graph.annotations, self.inside)
        if known is not None and self.view is None and known.shows(graph, positions):
            self._faces, sketch = known.faces, known.sketch
            self._reface(graph, sketch, evaluation, narrower=True)
            if before is not None:
                sketch.scale_text(before.text_scale)
        else:
            sketch = self._sketch(graph, evaluation, positions)
            sketch.set_output(_output(graph))
            if before is not None:
                standing.inherit(sketch, before)
        standing.take_looks(sketch, graph.looks)
        self.picture = Picture(
            graph, sketch, evaluation, self.figures, self.fonts, self._inks, self._stencils
        )
        self.picture.warn(self._warned)
        self.mark_playback()

    def _sketch(
        self, graph: Graph, evaluation: Evaluation, positions: Mapping[str, Point]
    ) -> Sketch:
        """Return where everything lies, with the looks of each node; the view has its blocks."""
        view = self.view
        faces: Faces = {}
        for name, node in graph.nodes.items():
            if view is not None and name not in view.names:
                continue
            figure = self.figures.leaf(evaluation, graph, name) if node.is_leaf else None
            known = self._faces.get(name)
            if known is not None and known[0] is node and known[1] is figure:
                faces[name] = known
            else:
                faces[name] = (node, figure, self._face(graph, name, figure))
        self._faces = faces
        drawn = {name: face for name, (_, _, face) in faces.items()}
        if view is not None:
            for block in view.blocks:
                drawn.update(block_faces(block, graph, self.fonts))
            self.view = view = view.spaced(
                {block.frame: drawn[block.lead].half for block in view.blocks}
            )
            positions = view.places
        return Sketch(graph, drawn, positions, view)

    def _face(self, graph: Graph, name: str, figure: Figure | None) -> Face:
        return face_of(graph, name, *_said(figure), self.fonts)

    def _positions(self, graph: Graph) -> Mapping[str, Point]:
        missing = [name for name in graph.nodes if name not in graph.positions]
        if len(missing) == len(graph.nodes):
            # Nobody has put anything anywhere, as after a formula: in order, from the beginning.
            # Undo comes back to such a graph: it lies as it lay, and at once.
            if self._ordered is None or self._ordered[0] is not graph.nodes:
                self._ordered = graph.nodes, arrange(graph)
            self._placed = self._ordered[1]
        else:
            kept = {name: at for name, at in self._placed.items() if name in graph.nodes}
            new = [name for name in missing if name not in kept]
            if new:
                kept.update(arrange(graph.move(kept | dict(graph.positions)), new))
            self._placed = kept
        return {**self._placed, **graph.positions}


def _said(figure: Figure | None) -> tuple[str, bool]:
    """Return what a leaf says of its value, and whether there is a heat map beside it."""
    return (NO_VALUE, False) if figure is None else (figure.text, figure.heat is not None)


def _same_form(before: Graph, after: Graph) -> bool:
    """Return whether the two differ at most in values and positions."""
    if before.nodes is after.nodes:
        return True
    if list(before.nodes) != list(after.nodes):
        return False
    return all(
        old is new or _form(old) == _form(new)
        for old, new in zip(before.nodes.values(), after.nodes.values(), strict=True)
    )


def _form(node: Node) -> tuple[object, ...]:
    return node.op, node.inputs, node.settings, node.muted


def _output(graph: Graph) -> str | None:
    try:
        return graph.output_of()
    except GraphError:
        return None
