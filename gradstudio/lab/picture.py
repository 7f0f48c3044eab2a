"""A graph as SVG, with what a student entered on its edges and the first wrong place marked; no Qt.

Everything that comes out of a file is escaped. The colours are classes, so that the page it stands
in decides on them, light or dark.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import pairwise

from gradstudio.engine.program import walk
from gradstudio.graph import Graph, Point
from gradstudio.lab.items.base import Item, Judgement, Part, Verdict
from gradstudio.lab.task import Work
from gradstudio.numbers import EntryError, number_text, read_number, value_text

MOST_NODES = 60
"""Of a larger graph only what is near the place is drawn."""
_NEAR = 3
_WIDEST_PX = 1500.0
"""A wider one would be too small to read on a page."""
_COLUMN_PX, _ROW_PX = 132.0, 78.0
_WIDTH_PX, _HEIGHT_PX = 58.0, 40.0
_MARGIN_PX = 26.0
_LONGEST = 10
_APART_PX = 160.0
"""From one column to the next, where the closest two are: room for a number between them."""
_LEAST_APART_PX = 60.0
_TEXT_BELOW_PX = 15.0


def at(work: Work, item: Item, judgement: Judgement) -> str:
    """Return the picture of the graph at the first place that is not right; empty without one.

    Args:
        work: what the student did.
        item: which item the picture is of.
        judgement: of that item.
    """
    place = judgement.first_wrong
    if place is None or place.node is None:
        return ""
    graph = work.task.given if place.node in work.task.given else work.graph
    if place.node not in graph:
        return ""
    output = getattr(item, "output", place.node)
    if output not in graph:
        output = place.node
    shown = list(walk(graph, (output,)))
    if place.node not in shown:
        shown = list(walk(graph, (place.node,)))
    positions = _placed(graph, shown)
    if len(shown) > MOST_NODES or max(x for x, _ in positions.values()) > _WIDEST_PX:
        shown = _near(graph, place.node)
        positions = _placed(graph, shown)
    return _svg(graph.subgraph(shown), positions, judgement.parts, place)


def _near(graph: Graph, name: str) -> list[str]:
    """Return the nodes within a few links of one, at most as many as are drawn."""
    found = {name: None}
    rim = [name]
    for _ in range(_NEAR):
        rim = [
            other
            for one in rim
            for other in (
                *(source for source in graph.nodes[one].inputs if source),
                *(edge.target for edge in graph.consumers.get(one, ())),
            )
            if other not in found
        ]
        for other in rim:
            if len(found) < MOST_NODES:
                found[other] = None
    return [one for one in walk(graph, graph.outputs()) if one in found]


def _svg(graph: Graph, positions: Mapping[str, Point], parts: tuple[Part, ...], place: Part) -> str:
    width = max(x for x, _ in positions.values()) + _WIDTH_PX + 2 * _MARGIN_PX
    height = max(y for _, y in positions.values()) + _HEIGHT_PX + 2 * _MARGIN_PX
    lines = [
        f'<svg class="graph" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" xmlns="http://www.w3.org/2000/svg">'
    ]
    on_edge = {(part.node, part.port): part for part in parts if part.port is not None}
    on_node = {part.node: part for part in parts if part.port is None and part.node}
    for edge in graph.edges():
        part = on_edge.get((edge.target, edge.port))
        (x1, y1), (x2, y2) = positions[edge.source], positions[edge.target]
        ports = len(graph.nodes[edge.target].inputs)
        x1, y1 = x1 + _WIDTH_PX + _MARGIN_PX, y1 + _HEIGHT_PX / 2 + _MARGIN_PX
        x2 += _MARGIN_PX
        y2 += _HEIGHT_PX * (edge.port + 1) / (ports + 1) + _MARGIN_PX
        bend = max(24.0, (x2 - x1) / 2)
        lines.append(
            f'<path class="edge {_kind(part, place)}" d="M{x1:.1f},{y1:.1f} C{x1 + bend:.1f},'
            f'{y1:.1f} {x2 - bend:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"/>'
        )
        if part is not None:
            x, y = (x1 + x2) / 2, (y1 + y2) / 2 + _TEXT_BELOW_PX
            lines.append(_text(x, y, _entry(part), f"entry {_kind(part, place)}"))
    for name, (x, y) in positions.items():
        node, part = graph.nodes[name], on_node.get(name)
        x, y = x + _MARGIN_PX, y + _MARGIN_PX
        lines.append(
            f'<rect class="node {node.op if node.is_leaf else "op"} {_kind(part, place)}" '
            f'x="{x:.1f}" y="{y:.1f}" width="{_WIDTH_PX:.0f}" height="{_HEIGHT_PX:.0f}" rx="8"/>'
        )
        middle = x + _WIDTH_PX / 2
        if node.is_leaf:
            lines.append(_text(middle, y + 17, name, "name"))
            value = "" if node.value is None else value_text(node.value)
            lines.append(_text(middle, y + 32, value, "small"))
        else:
            lines.append(_text(middle, y + 17, node.rules.symbol or node.op, "name"))
            lines.append(_text(middle, y + 32, name, "small"))
        if part is not None and (part.given or part is place):
            below = y + _HEIGHT_PX + _TEXT_BELOW_PX
            lines.append(_text(middle, below, _entry(part), f"entry {_kind(part, place)}"))
    lines.append("</svg>")
    return "".join(lines)


def _kind(part: Part | None, place: Part) -> str:
    if part is None:
        return ""
    if part is place:
        return "wrong"
    return "right" if part.verdict is Verdict.RIGHT else "later"


def _entry(part: Part) -> str:
    """Return what was entered: a number in no more digits than the canvas shows, or an array."""
    try:
        return number_text(read_number(part.given))
    except EntryError:
        fits = part.given.startswith("[") or len(part.given) <= _LONGEST
        return (part.given or "?") if fits else ""


def _text(x: float, y: float, text: str, kind: str) -> str:
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(short)}</text>'


def _placed(graph: Graph, order: list[str]) -> Mapping[str, Point]:
    """Return the corner of each node: as the exercise has them, or in columns by depth."""
    if all(name in graph.positions for name in order):
        xs = [graph.positions[name][0] for name in order]
        ys = [graph.positions[name][1] for name in order]
        reach = max(max(xs) - min(xs), max(ys) - min(ys))
        if reach <= _COLUMN_PX * MOST_NODES:
            columns = sorted(set(xs))
            gaps = [b - a for a, b in pairwise(columns) if b - a >= _LEAST_APART_PX]
            wider = _APART_PX / min(gaps, default=_APART_PX)
            return {
                name: (
                    (graph.positions[name][0] - min(xs)) * wider,
                    graph.positions[name][1] - min(ys),
                )
                for name in order
            }
    column: dict[str, int] = {}
    rows: dict[int, int] = {}
    found = {}
    for name in order:
        before = [column[one] for one in graph.nodes[name].inputs if one in column]
        depth = 1 + max(before, default=-1)
        column[name] = depth
        row = rows[depth] = rows.get(depth, -1) + 1
        found[name] = (depth * _COLUMN_PX, row * _ROW_PX)
    return found
