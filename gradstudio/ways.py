"""Edges, and the ways they make between nodes: the shortest one, and one that comes back.

Nothing recurses: chains are as long as memory allows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gradstudio.node import Node

MOST_OF_A_CYCLE = 8
"""How many nodes of a cycle a message names."""


class Edge(NamedTuple):
    """One link: from the output of `source` into input number `port` of `target`."""

    source: str
    target: str
    port: int


def edges(nodes: Mapping[str, Node]) -> Iterator[Edge]:
    """Yield every edge, by consumer, then by port."""
    for name, node in nodes.items():
        for port, source in enumerate(node.inputs):
            if source is not None:
                yield Edge(source, name, port)


def consumers(nodes: Mapping[str, Node]) -> dict[str, tuple[Edge, ...]]:
    """Return for each node that feeds others its outgoing edges."""
    found: dict[str, list[Edge]] = {}
    for edge in edges(nodes):
        found.setdefault(edge.source, []).append(edge)
    return {name: tuple(edges) for name, edges in found.items()}


def path(nodes: Mapping[str, Node], name: str, to: str) -> tuple[str, ...]:
    """Return the nodes from `name` to `to` along as few edges as lead there; () if none do."""
    after: dict[str, str | None] = {to: None}
    pending = deque((to,))
    while pending and name not in after:
        current = pending.popleft()
        for source in nodes[current].inputs:
            if source is not None and source not in after:
                after[source] = current
                pending.append(source)
    found: list[str] = []
    step = name if name in after else None
    while step is not None:
        found.append(step)
        step = after[step]
    return tuple(found)


def cycle(nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """Return a cycle, along its edges and with its first node again at the end; () if none is."""
    seen: set[str] = set()
    for end in nodes:
        if end in seen:
            continue
        seen.add(end)
        # From a node to what feeds it: a source that is on this way already closes a cycle.
        way = {end: iter(nodes[end].inputs)}
        while way:
            name = next(reversed(way))
            for source in way[name]:
                if source in way:
                    names = list(way)
                    return (source, *reversed(names[names.index(source) :]))
                if source is not None and source not in seen:
                    seen.add(source)
                    way[source] = iter(nodes[source].inputs)
                    break
            else:
                way.popitem()
    return ()


def cycle_text(names: Sequence[str]) -> str:
    """Return the nodes of a cycle as they are said: f → q → f; of a long one the ends."""
    shown = [*names[:4], "…", *names[-3:]] if len(names) > MOST_OF_A_CYCLE else names
    return " → ".join(shown)
