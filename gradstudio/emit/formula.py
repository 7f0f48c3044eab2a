"""A graph as a formula: text that `formula.parse` reads back to the same computation.

A node that nobody named (`add1`) and that feeds one port only is written where it is used; every
other node has a line of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gradstudio.emit.literals import number_text
from gradstudio.engine.program import walk
from gradstudio.errors import GraphError, mark
from gradstudio.formula.sketch import MUTED, is_automatic
from gradstudio.graph import Graph, Node
from gradstudio.ops import Array, SettingValue

DEEPEST = 20
"""How many ops are written into one another before a node gets a line of its own."""
LONGEST = 120
"""How many characters of a part are written in place."""
_MOST_NUMBERS = 64
"""How many numbers of a constant are shown where the leaves are left out."""

_UNARY, _CALL, _ATOM = 4, 9, 10
_FREE = "..."


class _Part(NamedTuple):
    """Text that stands for a node's value, and how tightly it holds together."""

    text: str
    precedence: int
    depth: int


def to_formula(graph: Graph, *, leaves: bool = False) -> str:
    """Return the formula of `graph`.

    Args:
        graph: any graph; a port that nothing feeds is written `...`.
        leaves: whether to begin with the leaves and their values, so that the text alone says
            all that is computed. Without, leaves are names only (parse with `known`), and only
            small constants show their numbers.

    Raises:
        GraphError: with `leaves`, where a node's op is of the graph's own, which no formula says.

    Example:
        >>> print(gs.to_formula(gs.parse("f = x * w", values={"x": 2, "w": 3}), leaves=True))
        x = input(2)
        w = parameter(3)
        f = x * w
    """
    if leaves:
        for name, node in graph.nodes.items():
            if node.definition is not None:
                raise GraphError(
                    mark("core", "{node}: {op} is defined by this graph; a formula cannot say it"),
                    node=name,
                    op=node.op,
                )
    ends = list(graph.outputs())
    computed = [name for name in ends if not graph.nodes[name].is_leaf]
    loose = [
        name for name, node in graph.nodes.items() if node.is_leaf and name not in graph.consumers
    ]
    chosen = graph.output
    if chosen in computed:
        computed.remove(chosen)
        computed.append(chosen)
    order = list(walk(graph, (*loose, *computed)))
    parts: dict[str, _Part] = {}
    first: list[str] = []
    lines: list[str] = []
    last = None
    for name in order:
        node = graph.nodes[name]
        alone = name == chosen or len(graph.consumers.get(name, ())) != 1
        if node.is_leaf:
            if node.op == "constant" and not alone and is_automatic(name, node.op):
                part = _literal(node.value)
                if part is not None:
                    parts[name] = part
                    continue
            if leaves or name in loose or _shown(node):
                first.append(f"{name} = {_leaf(node, values=leaves or _shown(node))}")
        else:
            part = _written(node, parts)
            if node.muted:
                part = _Part(f"{MUTED}({part.text})", _CALL, part.depth + 1)
            if (
                not alone
                and part.depth < DEEPEST
                and len(part.text) <= LONGEST
                and is_automatic(name, node.op)
            ):
                parts[name] = part
                continue
            lines.append(f"{name} = {part.text}")
            last = name
        parts[name] = _Part(name, _ATOM, 0)
    if last is None and first:
        last = first[-1].partition(" ")[0]
    if chosen is not None and chosen != last:
        lines.append(chosen)
    return "\n".join(first + lines)


def to_line(graph: Graph, name: str) -> str:
    """Return how one computed node is written, with the names of its inputs: `q = x + y`."""
    node = graph.nodes[name]
    parts = {source: _Part(source, _ATOM, 0) for source in node.inputs if source is not None}
    return f"{name} = {_written(node, parts).text}"


def _number_text(value: float) -> str:
    """Return a number as a formula writes it: whole numbers without a point, else all digits."""
    text = number_text(value)
    return text if text == "-0.0" else text.removesuffix(".0")


def _array_text(value: Array) -> str:
    """Return an array as nested lists."""
    pieces = [_number_text(one) for one in value.ravel().tolist()]
    for size in reversed(value.shape):
        pieces = [
            f"[{', '.join(pieces[start : start + size])}]" for start in range(0, len(pieces), size)
        ]
    return pieces[0]


def _literal(value: Array | None) -> _Part | None:
    """Return a constant written in place, or None where its lists would not show its shape."""
    if value is None or value.size == 0 or value.size > _MOST_NUMBERS:
        return None
    text = _array_text(value)
    return _Part(text, _UNARY if text.startswith("-") else _ATOM, 0)


def _shown(node: Node) -> bool:
    """Return whether a leaf's numbers belong to the formula even where leaves are left out."""
    return node.op == "constant" and node.value is not None and node.value.size <= _MOST_NUMBERS


def _leaf(node: Node, *, values: bool) -> str:
    arguments = []
    if values and node.value is not None:
        if node.value.size:
            arguments.append(_array_text(node.value))
        else:
            arguments.append("[]")
            arguments.append(f"shape={_setting_text(node.value.shape)}")
    arguments.extend(f"{key}={_setting_text(value)}" for key, value in node.settings.items())
    return f"{node.op}({', '.join(arguments)})"


def _setting_text(value: SettingValue) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _written(node: Node, parts: Mapping[str, _Part]) -> _Part:
    rules = node.own_rules
    fed = [
        _Part(_FREE, _ATOM, 0) if source is None else parts[source]
        for source in (node.inputs or (None,))
    ]
    depth = 1 + max(part.depth for part in fed)
    # -3 is a constant; the op neg of the constant 3 has to look different.
    literal = fed[0].depth == 0 and fed[0].text[0] in "-[0123456789"
    negated = literal and rules.formula.startswith("-")
    if not rules.formula or negated:
        arguments = ", ".join(part.text for part in fed)
        if rules.variadic:
            arguments = f"[{arguments}]"
        given = "".join(f", {key}={_setting_text(value)}" for key, value in node.settings.items())
        return _Part(f"{rules.name}({arguments}{given})", _CALL, depth)
    defaults = {setting.name: setting.default for setting in rules.settings}
    pieces: dict[str, object] = {**defaults, **node.settings}
    for port, part in zip(rules.inputs, fed, strict=True):
        pieces[port] = _held(part, rules.precedence, rules.formula.startswith("{" + port + "}"))
    return _Part(rules.formula.format(**pieces), rules.precedence, depth)


def _held(part: _Part, precedence: int, leftmost: bool) -> str:
    """Return the text in brackets where it would come apart next to its operator."""
    # From the left, equals stay together: a - b - c. The others do not: **, comparisons, -(-x).
    grouped = leftmost and precedence in (2, 3, _CALL)
    enough = precedence if grouped else precedence + 1
    loose = part.precedence == _UNARY and not leftmost
    return f"({part.text})" if part.precedence < enough or loose else part.text
