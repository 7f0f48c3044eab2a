"""A node as the ops it is composed of, and back: the engine's edits, with room for the pieces."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from gradstudio.engine.expansion import Match, collapse, collapsible, expand
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph, Point
from gradstudio.gui.canvas.layout import arrange
from gradstudio.gui.wording import error_text
from gradstudio.ops import Shape, op_named

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

COLUMN_PX, ROW_PX = 110.0, 84.0
"""How near to the pieces other nodes may stand, across and down."""
MOST_AFTER = 64
"""So many nodes after a node are looked at for a pattern that it is a part of."""


class Composing(QObject):
    """Expands and collapses nodes of one canvas; each is one undo step.

    Args:
        canvas: whose nodes.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas

    def expand(self, composed: Collection[str]) -> None:
        """Replace nodes that are composed of others by their pieces."""
        shapes, pieces = self._shapes(), list[str]()

        def edit(graph: Graph) -> Graph:
            before = graph
            for name in composed:
                graph = expanded_in_place(graph, name, shapes)
            pieces.extend(one for one in graph.nodes if one not in before.nodes)
            return graph

        if self._canvas.edits.attempt(self.tr("Expand"), edit):
            self._canvas.select((*pieces, *composed))
            self._canvas.lens.see_selection()

    def collapse(self) -> None:
        """Replace the selected nodes, or the pattern a single one is part of, by one node."""
        names = self._canvas.selection()
        if len(names) == 1:
            found = self.matches(names[0])
            if not found:
                said = self.tr("{name} is no part of anything that could be one node")
                self._canvas.refuse(said.format(name=names[0]))
                return
            self.collapse_to(found[0])
        elif names:
            shapes, kept = self._shapes(), list[str]()

            def edit(graph: Graph) -> Graph:
                after = collapse(graph, names, shapes=shapes)
                kept.extend(name for name in names if name in after.nodes)
                return after

            if self._canvas.edits.attempt(self.tr("Collapse"), edit):
                self._canvas.select(kept)

    def collapse_to(self, match: Match) -> None:
        """Replace the pieces of a pattern by the one node they are."""
        title = QCoreApplication.translate("ops", op_named(match.op).title)
        shapes = self._shapes()
        if self._canvas.edits.attempt(
            self.tr("Collapse to {op}").format(op=title),
            lambda graph: collapse(graph, match.pieces, shapes=shapes),
        ):
            self._canvas.select((match.node,))

    def matches(self, name: str) -> list[Match]:
        """Return the patterns that a node is a piece of, the largest first."""
        graph = self._canvas.document.graph
        after = [name]
        for one in after:
            if len(after) > MOST_AFTER:
                break
            targets = dict.fromkeys(edge.target for edge in graph.consumers.get(one, ()))
            after.extend(target for target in targets if target not in after)
        try:
            found = collapsible(graph, shapes=self._shapes(), ends=after)
        except GradStudioError as wrong:
            self._canvas.refuse(error_text(wrong))
            return []
        here = [match for match in found if name in match.pieces]
        return sorted(here, key=lambda match: -len(match.pieces))

    def _shapes(self) -> Mapping[str, Shape] | None:
        """Return the shapes the screen knows, where they are of this very graph."""
        document = self._canvas.document
        shown = document.evaluation
        return shown.shapes if shown.graph.nodes is document.graph.nodes else None


def expanded_in_place(graph: Graph, name: str, shapes: Mapping[str, Shape] | None) -> Graph:
    """Return the graph with a node expanded where it stands; its neighbours make room.

    The first column of pieces stands where the node stood; what is to the right moves on, what
    stands above and below moves away.

    Args:
        graph: a graph in which every node has its place.
        name: the node.
        shapes: as in `expand`.

    Raises:
        GraphError: as in `expand`.
    """
    after = expand(graph, name, shapes=shapes)
    pieces = {name, *(one for one in after.nodes if one not in graph.nodes)}
    local = arrange(after.subgraph(pieces))
    x, y = graph.positions[name]
    left = min(at for at, _ in local.values())
    placed = {one: (x + at - left, y + down - local[name][1]) for one, (at, down) in local.items()}
    wide = max(at for at, _ in placed.values()) - x
    top = min(down for _, down in placed.values())
    bottom = max(down for _, down in placed.values())
    others = {one: at for one, at in graph.positions.items() if one != name}
    fed = {edge.target for edge in graph.consumers.get(name, ())}
    ahead = [
        at
        for one, (at, down) in others.items()
        if at > x and (one in fed or top - ROW_PX < down < bottom + ROW_PX)
    ]
    onward = min(max(x + wide + COLUMN_PX - min(ahead), 0.0), wide) if ahead else 0.0
    column = {one: down for one, (at, down) in others.items() if x - COLUMN_PX / 2 < at <= x}
    upward = max((down - top + ROW_PX for down in column.values() if down < y), default=0.0)
    downward = max((bottom + ROW_PX - down for down in column.values() if down >= y), default=0.0)
    moved: dict[str, Point] = dict(placed)
    for one, (at, down) in others.items():
        if at > x and onward:
            moved[one] = (at + onward, down)
        elif one in column and down < y and upward > 0:
            moved[one] = (at, down - upward)
        elif one in column and down >= y and downward > 0:
            moved[one] = (at, down + downward)
    return after.move(moved)
