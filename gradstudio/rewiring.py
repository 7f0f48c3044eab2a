"""Edits of links made of several steps: insert, bridge, cut, mute, swap, reroute, duplicate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gradstudio.engine.shapes import known_shapes
from gradstudio.errors import GraphError, mark
from gradstudio.graph import Edge, Graph, Point
from gradstudio.node import Node, trimmed
from gradstudio.ops import Op, Shape
from gradstudio.ops.fitting import accepts

REROUTE = "identity"
"""The op of a dot that only leads a link another way."""


def stand_in(graph: Graph, name: str, shapes: Mapping[str, Shape] | None = None) -> int | None:
    """Return the input that stands for a node where it is taken out, or is muted.

    The first of the shape of its result; the first that is linked, where none has it or shapes
    are not known. None where nothing feeds it.

    Args:
        graph: the graph.
        name: the node.
        shapes: of the nodes, where they are known already.
    """
    node = graph.node(name)
    linked = [port for port, source in enumerate(node.inputs) if source is not None]
    if len(linked) < 2:
        return linked[0] if linked else None
    if shapes is None:
        shapes = known_shapes(graph, (name,))
    fed = [shapes[source] for source in node.inputs if source is not None and source in shapes]
    return node.passing_port(fed) if len(fed) == len(node.inputs) else linked[0]


def fitting_port(rules: type[Op], inputs: Sequence[str | None], shape: Shape | None) -> int | None:
    """Return the first free port that takes a value; None where there is none.

    Args:
        rules: the op.
        inputs: what feeds the ports already.
        shape: of the value; where it is not known, every free port takes it.
    """
    for port in range(len(rules.ports(len(inputs) + 1))):
        free = port >= len(inputs) or inputs[port] is None
        if free and (shape is None or accepts(rules, port, shape)):
            return port
    return None


def insert(graph: Graph, edge: Edge, name: str, port: int) -> Graph:
    """Return the graph with a node in a link: its source feeds `port`, and the node its target.

    Raises:
        GraphError: a node or a port is missing, the link is not there, or a cycle would close.
    """
    target = graph.node(edge.target)
    if edge.port >= len(target.inputs) or target.inputs[edge.port] != edge.source:
        raise GraphError(
            mark("core", "{node}: {source} does not feed it any more"),
            node=edge.target,
            source=edge.source,
        )
    return graph.connect(edge.source, name, port).connect(name, edge.target, edge.port)


def bridge(graph: Graph, names: Iterable[str]) -> Graph:
    """Return the graph without `names`; what fed each of them feeds what it fed.

    Of several inputs that of `stand_in` does. Where a leaf is taken out nothing can take its
    place, and the ports it fed are free.

    Raises:
        GraphError: one is not in the graph.
    """
    gone = {name: graph.node(name) for name in names}
    computed = [name for name, node in gone.items() if len(node.inputs) > 1]
    shapes = known_shapes(graph, computed) if computed else {}
    feeds: dict[str, str | None] = {}
    for name in gone:
        path: list[str] = []
        end: str | None = name
        while end is not None and end in gone and end not in feeds:
            path.append(end)
            port = stand_in(graph, end, shapes)
            end = None if port is None else graph.nodes[end].inputs[port]
        if end in feeds:
            end = feeds[end]
        feeds.update(dict.fromkeys(path, end))
    links = [
        (source, edge)
        for name, source in feeds.items()
        if source is not None
        for edge in graph.consumers.get(name, ())
        if edge.target not in gone
    ]
    output = graph.output
    nodes = dict(graph.nodes)
    for source, (_, target, port) in links:
        inputs = list(nodes[target].inputs)
        inputs[port] = source
        nodes[target] = replace(nodes[target], inputs=tuple(inputs))
    linked = replace(graph, nodes=nodes).remove(gone)
    if output in gone:
        linked = linked.set_output(feeds[output])
    return linked


def cut(graph: Graph, edges: Iterable[Edge]) -> Graph:
    """Return the graph without these links.

    Raises:
        GraphError: a node or a port is missing.
    """
    freed: dict[str, list[str | None]] = {}
    for _, target, port in edges:
        inputs = freed.setdefault(target, list(graph.node(target).inputs))
        if port >= len(inputs):
            return graph.disconnect(target, port)
        inputs[port] = None
    changed = {
        name: replace(graph.nodes[name], inputs=trimmed(graph.nodes[name].rules, inputs))
        for name, inputs in freed.items()
    }
    return replace(graph, nodes={**graph.nodes, **changed}) if changed else graph


def swaps(node: Node) -> bool:
    """Return whether a node has two inputs that are not the same."""
    return len(set(node.inputs)) > 1


def swap_inputs(graph: Graph, name: str) -> Graph:
    """Return the graph with the two inputs of a node exchanged; of more, the last becomes first.

    Raises:
        GraphError: there is no such node, or it has no two inputs to swap.
    """
    node = graph.node(name)
    if len(node.inputs) < 2:
        raise GraphError(mark("core", "{node} has no two inputs to swap"), node=name)
    if not swaps(node):
        return graph
    changed = replace(node, inputs=(node.inputs[-1], *node.inputs[:-1]))
    return replace(graph, nodes={**graph.nodes, name: changed})


def mute(graph: Graph, names: Iterable[str], muted: bool = True) -> Graph:
    """Return the graph with nodes muted, so that one input passes through; or as they were.

    Raises:
        GraphError: one is not in the graph, or is a leaf.
    """
    changed = {}
    for name in names:
        node = graph.node(name)
        if node.is_leaf:
            raise GraphError(
                mark("core", "{node} is a leaf: it has no input that it could pass on"), node=name
            )
        if node.muted != muted:
            changed[name] = replace(node, muted=muted)
    return replace(graph, nodes={**graph.nodes, **changed}) if changed else graph


def reroute(graph: Graph, edges: Iterable[Edge], at: Point) -> tuple[Graph, str]:
    """Return the graph with a dot that links of one source lead through, and what it is called.

    Raises:
        GraphError: there are no such links, or they come from different nodes.
    """
    taken = tuple(edges)
    sources = {edge.source for edge in taken}
    if len(sources) != 1 or any(
        graph.node(one.target).inputs[one.port] != one.source for one in taken
    ):
        raise GraphError(mark("core", "a dot leads links that come from one node"))
    name = graph.fresh_name(REROUTE)
    graph = graph.add(name, REROUTE, tuple(sources), at=at)
    for edge in taken:
        graph = graph.connect(name, edge.target, edge.port)
    return graph, name


def duplicate(
    graph: Graph, names: Iterable[str], offset: Point, *, linked: bool = False
) -> tuple[Graph, dict[str, str]]:
    """Return the graph with nodes once more, and what each copy is called.

    Args:
        graph: the graph.
        names: the nodes.
        offset: how far from the originals the copies lie.
        linked: whether what feeds the originals from outside feeds the copies too.

    Raises:
        GraphError: one is not in the graph.
    """
    chosen = set(names)
    doubled, called = graph.merged(graph.subgraph(chosen), offset)
    if not linked:
        return doubled, called
    nodes = dict(doubled.nodes)
    for name, copy in called.items():
        inputs = tuple(called.get(one, one) if one else None for one in graph.nodes[name].inputs)
        nodes[copy] = replace(nodes[copy], inputs=inputs)
    return replace(doubled, nodes=nodes), called
