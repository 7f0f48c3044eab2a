"""Rows looked up by number: embeddings, and the sum that brings their gradients home."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

import numpy as np

from gradstudio.errors import OpError, mark
from gradstudio.ops.base import Array, Op, Shape, apply, shape_text
from gradstudio.ops.settings import Setting, SettingValue

GROUP = mark("ops", "Layers")


def labels(given: Any, count: int, wrong: str) -> Array:
    """Return `given` as an array, of which each entry is a whole number from 0 to `count` − 1.

    Raises:
        OpError: one is not; `wrong` says so, with its {value}, the {count} and the {last} label.
    """
    numbers = np.asarray(given)
    others = numbers[(numbers != np.floor(numbers)) | (numbers < 0) | (numbers >= count)]
    if others.size:
        raise OpError(wrong, value=f"{others.flat[0]:g}", count=count, last=count - 1)
    return numbers


def row_numbers(indices: Any, rows: int) -> Any:
    """Return `indices` as integers.

    Raises:
        OpError: one is no whole number from 0 to `rows` − 1.
    """
    wrong = mark(
        "core",
        "{value} is no row number: with {count} rows they are the whole numbers from 0 to {last}",
    )
    return labels(indices, rows, wrong).astype(np.intp)


class Embedding(Op):
    """The rows of a table that the indices say.

    table: (v, d); indices: whole numbers from 0 to v − 1, of any shape.
    """

    name, symbol, group, inputs = "embedding", "T[i]", GROUP, ("table", "indices")
    title = mark("ops", "embedding")
    keywords = ("lookup", "table", "gather", "词向量", "词嵌入", "查表")
    pattern = mark("ops", "gradient mover")
    teaching = mark(
        "ops",
        "Each row gets the gradients of all places it was used at, summed; rows never used get "
        "zero. An index is a label: no gradient passes.",
    )
    downstream = ("0[indices] += g", "0")
    torch = "torch.nn.functional.embedding({indices}, {table})"
    labels = ("indices",)
    numpy_code = "{table}[{indices}.astype(int)]"
    expansion = "one_hot(indices, classes={rows}) @ table"
    samples: ClassVar = (
        (((4, 3), (2,)), {}),
        (((3, 2), (2, 4)), {}),
        (((2, 3), ()), {}),
        (((1, 1), (3,)), {}),
        (((3, 2), (0,)), {}),
    )

    @staticmethod
    def shape(table: Shape, indices: Shape) -> Shape:
        if len(table) != 2 or table[0] == 0:
            raise OpError(
                mark("core", "table is {shape}: it must be (v, d), a row of d numbers an index"),
                shape=shape_text(table),
            )
        return (*indices, table[1])

    @classmethod
    def expanded(
        cls, shapes: tuple[Shape, ...], settings: Mapping[str, SettingValue]
    ) -> tuple[str, dict[str, object]]:
        return cls.expansion, {"rows": shapes[0][0]}

    @staticmethod
    def forward(table: Any, indices: Any) -> Any:
        return table[row_numbers(indices, table.shape[0])]

    @staticmethod
    def vjp(g: Any, out: Any, table: Any, indices: Any) -> Any:
        return apply(ScatterAdd, g, indices, rows=table.shape[0]), None

    @staticmethod
    def jvp(port: int, t: Any, out: Any, table: Any, indices: Any) -> Any:
        return apply(Embedding, t, indices) if port == 0 else None

    @classmethod
    def draw(
        cls, rng: np.random.Generator, shapes: tuple[Shape, ...], **settings: SettingValue
    ) -> tuple[Array, ...]:
        """Draw a table, and row numbers."""
        table, indices = shapes
        rows = table[0] if table else 1
        return rng.uniform(-2.0, 2.0, table), rng.integers(0, max(1, rows), indices) * 1.0


class ScatterAdd(Op):
    """Rows of zeros with the rows of x added where the indices say: an embedding's gradient.

    x: the shape of indices, and one axis more; indices: whole numbers from 0 to rows − 1.
    """

    name, symbol, group, inputs = "scatter_add", "0[i]+=x", GROUP, ("x", "indices")
    title = mark("ops", "scatter add")
    listed = False
    pattern = mark("ops", "gradient mover")
    settings: ClassVar = (Setting("rows", "int", default=1),)
    teaching = mark("ops", "Each row of x gets the gradient of the row it was added to.")
    downstream = ("g[indices]", "0")
    numpy_code = """
def scatter_add(x, indices, *, rows):
    out = np.zeros((rows, x.shape[-1]))
    np.add.at(out, indices.astype(int), x)
    return out
"""
    samples: ClassVar = (
        (((2, 3), (2,)), {"rows": 4}),
        (((2, 4, 3), (2, 4)), {"rows": 2}),
        (((3,), ()), {}),
        (((0, 2), (0,)), {"rows": 2}),
    )

    @staticmethod
    def shape(x: Shape, indices: Shape, *, rows: int = 1) -> Shape:
        if rows < 1:
            raise OpError(mark("core", "rows must be at least 1, and is {rows}"), rows=rows)
        if not x or x[:-1] != indices:
            raise OpError(
                mark("core", "x is {x} and indices is {indices}: x must have one axis more"),
                x=shape_text(x),
                indices=shape_text(indices),
            )
        return (rows, x[-1])

    @staticmethod
    def forward(x: Any, indices: Any, *, rows: int = 1) -> Any:
        out = np.zeros((rows, x.shape[-1]), x.dtype)
        np.add.at(out, row_numbers(indices, rows), x)
        return out

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, indices: Any, *, rows: int = 1) -> Any:
        return apply(Embedding, g, indices), None

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, indices: Any, *, rows: int = 1) -> Any:
        return apply(ScatterAdd, t, indices, rows=rows) if port == 0 else None

    @classmethod
    def draw(
        cls, rng: np.random.Generator, shapes: tuple[Shape, ...], **settings: SettingValue
    ) -> tuple[Array, ...]:
        """Draw rows, and row numbers."""
        rows = cast("int", settings.get("rows", 1))
        return rng.uniform(-2.0, 2.0, shapes[0]), rng.integers(0, max(1, rows), shapes[1]) * 1.0
