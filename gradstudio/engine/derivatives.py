"""Derivatives as graphs: the adjoint nodes of reverse AD, added to the graph they belong to.

Backpropagation walks a graph backward and leaves numbers on it; reverse AD adds nodes that compute
those numbers, and so can be asked again for the gradient of a gradient.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.program import Program, program_of
from gradstudio.engine.simplify import Rewrites, simplified
from gradstudio.engine.tracing import adjoint, adjoint_name, tangent
from gradstudio.errors import GraphError, mark
from gradstudio.graph import Graph, Node, leaf_value
from gradstudio.naming import Numbering
from gradstudio.ops import Array, Shape, shape_text


def grad(
    graph: Graph,
    output: str | None = None,
    wrt: str | Iterable[str] | None = None,
    *,
    rewrites: Rewrites | None = None,
) -> Graph:
    """Return the graph with the nodes added that compute the gradient of `output`.

    The gradient by `x` of `f` is the node `df_dx`; on the way to it, what is the adjoint of a node
    is named after it in the same way. What the gradient does not need is not added.

    Args:
        graph: every leaf upstream of the output needs a value, for its shape.
        output: a node of one number; the graph's output where nothing is said.
        wrt: the leaves to differentiate by; all inputs and parameters where nothing is said.
        rewrites: how the added nodes are simplified.

    Returns:
        An ordinary graph; its output is `output`, so that it can be differentiated again by
        naming one of its gradient nodes as the output.

    Raises:
        GradStudioError: there is no gradient to compute, or one of `wrt` is no leaf that `output`
            depends on; the message names the node.

    Example:
        >>> slope = gs.grad(gs.parse("f = x ** 3", values={"x": 2}))
        >>> float(gs.evaluate(slope).values["df_dx"])
        12.0
    """
    wanted = graph.output_of(output)
    names, shapes = _arguments(graph, wanted, wrt)
    base = program_of(graph, wanted, shapes)
    program = simplified(adjoint(base, names, shapes), shapes, rewrites)
    return _with_nodes(graph, wanted, names, base, program)


def hvp(
    graph: Graph,
    vectors: Mapping[str, npt.ArrayLike],
    output: str | None = None,
) -> dict[str, Array]:
    """Return the product of the Hessian of `output` with a vector, without building the Hessian.

    The gradient program is pushed forward along the vector: forward over reverse, at a small
    multiple of the cost of the function (Pearlmutter 1994, “Fast exact multiplication by the
    Hessian”).

    Args:
        graph: every leaf upstream of the output needs a value.
        vectors: for each leaf differentiated by, an array of its shape.
        output: a node of one number; the graph's output where nothing is said.

    Returns:
        For each leaf of `vectors` the product's part, of the leaf's shape.

    Raises:
        GradStudioError: as `grad`; or a vector has not the shape of its leaf.

    Example:
        >>> graph = gs.parse("f = sum(x ** 3)", values={"x": [1, 2]})
        >>> gs.hvp(graph, {"x": [1, 1]})["x"].tolist()
        [6.0, 12.0]
    """
    wanted = graph.output_of(output)
    names, shapes = _arguments(graph, wanted, tuple(vectors))
    directions = {name: leaf_value(vectors[name], name) for name in names}
    for name, direction in directions.items():
        if direction.shape != shapes[name]:
            raise GraphError(
                mark("core", "{node} has shape {shape} and its vector {given}"),
                node=name,
                shape=shape_text(shapes[name]),
                given=shape_text(direction.shape),
            )
    program = tangent(adjoint(program_of(graph, wanted, shapes), names, shapes), names, shapes)
    values = {name: np.asarray(graph.nodes[name].value) for name in shapes}
    slots = program.run(values | {f"d_{name}": directions[name] for name in names})
    moved = program.results[len(program.results) // 2 + 1 :]
    return {name: np.asarray(slots[slot]) for name, slot in zip(names, moved, strict=True)}


def _arguments(
    graph: Graph, output: str, wrt: str | Iterable[str] | None
) -> tuple[tuple[str, ...], dict[str, Shape]]:
    """Return the leaves to differentiate by, and the shape of every leaf that is no constant."""
    found = evaluate(graph, output=output)
    if found.no_gradient is not None:
        raise found.no_gradient
    leaves = {
        name: found.shapes[name]
        for name in found.order[: found.order.index(output) + 1]
        if graph.nodes[name].is_leaf and graph.nodes[name].op != "constant"
    }
    if wrt is None:
        return tuple(name for name in leaves if name in found.grads), leaves
    names = (wrt,) if isinstance(wrt, str) else tuple(wrt)
    for name in names:
        if name not in leaves:
            graph.node(name)
            raise GraphError(
                mark("core", "{node} is no input or parameter that {output} depends on"),
                node=name,
                output=output,
            )
    return names, leaves


def _with_nodes(
    graph: Graph, output: str, wrt: tuple[str, ...], base: Program, program: Program
) -> Graph:
    """Return `graph` with the equations of `program` it does not have yet as nodes."""
    own = set(base.names)
    name_of = {slot: name for name, slot in program.names.items() if name not in own}
    name_of |= {slot: name for name, slot in program.names.items() if name in own}
    nodes: dict[str, Node] = dict(graph.nodes)
    free = Numbering(nodes, program.names)
    fixed: dict[tuple[Shape, bytes], str] = {}

    def named(slot: int) -> str:
        """Return the node of a slot, making one for a constant."""
        name = name_of.get(slot)
        if name is not None and name in nodes:
            return name
        value = leaf_value(program.constants[slot], name)
        key = (value.shape, value.tobytes())
        if key not in fixed:
            fixed[key] = name or free.next("c")
            nodes[fixed[key]] = Node("constant", value=value)
        name_of[slot] = fixed[key]
        return fixed[key]

    for equation in program.equations:
        name = name_of.get(equation.output)
        if name is not None and name in graph.nodes:
            continue
        inputs = tuple(named(slot) for slot in equation.inputs)
        name = name_of.setdefault(equation.output, name or free.next(equation.op.name))
        nodes[name] = Node(equation.op.name, inputs, equation.settings)
    for name, slot in zip(wrt, program.results[1:], strict=True):
        wanted = adjoint_name(output, name)
        if named(slot) != wanted and wanted not in nodes:
            nodes[wanted] = Node("identity", (named(slot),))
    return replace(graph, nodes=nodes, output=output)
