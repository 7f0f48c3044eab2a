"""The shape argument: it leaves one product where sizes differ, and a witness where they do not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.shape_argument import broadcast_argument, shape_argument
from gradstudio.errors import GraphError
from gradstudio.graph import Graph


def product(x: tuple[int, ...], y: tuple[int, ...]) -> Graph:
    return (
        Graph()
        .add("X", "input", value=np.ones(x))
        .add("W", "parameter", value=np.ones(y))
        .add("Z", "matmul", ["X", "W"])
        .add("f", "sum", ["Z"])
    )


@pytest.mark.parametrize(("port", "right"), [(0, "g @ yᵀ"), (1, "xᵀ @ g")])
def test_with_sizes_that_differ_one_product_fits_and_is_right(port: int, right: str) -> None:
    argument = shape_argument(evaluate(product((5, 3), (3, 4))), "Z", port)
    assert argument is not None
    assert argument.decides
    assert len(argument.candidates) == 8
    fitting = [candidate for candidate in argument.candidates if candidate.fits]
    assert [candidate.product for candidate in fitting] == [right]
    assert fitting[0].right
    assert fitting[0].shape == argument.wanted == ((5, 3), (3, 4))[port]


@pytest.mark.parametrize("port", [0, 1])
def test_with_square_matrices_a_witness_decides(port: int) -> None:
    argument = shape_argument(evaluate(product((3, 3), (3, 3))), "Z", port)
    assert argument is not None
    assert argument.witness is not None
    assert all(candidate.fits for candidate in argument.candidates)
    (right,) = [candidate.product for candidate in argument.candidates if candidate.right]
    equal = [
        name
        for name, value in argument.witness.products.items()
        if np.array_equal(value, argument.witness.gradient)
    ]
    assert equal == [right]


def test_what_is_no_product_of_matrices_has_no_argument() -> None:
    found = evaluate(product((5, 3), (3, 4)))
    assert shape_argument(found, "f", 0) is None
    assert shape_argument(evaluate(product((3,), (3, 4))), "Z", 0) is None
    assert shape_argument(evaluate(product((5, 2), (3, 4))), "Z", 0) is None


@pytest.mark.parametrize("argument", [shape_argument, broadcast_argument])
def test_a_port_that_is_not_there_is_refused(argument: Callable[..., object]) -> None:
    with pytest.raises(GraphError, match="Z has no port 2; it has: x, y"):
        argument(evaluate(product((2, 3), (3, 4))), "Z", 2)


def test_a_repeated_bias_is_summed_over_the_samples() -> None:
    graph = (
        Graph()
        .add("X", "input", value=np.ones((5, 4)))
        .add("b", "parameter", value=np.ones(4))
        .add("c", "parameter", value=np.ones((5, 1)))
        .add("y", "add", ["X", "b"])
        .add("z", "mul", ["y", "c"])
        .add("f", "sum", ["z"])
    )
    found = evaluate(graph)
    bias = broadcast_argument(found, "y", 1)
    assert bias is not None
    assert (bias.shape, bias.upstream, bias.axes) == ((4,), (5, 4), (0,))
    column = broadcast_argument(found, "z", 1)
    assert column is not None
    assert column.axes == (1,)
    assert broadcast_argument(found, "y", 0) is None
    np.testing.assert_array_equal(
        found.edge_grads["y", 1], np.asarray(found.grads["y"]).sum(axis=bias.axes)
    )
