"""What is drawn of a graph with folded frames: each as one block, or of one frame the inside alone.

All nodes of a folded frame lie where its block lies, and are as large, so that whoever asks the
sketch where a node is finds the block; only their ports outside are spread over its sides. The
engine, and every edit, knows nothing of it. (Rejected: a graph of stand-ins beside the real one,
for which each gesture would have to translate names and ports both ways.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from gradstudio.annotations import Annotations, Point
from gradstudio.graph import Graph

HEAD_PX = 28.0
ROW_PX = 34.0
FOOT_PX = 4.0
"""How high a block's title, each row of its ports, and the rest of it are."""
GUEST_PX = 150.0
"""How far from the inside of a frame stands at most what it takes from outside, or feeds there."""
GUEST_GAP_PX, GUEST_WIDE_PX = 48.0, 96.0


@dataclass(frozen=True)
class Block:
    """A folded frame, drawn as one node.

    Args:
        frame: which.
        title: what it says.
        colour: its colour.
        nodes: all nodes in it.
        inputs: the ports on its left: those of its nodes that are fed from outside, or not at all.
        outputs: the nodes whose values leave on its right: those used outside, or nowhere.
        home: where its centre is.
    """

    frame: str
    title: str
    colour: str
    nodes: tuple[str, ...]
    inputs: tuple[tuple[str, int], ...]
    outputs: tuple[str, ...]
    home: Point

    @property
    def lead(self) -> str:
        """The node in whose place it is painted."""
        return self.nodes[0]

    @cached_property
    def input_rows(self) -> Mapping[tuple[str, int], int]:
        """Which row each port on the left is in."""
        return {port: row for row, port in enumerate(self.inputs)}

    @cached_property
    def output_rows(self) -> Mapping[str, int]:
        """Which row each node whose value leaves on the right is in."""
        return {name: row for row, name in enumerate(self.outputs)}


@dataclass(frozen=True)
class View:
    """What is drawn of one graph.

    Args:
        inside: the frame whose inside alone is drawn; None for everything.
        blocks: the folded frames that are drawn.
        names: the nodes that are drawn or lie in a block, in no order.
        guests: where those nodes lie that are not inside, but feed what is, or are fed by it.
        homes: where all nodes really lie.
    """

    inside: str | None
    blocks: tuple[Block, ...]
    names: frozenset[str]
    guests: Mapping[str, Point]
    homes: Mapping[str, Point]

    def draws(self, source: str, target: str) -> bool:
        """Return whether an edge is drawn, or lies in a block."""
        drawn = source in self.names and target in self.names
        return drawn and not (source in self.guests and target in self.guests)

    @cached_property
    def block_of(self) -> Mapping[str, Block]:
        """Of each node in a folded frame, its block."""
        return {node: block for block in self.blocks for node in block.nodes}

    @cached_property
    def places(self) -> Mapping[str, Point]:
        """Where each node is drawn."""
        found: dict[str, Point] = {name: self.homes[name] for name in self.names}
        found.update(self.guests)
        for node, block in self.block_of.items():
            found[node] = block.home
        return found

    def moved(self, homes: Mapping[str, Point], names: Iterable[str]) -> tuple[View, set[str]]:
        """Return the view after nodes moved, and all whose place in it that changes.

        Args:
            homes: where all nodes really lie now.
            names: those that moved.
        """
        names = set(names)
        touched = {one.frame for name in names if (one := self.block_of.get(name)) is not None}
        blocks = []
        for block in self.blocks:
            if block.frame in touched:
                names.update(block.nodes)
                block = replace(block, home=_middle(block.nodes, homes))
            blocks.append(block)
        return replace(self, blocks=tuple(blocks), homes=homes), names

    def keeps_rows(self, homes: Mapping[str, Point]) -> bool:
        """Return whether all blocks have their ports in the same order with nodes at `homes`."""
        return all(
            (one.inputs, one.outputs) == _rows(one.inputs, one.outputs, homes)
            for one in self.blocks
        )

    def spaced(self, halves: Mapping[str, Point]) -> View:
        """Return the view with its guests beside the blocks, which are half so large by frame."""
        if not self.guests or not halves:
            return self
        guests = dict(self.guests)
        for block in self.blocks:
            (x, y), half = block.home, halves[block.frame]
            for name, at in guests.items():
                if abs(at[1] - y) < half[1] + GUEST_GAP_PX / 2:
                    away = half[0] + GUEST_PX - GUEST_GAP_PX / 2
                    left = min(at[0], x - away), at[1]
                    guests[name] = left if at[0] < x else (max(at[0], x + away), at[1])
        return replace(self, guests=guests)

    def real(self, shown: Mapping[str, Point]) -> dict[str, Point]:
        """Return where nodes go that are to be shown at these places; guests stay."""
        found = {}
        for name, (x, y) in shown.items():
            block = self.block_of.get(name)
            if block is not None:
                at = self.homes[name]
                off = x - block.home[0], y - block.home[1]
                found[name] = round(at[0] + off[0], 2), round(at[1] + off[1], 2)
            elif name not in self.guests:
                found[name] = x, y
        return found

    def whole(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return `names` without guests, and of every block all nodes or none."""
        found: dict[str, None] = {}
        for name in names:
            block = self.block_of.get(name)
            if block is not None:
                found.update(dict.fromkeys(block.nodes))
            elif name not in self.guests:
                found[name] = None
        return tuple(found)


def row_y(row: int, half_height: float) -> float:
    """Return how far below the middle of a block a row of ports is."""
    return -half_height + HEAD_PX + (row + 0.5) * ROW_PX


def view_key(annotations: Annotations, inside: str | None) -> object:
    """Return what a view depends on besides the graph and its positions; None without a view."""
    if inside is None and not any(frame.folded for frame in annotations.frames.values()):
        return None
    plain = {name: replace(frame, rect=None) for name, frame in annotations.frames.items()}
    return inside, plain


def view_of(graph: Graph, places: Mapping[str, Point], inside: str | None) -> View | None:
    """Return what is drawn of `graph`; None where that is simply all of it.

    Args:
        graph: the graph.
        places: where each of its nodes lies.
        inside: the frame whose inside alone is to be drawn.
    """
    annotations = graph.annotations
    folded = outermost_folded(annotations, inside)
    if inside is None and not folded:
        return None
    blocks = tuple(_block(graph, name, places) for name in folded)
    if inside is None:
        return View(None, blocks, frozenset(graph.nodes), {}, places)
    within = frozenset(annotations.nodes_in(inside))
    guests = _guests(graph, within, places)
    return View(inside, blocks, within | guests.keys(), guests, places)


def outermost_folded(annotations: Annotations, inside: str | None) -> tuple[str, ...]:
    """Return the folded frames that are drawn as blocks: those in no other one that is."""
    found, pending = [], list(annotations.children.get(inside, ()))
    while pending:
        name = pending.pop()
        if annotations.frames[name].folded:
            found.append(name)
        else:
            pending.extend(annotations.children.get(name, ()))
    return tuple(found)


def unfolded(annotations: Annotations, inside: str | None) -> tuple[str, ...]:
    """Return the frames that are drawn as frames, each after the one it lies in."""
    found, pending = [], list(reversed(annotations.children.get(inside, ())))
    while pending:
        name = pending.pop()
        if not annotations.frames[name].folded:
            found.append(name)
            pending.extend(reversed(annotations.children.get(name, ())))
    return tuple(found)


def _block(graph: Graph, name: str, places: Mapping[str, Point]) -> Block:
    frame, nodes = graph.annotations.frames[name], graph.annotations.nodes_in(name)
    within = set(nodes)
    inputs: list[tuple[str, int]] = []
    outputs: list[str] = []
    for node in nodes:
        held = graph.nodes[node]
        count = len(held.inputs) if held.rules.variadic else len(held.rules.inputs)
        for port in range(count):
            source = held.inputs[port] if port < len(held.inputs) else None
            if source is None or source not in within:
                inputs.append((node, port))
        users = graph.consumers.get(node, ())
        if not users or any(edge.target not in within for edge in users):
            outputs.append(node)
    rows, home = _rows(inputs, outputs, places), _middle(nodes, places)
    return Block(name, frame.title, frame.colour, nodes, *rows, home)


def _rows(
    inputs: Iterable[tuple[str, int]], outputs: Iterable[str], places: Mapping[str, Point]
) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...]]:
    """Return the ports of a block in the order of its nodes, from above."""
    return (
        tuple(sorted(inputs, key=lambda one: (places[one[0]][1], places[one[0]][0], one[1]))),
        tuple(sorted(outputs, key=lambda one: (places[one][1], places[one][0]))),
    )


def _middle(nodes: Iterable[str], places: Mapping[str, Point]) -> Point:
    across, down = zip(*(places[node] for node in nodes), strict=True)
    return (min(across) + max(across)) / 2, (min(down) + max(down)) / 2


def _guests(graph: Graph, within: frozenset[str], places: Mapping[str, Point]) -> dict[str, Point]:
    """Return where what feeds a frame stands, and what it feeds: as near to it as there is room."""
    feeding = {one for node in within for one in graph.nodes[node].inputs if one} - within
    fed = {edge.target for node in within for edge in graph.consumers.get(node, ())} - within
    across, down = [places[node][0] for node in within], [places[node][1] for node in within]
    low = min(across) - GUEST_PX, min(down) - GUEST_PX / 2
    high = max(across) + GUEST_PX, max(down) + GUEST_PX / 2
    found: dict[str, Point] = {}
    for some in (feeding, fed - feeding):
        for name in sorted(some, key=lambda one: (places[one][1], places[one][0], one)):
            x, y = (
                min(max(at, least), most)
                for at, least, most in zip(places[name], low, high, strict=True)
            )
            while any(
                abs(x - other[0]) < GUEST_WIDE_PX and abs(y - other[1]) < GUEST_GAP_PX
                for other in found.values()
            ):
                y += GUEST_GAP_PX / 4
            found[name] = x, y
    return found
