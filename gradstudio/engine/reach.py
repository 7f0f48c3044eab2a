"""Which nodes lie before others, after them, and on the ways between them.

Nothing recurses: chains are as long as memory allows.
"""

from __future__ import annotations

from collections.abc import Iterable

from gradstudio.engine.program import walk
from gradstudio.graph import Graph


def upstream(graph: Graph, names: Iterable[str]) -> set[str]:
    """Return `names` and everything they depend on."""
    return set(walk(graph, names))


def downstream(graph: Graph, names: Iterable[str]) -> set[str]:
    """Return `names` and everything that depends on them."""
    found = set(names)
    pending = list(found)
    while pending:
        for edge in graph.consumers.get(pending.pop(), ()):
            if edge.target not in found:
                found.add(edge.target)
                pending.append(edge.target)
    return found


def between(graph: Graph, names: Iterable[str]) -> set[str]:
    """Return every node on a path from one of `names` to another; empty if no path leads there."""
    ends = tuple(names)
    after, before = downstream(graph, ends), upstream(graph, ends)
    found = after & before
    for name in ends:
        leads = any(edge.target in before for edge in graph.consumers.get(name, ()))
        if not leads and after.isdisjoint(graph.nodes[name].inputs):
            found.discard(name)
    return found
