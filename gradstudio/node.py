"""One node, and the ops a document defines for itself by formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from gradstudio.errors import GraphError, OpError, mark
from gradstudio.ops import Array, Op, SettingValue, Shape, apply, op_named, shape_text, unbroadcast
from gradstudio.ops.base import checked_shape
from gradstudio.ops.muted import muted, passing_port

EMPTY: Mapping[str, Any] = MappingProxyType({})
UPSTREAM, OUT = "g", "out"
"""What a backward formula calls the upstream gradient and the op's own result."""


def leaf_value(value: npt.ArrayLike, node: str | None = None) -> Array:
    """Return `value` as a read-only float64 array (shape () for a number).

    Raises:
        GraphError: it is not a regular array of finite numbers; the message names `node`.
    """
    try:
        given = np.asarray(value)
        if given.dtype.kind not in "iufO":
            raise TypeError("text or complex numbers, which NumPy would make numbers of")
        array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise GraphError(
            mark("core", "{node}: a value is a number or nested lists of equal length"), node=node
        ) from None
    if not np.isfinite(array).all():
        raise GraphError(mark("core", "{node}: a value must be finite, not inf or nan"), node=node)
    array.setflags(write=False)
    return array


def _empty() -> Mapping[str, Any]:
    return EMPTY


@dataclass(frozen=True, eq=False)
class Node:
    """One node: its op, the nodes its ports are fed by, its settings, its value if it is a leaf.

    Args:
        op: the registered name.
        inputs: for each port, in order, the name of the node that feeds it, or None.
        settings: those that differ from the op's defaults.
        value: read-only float64; None for a leaf that has no value yet, and for all other nodes.
        definition: what the op is, where the document defines it; else it is a registered one.
        extra: fields of its file that this version does not know, kept for the next save.
        muted: whether it passes one of its inputs through instead of computing.
    """

    op: str
    inputs: tuple[str | None, ...] = ()
    settings: Mapping[str, SettingValue] = field(default_factory=_empty)
    value: Array | None = None
    definition: Definition | None = None
    extra: Mapping[str, Any] = field(default_factory=_empty)
    muted: bool = False

    @property
    def rules(self) -> type[Op]:
        """What it computes by: the op's class; of a muted node, those that pass an input on."""
        if self.muted:
            return muted(self.own_rules)
        # Asked of every node at every evaluation: no property behind this one.
        return op_named(self.op) if self.definition is None else self.definition.rules

    @property
    def own_rules(self) -> type[Op]:
        """The op's class, whether the node is muted or not."""
        return op_named(self.op) if self.definition is None else self.definition.rules

    def passing_port(self, shapes: Sequence[Shape]) -> int:
        """Return which input, of inputs of these shapes, it passes on when it is muted."""
        return passing_port(self.own_rules, shapes, self.settings)

    @property
    def is_leaf(self) -> bool:
        """Whether it holds a value instead of computing one."""
        return self.rules.leaf

    def __eq__(self, other: object) -> bool:
        """Whether all fields are equal, values bit by bit."""
        if not isinstance(other, Node):
            return NotImplemented
        same_value = self.value is other.value or (
            self.value is not None
            and other.value is not None
            and self.value.shape == other.value.shape
            and self.value.tobytes() == other.value.tobytes()
        )
        return (
            self.op == other.op
            and self.inputs == other.inputs
            and dict(self.settings) == dict(other.settings)
            and same_value
            and self.definition == other.definition
            and self.muted == other.muted
            and dict(self.extra) == dict(other.extra)
        )

    def __hash__(self) -> int:
        """Hash what is cheap to hash."""
        return hash((self.op, self.inputs))


@dataclass(frozen=True)
class Piece:
    """A formula as nodes.

    Args:
        text: as it was written.
        nodes: each after the nodes it takes; the leaves without a value are the names it is given.
        output: the node that is its value.
    """

    text: str
    nodes: Mapping[str, Node]
    output: str

    def on(self, given: Mapping[str, Any]) -> Any:
        """Compute it on arrays, or record it on tracers."""
        return self._every(given)[self.output]

    def shape(self, given: Mapping[str, Shape]) -> Shape:
        """Return the shape of its value for the shapes of what it is given.

        Raises:
            OpError: they do not fit.
        """
        shapes: dict[str, Shape] = dict(given)
        for name, node in self.nodes.items():
            if node.value is not None:
                shapes[name] = node.value.shape
            elif node.inputs:
                fed = (shapes[source] for source in cast("tuple[str, ...]", node.inputs))
                shapes[name] = checked_shape(node.rules, fed, node.settings)
        return shapes[self.output]

    def tangent(self, port: str, t: Any, given: Mapping[str, Any]) -> Any:
        """Return the tangent of its value as `port` moves by `t`; None where it does not move."""
        values = self._every(given)
        moved: dict[str, Any] = {port: t}
        for name, node in self.nodes.items():
            sources = cast("tuple[str, ...]", node.inputs)
            inputs = [values[source] for source in sources]
            for at, source in enumerate(sources):
                if source in moved:
                    part = node.rules.jvp(at, moved[source], values[name], *inputs, **node.settings)
                    if part is not None:
                        part = unbroadcast(part, values[name].shape)
                        moved[name] = moved[name] + part if name in moved else part
        return moved.get(self.output)

    def _every(self, given: Mapping[str, Any]) -> dict[str, Any]:
        values = dict(given)
        for name, node in self.nodes.items():
            if node.value is not None:
                values[name] = node.value
            elif node.inputs:
                inputs = (values[source] for source in cast("tuple[str, ...]", node.inputs))
                values[name] = apply(node.rules, *inputs, **node.settings)
        return values


@dataclass(frozen=True, eq=False)
class Definition:
    """An op of the document's own: a forward formula, and a backward formula for each input.

    The pair that Caffe asks of a layer. The backward formulas may use the inputs, `out` and `g`,
    the upstream gradient; they may be wrong, which is what `engine.definitions` finds out.
    `formula.define` makes one from texts.

    Args:
        name: as its nodes' op.
        inputs: its ports.
        forward: in terms of the inputs.
        backward: for each input, in terms of the inputs, `out` and `g`.
        extra: fields of its file that this version does not know, kept for the next save.
    """

    name: str
    inputs: tuple[str, ...]
    forward: Piece
    backward: tuple[Piece, ...]
    extra: Mapping[str, Any] = field(default_factory=_empty)

    def __eq__(self, other: object) -> bool:
        """Whether both say the same."""
        return (
            isinstance(other, Definition)
            and self._said() == other._said()
            and dict(self.extra) == dict(other.extra)
        )

    def __hash__(self) -> int:
        """Hash what it says."""
        return hash(self._said())

    def _said(self) -> tuple[object, ...]:
        backward = tuple(piece.text for piece in self.backward)
        return self.name, self.inputs, self.forward.text, backward

    @cached_property
    def rules(self) -> type[Op]:
        """Its rules, as every op states them; not in the registry."""
        inputs, forward, backward = self.inputs, self.forward, self.backward

        def out_shape(*shapes: Shape) -> Shape:
            return forward.shape(dict(zip(inputs, shapes, strict=True)))

        def compute(*values: Any) -> Any:
            return forward.on(dict(zip(inputs, values, strict=True)))

        def vjp(g: Any, out: Any, *values: Any) -> Any:
            given = {**dict(zip(inputs, values, strict=True)), UPSTREAM: g, OUT: out}
            shapes = {name: value.shape for name, value in given.items()}
            pulled = []
            for port, piece in zip(inputs, backward, strict=True):
                self._check(port, piece.shape(shapes), shapes[port])
                pulled.append(piece.on(given))
            return tuple(pulled)

        def jvp(port: int, t: Any, out: Any, *values: Any) -> Any:
            return forward.tangent(inputs[port], t, dict(zip(inputs, values, strict=True)))

        named = {"__doc__": f"{self.name}: {forward.text}"}
        rules = cast("type[Op]", type("Defined", (Op,), named))
        rules.name = rules.title = rules.symbol = self.name
        rules.inputs = inputs
        rules.downstream = tuple(piece.text for piece in backward)
        rules.forward, rules.shape = staticmethod(compute), staticmethod(out_shape)
        rules.vjp, rules.jvp = staticmethod(vjp), staticmethod(jvp)
        rules.samples = tuple(((shape,) * len(inputs), {}) for shape in ((), (3,)))
        return rules

    def _check(self, port: str, given: Shape, wanted: Shape) -> None:
        try:
            fits = np.broadcast_shapes(given, wanted) in (given, wanted)
        except ValueError:
            fits = False
        if not fits:
            raise OpError(
                mark(
                    "core", "the backward formula of {port} gives {given}, and {port} is {wanted}"
                ),
                port=port,
                given=shape_text(given),
                wanted=shape_text(wanted),
            )


def checked_node(name: str, node: Node) -> Node:
    """Return `node` in normal form, as the node `name`.

    Raises:
        GraphError: its op, its settings, its inputs' number or its value is wrong.
    """
    rules = node.own_rules if node.definition is not None else op_named(node.op, name)
    inputs = trimmed(rules, list(node.inputs))
    if not rules.variadic and len(node.inputs) > len(rules.inputs):
        raise GraphError(
            mark("core", "{node}: {op} takes {count} inputs, not {given}"),
            node=name,
            op=node.op,
            count=len(rules.inputs),
            given=len(node.inputs),
        )
    if node.value is not None and not rules.leaf:
        raise not_a_leaf(name, node.op)
    if node.muted and rules.leaf:
        raise GraphError(
            mark("core", "{node} is a leaf: it has no input that it could pass on"), node=name
        )
    value = None if node.value is None else leaf_value(node.value, name)
    settings = rules.checked_settings(node.settings, name)
    return replace(node, inputs=inputs, settings=settings, value=value)


def with_op(name: str, node: Node, op: str, definition: Definition | None) -> Node:
    """Return the node `name` with its op exchanged for one with the same ports.

    Raises:
        GraphError: there is no such op, or its ports or its kind differ.
    """
    rules = op_named(op, name) if definition is None else definition.rules
    ports = node.rules
    if rules.leaf != ports.leaf or (
        (len(rules.inputs), rules.variadic) != (len(ports.inputs), ports.variadic)
    ):
        raise GraphError(
            mark("core", "{node}: {op} has other ports than {old}"), node=name, op=op, old=node.op
        )
    known = {setting.name for setting in rules.settings}
    kept = {key: value for key, value in node.settings.items() if key in known}
    settings = rules.checked_settings(kept, name)
    return replace(node, op=op, settings=settings, definition=definition)


def not_a_leaf(name: str, op: str) -> GraphError:
    """Return the error of a value for a node that computes its own."""
    return GraphError(
        mark("core", "{node} is computed by {op}: only leaves take a value"), node=name, op=op
    )


def trimmed(rules: type[Op], inputs: list[str | None]) -> tuple[str | None, ...]:
    """Return one entry a port; a variadic op keeps none that is free at its end."""
    if rules.variadic:
        while inputs and inputs[-1] is None:
            inputs.pop()
        return tuple(inputs)
    return tuple(inputs[: len(rules.inputs)]) + (None,) * (len(rules.inputs) - len(inputs))
