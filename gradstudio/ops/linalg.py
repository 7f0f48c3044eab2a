"""Linear algebra: the matrix product."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from gradstudio.errors import OpError, mark
from gradstudio.ops.base import Op, Shape, check_size, shape_text, unbroadcast


def as_matrices(x: Any, y: Any) -> tuple[Any, Any]:
    """Return the inputs of a product with 1-D ones as a row on the left, a column on the right."""
    return (
        np.reshape(x, (1, *x.shape)) if len(x.shape) == 1 else x,
        np.reshape(y, (*y.shape, 1)) if len(y.shape) == 1 else y,
    )


class Matmul(Op):
    """The matrix product x @ y, with NumPy's 1-D and batched cases.

    x: (…, n, k) or (k), y: (…, k, m) or (k); the leading axes broadcast.
    """

    name, symbol, inputs = "matmul", "@", ("x", "y")
    group = mark("ops", "Linear algebra")
    title = mark("ops", "matmul")
    keywords = (
        "matrix product",
        "matrix multiply",
        "linear",
        "dense",
        "fully connected",
        "dot product",
        "inner product",
        "gemm",
        "矩阵乘",
        "矩阵积",
        "点积",
        "内积",
        "点乘",
        "全连接",
        "线性层",
    )
    pattern = mark("ops", "gradient swapper")
    teaching = mark(
        "ops",
        "Each input gets the upstream gradient times the other input, transposed: the only way "
        "the shapes work out.",
    )
    downstream = ("g @ yᵀ", "xᵀ @ g")
    formula, precedence, torch = "{x} @ {y}", 3, "torch.matmul({x}, {y})"
    aliases = ("mm", "dot")
    numpy = np.matmul
    samples: ClassVar = (
        (((2, 3), (3, 4)), {}),
        (((3,), (3,)), {}),
        (((2, 3), (3,)), {}),
        (((3,), (3, 2)), {}),
        (((4, 2, 3), (3, 2)), {}),
        (((4, 1, 2, 3), (5, 3, 2)), {}),
        (((3,), (4, 3, 2)), {}),
        (((4, 2, 3), (3,)), {}),
        (((1, 1), (1, 1)), {}),
        (((2, 0), (0, 3)), {}),
        (((0, 3), (3,)), {}),
    )

    @staticmethod
    def operations(out: Shape, x: Shape, y: Shape) -> int:
        return 2 * max(1, math.prod(out)) * x[-1]

    @staticmethod
    def shape(x: Shape, y: Shape) -> Shape:
        if not x or not y:
            raise OpError(
                mark(
                    "core",
                    "{port} is a scalar: @ takes arrays; × multiplies by a number",
                ),
                port="y" if x else "x",
            )
        inner_y = y[-2] if len(y) > 1 else y[0]
        if x[-1] != inner_y:
            raise OpError(
                mark(
                    "core",
                    "x is {x} and y is {y}: the last size of x ({k}) must equal the first matrix "
                    "size of y ({l}); y {fit} would fit",
                ),
                x=shape_text(x),
                y=shape_text(y),
                k=x[-1],
                l=inner_y,
                fit=shape_text((x[-1],) if len(y) == 1 else (*y[:-2], x[-1], y[-1])),
            )
        try:
            batch = np.broadcast_shapes(x[:-2], y[:-2])
        except ValueError:
            raise OpError(
                mark("core", "x is {x} and y is {y}: the leading sizes do not broadcast"),
                x=shape_text(x),
                y=shape_text(y),
            ) from None
        # Its gradients are products over the whole batch before they are summed back.
        check_size((*batch, *x[-2:]))
        check_size((*batch, *y[-2:]))
        return batch + (x[-2:-1] if len(x) > 1 else ()) + (y[-1:] if len(y) > 1 else ())

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.matmul(x, y)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        a, b = as_matrices(x, y)
        batch = g.shape[: len(g.shape) - (len(x.shape) > 1) - (len(y.shape) > 1)]
        g = np.reshape(g, (*batch, a.shape[-2], b.shape[-1]))
        gx = unbroadcast(np.matmul(g, np.swapaxes(b, -1, -2)), a.shape)
        gy = unbroadcast(np.matmul(np.swapaxes(a, -1, -2), g), b.shape)
        return np.reshape(gx, x.shape), np.reshape(gy, y.shape)

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, y: Any) -> Any:
        return np.matmul(t, y) if port == 0 else np.matmul(x, t)
