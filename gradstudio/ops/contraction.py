"""The product of two arrays summed over the axes they share, in einsum's notation."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from gradstudio.errors import OpError, mark
from gradstudio.ops.base import Op, Shape, apply, shape_text
from gradstudio.ops.linalg import Matmul
from gradstudio.ops.settings import Setting, equation_text, parse_equation


class Einsum(Op):
    """Einstein's summation: axes are letters, and letters the result does not have are summed.

    x: one axis a letter before the comma; y: one a letter after it. Sizes of 1 do not broadcast.
    """

    name, symbol, group, inputs = "einsum", "einsum", Matmul.group, ("x", "y")
    title = mark("ops", "einsum")
    keywords = ("einstein", "contraction", "tensordot", "爱因斯坦求和", "张量缩并")
    pattern = Matmul.pattern
    settings: ClassVar = (Setting("equation", "equation", default="ij,jk->ik"),)
    teaching = mark(
        "ops",
        "The gradient is an einsum again: the letters of the result and of an input change places.",
    )
    downstream = ("einsum(g, y)", "einsum(x, g)")
    torch = "torch.einsum({equation}, {x}, {y})"
    samples: ClassVar = (
        (((2, 3), (3, 4)), {}),
        (((2, 3), (2, 3)), {"equation": "ij,ij->"}),
        (((3,), (4,)), {"equation": "i,j->ji"}),
        (((2, 3, 2), (4, 2)), {"equation": "bij,kj->bki"}),
        (((2, 3), (4, 2)), {"equation": "ij,kl->ik"}),
        (((), (2, 3)), {"equation": ",ij->ji"}),
        (((2, 0), (0, 3)), {}),
    )

    @staticmethod
    def operations(out: Shape, x: Shape, y: Shape, *, equation: str = "ij,jk->ik") -> int:
        left, right, _ = parse_equation(equation)
        return 2 * math.prod(dict(zip(left + right, x + y, strict=True)).values())

    @staticmethod
    def shape(x: Shape, y: Shape, *, equation: str = "ij,jk->ik") -> Shape:
        left, right, out = parse_equation(equation)
        sizes: dict[str, int] = {}
        for port, letters, shape in (("x", left, x), ("y", right, y)):
            if len(letters) != len(shape):
                raise OpError(
                    mark(
                        "core",
                        "{port} is {shape}, and the equation {equation} gives it {count} axes: "
                        "{letters}",
                    ),
                    port=port,
                    shape=shape_text(shape),
                    equation=equation,
                    count=len(letters),
                    letters=letters or "–",
                )
            for letter, size in zip(letters, shape, strict=True):
                if sizes.setdefault(letter, size) != size:
                    raise OpError(
                        mark(
                            "core",
                            "x is {x} and y is {y}: the axis {letter} of {equation} is {first} in "
                            "x and {second} in y",
                        ),
                        x=shape_text(x),
                        y=shape_text(y),
                        letter=letter,
                        equation=equation,
                        first=sizes[letter],
                        second=size,
                    )
        return tuple(sizes[letter] for letter in out)

    @staticmethod
    def forward(x: Any, y: Any, *, equation: str = "ij,jk->ik") -> Any:
        return np.einsum(equation, x, y, optimize=True)

    @staticmethod
    def pulled(g: Any, other: Any, letters: tuple[str, str, str], shape: Shape) -> Any:
        """Return `g` contracted with the other input, of the shape of the input asked for."""
        mine, others, out = letters
        kept = "".join(letter for letter in mine if letter in out or letter in others)
        g = apply(Einsum, g, other, equation=equation_text((out, others, kept)))
        # A letter of this input alone was summed: all entries along it get the same.
        one_by_one = tuple(
            size if letter in kept else 1 for letter, size in zip(mine, shape, strict=True)
        )
        return np.broadcast_to(np.reshape(g, one_by_one), shape)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any, *, equation: str = "ij,jk->ik") -> Any:
        left, right, result = parse_equation(equation)
        return (
            Einsum.pulled(g, y, (left, right, result), x.shape),
            Einsum.pulled(g, x, (right, left, result), y.shape),
        )

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, y: Any, *, equation: str = "ij,jk->ik") -> Any:
        inputs = (t, y) if port == 0 else (x, t)
        return apply(Einsum, *inputs, equation=equation)
