"""What can be put on the canvas for what was typed: ops, leaves, numbers, whole formulas.

Where a link waits for it, only what the value on the link fits into, or what can give a value that
fits, and what fits best first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QCoreApplication

from gradstudio.errors import GradStudioError
from gradstudio.formula.phrase import FIRST_VALUE, OPERATORS, Phrase, phrase
from gradstudio.formula.sketch import automatic
from gradstudio.graph import Graph, Point, leaf_value
from gradstudio.gui.appearance import in_every_language
from gradstudio.gui.canvas.bodies import Floats
from gradstudio.gui.canvas.face import PILL_HALF_PX, PILL_LEAST_HALF_PX, RADIUS_PX
from gradstudio.gui.canvas.layout import arrange
from gradstudio.gui.canvas.room import nearest_clear
from gradstudio.gui.search import Hit, find, ranked
from gradstudio.gui.vocabulary import known_as
from gradstudio.gui.wording import core_text
from gradstudio.numbers import EntryError, full_text, read_value
from gradstudio.ops import REGISTRY, Array, Op, Shape, shape_text
from gradstudio.ops.fitting import accepting, can_give, closeness, wanted
from gradstudio.ops.leaves import LEAF_KINDS, Constant
from gradstudio.rewiring import fitting_port

Put = Callable[[Graph], tuple[Graph, tuple[str, ...]]]
"""Returns the graph with something added, and the names of what is new."""
ROW_PX = 60.0
"""How far below a leaf the next one goes."""
LONGEST_QUERY = 4000
"""A longer text is no name, and read as a formula at every letter it would be felt."""


@dataclass(frozen=True, slots=True)
class Loose:
    """A link of which one end is in the air.

    Args:
        source: the node it comes from, if that end holds.
        target: the node and the port it goes into, if that end holds.
        beside: where the source is shown, if what is found need not be linked. Then the link goes
            where it fits: out of the source into an op, from a leaf into a free port of the source.
    """

    source: str | None = None
    target: tuple[str, int] | None = None
    beside: Point | None = None

    @property
    def only(self) -> bool:
        """Whether only what it fits is wanted."""
        return self.beside is None


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be put on the canvas.

    Args:
        key: the op; empty for what was typed.
        symbol: its sign.
        title: what it is called.
        about: what it does, in a sentence.
        group: what it belongs to.
        label: what undo says.
        put: does it.
        hit: what of it was found; None for what was typed.
        leaves: new leaves that begin at `FIRST_VALUE`.
    """

    key: str
    symbol: str
    title: str
    about: str
    group: str
    label: str
    put: Put
    hit: Hit | None = None
    leaves: tuple[str, ...] = ()


class Offers:
    """What there is to choose from, at one place of one graph.

    Args:
        graph: the graph it will be put into.
        shapes: of its nodes, where they are known.
        at: where it goes.
        link: what waits to be linked to it.
        bodies: the middles of what lies on the canvas, and half their sizes: (n, 2) each.
        recent: the ops chosen lately, the last one first.
        allowed: the ops there are to choose from; None for all of them.
    """

    def __init__(
        self,
        graph: Graph,
        shapes: Mapping[str, Shape],
        at: Point,
        link: Loose,
        bodies: tuple[Floats, Floats],
        recent: Sequence[str] = (),
        allowed: frozenset[str] | None = None,
    ) -> None:
        self._graph, self._at, self._link, self._recent = graph, at, link, recent
        self._bodies = bodies
        self._shape = None if link.source is None else shapes.get(link.source)
        self._wanted: tuple[Shape, ...] = ()
        if link.target is not None:
            name, port = link.target
            inputs = graph.nodes[name].inputs
            known = [None if one is None else shapes.get(one) for one in inputs]
            self._wanted = wanted(graph.nodes[name].rules, port, known)
        defined = [one.rules for one in graph.definitions.values()]
        self._all = [op for op in REGISTRY.values() if op.listed] + defined
        if allowed is not None:
            self._all = [op for op in self._all if op.name in allowed]
        self._port: dict[str, int] = {}
        self._weight: dict[str, int] = {}
        for op in self._all:
            self._fit(op)

    def _fit(self, op: type[Op]) -> None:
        """Find out whether an op fits, where the link goes into it, and how well that is."""
        weight, port = 0, 0
        if self._link.source is not None:
            ports = range(len(op.inputs)) if self._shape is None else accepting(op, self._shape)
            if not ports:
                if not self._link.only:
                    self._weight[op.name] = 0
                return
            port = ports[0]
            if self._shape is not None and self._link.only:
                weight = closeness(op, port, self._shape) + 2 * (port > 0)
        elif self._wanted and not op.leaf and not can_give(op, self._wanted):
            return
        self._port[op.name], self._weight[op.name] = port, weight

    # -- searching --------------------------------------------------------------------------

    def found(self, query: str) -> list[Offer]:
        """Return what `query` finds, the best first."""
        query = query.strip()
        if len(query) > LONGEST_QUERY:
            return []
        typed = self._number(query) or self._formula(query)
        ops = [op for op in self._all if op.name in self._weight]
        hits = ranked(query, ops, _names, _key, self._recent, lambda op: self._weight[op.name])
        # Where the title has it too, the letters are marked there.
        return [*typed, *(self._op(op, find(query, _title(op)) or hit) for op, hit in hits)]

    def refusal(self, query: str) -> str:
        """Return why `query` finds nothing."""
        hits = ranked(query, self._all, _names, _key)
        if hits and self._shape is not None:
            text = QCoreApplication.translate("Offers", "{op} does not take {shape}")
            shape = core_text(shape_text(self._shape))
            return text.format(op=_title(hits[0][0]), shape=shape)
        if hits and self._link.target is not None:
            text = QCoreApplication.translate("Offers", "{op} gives nothing that fits here")
            return text.format(op=_title(hits[0][0]))
        return QCoreApplication.translate("Palette", "No node is called that.")

    # -- what is offered --------------------------------------------------------------------

    def _op(self, op: type[Op], hit: Hit) -> Offer:
        title = _title(op)
        definition = self._graph.definitions.get(op.name)
        if definition is None:
            about = QCoreApplication.translate("ops", op.teaching)
            group = QCoreApplication.translate("ops", op.group)
        else:
            about = f"out = {definition.forward.text}"
            group = QCoreApplication.translate("Offers", "Of this graph")
        value = self._first_value() if op.leaf else None

        def put(graph: Graph) -> tuple[Graph, tuple[str, ...]]:
            return self._node(graph, op, value)

        return Offer(op.name, op.symbol, title, about, group, _label(title), put, hit)

    def _first_value(self) -> Array:
        """Return what a new leaf holds: a number, unless only an array fits."""
        shape = self._wanted[0] if self._wanted else ()
        return np.full(shape, FIRST_VALUE)

    def _number(self, query: str) -> list[Offer]:
        """Return a leaf of each kind that holds the number or the lists that were typed."""
        if self._link.source is not None and self._link.only:
            return []
        try:
            value = leaf_value(read_value(query))
        except (EntryError, GradStudioError):
            return []
        said = full_text(float(value)) if not value.ndim else core_text(shape_text(value.shape))
        text = QCoreApplication.translate("Offers", "{kind} {value}")
        found = []
        for kind in (Constant.name, *(one for one in LEAF_KINDS if one != Constant.name)):
            op = REGISTRY[kind]
            title = text.format(kind=_title(op), value=said)
            about = QCoreApplication.translate("ops", op.teaching)
            group = QCoreApplication.translate("ops", op.group)

            def put(graph: Graph, op: type[Op] = op) -> tuple[Graph, tuple[str, ...]]:
                return self._node(graph, op, value)

            found.append(Offer("", op.symbol, title, about, group, _label(title), put))
        return found

    def _formula(self, query: str) -> list[Offer]:
        """Return the nodes of the formula that was typed."""
        try:
            onward = self._link.only or query[:1] in OPERATORS
            said = phrase(query, self._graph, self._link.source if onward else None)
        except GradStudioError:
            return []
        if said is None or (self._link.target is not None and said.output is None):
            return []
        count = len(said.nodes)
        text = (
            QCoreApplication.translate("Offers", "One node")
            if count == 1
            else QCoreApplication.translate("Offers", "{count} nodes").format(count=count)
        )
        taken = list(dict.fromkeys(edge.source for edge in said.links))
        if said.source_as not in (None, self._link.source):
            aside = QCoreApplication.translate("Offers", "{about}; {name} is {node}")
            text = aside.format(about=text, name=said.source_as, node=self._link.source)
        elif taken:
            aside = QCoreApplication.translate("Offers", "{about}, linked to {names}")
            text = aside.format(about=text, names=", ".join(taken[:4]))
        group = QCoreApplication.translate("Offers", "Formula")
        label = QCoreApplication.translate("Offers", "Add formula")

        def put(graph: Graph) -> tuple[Graph, tuple[str, ...]]:
            return self._nodes(graph, said)

        return [Offer("", "ƒ", said.text, text, group, label, put, None, said.leaves)]

    # -- putting it there -------------------------------------------------------------------

    def _node(
        self, graph: Graph, op: type[Op], value: Array | None
    ) -> tuple[Graph, tuple[str, ...]]:
        name = graph.fresh_name(automatic(op.name))
        if self._link.beside is not None:
            return self._beside(self._link.beside, graph, op, name, value), (name,)
        x, y = self._at
        # The link ends where it was dropped.
        half = PILL_LEAST_HALF_PX if op.leaf else RADIUS_PX
        x += half * ((self._link.source is not None) - (self._link.target is not None))
        graph = graph.add(name, op.name, value=value, at=(round(x, 2), round(y, 2)))
        if self._link.source is not None:
            graph = graph.connect(self._link.source, name, self._port[op.name])
        if self._link.target is not None:
            graph = graph.connect(name, *self._link.target)
        return graph, (name,)

    def _beside(
        self, there: Point, graph: Graph, op: type[Op], name: str, value: Array | None
    ) -> Graph:
        """Return the graph with a node after the source, or a leaf that feeds it where it can."""
        source = self._link.source or ""
        node, at = graph.nodes[source], self._at
        shape = None if value is None else np.shape(value)
        port = fitting_port(node.rules, node.inputs, shape) if op.leaf else None
        if op.leaf:
            # Leaves stand in a column; one that feeds the source stands before it.
            x, y = there
            wanted = (2 * x - at[0], y) if port is not None else (x, y + ROW_PX)
            half = np.array([(PILL_LEAST_HALF_PX, PILL_HALF_PX)])
            aside = nearest_clear(np.array([wanted]), half, *self._bodies)
            at = (wanted[0] + float(aside[0]), wanted[1] + float(aside[1]))
        graph = graph.add(name, op.name, value=value, at=(round(at[0], 2), round(at[1], 2)))
        if port is not None:
            return graph.connect(name, source, port)
        return (
            graph if op.name not in self._port else graph.connect(source, name, self._port[op.name])
        )

    def _nodes(self, graph: Graph, said: Phrase) -> tuple[Graph, tuple[str, ...]]:
        there = arrange(said.nodes)
        across = [x for x, _ in there.values()]
        down = [y for _, y in there.values()]
        left, right, middle = min(across), max(across), (min(down) + max(down)) / 2
        if self._link.source is not None:
            held = left - RADIUS_PX
        elif self._link.target is not None:
            held = right + RADIUS_PX
        else:
            held = (left + right) / 2
        aside = self._room(said.nodes, there, (self._at[0] - held, self._at[1] - middle))
        merged, names = graph.merged(replace(said.nodes, positions=there), aside)
        for source, target, port in said.links:
            merged = merged.connect(source, names[target], port)
        if self._link.target is not None and said.output is not None:
            merged = merged.connect(names[said.output], *self._link.target)
        return merged, tuple(names.values())

    def _room(self, nodes: Graph, there: Mapping[str, Point], offset: Point) -> Point:
        """Return how far `nodes` go from where they lie to cover nothing, near `offset`."""
        halves = [
            (PILL_LEAST_HALF_PX, PILL_HALF_PX) if nodes.nodes[name].is_leaf else (RADIUS_PX,) * 2
            for name in there
        ]
        centres = np.array(list(there.values())) + offset
        x, y = (nearest_clear(centres, np.array(halves), *self._bodies) + offset).tolist()
        return round(x, 2), round(y, 2)


def _names(op: type[Op]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return known_as(op, in_every_language)


def _key(op: type[Op]) -> str:
    return op.name


def _title(op: type[Op]) -> str:
    return QCoreApplication.translate("ops", op.title)


def _label(title: str) -> str:
    return QCoreApplication.translate("Edits", "Add {op}").format(op=title)
