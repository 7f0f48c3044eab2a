"""The graph: a frozen value of named nodes and where they lie; an edit returns a new graph.

A node's name is its identity. A cycle, a missing node or a wrong setting cannot be expressed: the
edit refuses, naming the node. Positions are kept apart from what is computed, so moving a node
leaves every `Node` object in place and evaluates nothing. (Rejected: edge objects and numeric ids;
the input ports of the nodes already are the edges, and names are what people read.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy.typing as npt

from gradstudio.annotations import NONE, Annotations, Point
from gradstudio.errors import GraphError, mark
from gradstudio.looks import Look
from gradstudio.naming import LONGEST_NAME, Numbering, apart, checked_name
from gradstudio.node import (
    EMPTY,
    Definition,
    Node,
    checked_node,
    leaf_value,
    not_a_leaf,
    trimmed,
    with_op,
)
from gradstudio.ops import REGISTRY, SettingValue
from gradstudio.ways import Edge, consumers, cycle, cycle_text, edges, path

__all__ = ["EMPTY", "LONGEST_NAME", "Edge", "Graph", "Node", "Point", "checked_name", "leaf_value"]


def _empty() -> Mapping[str, Any]:
    return EMPTY


@dataclass(frozen=True)
class Graph:
    """Nodes by name, and apart from what is computed, where they lie.

    Build one with `Graph.build` or by edits from `Graph()`; both check. Mappings are never
    mutated after they are handed in.

    Args:
        nodes: every node, in the order they were made.
        positions: canvas coordinates of a node's centre, in px at 100 %; nodes without one are
            laid out when first shown.
        output: the node whose gradient is asked, where it was chosen; `output_of` finds it.
        training: the settings of a training run, as `training_settings` reads them.
        definitions: the ops the document defines for itself, by name.
        extra: fields of its file that this version does not know, kept for the next save.
        annotations: the frames around them and the notes beside them.
        looks: what some nodes show besides their place.
    """

    nodes: Mapping[str, Node] = field(default_factory=_empty)
    positions: Mapping[str, Point] = field(default_factory=_empty)
    output: str | None = None
    training: Mapping[str, Any] = field(default_factory=_empty)
    definitions: Mapping[str, Definition] = field(default_factory=_empty)
    extra: Mapping[str, Any] = field(default_factory=_empty)
    annotations: Annotations = NONE
    looks: Mapping[str, Look] = field(default_factory=_empty)

    # -- building ---------------------------------------------------------------------------

    @classmethod
    def build(
        cls,
        nodes: Mapping[str, Node],
        *,
        positions: Mapping[str, Point] = EMPTY,
        output: str | None = None,
        training: Mapping[str, Any] = EMPTY,
        definitions: Mapping[str, Definition] = EMPTY,
        extra: Mapping[str, Any] = EMPTY,
        annotations: Annotations = NONE,
        looks: Mapping[str, Look] = EMPTY,
    ) -> Graph:
        """Check everything and return the graph.

        Raises:
            GraphError: a name, an op, a setting, an input or the output is wrong, or the nodes
                form a cycle; the message names the node. Or a frame or a note is wrong.
        """
        names = {name: checked_name(name) for name in nodes}
        checked: dict[str, Node] = {}
        for given, node in nodes.items():
            name = names[given]
            if name in checked:
                raise _taken(name)
            if name != given or any(names.get(one, one) != one for one in node.inputs if one):
                node = replace(
                    node, inputs=tuple(one and names.get(one, one) for one in node.inputs)
                )
            if node.op in definitions:
                node = replace(node, definition=definitions[node.op])
            checked[name] = checked_node(name, node)
        positions = {names.get(name, name): at for name, at in positions.items()}
        output = output and names.get(output, output)
        for name, node in checked.items():
            _check_inputs(name, node, checked)
        graph = cls(checked, positions, output, dict(training), dict(definitions), dict(extra))
        if output is not None and output not in checked:
            raise _missing(output)
        if circle := cycle(checked):
            raise GraphError(
                mark("core", "{node} depends on itself: the nodes form a cycle: {cycle}"),
                node=circle[0],
                cycle=cycle_text(circle),
            )
        for name, look in looks.items():
            graph = graph.set_look(names.get(name, name), look)
        return graph.annotate(annotations.renamed(names)) if annotations else graph

    # -- reading ----------------------------------------------------------------------------

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.nodes)

    def __contains__(self, name: object) -> bool:
        """Return whether there is a node called `name`."""
        return name in self.nodes

    def node(self, name: str) -> Node:
        """Return the node called `name`.

        Raises:
            GraphError: there is none.
        """
        try:
            return self.nodes[name]
        except KeyError:
            raise _missing(name) from None

    def check_port(self, target: str, port: int) -> None:
        """Refuse a port that the node has not.

        Raises:
            GraphError: there is no such node or port.
        """
        ports = self.ports(target)
        if not 0 <= port < len(ports):
            raise GraphError(
                mark("core", "{node} has no port {port}; it has: {ports}"),
                node=target,
                port=port,
                ports=", ".join(ports) or "–",
            )

    @cached_property
    def consumers(self) -> Mapping[str, tuple[Edge, ...]]:
        """For each node that feeds others, its outgoing edges."""
        return consumers(self.nodes)

    def edges(self) -> Iterator[Edge]:
        """Yield every edge, by consumer, then by port."""
        return edges(self.nodes)

    def ports(self, name: str) -> tuple[str, ...]:
        """Return the port names of a node; a variadic one has a free port after the last."""
        node = self.node(name)
        if node.rules.variadic:
            return node.rules.ports(len(node.inputs) + 1)
        return node.rules.inputs

    def outputs(self) -> tuple[str, ...]:
        """Return the nodes that feed no other: the computed ones, or all where none is computed."""
        ends = tuple(name for name in self.nodes if name not in self.consumers)
        return tuple(name for name in ends if not self.nodes[name].is_leaf) or ends

    def output_of(self, wanted: str | None = None) -> str:
        """Return the node whose gradient is meant: `wanted`, the chosen one, or the only end.

        Raises:
            GraphError: `wanted` is not in the graph, the graph is empty or has several ends.
        """
        if wanted is not None:
            self.node(wanted)
            return wanted
        if self.output is not None:
            return self.output
        ends = self.outputs()
        if not ends:
            raise GraphError(mark("core", "the graph is empty"))
        if len(ends) > 1:
            raise GraphError(
                mark("core", "the graph has {count} outputs ({names}): choose one"),
                count=len(ends),
                names=", ".join(ends[:5]) + (", …" if len(ends) > 5 else ""),
            )
        return ends[0]

    def fresh_name(self, base: str, taken: Iterable[str] = ()) -> str:
        """Return `base` followed by the first number that is free, such as add1."""
        return Numbering(self.nodes, set(taken)).next(base)

    def is_upstream(self, name: str, of: str) -> bool:
        """Return whether the value of `of` depends on `name` (a node depends on itself).

        Raises:
            GraphError: `of` is not in the graph.
        """
        return bool(self.path(name, of))

    def path(self, name: str, to: str) -> tuple[str, ...]:
        """Return the nodes from `name` to `to` along as few edges as lead there; () if none do.

        Raises:
            GraphError: `to` is not in the graph.
        """
        self.node(to)
        return path(self.nodes, name, to)

    def subgraph(self, names: Iterable[str], notes: Iterable[str] = ()) -> Graph:
        """Return the nodes `names` with the edges between them; edges from outside are cut.

        Frames of which all nodes are kept are kept, with the notes in them; so are `notes`.

        Raises:
            GraphError: one is not in the graph.
        """
        kept = set(names)
        for name in kept:
            self.node(name)
        part = self.remove(name for name in self.nodes if name not in kept)
        defined = {
            one.op: one.definition for one in part.nodes.values() if one.definition is not None
        }
        annotations = self.annotations.only(kept, set(notes))
        return Graph(
            part.nodes,
            part.positions,
            definitions=defined,
            annotations=annotations,
            looks=part.looks,
        )

    # -- editing ----------------------------------------------------------------------------

    def add(
        self,
        name: str,
        op: str,
        inputs: Iterable[str | None] = (),
        *,
        settings: Mapping[str, SettingValue] = EMPTY,
        value: npt.ArrayLike | None = None,
        at: Point | None = None,
    ) -> Graph:
        """Return the graph with one more node.

        Raises:
            GraphError: the name is taken or no name, or the op, an input or a setting is wrong.
        """
        name = checked_name(name)
        if name in self.nodes:
            raise _taken(name)
        array = None if value is None else leaf_value(value, name)
        node = checked_node(
            name, Node(op, tuple(inputs), dict(settings), array, self.definitions.get(op))
        )
        _check_inputs(name, node, self.nodes)
        positions = self.positions if at is None else {**self.positions, name: at}
        return replace(self, nodes={**self.nodes, name: node}, positions=positions)

    def remove(self, names: Iterable[str]) -> Graph:
        """Return the graph without `names`; the ports they fed are free.

        Raises:
            GraphError: one is not in the graph.
        """
        gone = set(names)
        for name in gone:
            self.node(name)
        nodes = {
            name: node
            if gone.isdisjoint(node.inputs)
            else replace(
                node,
                inputs=trimmed(node.rules, [None if one in gone else one for one in node.inputs]),
            )
            for name, node in self.nodes.items()
            if name not in gone
        }
        positions = {name: at for name, at in self.positions.items() if name not in gone}
        output = None if self.output in gone else self.output
        annotations = self.annotations.without_nodes(gone)
        looks = {name: look for name, look in self.looks.items() if name not in gone}
        found = replace(self, nodes=nodes, positions=positions, looks=looks)
        return replace(found, output=output, annotations=annotations)

    def connect(self, source: str, target: str, port: int) -> Graph:
        """Return the graph with an edge from `source` into `port` of `target`, replacing any other.

        Raises:
            GraphError: a node or the port is missing, or the edge would close a cycle.
        """
        self.node(source)
        self.check_port(target, port)
        if closing := self.path(target, source):
            raise GraphError(
                mark("core", "{node}: linking {source} into it would close a cycle: {cycle}"),
                node=target,
                source=source,
                cycle=cycle_text((source, *closing)),
            )
        return self._with_input(target, port, source)

    def disconnect(self, target: str, port: int) -> Graph:
        """Return the graph with `port` of `target` free.

        Raises:
            GraphError: the node or the port is missing.
        """
        self.check_port(target, port)
        return self._with_input(target, port, None)

    def rename(self, old: str, new: str) -> Graph:
        """Return the graph with the node `old` called `new`, in its old place.

        Raises:
            GraphError: `old` is missing, or `new` is taken or no name.
        """
        self.node(old)
        new = checked_name(new)
        if new == old:
            return self
        if new in self.nodes:
            raise _taken(new)
        return self._called({old: new})

    def _called(self, names: Mapping[str, str]) -> Graph:
        """Return the graph with nodes called otherwise: old to new, no two of them alike."""

        def now(name: str) -> str:
            return names.get(name, name)

        nodes = {}
        for name, node in self.nodes.items():
            inputs = tuple(None if one is None else now(one) for one in node.inputs)
            nodes[now(name)] = node if inputs == node.inputs else replace(node, inputs=inputs)
        return replace(
            self,
            nodes=nodes,
            positions={now(name): at for name, at in self.positions.items()},
            output=None if self.output is None else now(self.output),
            annotations=self.annotations.renamed(names),
            looks={now(name): look for name, look in self.looks.items()},
        )

    def set_values(self, values: Mapping[str, npt.ArrayLike]) -> Graph:
        """Return the graph with other values in some of its leaves.

        Raises:
            GraphError: a node is missing or no leaf, or a value is no array of finite numbers.
        """
        nodes = dict(self.nodes)
        for name, value in values.items():
            node = self.node(name)
            if not node.is_leaf:
                raise not_a_leaf(name, node.op)
            nodes[name] = replace(node, value=leaf_value(value, name))
        changed = replace(self, nodes=nodes)
        if "consumers" in self.__dict__:
            # No link has changed, and a number that is dragged changes many times a second.
            changed.__dict__["consumers"] = self.consumers
        return changed

    def set_settings(self, name: str, settings: Mapping[str, SettingValue]) -> Graph:
        """Return the graph with `settings` of the node changed, the others as they were.

        Raises:
            GraphError: the node is missing or a setting is wrong.
        """
        node = self.node(name)
        checked = node.rules.checked_settings({**node.settings, **settings}, name)
        return replace(self, nodes={**self.nodes, name: replace(node, settings=checked)})

    def set_op(self, name: str, op: str) -> Graph:
        """Return the graph with the node's op exchanged for one with the same ports.

        Raises:
            GraphError: the node or the op is missing, or its ports or its kind differ.
        """
        node = with_op(name, self.node(name), op, self.definitions.get(op))
        return replace(self, nodes={**self.nodes, name: node})

    def define(self, definition: Definition) -> Graph:
        """Return the graph with an op of its own, or with another meaning of one it has.

        Raises:
            GraphError: a registered op has its name; or nodes of it exist and its ports change.
        """
        name = checked_name(definition.name)
        old = self.definitions.get(name)
        users = {one: node for one, node in self.nodes.items() if node.op == name}
        if name in REGISTRY:
            raise GraphError(mark("core", "there already is an op called {op}"), op=name)
        if old is not None and users and len(old.inputs) != len(definition.inputs):
            raise GraphError(
                mark("core", "{node} uses {op}: the number of its inputs cannot change"),
                node=next(iter(users)),
                op=name,
            )
        changed = {one: replace(node, definition=definition) for one, node in users.items()}
        return replace(
            self,
            nodes={**self.nodes, **changed},
            definitions={**self.definitions, name: definition},
        )

    def undefine(self, name: str) -> Graph:
        """Return the graph without an op of its own.

        Raises:
            GraphError: there is none of that name, or a node uses it.
        """
        if name not in self.definitions:
            raise GraphError(mark("core", "the graph defines no op called {op}"), op=name)
        for one, node in self.nodes.items():
            if node.op == name:
                raise GraphError(mark("core", "{node} still uses {op}"), node=one, op=name)
        kept = {op: one for op, one in self.definitions.items() if op != name}
        return replace(self, definitions=kept)

    def set_output(self, name: str | None) -> Graph:
        """Return the graph with `name` chosen as the output; None leaves it to the graph's end.

        Raises:
            GraphError: the node is missing.
        """
        if name is not None:
            self.node(name)
        return replace(self, output=name)

    def set_training(self, training: Mapping[str, Any]) -> Graph:
        """Return the graph with other settings of its training run."""
        return replace(self, training=dict(training))

    def move(self, positions: Mapping[str, Point]) -> Graph:
        """Return the graph with nodes elsewhere on the canvas; nothing needs computing again.

        Raises:
            GraphError: a node is missing.
        """
        for name in positions:
            self.node(name)
        annotations = self.annotations
        if annotations:
            annotations = annotations.followed(self.positions, positions)
        return replace(self, positions={**self.positions, **positions}, annotations=annotations)

    def set_look(self, name: str, look: Look) -> Graph:
        """Return the graph with what a node shows besides its place; nothing is computed again.

        Raises:
            GraphError: the node is missing, or cannot show that.
        """
        self.node(name)
        look.check(name)
        looks = {one: old for one, old in self.looks.items() if one != name}
        return replace(self, looks={**looks, name: look} if look else looks)

    def annotate(self, annotations: Annotations) -> Graph:
        """Return the graph with other frames and notes; nothing needs computing again.

        Raises:
            GraphError: one of them is wrong; the message names it.
        """
        annotations.check(self.nodes)
        return replace(self, annotations=annotations)

    def merged(self, other: Graph, offset: Point = (0.0, 0.0)) -> tuple[Graph, dict[str, str]]:
        """Return the graph with the nodes of `other` in it, and what each of them is called now.

        Names that are taken get a number, and so do ops that both define, but differently;
        positions, frames and notes are shifted by `offset`.
        """
        definitions = dict(self.definitions)
        defined: dict[str, Definition] = {}
        for op, definition in other.definitions.items():
            own = definitions.setdefault(op, definition)
            if own != definition:
                definition = replace(definition, name=Numbering(definitions).next(op))
                definitions[definition.name] = definition
            defined[op] = definition
        names = apart(other.nodes, self.nodes)
        other = other._called(names)
        nodes = {
            name: replace(node, op=defined[node.op].name, definition=defined[node.op])
            if node.op in defined
            else node
            for name, node in other.nodes.items()
        }
        positions = {
            name: (x + offset[0], y + offset[1]) for name, (x, y) in other.positions.items()
        }
        merged = replace(
            self,
            nodes={**self.nodes, **nodes},
            positions={**self.positions, **positions},
            definitions=definitions,
            annotations=self.annotations.merged(other.annotations, offset),
            looks={**self.looks, **other.looks},
        )
        return merged, names

    def _with_input(self, target: str, port: int, source: str | None) -> Graph:
        node = self.nodes[target]
        inputs = list(node.inputs) + [None] * (port + 1 - len(node.inputs))
        inputs[port] = source
        changed = replace(node, inputs=trimmed(node.rules, inputs))
        return replace(self, nodes={**self.nodes, target: changed})


def _check_inputs(name: str, node: Node, nodes: Mapping[str, Node]) -> None:
    for source in node.inputs:
        if source is not None and source not in nodes:
            raise GraphError(
                mark("core", "{node}: its input “{source}” is not in the graph"),
                node=name,
                source=source,
            )


def _taken(name: str) -> GraphError:
    return GraphError(mark("core", "there already is a node called {node}"), node=name)


def _missing(name: str) -> GraphError:
    return GraphError(mark("core", "there is no node called {node}"), node=name)
