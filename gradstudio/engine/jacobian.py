"""Jacobians, which a backward pass never builds: written out, their pattern, and what it costs.

A Jacobian of a value of m numbers by one of n is an (m, n) matrix. It is built row by row in
reverse mode or column by column in forward mode, whichever takes fewer passes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gradstudio.engine.evaluate import Evaluation, connected
from gradstudio.engine.program import program_of
from gradstudio.engine.schedule import ITEM_BYTES, needs
from gradstudio.engine.tracing import adjoint, tangent
from gradstudio.errors import GraphError, mark
from gradstudio.ops import Array, Shape, shape_text, unbroadcast

LARGEST_ENTRIES = 4_000_000
"""A matrix of more entries is not written out; its size is still told."""

Pattern = Literal[
    "zero", "diagonal", "permutation", "one entry a row", "block diagonal", "sparse", "dense"
]


@dataclass(frozen=True)
class Jacobian:
    """One Jacobian, explicit and implicit.

    Args:
        of: the node differentiated.
        by: the node it is differentiated by.
        port: the input in question, where it is the local Jacobian of one node; else None.
        matrix: (m, n), row-major entries of `of` by row-major entries of `by`.
        of_shape: m entries.
        by_shape: n entries.
        pattern: where its entries are not zero.
        density: the share of entries that are not zero.
        mode: how it was built.
        passes: in how many passes.
        product: what the backward pass computes instead, in symbols; empty for a whole path.
        explicit_bytes: what the matrix takes.
        implicit_bytes: what the backward pass keeps and makes instead: the values its rule reads,
            and the gradient that results.
    """

    of: str
    by: str
    port: str | None
    matrix: Array
    of_shape: Shape
    by_shape: Shape
    pattern: Pattern
    density: float
    mode: Literal["reverse", "forward"]
    passes: int
    product: str
    explicit_bytes: int
    implicit_bytes: int

    @property
    def tensor(self) -> Array:
        """The same numbers with the axes of `of`, then those of `by`."""
        return self.matrix.reshape(self.of_shape + self.by_shape)


def local_jacobian(evaluation: Evaluation, name: str, port: int) -> Jacobian:
    """Return the Jacobian of one node by one of its inputs, the others held still.

    Args:
        evaluation: of the graph.
        name: the node.
        port: the number of the input.

    Returns:
        A row for each entry of the node and a column for each of the input, both flattened:
        (n, k) for a node of n numbers and an input of k; `tensor` has their own axes.

    Raises:
        GradStudioError: the node has no value, is a leaf, or passes no gradient to that input; or
            the matrix has more than `LARGEST_ENTRIES` entries.

    Example:
        >>> graph = gs.parse("f = sum(x * x)", values={"x": [1, 2, 3]})
        >>> gs.local_jacobian(gs.evaluate(graph), "f", 0).matrix.tolist()
        [[1.0, 1.0, 1.0]]
    """
    graph = evaluation.graph
    node = graph.node(name)
    ports = node.rules.ports(len(node.inputs))
    if not 0 <= port < len(node.inputs) or name not in evaluation.values:
        raise evaluation.errors.get(name) or GraphError(
            mark("core", "{node} has no value to differentiate at its input {port}"),
            node=name,
            port=ports[port] if port < len(ports) else port,
        )
    sources = connected(node)
    inputs = [evaluation.values[source] for source in sources]
    out = evaluation.values[name]
    by_shape, of_shape = inputs[port].shape, out.shape
    rules, settings = node.rules, node.settings

    def pull(seed: Any) -> Any:
        return rules.vjp(seed, out, *inputs, **settings)[port]

    def push(direction: Any) -> Any:
        return rules.jvp(port, direction, out, *inputs, **settings)

    if pull(np.zeros(of_shape)[()]) is None:
        raise GraphError(
            mark("core", "{node} has no derivative by its input {port}"),
            node=name,
            port=ports[port],
        )
    matrix, mode = _built(name, pull, push, of_shape, by_shape)
    shapes = tuple(evaluation.shapes[source] for source in sources)
    kept = {name if at == 0 else sources[at - 1] for at in needs(rules, shapes, settings, (port,))}
    explain_as = rules.downstream or tuple(
        "g" if symbol == "1" else f"g · {symbol}" for symbol in rules.local
    )
    return _jacobian(
        of=name,
        by=sources[port],
        port=ports[port],
        matrix=matrix,
        of_shape=of_shape,
        by_shape=by_shape,
        mode=mode,
        product=explain_as[min(port, len(explain_as) - 1)],
        implicit=sum(math.prod(evaluation.shapes[one]) for one in kept) + math.prod(by_shape),
    )


def jacobian(evaluation: Evaluation, wrt: str, output: str | None = None) -> Jacobian:
    """Return the Jacobian of a node by a leaf, along every path between them.

    It takes one pass for each row or for each column, whichever are fewer (Griewank, Walther 2008,
    “Evaluating Derivatives”, chapter 3).

    Args:
        evaluation: of the graph.
        wrt: the leaf.
        output: the node, of any shape; the evaluation's output where nothing is said.

    Returns:
        As `local_jacobian`: (n, k) for a node of n numbers and a leaf of k.

    Raises:
        GradStudioError: the output or the leaf has no value, `wrt` is no leaf it depends on, or
            the matrix has more than `LARGEST_ENTRIES` entries.

    Example:
        >>> graph = gs.parse("y = x * x", values={"x": [1, 2, 3]})
        >>> found = gs.jacobian(gs.evaluate(graph), "x", "y")
        >>> found.pattern, found.matrix.diagonal().tolist()
        ('diagonal', [2.0, 4.0, 6.0])
    """
    graph = evaluation.graph
    wanted = graph.output_of(output or evaluation.output)
    program = program_of(graph, wanted, [wrt])
    if wrt not in program.arguments or not graph.nodes[wrt].is_leaf:
        graph.node(wrt)
        raise GraphError(
            mark("core", "{node} is no input or parameter that {output} depends on"),
            node=wrt,
            output=wanted,
        )
    if wanted not in evaluation.values:
        raise evaluation.reason_for(wanted)
    value = evaluation.values[wrt]
    by_shape, of_shape = value.shape, evaluation.shapes[wanted]
    backward = adjoint(program, (wrt,), {wrt: by_shape}, seed="g")
    forward = tangent(program, (wrt,), {wrt: by_shape})

    def pull(seed: Any) -> Any:
        return backward.run({wrt: value, "g": seed})[backward.results[1]]

    def push(direction: Any) -> Any:
        return forward.run({wrt: value, f"d_{wrt}": direction})[forward.results[1]]

    matrix, mode = _built(wanted, pull, push, of_shape, by_shape)
    return _jacobian(
        of=wanted,
        by=wrt,
        port=None,
        matrix=matrix,
        of_shape=of_shape,
        by_shape=by_shape,
        mode=mode,
        product="",
        implicit=math.prod(by_shape),
    )


def _jacobian(*, implicit: int, matrix: Array, mode: Any, **facts: Any) -> Jacobian:
    nonzero = int(np.count_nonzero(matrix))
    return Jacobian(
        matrix=matrix,
        pattern=_pattern(matrix),
        density=nonzero / matrix.size if matrix.size else 0.0,
        mode=mode,
        passes=matrix.shape[0] if mode == "reverse" else matrix.shape[1],
        explicit_bytes=matrix.size * ITEM_BYTES,
        implicit_bytes=implicit * ITEM_BYTES,
        **facts,
    )


def _built(
    name: str,
    pull: Callable[[Any], Any],
    push: Callable[[Any], Any],
    of_shape: Shape,
    by_shape: Shape,
) -> tuple[Array, Literal["reverse", "forward"]]:
    rows, columns = math.prod(of_shape), math.prod(by_shape)
    if rows * columns > LARGEST_ENTRIES:
        raise GraphError(
            mark(
                "core",
                "the Jacobian of {node} {of} by {by} has {entries} entries, {size:.1f} GiB: it is "
                "not written out",
            ),
            node=name,
            of=shape_text(of_shape),
            by=shape_text(by_shape),
            entries=rows * columns,
            size=rows * columns * ITEM_BYTES / 2**30,
        )
    matrix = np.zeros((rows, columns))
    with np.errstate(all="ignore"):
        if rows <= columns:
            for row in range(rows):
                pulled = pull(_unit(of_shape, row))
                matrix[row] = np.reshape(unbroadcast(pulled, by_shape), -1)
            return matrix, "reverse"
        for column in range(columns):
            pushed = push(_unit(by_shape, column))
            if pushed is not None:
                matrix[:, column] = np.reshape(unbroadcast(pushed, of_shape), -1)
    return matrix, "forward"


def _unit(shape: Shape, at: int) -> Any:
    unit = np.zeros(shape)
    unit.reshape(-1)[at] = 1.0
    return unit[()]


def _pattern(matrix: Array) -> Pattern:
    """Name where the entries of a matrix are not zero."""
    filled = matrix != 0
    rows, columns = matrix.shape
    if not filled.any():
        return "zero"
    if filled.all() and matrix.size > 1:
        return "dense"
    if rows == columns and not filled[~np.eye(rows, dtype=bool)].any():
        return "diagonal"
    a_row = filled.sum(axis=1)
    if (a_row <= 1).all():
        is_one = bool(np.isin(matrix, (0.0, 1.0)).all())
        return "permutation" if is_one and (filled.sum(axis=0) <= 1).all() else "one entry a row"
    return "block diagonal" if _is_block_diagonal(filled) else "sparse"


def _is_block_diagonal(filled: Array) -> bool:
    """Whether the matrix is more than one full block of equal size along the diagonal."""
    rows, columns = filled.shape
    width = int(filled[0].sum())
    height = int(filled[:, 0].sum())
    if not width or not height or width == columns or rows % height or columns % width:
        return False
    blocks = np.kron(np.eye(rows // height, dtype=bool), np.ones((height, width), dtype=bool))
    return blocks.shape == filled.shape and bool((blocks == filled).all())
