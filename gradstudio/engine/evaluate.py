"""The numbers the screen shows: every value, every gradient, or the reason there is none.

Evaluation is total: an unfinished or failing graph gives each node a value or an error that names
it, and nothing raises. It is incremental: given an earlier evaluation, what did not change is taken
over, object by object, so the result is the same to the last bit as one from scratch.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from gradstudio.engine.program import as_value, walk
from gradstudio.engine.shapes import alone, failed, shapes_of
from gradstudio.engine.tracing import pushed, summed
from gradstudio.errors import GradStudioError, GraphError, OpError, mark
from gradstudio.graph import Graph, Node, leaf_value
from gradstudio.ops import Array, Shape, shape_text, unbroadcast

Mode = Literal["reverse", "forward"]


@dataclass(frozen=True)
class Evaluation:
    """All numbers of one graph.

    Args:
        graph: what was evaluated.
        mode: whether gradients or tangents were asked.
        direction: in forward mode, how fast each entry of the leaves that move does.
        output: the node whose gradient the others have; None where there is no one output.
        order: every node, each after what it needs: first all the output depends on.
        shapes: of every node whose shape is known.
        values: of every node that has one; arrays, or NumPy scalars for shape ().
        grads: d output / d node, for the nodes that have one: the sum over the node's edges.
        edge_grads: what flows back along the edge into (target, port).
        tangents: in forward mode, how fast each node moves as the leaves move along `direction`.
        errors: why a node has no value; nodes after it have neither value nor error.
        warnings: the nodes that turned finite inputs into inf or nan, and why.
        no_gradient: why there are no gradients; None where there are.
        backward: the nodes in the order the backward pass visits them.
        moving: of those the output depends on, the nodes that depend on an input or a parameter.
    """

    graph: Graph
    mode: Mode
    direction: Mapping[str, Array]
    output: str | None
    order: tuple[str, ...]
    shapes: Mapping[str, Shape]
    values: Mapping[str, Array]
    errors: Mapping[str, GradStudioError]
    warnings: Mapping[str, GradStudioError]
    grads: Mapping[str, Array] = field(default_factory=dict)
    edge_grads: Mapping[tuple[str, int], Array] = field(default_factory=dict)
    tangents: Mapping[str, Array] = field(default_factory=dict)
    no_gradient: GradStudioError | None = None
    backward: tuple[str, ...] = ()
    moving: frozenset[str] = frozenset()

    @property
    def steps(self) -> tuple[str, ...]:
        """The order without the constants, which take part in no derivative."""
        nodes = self.graph.nodes
        return tuple(name for name in self.order if nodes[name].op != "constant")

    def reason_for(self, name: str) -> GradStudioError:
        """Return why the node `name` has no value: the first error on the way to it."""
        for one in walk(self.graph, (name,)):
            if one in self.errors:
                return self.errors[one]
        return GraphError(mark("core", "{node} has no value"), node=name)


def evaluate(
    graph: Graph,
    *,
    previous: Evaluation | None = None,
    mode: Mode = "reverse",
    wrt: str | Mapping[str, npt.ArrayLike] | None = None,
    output: str | None = None,
) -> Evaluation:
    """Compute every value of `graph`, and every gradient of its output (or every tangent).

    Args:
        graph: any graph, finished or not.
        previous: an earlier evaluation to take over from.
        mode: `reverse` for gradients, `forward` for tangents.
        wrt: in forward mode what moves: a leaf, all of it at speed 1, or the speed of each of
            several, an array of its shape (or a number for all its entries); every input and
            parameter at speed 1 where nothing is said. A wrong one is said in `no_gradient`.
            In reverse mode nothing moves, and gradients are by everything.
        output: the output, where the graph's own is not meant.

    Raises:
        GradStudioError: there is no such mode, or `wrt` is given in reverse mode; whatever is
            wrong with the graph raises nothing.

    Example:
        >>> found = gs.evaluate(gs.parse("f = sum(x * w)", values={"x": [1, 2], "w": [3, 4]}))
        >>> float(found.values["f"]), found.grads["w"].tolist()
        (11.0, [1.0, 2.0])
        >>> unfinished = gs.evaluate(gs.parse("f = sum(x * w)", values={"x": [1, 2]}))
        >>> print(unfinished.reason_for("f"))
        w has no value yet
    """
    if mode not in get_args(Mode):
        template = mark("core", "there is no mode “{mode}”; the modes are: {modes}")
        raise GradStudioError(template, mode=mode, modes=", ".join(get_args(Mode)))
    if wrt is not None and mode == "reverse":
        raise GradStudioError(
            mark("core", "wrt says what moves in forward mode; reverse mode takes none")
        )
    wanted, reason = _output(graph, output)
    if (
        previous is not None
        and previous.graph.nodes is graph.nodes
        and (previous.mode, mode, previous.output) == ("reverse", "reverse", wanted)
    ):
        return replace(previous, graph=graph)
    if previous is not None and mode == "reverse" and _differs_in_numbers(previous, graph, wanted):
        # As while a leaf is dragged: order and shapes need not be found again.
        known = _unchanged(graph, previous)
        values, warnings = _values(graph, previous.order, previous.shapes, {}, known, previous)
        if len(values) == len(previous.order):
            found = replace(previous, graph=graph, values=values, warnings=warnings)
            return _with_gradients(found, known, previous)
    ends = graph.outputs() if wanted is None else (wanted, *graph.outputs())
    order = tuple(walk(graph, (*ends, *graph.nodes)))
    shapes, errors, known = shapes_of(graph, order, previous)
    values, warnings = _values(graph, order, shapes, errors, known, previous)
    found = Evaluation(
        graph, mode, {}, wanted, order, shapes, values, errors, warnings, no_gradient=reason
    )
    if mode == "forward":
        return _with_tangents(found, wrt)
    return _with_gradients(found, known, previous)


def alike(before: Graph, after: Graph) -> bool:
    """Return whether two graphs differ in nothing but numbers: the shapes are the same."""
    if before.nodes is after.nodes:
        return True
    if before.nodes.keys() != after.nodes.keys():
        return False
    olds = before.nodes
    for name, node in after.nodes.items():
        old = olds[name]
        if old is not node and (
            old.value is None
            or node.value is None
            or old.value.shape != node.value.shape
            or old.op != node.op
        ):
            return False
    return True


def _differs_in_numbers(previous: Evaluation, graph: Graph, wanted: str | None) -> bool:
    """Whether `previous` is whole, and of a graph that differs in nothing but numbers."""
    return (
        previous.mode == "reverse"
        and wanted is not None
        and previous.output == wanted
        and not previous.errors
        and previous.no_gradient is None
        and alike(previous.graph, graph)
        and list(previous.graph.nodes) == list(graph.nodes)
    )


def _unchanged(graph: Graph, previous: Evaluation) -> set[str]:
    """Return the nodes `previous` holds the very same results for."""
    nodes, before = graph.nodes, previous.graph.nodes
    known: set[str] = set()
    for name in previous.order:
        node = nodes[name]
        if before[name] is node and known.issuperset(node.inputs):
            known.add(name)
    return known


def connected(node: Node) -> tuple[str, ...]:
    """Return the inputs of a node that is known to have no free port."""
    return node.inputs  # type: ignore[return-value] # no port is free; a cast takes its time


def _output(graph: Graph, wanted: str | None) -> tuple[str | None, GradStudioError | None]:
    try:
        return graph.output_of(wanted), None
    except GraphError as reason:
        return None, alone(reason)


def _no_memory(name: str, node: Node) -> GraphError:
    return GraphError(
        mark("core", "{node} ({op}): there is not enough memory for it"), node=name, op=node.op
    )


def _values(
    graph: Graph,
    order: tuple[str, ...],
    shapes: Mapping[str, Shape],
    errors: dict[str, GradStudioError],
    known: set[str],
    previous: Evaluation | None,
) -> tuple[dict[str, Array], dict[str, GradStudioError]]:
    """Compute the values of the nodes that have a shape; adds to `errors` what goes wrong."""
    nodes = graph.nodes
    values: dict[str, Array] = {}
    warnings: dict[str, GradStudioError] = {}
    with np.errstate(all="ignore"):
        for name in order:
            if name in known and previous is not None:
                if name in previous.values:
                    values[name] = previous.values[name]
                if name in previous.warnings:
                    warnings[name] = previous.warnings[name]
                continue
            if name not in shapes:
                continue
            node = nodes[name]
            if node.value is not None:
                values[name] = as_value(node.value)
                continue
            try:
                inputs = [values[source] for source in connected(node)]
            except KeyError:
                continue
            try:
                out = node.rules.forward(*inputs, **node.settings)
            except OpError as wrong:
                errors[name] = failed(graph, name, wrong)
                continue
            except MemoryError:
                errors[name] = _no_memory(name, node)
                continue
            values[name] = out
            if not is_finite(out) and all(map(is_finite, inputs)):
                warnings[name] = _not_finite(name, node, inputs, out)
    return values, warnings


def is_finite(value: Any) -> bool:
    """Return whether every entry is a finite number."""
    if value.ndim:
        return bool(np.isfinite(value).all())
    return math.isfinite(value)


def _not_finite(name: str, node: Node, inputs: list[Any], out: Any) -> GraphError:
    defined = np.all(node.rules.defined(*inputs, **node.settings))
    why = mark("core", "the result is too large for a number")
    return GraphError(
        mark("core", "{node} ({op}) is {what}: {why}"),
        node=name,
        op=node.op,
        what="nan" if np.isnan(out).any() else "inf",
        why=GradStudioError(why if defined else node.rules.undefined),
    )


def _steep(name: str, node: Node, port: int) -> GraphError:
    return GraphError(
        mark("core", "{node} ({op}): the gradient of its input {port} is not finite here"),
        node=name,
        op=node.op,
        port=node.rules.ports(len(node.inputs))[port],
    )


def _with_gradients(found: Evaluation, known: set[str], previous: Evaluation | None) -> Evaluation:
    """Return `found` with the gradient of its output at every node and edge that has one."""
    graph, values, output = found.graph, found.values, found.output
    if output is None:
        return found
    shapes, nodes = found.shapes, graph.nodes
    upstream = found.order[: found.order.index(output) + 1]
    # Taken over where nothing but numbers differs.
    moving = found.moving or _moving(graph, upstream)
    reason = _no_gradient(found, upstream, moving)
    if reason is not None:
        return replace(found, no_gradient=reason)
    before = previous if previous is not None and previous.output == output else None
    grads: dict[str, Array] = {}
    edge_grads: dict[tuple[str, int], Array] = {}
    backward: list[str] = []
    warnings = dict(found.warnings)
    parts: dict[str, list[Any]] = {
        output: [_seed(shapes[output], None if before is None else before.grads.get(output))]
    }
    with np.errstate(all="ignore"):
        for name in reversed(upstream):
            if name not in parts:
                continue
            g = summed(parts.pop(name))
            old = before.grads.get(name) if before is not None and name in known else None
            if old is not None and (g is old or _same(g, old)):
                g = old
            grads[name] = g
            backward.append(name)
            node = nodes[name]
            inputs = connected(node)
            if not inputs:
                continue
            try:
                pulled = (
                    node.rules.vjp(
                        g, values[name], *[values[one] for one in inputs], **node.settings
                    )
                    if before is None or g is not old
                    else [before.edge_grads.get((name, port)) for port in range(len(inputs))]
                )
            except OpError as wrong:
                # Only a backward formula of the document's own can fail where forward did not.
                warnings[name] = failed(graph, name, wrong)
                continue
            except MemoryError:
                warnings[name] = _no_memory(name, node)
                continue
            for port, (source, part) in enumerate(zip(inputs, pulled, strict=True)):
                if part is not None and source in moving:
                    part = unbroadcast(part, shapes[source])
                    edge_grads[name, port] = part
                    if not is_finite(part) and name not in warnings:
                        seen = (g, values[name], *(values[one] for one in inputs))
                        if all(map(is_finite, seen)):
                            warnings[name] = _steep(name, node, port)
                    parts.setdefault(source, []).append(part)
    return replace(
        found,
        grads=grads,
        edge_grads=edge_grads,
        backward=tuple(backward),
        warnings=warnings,
        moving=moving,
    )


def _seed(shape: Shape, before: Array | None) -> Any:
    """Return the gradient of the output by itself; the earlier one if it still fits."""
    return before if before is not None and before.shape == shape else np.ones(shape)[()]


def _same(new: Any, old: Any) -> bool:
    """Return whether two results are equal bit by bit (so -0.0 is not 0.0, and nan is nan)."""
    if new.shape != old.shape:
        return False
    if not new.shape and new != old and (new == new or old == old):
        # Two numbers that differ and are not both nan: the commonest case, and told sooner.
        return False
    return bool(new.tobytes() == old.tobytes())


def _moving(graph: Graph, upstream: tuple[str, ...]) -> frozenset[str]:
    nodes = graph.nodes
    leaves = [name for name in upstream if nodes[name].is_leaf and nodes[name].op != "constant"]
    return frozenset(depends(graph, upstream, leaves))


def depends(graph: Graph, order: Iterable[str], leaves: Iterable[str]) -> set[str]:
    """Return the nodes of `order` that depend on one of `leaves`, these among them."""
    moving = set(leaves)
    nodes = graph.nodes
    for name in order:
        if not moving.isdisjoint(nodes[name].inputs):
            moving.add(name)
    return moving


def _no_gradient(
    found: Evaluation, upstream: tuple[str, ...], moving: frozenset[str]
) -> GradStudioError | None:
    output = found.output
    if output is None:
        return found.no_gradient
    if output not in found.values:
        return found.reason_for(output)
    shape = found.shapes[output]
    if math.prod(shape) != 1:
        return GraphError(
            mark(
                "core",
                "the output {node} is {shape}, and only one number has a gradient: put sum or "
                "mean after it",
            ),
            node=output,
            shape=shape_text(shape),
        )
    if output not in moving:
        return GraphError(
            mark("core", "the output {node} depends on no input and no parameter"), node=output
        )
    return None


def _with_tangents(found: Evaluation, wrt: str | Mapping[str, npt.ArrayLike] | None) -> Evaluation:
    """Return `found` with the tangent of every value as the leaves move."""
    graph, values = found.graph, found.values
    try:
        direction = _direction(found, wrt)
    except GradStudioError as reason:
        return replace(found, no_gradient=alone(reason))
    moved: dict[str, Any] = {name: speed[()] for name, speed in direction.items()}
    with np.errstate(all="ignore"):
        for name in found.order:
            node = graph.nodes[name]
            if name not in values or not node.inputs:
                continue
            incoming = [moved.get(source) for source in connected(node)]
            if any(t is not None for t in incoming):
                inputs = [values[source] for source in connected(node)]
                out = pushed(node.rules, incoming, values[name], inputs, node.settings)
                if out is not None:
                    moved[name] = out
    tangents = {
        name: moved[name] if name in moved else np.zeros(found.shapes[name])[()] for name in values
    }
    return replace(found, direction=direction, tangents=tangents, no_gradient=None)


def _direction(
    found: Evaluation, wrt: str | Mapping[str, npt.ArrayLike] | None
) -> dict[str, Array]:
    """Return the speed of every entry of every leaf that moves.

    Raises:
        GradStudioError: what is to move is no leaf, has no value, or has another shape.
    """
    nodes = found.graph.nodes
    if wrt is None:
        wrt = {
            name: 1.0
            for name in found.order
            if nodes[name].op in ("input", "parameter") and name in found.values
        }
    given: Mapping[str, npt.ArrayLike] = {wrt: 1.0} if isinstance(wrt, str) else wrt
    direction = {}
    for name, speed in given.items():
        if name not in nodes or not nodes[name].is_leaf:
            raise GraphError(
                mark("core", "forward mode asks which leaf moves; “{wrt}” is none"), wrt=name
            )
        if name not in found.values:
            raise found.errors[name]
        array, shape = leaf_value(speed, name), found.shapes[name]
        if array.shape not in ((), shape):
            raise GraphError(
                mark("core", "{node} has shape {shape} and its vector {given}"),
                node=name,
                shape=shape_text(shape),
                given=shape_text(array.shape),
            )
        direction[name] = np.full(shape, array)
    if not direction:
        raise GraphError(mark("core", "there is no input and no parameter that could move"))
    return direction
