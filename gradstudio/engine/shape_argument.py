"""“The only way the shapes work out”, looked at closely: which products fit, and which is right.

For a product z = x @ y of matrices the gradient of one input is made of the upstream gradient g
and the other input. There are eight ways to multiply the two, transposed or not; mostly one has the
right shape, and it is the right one. Where sizes are equal more than one fits, and shapes alone
decide nothing: a 2×2 witness then shows the right one by its numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gradstudio.engine.evaluate import Evaluation, connected
from gradstudio.ops import REGISTRY, Array, Shape


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to multiply the pieces.

    Args:
        product: in symbols, `g @ yᵀ`.
        shapes: of the two factors as they stand.
        shape: of the result; None where the inner sizes differ.
        fits: whether the result has the shape of the input.
        right: whether it is the gradient.
    """

    product: str
    shapes: tuple[Shape, Shape]
    shape: Shape | None
    fits: bool
    right: bool


@dataclass(frozen=True)
class Witness:
    """Two 2×2 matrices on which every product of the pieces differs.

    Args:
        g: the upstream gradient.
        other: the other input.
        products: what each candidate that fits gives.
        gradient: what the gradient is, entry by entry from its definition.
    """

    g: Array
    other: Array
    products: Mapping[str, Array]
    gradient: Array


@dataclass(frozen=True)
class ShapeArgument:
    """The argument for one input of one product.

    Args:
        port: the input.
        wanted: its shape, and so its gradient's.
        upstream: the shape of g.
        candidates: every product of the pieces.
        witness: where more than one fits.
    """

    port: str
    wanted: Shape
    upstream: Shape
    candidates: tuple[Candidate, ...]
    witness: Witness | None

    @property
    def decides(self) -> bool:
        """Whether the shapes alone leave one product."""
        return self.witness is None


@dataclass(frozen=True, slots=True)
class BroadcastArgument:
    """Why a gradient is summed: the input was repeated, and every copy sends its share back.

    Args:
        port: the input.
        shape: its shape.
        upstream: the shape of the result, and so of g.
        axes: the axes of g that are summed over.
    """

    port: str
    shape: Shape
    upstream: Shape
    axes: tuple[int, ...]


def shape_argument(evaluation: Evaluation, name: str, port: int) -> ShapeArgument | None:
    """Return the argument for input `port` of the matmul `name`.

    None where the node is no product of two matrices, or has no shape yet.

    Args:
        evaluation: of the graph.
        name: the product: (n, k) and (k, m) give (n, m).
        port: 0 or 1, the input whose gradient is asked.

    Raises:
        GraphError: there is no such node or port.

    Example:
        >>> graph = gs.parse("f = sum(x @ w)", values={"x": [[1, 2, 3]], "w": [[1], [2], [3]]})
        >>> argument = gs.shape_argument(gs.evaluate(graph), "matmul1", 1)
        >>> [one.product for one in argument.candidates if one.fits and one.right]
        ['xᵀ @ g']
    """
    evaluation.graph.check_port(name, port)
    node = evaluation.graph.nodes[name]
    if node.op != "matmul" or node.muted or name not in evaluation.shapes:
        return None
    x, y = (evaluation.shapes[source] for source in connected(node))
    if len(x) != 2 or len(y) != 2:
        return None
    wanted, other = ((x, y), (y, x))[port]
    letter = "yx"[port]
    upstream = evaluation.shapes[name]
    right = ("g @ yᵀ", "xᵀ @ g")[port]
    candidates = tuple(
        _candidate(product, factors, wanted, right)
        for product, factors in _products(letter, upstream, other).items()
    )
    witness = _witness(port, letter, candidates) if _several(candidates) else None
    return ShapeArgument("xy"[port], wanted, upstream, candidates, witness)


def broadcast_argument(evaluation: Evaluation, name: str, port: int) -> BroadcastArgument | None:
    """Return why the gradient of input `port` of `name` is summed; None where it is not.

    Args:
        evaluation: of the graph.
        name: a node whose op works entry by entry; for any other there is no such argument.
        port: the number of the input.

    Raises:
        GraphError: there is no such node or port.

    Example:
        >>> graph = gs.parse("f = sum(x + b)", values={"x": [[1, 2], [3, 4], [5, 6]], "b": [1, 1]})
        >>> gs.broadcast_argument(gs.evaluate(graph), "add1", 1).axes
        (0,)
    """
    evaluation.graph.check_port(name, port)
    node = evaluation.graph.nodes[name]
    if not node.rules.local or node.muted or name not in evaluation.shapes:
        return None
    shape = evaluation.shapes[connected(node)[port]]
    upstream = evaluation.shapes[name]
    if shape == upstream:
        return None
    lead = len(upstream) - len(shape)
    axes = tuple(
        axis
        for axis, size in enumerate(upstream)
        if axis < lead or (shape[axis - lead] == 1 and size != 1)
    )
    return BroadcastArgument(node.rules.inputs[port], shape, upstream, axes)


def _products(letter: str, g: Shape, other: Shape) -> dict[str, tuple[Shape, Shape]]:
    found = {}
    for left, right in (("g", letter), (letter, "g")):
        for flip_left in (False, True):
            for flip_right in (False, True):
                sizes = {"g": g, letter: other}
                first = sizes[left][::-1] if flip_left else sizes[left]
                second = sizes[right][::-1] if flip_right else sizes[right]
                text = f"{left}{'ᵀ' * flip_left} @ {right}{'ᵀ' * flip_right}"
                found[text] = (first, second)
    return found


def _candidate(product: str, factors: tuple[Shape, Shape], wanted: Shape, right: str) -> Candidate:
    (rows, inner), (other_inner, columns) = factors
    shape = (rows, columns) if inner == other_inner else None
    return Candidate(product, factors, shape, shape == wanted, product == right)


def _several(candidates: tuple[Candidate, ...]) -> bool:
    return sum(candidate.fits for candidate in candidates) > 1


def _witness(port: int, letter: str, candidates: tuple[Candidate, ...]) -> Witness:
    g, other = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[1.0, 3.0], [0.0, 2.0]])
    pieces = {"g": g, "gᵀ": g.T, letter: other, f"{letter}ᵀ": other.T}
    products = {}
    for candidate in candidates:
        if candidate.fits:
            left, right = candidate.product.split(" @ ")
            products[candidate.product] = pieces[left] @ pieces[right]
    return Witness(g, other, products, _by_definition(port, g, other))


def _by_definition(port: int, g: Array, other: Array) -> Array:
    """Return ∂(Σ g·z)/∂x entry by entry: z is linear in it, so each is one product's change."""
    forward = REGISTRY["matmul"].forward
    gradient = np.zeros((2, 2))
    for entry in np.ndindex(2, 2):
        unit = np.zeros((2, 2))
        unit[entry] = 1.0
        change = forward(unit, other) if port == 0 else forward(other, unit)
        gradient[entry] = np.sum(g * change)
    return gradient
