"""What an op is composed of, as an edit: one node becomes its pieces, or pieces one node.

An op states its expansion as a formula. `expand` puts the formula's nodes in the place of one
node; `collapse` recognises them, however they came to be, and puts the node in theirs. Both keep
every value and every gradient, where the plain form overflows nowhere. Some expansions depend on
shapes (a variance divides by a count), so this lies in the engine, which has the formula language
below it and knows shapes. (Rejected: beside the graph's own edits, which know no formulas.)
"""

from __future__ import annotations

import itertools
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from gradstudio.engine.evaluate import evaluate
from gradstudio.errors import GraphError, OpError, mark
from gradstudio.formula import parse
from gradstudio.formula.sketch import automatic
from gradstudio.graph import Graph, Node, Point
from gradstudio.ops import REGISTRY, Op, SettingValue, Shape

COLUMN_PX, ROW_PX = 120.0, 88.0
"""How far apart the pieces are put."""
_HOLE = 1_900_000_000
"""Stands, with the numbers after it, for what a formula has in braces; no setting is as large."""
_COMMUTING = frozenset({"add", "mul", "max", "min", "equal"})
_UNSHOWN: Mapping[str, tuple[SettingValue, ...]] = {"bool": (False, True), "int": (0, 1)}
"""What a setting may be that the formula does not show but only counts in."""


@dataclass(frozen=True)
class Match:
    """Nodes that together are what one op is composed of.

    Args:
        op: the op.
        node: the node that computes the result.
        inputs: what feeds the op's ports.
        settings: the op's, those at their default left out.
        pieces: all nodes that the op stands for, `node` among them.
    """

    op: str
    node: str
    inputs: tuple[str | None, ...]
    settings: Mapping[str, SettingValue]
    pieces: frozenset[str]


def expand(graph: Graph, name: str, *, shapes: Mapping[str, Shape] | None = None) -> Graph:
    """Return the graph with a node replaced by its pieces; the last of them keeps its name.

    Args:
        graph: any graph.
        name: the node.
        shapes: of the nodes, as an evaluation has them; inferred where they are not given.

    Raises:
        GraphError: the node is missing, its op is composed of no others, or of which ones depends
            on shapes that are not known.

    Example:
        >>> print(gs.to_formula(gs.expand(gs.parse("f = softplus(x) * 2"), "softplus1")))
        softplus1 = log(1 + exp(x))
        f = softplus1 * 2
    """
    node = graph.node(name)
    if not node.rules.expansion:
        raise GraphError(
            mark("core", "{node}: {op} is not composed of other ops"), node=name, op=node.op
        )
    pieces = parse(_text(graph, name, shapes))
    last = pieces.output_of()
    ports = dict(zip(node.rules.inputs, node.inputs, strict=True))
    names: dict[str, str | None] = {**ports, last: name}
    for piece, made in pieces.nodes.items():
        if piece not in names:
            taken = [one for one in names.values() if one is not None]
            names[piece] = graph.fresh_name(automatic(made.op), taken)
    nodes: dict[str, Node] = {}
    for each, old in graph.nodes.items():
        if each == name:
            nodes |= {
                str(names[piece]): _linked(made, names)
                for piece, made in pieces.nodes.items()
                if piece not in ports and piece != last
            }
            made = _linked(pieces.nodes[last], names)
            old = replace(old, op=made.op, inputs=made.inputs, settings=made.settings)
        nodes[each] = old
    positions = {**graph.positions, **_placed(graph, name, pieces, names)}
    annotations, home = graph.annotations, graph.annotations.homes.get(name)
    if home is not None:
        annotations = annotations.put(home, (one for one in nodes if one not in graph.nodes))
    return replace(graph, nodes=nodes, positions=positions, annotations=annotations)


def collapsible(
    graph: Graph,
    *,
    shapes: Mapping[str, Shape] | None = None,
    ends: Iterable[str] | None = None,
) -> tuple[Match, ...]:
    """Return what can be collapsed, in the order of the graph, the larger first at each node.

    Args:
        graph: any graph.
        shapes: as in `expand`.
        ends: look only for what these compute, in their order.

    Raises:
        GraphError: one of `ends` is not in the graph.

    Example:
        >>> graph = gs.parse("f = 1 / (1 + exp(-x))")
        >>> [(match.op, match.node, match.inputs) for match in gs.collapsible(graph)]
        [('sigmoid', 'f', ('x',))]
    """
    known = evaluate(graph).shapes if shapes is None else shapes
    found: list[Match] = []
    asked = tuple(graph.nodes if ends is None else ends)
    for name in asked:
        graph.node(name)
    for name in asked:
        here = _matches(graph, name, known)
        found += sorted(here, key=lambda match: -len(match.pieces))
    return tuple(found)


def collapse(
    graph: Graph, names: str | Iterable[str], *, shapes: Mapping[str, Shape] | None = None
) -> Graph:
    """Return the graph with pieces replaced by the one node they are; it keeps the last one's name.

    Args:
        graph: any graph.
        names: the pieces, leaves among them or not; or the name of the last of them alone.
        shapes: as in `expand`.

    Raises:
        GraphError: a node is missing, or the nodes are not what an op is composed of.

    Example:
        >>> print(gs.to_formula(gs.collapse(gs.parse("f = 1 / (1 + exp(-x))"), "f")))
        f = sigmoid(x)
    """
    wanted = {names} if isinstance(names, str) else set(names)
    computed = {name for name in wanted if not graph.node(name).is_leaf}
    known = evaluate(graph).shapes if shapes is None else shapes
    best: Match | None = None
    for name in computed:
        for match in _matches(graph, name, known):
            inside = {one for one in match.pieces if not graph.nodes[one].is_leaf}
            if computed in (inside, {name}) and (
                best is None or len(match.pieces) > len(best.pieces)
            ):
                best = match
    if best is None:
        raise GraphError(
            mark("core", "{nodes}: together they are not what an op is composed of"),
            nodes=", ".join(sorted(wanted)[:5]) + (", …" if len(wanted) > 5 else ""),
        )
    gone = best.pieces - {best.node}
    nodes = {name: node for name, node in graph.nodes.items() if name not in gone}
    nodes[best.node] = replace(
        nodes[best.node], op=best.op, inputs=best.inputs, settings=best.settings
    )
    positions = {name: at for name, at in graph.positions.items() if name not in gone}
    annotations = graph.annotations.without_nodes(gone)
    return replace(graph, nodes=nodes, positions=positions, annotations=annotations)


# -- the pieces of a node ---------------------------------------------------------------------


def _whole(op: type[Op], settings: Mapping[str, SettingValue]) -> dict[str, SettingValue]:
    """Return all settings, those at their default too."""
    return {one.name: settings.get(one.name, one.default) for one in op.settings}


def _reads_shapes(op: type[Op]) -> bool:
    return getattr(op.expanded, "__func__", None) is not getattr(Op.expanded, "__func__", None)


def _text(graph: Graph, name: str, shapes: Mapping[str, Shape] | None) -> str:
    """Return the formula of a node's pieces, its braces filled."""
    node = graph.nodes[name]
    known: list[Shape] = []
    if _reads_shapes(node.rules):
        every = evaluate(graph).shapes if shapes is None else shapes
        known = [every[one] for one in node.inputs if one is not None and one in every]
        if len(known) < len(node.inputs) or name not in every:
            raise GraphError(
                mark(
                    "core",
                    "{node}: what {op} is composed of depends on the shapes of its inputs, which "
                    "are not known yet",
                ),
                node=name,
                op=node.op,
            )
    template, parts = node.rules.expanded(tuple(known), _whole(node.rules, node.settings))
    return template.format(**{key: repr(value) for key, value in parts.items()})


def _linked(made: Node, names: Mapping[str, str | None]) -> Node:
    inputs = tuple(None if one is None else names[one] for one in made.inputs)
    return replace(made, inputs=inputs)


def _placed(
    graph: Graph, name: str, pieces: Graph, names: Mapping[str, str | None]
) -> dict[str, Point]:
    """Return places for the pieces: left of the node, in the nearest rows where nothing lies."""
    if name not in graph.positions:
        return {}
    columns: list[list[str]] = []
    level = [pieces.output_of()]
    inner = {piece for piece in pieces.nodes if names[piece] not in graph.nodes}
    while level:
        below = [one for piece in level for one in pieces.nodes[piece].inputs if one in inner]
        level = list(dict.fromkeys(below))
        # A piece that several take is as far left as its farthest way.
        columns = [[one for one in column if one not in level] for column in columns] + [level]
    x, y = graph.positions[name]
    near = [
        (left, top)
        for left, top in graph.positions.values()
        if x - (len(columns) + 1) * COLUMN_PX < left < x + COLUMN_PX
    ]
    choices = []
    for row in (1, -1, 2, -2, 3, -3):
        way = ROW_PX if row > 0 else -ROW_PX
        places = {
            str(names[piece]): (x - (depth + 1) * COLUMN_PX, y + row * ROW_PX + at * way)
            for depth, column in enumerate(columns)
            for at, piece in enumerate(column)
        }
        choices.append(places)
        if not any(
            abs(left - a) < COLUMN_PX / 2 and abs(top - b) < ROW_PX / 2
            for left, top in near
            for a, b in places.values()
        ):
            return places
    return choices[0]


# -- recognising ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pattern:
    """An expansion as a graph, with numbers that stand for what it has in braces."""

    op: type[Op]
    template: str
    graph: Graph
    root: str
    holes: Mapping[int, str]
    fixed: Mapping[str, bool]


@dataclass(frozen=True)
class _Found:
    """What a pattern, or a part of one, has been found to be."""

    ports: Mapping[str, str | None]
    holes: Mapping[str, Any]
    pieces: frozenset[str]


@cache
def _patterns() -> Mapping[str, tuple[_Pattern, ...]]:
    """Return the patterns of all ops by the op of their last node."""
    found: dict[str, list[_Pattern]] = {}
    for op in REGISTRY.values():
        for template in (op.expansion, *op.other_expansions) if op.expansion else ():
            fields = {field for _, field, _, _ in string.Formatter().parse(template) if field}
            flags = {one.name for one in op.settings if one.kind == "bool"} & fields
            holes = dict(enumerate(sorted(fields - flags), start=_HOLE))
            for values in itertools.product((False, True), repeat=len(flags)):
                fixed = dict(zip(sorted(flags), values, strict=True))
                numbers = {name: number for number, name in holes.items()}
                graph = parse(template.format(**numbers, **fixed))
                root = graph.output_of()
                pattern = _Pattern(op, template, graph, root, holes, fixed)
                found.setdefault(graph.nodes[root].op, []).append(pattern)
    return {op: tuple(patterns) for op, patterns in found.items()}


def _matches(graph: Graph, name: str, shapes: Mapping[str, Shape]) -> list[Match]:
    """Return the ops that `name` is the last piece of, each once, with the most pieces."""
    matches: dict[str, Match] = {}
    for pattern in _patterns().get(graph.nodes[name].op, ()):
        start = _Found({}, {}, frozenset())
        for found in _unified(pattern, pattern.root, graph, name, start):
            match = _checked(pattern, found, graph, name, shapes)
            if match is not None:
                other = matches.get(match.op)
                if other is None or len(match.pieces) > len(other.pieces):
                    matches[match.op] = match
                break
    return list(matches.values())


def _unified(
    pattern: _Pattern, part: str, graph: Graph, name: str | None, found: _Found
) -> Iterator[_Found]:
    """Yield every way in which the node `name` is the `part` of a pattern, what was found kept.

    Patterns are trees of a few nodes: what a formula uses twice may be two equal nodes.
    """
    want = pattern.graph.nodes[part]
    if want.is_leaf and want.value is None:
        if found.ports.get(part, name) == name:
            yield replace(found, ports={**found.ports, part: name})
        return
    if name is None:
        return
    node = graph.nodes[name]
    if want.is_leaf:
        if node.op == "constant" and node.value is not None and node.value.shape == ():
            hole = pattern.holes.get(int(want.value)) if want.value is not None else None
            with_hole = _filled(found, hole, float(node.value)) if hole else found
            if with_hole is not None and (hole or node.value == want.value):
                yield replace(with_hole, pieces=found.pieces | {name})
        return
    if node.muted:
        return
    if want.op == "pow" and node.op == "square" and _is_two(pattern, want.inputs[1]):
        inner = replace(found, pieces=found.pieces | {name})
        yield from _unified(pattern, str(want.inputs[0]), graph, node.inputs[0], inner)
        return
    if want.op != node.op or len(want.inputs) != len(node.inputs):
        return
    given = _whole(node.rules, node.settings)
    with_settings: _Found | None = replace(found, pieces=found.pieces | {name})
    for key, value in _whole(want.rules, want.settings).items():
        hole = pattern.holes.get(value) if type(value) is int else None
        if hole and with_settings is not None:
            with_settings = _filled(with_settings, hole, given[key])
        elif value != given[key]:
            return
    if with_settings is None:
        return
    orders = [node.inputs]
    if node.op in _COMMUTING:
        orders.append(node.inputs[::-1])
    for order in orders:
        yield from _all_unified(pattern, want.inputs, graph, order, with_settings)


def _all_unified(
    pattern: _Pattern,
    parts: tuple[str | None, ...],
    graph: Graph,
    names: tuple[str | None, ...],
    found: _Found,
) -> Iterator[_Found]:
    if not parts:
        yield found
        return
    for first in _unified(pattern, str(parts[0]), graph, names[0], found):
        yield from _all_unified(pattern, parts[1:], graph, names[1:], first)


def _is_two(pattern: _Pattern, part: str | None) -> bool:
    value = pattern.graph.nodes[part].value if part is not None else None
    return value is not None and bool(value == 2)


def _filled(found: _Found, hole: str, value: Any) -> _Found | None:
    """Return what was found with a hole filled; None if it holds something else already."""
    if hole in found.holes:
        return found if found.holes[hole] == value else None
    return replace(found, holes={**found.holes, hole: value})


def _checked(
    pattern: _Pattern, found: _Found, graph: Graph, name: str, shapes: Mapping[str, Shape]
) -> Match | None:
    """Return the match, if the pieces can go and the op computes exactly what they do."""
    op = pattern.op
    inputs = tuple(found.ports[port] for port in op.inputs)
    pieces = _removable(graph, name, found.pieces)
    if pieces is None or not pieces.isdisjoint(inputs):
        return None
    parts = {**found.holes, **pattern.fixed}
    unshown = [one for one in op.settings if one.name not in parts]
    for values in itertools.product(*(_UNSHOWN[one.kind] for one in unshown)):
        settings = {one.name: value for one, value in zip(unshown, values, strict=True)}
        settings |= {one.name: parts[one.name] for one in op.settings if one.name in parts}
        try:
            checked = op.checked_settings(settings, name)
        except GraphError:
            continue
        if _is_exact(pattern, parts, inputs, checked, shapes, name):
            return Match(op.name, name, inputs, checked, pieces)
    return None


def _removable(graph: Graph, name: str, found: frozenset[str]) -> frozenset[str] | None:
    """Return the pieces without the constants others use; None if others use a computed one."""
    inside = set(found)
    for piece in found - {name}:
        used = any(edge.target not in found for edge in graph.consumers.get(piece, ()))
        if used or piece == graph.output:
            if not graph.nodes[piece].is_leaf:
                return None
            inside.discard(piece)
    return frozenset(inside)


def _is_exact(
    pattern: _Pattern,
    parts: Mapping[str, Any],
    inputs: tuple[str | None, ...],
    settings: Mapping[str, SettingValue],
    shapes: Mapping[str, Shape],
    name: str,
) -> bool:
    """Return whether the op, on these inputs, states this very expansion, and takes them."""
    op = pattern.op
    known = [shapes[one] for one in inputs if one is not None and one in shapes]
    if len(known) < len(inputs) or name not in shapes:
        return not _reads_shapes(op)
    try:
        if op.shape(*known, **settings) != shapes[name]:
            return False
    except OpError:
        return False
    return op.expanded(tuple(known), _whole(op, settings)) == (pattern.template, dict(parts))
