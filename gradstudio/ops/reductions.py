"""Reductions over axes: many numbers in, fewer out."""

from __future__ import annotations

import math
from typing import Any, ClassVar, TypeAlias

import numpy as np

from gradstudio.errors import OpError, mark
from gradstudio.ops.base import Op, Shape, shape_text
from gradstudio.ops.settings import Setting
from gradstudio.ops.shaping import axes_of

Axis: TypeAlias = int | tuple[int, ...] | None


def kept_shape(x: Shape, axis: Axis) -> Shape:
    """Return `x` with the axes reduced over kept at size 1."""
    gone = axes_of(axis, x)
    return tuple(1 if i in gone else n for i, n in enumerate(x))


class Reduction(Op):
    """An op that folds axes away, or keeps them at size 1."""

    group, inputs = mark("ops", "Reductions"), ("x",)
    settings: ClassVar = (
        Setting("axis", "axis", default=None),
        Setting("keepdims", "bool", default=False),
    )
    samples: ClassVar = (
        (((),), {}),
        (((3,),), {}),
        (((2, 3),), {}),
        (((2, 3),), {"axis": 0}),
        (((2, 3),), {"axis": -1, "keepdims": True}),
        (((2, 3, 2),), {"axis": (0, 2)}),
        (((2, 3, 2),), {"axis": (0, -1), "keepdims": True}),
        (((2, 3),), {"axis": ()}),
        (((3, 1),), {"axis": 1}),
        (((2, 0),), {"axis": 0}),
    )

    @staticmethod
    def shape(x: Shape, *, axis: Axis = None, keepdims: bool = False) -> Shape:
        gone = axes_of(axis, x)
        return (
            kept_shape(x, axis) if keepdims else tuple(n for i, n in enumerate(x) if i not in gone)
        )


class Sum(Reduction):
    """The sum over axes. Every entry gets the gradient unchanged."""

    name, symbol = "sum", "Σ"
    title = mark("ops", "sum")
    keywords = ("total", "add up", "reduce", "sigma", "总和", "累加", "加总")
    pattern = mark("ops", "gradient distributor")
    teaching = mark("ops", "A big addition: every entry that was summed gets the same gradient.")
    downstream = ("g → x",)
    torch = "torch.sum({x}, {axis}, keepdim={keepdims})"
    numpy = np.sum
    keeps_entries = True

    @staticmethod
    def forward(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return np.sum(x, axis=axis, keepdims=keepdims)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return (np.broadcast_to(np.reshape(g, kept_shape(x.shape, axis)), x.shape),)

    @staticmethod
    def jvp(
        port: int, t: Any, out: Any, x: Any, *, axis: Axis = None, keepdims: bool = False
    ) -> Any:
        return np.sum(t, axis=axis, keepdims=keepdims)


class Mean(Reduction):
    """The mean over axes. Every entry gets the gradient divided by their number."""

    name, symbol = "mean", "μ"
    title = mark("ops", "mean")
    keywords = ("average", "avg", "平均", "平均值", "期望")
    pattern = mark("ops", "gradient distributor")
    teaching = mark(
        "ops", "A sum divided by n: every entry gets the same gradient, divided by their number n."
    )
    downstream = ("g ÷ n → x",)
    torch = "torch.mean({x}, {axis}, keepdim={keepdims})"
    numpy = np.mean
    keeps_entries = True

    @staticmethod
    def count(x: Shape, axis: Axis) -> int:
        """Return how many entries go into one mean."""
        return math.prod(x[one] for one in axes_of(axis, x))

    @staticmethod
    def shape(x: Shape, *, axis: Axis = None, keepdims: bool = False) -> Shape:
        if Mean.count(x, axis) == 0:
            raise OpError(
                mark("core", "x {shape} has no numbers to take the mean of"), shape=shape_text(x)
            )
        return Reduction.shape(x, axis=axis, keepdims=keepdims)

    @staticmethod
    def forward(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return np.mean(x, axis=axis, keepdims=keepdims)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        share = g / Mean.count(x.shape, axis)
        return (np.broadcast_to(np.reshape(share, kept_shape(x.shape, axis)), x.shape),)

    @staticmethod
    def jvp(
        port: int, t: Any, out: Any, x: Any, *, axis: Axis = None, keepdims: bool = False
    ) -> Any:
        return np.mean(t, axis=axis, keepdims=keepdims)


class Extreme(Reduction):
    """The largest or smallest entry along axes; equal extremes share the gradient equally."""

    pattern = mark("ops", "gradient router")
    tie_rule = mark("ops", "Equal extremes share the gradient equally, as torch.amax has it.")

    @staticmethod
    def shape(x: Shape, *, axis: Axis = None, keepdims: bool = False) -> Shape:
        if Mean.count(x, axis) == 0:
            raise OpError(
                mark("core", "x {shape} has no numbers to take the largest or smallest of"),
                shape=shape_text(x),
            )
        return Reduction.shape(x, axis=axis, keepdims=keepdims)

    @staticmethod
    def chosen(out: Any, x: Any, axis: Axis) -> Any:
        """Return each entry's share of its extreme: they sum to 1 over the axes."""
        kept = kept_shape(x.shape, axis)
        hits = np.equal(x, np.reshape(out, kept)) * 1.0
        return hits / np.sum(hits, axis=axis, keepdims=True)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return (np.reshape(g, kept_shape(x.shape, axis)) * Extreme.chosen(out, x, axis),)

    @staticmethod
    def jvp(
        port: int, t: Any, out: Any, x: Any, *, axis: Axis = None, keepdims: bool = False
    ) -> Any:
        return np.sum(t * Extreme.chosen(out, x, axis), axis=axis, keepdims=keepdims)


def sorted_along(x: Any, axis: Axis) -> Any:
    """Return the entries that are folded into one, sorted, along the last axis."""
    gone = axes_of(axis, x.shape)
    left = tuple(i for i in range(x.ndim) if i not in gone)
    rows = (*(x.shape[i] for i in left), Mean.count(x.shape, axis))
    return np.sort(np.transpose(x, (*left, *gone)).reshape(rows), axis=-1)


class Amax(Extreme):
    """The largest entry along axes."""

    name, symbol = "amax", "max"
    title = mark("ops", "max over axes")
    keywords = ("maximum over axes", "reduce max", "largest")
    teaching = mark("ops", "The gradient goes to the largest entry alone; all others get zero.")
    downstream = ("g · [x = out]",)
    torch = "torch.amax({x}, {axis}, keepdim={keepdims})"
    numpy = np.max
    keeps_entries = True

    @staticmethod
    def forward(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return np.max(x, axis=axis, keepdims=keepdims)

    @staticmethod
    def kink(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        if Mean.count(x.shape, axis) < 2:
            return None
        entries = sorted_along(x, axis)
        return entries[..., -1] - entries[..., -2]


class Amin(Extreme):
    """The smallest entry along axes."""

    name, symbol = "amin", "min"
    title = mark("ops", "min over axes")
    keywords = ("minimum over axes", "reduce min", "smallest")
    teaching = mark("ops", "The gradient goes to the smallest entry alone; all others get zero.")
    downstream = ("g · [x = out]",)
    torch = "torch.amin({x}, {axis}, keepdim={keepdims})"
    numpy = np.min
    keeps_entries = True

    @staticmethod
    def forward(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return np.min(x, axis=axis, keepdims=keepdims)

    @staticmethod
    def kink(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        if Mean.count(x.shape, axis) < 2:
            return None
        entries = sorted_along(x, axis)
        return entries[..., 1] - entries[..., 0]
