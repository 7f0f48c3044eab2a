"""A formula that is added to a graph: names the graph has mean its nodes, all others are new."""

from __future__ import annotations

from dataclasses import dataclass

from gradstudio import formula
from gradstudio.graph import Edge, Graph

FIRST_VALUE = 1.0
"""Of a new leaf of which nothing is said."""
OPERATORS = "+-*/@<>=!−×⋅÷＋－＊／＠"


def begun(graph: Graph) -> tuple[Graph, tuple[str, ...]]:
    """Return the graph of a formula with a value for each leaf, and the leaves that had none."""
    leaves = tuple(
        name for name, node in graph.nodes.items() if node.is_leaf and node.value is None
    )
    return graph.set_values(dict.fromkeys(leaves, FIRST_VALUE)), leaves


@dataclass(frozen=True)
class Phrase:
    """The nodes of a formula, before they are put into a graph.

    Args:
        text: what was read.
        nodes: the new nodes, with their links among each other.
        links: from nodes of the graph into new ones.
        output: the new node that is the formula's value; None where that is no new node.
        leaves: the new leaves that begin at `FIRST_VALUE`.
        source_as: the name of the formula that stands for the node the link comes from.
    """

    text: str
    nodes: Graph
    links: tuple[Edge, ...]
    output: str | None
    leaves: tuple[str, ...]
    source_as: str | None = None


def phrase(text: str, graph: Graph, source: str | None = None) -> Phrase | None:
    """Return what `text` adds to `graph`; None where that is nothing.

    Args:
        text: a formula, or one that goes on from `source`, such as `* 2`.
        graph: the graph; it is not changed.
        source: a node that the formula must take: the first name that the graph does not have
            stands for it, unless the formula names it.

    Raises:
        FormulaError: the text is no formula.
    """
    if source is not None and text.strip()[:1] in OPERATORS:
        text = f"{source} {text.strip()}"
    read = formula.parse(text, known=Graph(definitions=graph.definitions))
    open_leaves = [name for name, node in read.nodes.items() if node.is_leaf and node.value is None]
    meant = {name: name for name in open_leaves if name in graph}
    source_as = source if source in meant else None
    if source is not None and source_as is None:
        source_as = next((name for name in open_leaves if name not in meant), None)
        if source_as is None:
            return None
        meant[source_as] = source
    new = [name for name in read.nodes if name not in meant]
    if not any(not read.nodes[name].is_leaf or name not in open_leaves for name in new):
        return None
    leaves = tuple(name for name in open_leaves if name not in meant)
    return Phrase(
        text,
        read.subgraph(new).set_values(dict.fromkeys(leaves, FIRST_VALUE)),
        tuple(
            Edge(meant[edge.source], edge.target, edge.port)
            for edge in read.edges()
            if edge.source in meant
        ),
        read.output if read.output in new else None,
        leaves,
        source_as,
    )
