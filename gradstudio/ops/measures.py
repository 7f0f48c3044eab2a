"""Reductions that measure an array: its length, its spread, its soft maximum; and running sums."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from gradstudio.errors import OpError, mark
from gradstudio.ops.base import Op, Shape, apply, shape_text
from gradstudio.ops.reductions import Axis, Extreme, Mean, Reduction, kept_shape
from gradstudio.ops.settings import Setting
from gradstudio.ops.shaping import Moving, axes_of


class Norm(Reduction):
    """The length √(Σ x²) over axes; slope 0 at the zero vector."""

    name, symbol = "norm", "‖x‖"
    title = mark("ops", "norm")
    keywords = ("length", "l2", "euclidean", "magnitude", "长度", "模", "二范数", "欧几里得")
    teaching = mark(
        "ops", "The gradient points along x: every entry gets its share x ÷ out of the length."
    )
    tie_rule = mark("ops", "At the zero vector the slope is taken as 0, as PyTorch has it.")
    downstream = ("g · x ÷ out",)
    torch = "torch.linalg.vector_norm({x}, dim={axis}, keepdim={keepdims})"
    expansion = "sqrt(sum(x ** 2, axis={axis}, keepdims={keepdims}))"

    @staticmethod
    def forward(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return np.sqrt(np.sum(np.square(x), axis=axis, keepdims=keepdims))

    @staticmethod
    def slope(out: Any, x: Any, axis: Axis) -> Any:
        """Return x divided by its length, which is 0 only where x is."""
        length = np.reshape(out, kept_shape(x.shape, axis))
        return x / np.where(np.equal(length, 0), 1.0, length)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return (np.reshape(g, kept_shape(x.shape, axis)) * Norm.slope(out, x, axis),)

    @staticmethod
    def jvp(
        port: int, t: Any, out: Any, x: Any, *, axis: Axis = None, keepdims: bool = False
    ) -> Any:
        return np.sum(t * Norm.slope(out, x, axis), axis=axis, keepdims=keepdims)

    @staticmethod
    def kink(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return np.broadcast_to(Norm.forward(x, axis=axis, keepdims=True), x.shape)


class Var(Op):
    """The variance over axes: Σ (x − mean)² ÷ (n − correction), with correction 0 or 1."""

    name, symbol, group, inputs = "var", "σ²", Reduction.group, ("x",)
    title = mark("ops", "variance")
    keywords = ("spread", "second moment", "方差值", "离散程度")
    settings: ClassVar = (
        Setting("axis", "axis", default=None),
        Setting("correction", "int", default=1),
        Setting("keepdims", "bool", default=False),
    )
    teaching = mark(
        "ops",
        "Every entry gets its distance from the mean, twice, divided by n − correction; moving all "
        "entries together changes nothing.",
    )
    downstream = ("g · 2 (x − mean) ÷ (n − correction)",)
    torch = "torch.var({x}, {axis}, correction={correction}, keepdim={keepdims})"
    expansion = (
        "sum((x - mean(x, axis={axis}, keepdims=True)) ** 2, axis={axis}, keepdims={keepdims})"
        " / {divisor}"
    )
    samples: ClassVar = (
        (((3,),), {}),
        (((2, 3),), {}),
        (((),), {"correction": 0}),
        (((2, 3),), {"axis": 0, "correction": 0}),
        (((2, 3),), {"axis": -1, "keepdims": True}),
        (((2, 3, 2),), {"axis": (0, -1), "keepdims": True}),
        (((2, 3),), {"axis": (), "correction": 0}),
    )

    @staticmethod
    def shape(x: Shape, *, axis: Axis = None, correction: int = 1, keepdims: bool = False) -> Shape:
        if correction not in (0, 1):
            raise OpError(
                mark("core", "correction must be 0 or 1, and is {correction}"),
                correction=correction,
            )
        if Mean.count(x, axis) <= correction:
            raise OpError(
                mark("core", "x {shape} has too few numbers: there must be more than {correction}"),
                shape=shape_text(x),
                correction=correction,
            )
        return Reduction.shape(x, axis=axis, keepdims=keepdims)

    @classmethod
    def expanded(
        cls, shapes: tuple[Shape, ...], settings: Mapping[str, Any]
    ) -> tuple[str, dict[str, object]]:
        parts = {name: value for name, value in settings.items() if name != "correction"}
        count = Mean.count(shapes[0], settings["axis"])
        return cls.expansion, {**parts, "divisor": count - settings["correction"]}

    @staticmethod
    def forward(x: Any, *, axis: Axis = None, correction: int = 1, keepdims: bool = False) -> Any:
        squares = np.square(x - np.mean(x, axis=axis, keepdims=True))
        count = Mean.count(x.shape, axis) - correction
        return np.sum(squares, axis=axis, keepdims=keepdims) / count

    @staticmethod
    def slope(x: Any, axis: Axis, correction: int) -> Any:
        """Return the derivative by x."""
        factor = 2.0 / (Mean.count(x.shape, axis) - correction)
        return (x - np.mean(x, axis=axis, keepdims=True)) * factor

    @staticmethod
    def vjp(
        g: Any, out: Any, x: Any, *, axis: Axis = None, correction: int = 1, keepdims: bool = False
    ) -> Any:
        return (np.reshape(g, kept_shape(x.shape, axis)) * Var.slope(x, axis, correction),)

    @staticmethod
    def jvp(
        port: int,
        t: Any,
        out: Any,
        x: Any,
        *,
        axis: Axis = None,
        correction: int = 1,
        keepdims: bool = False,
    ) -> Any:
        return np.sum(t * Var.slope(x, axis, correction), axis=axis, keepdims=keepdims)


class Logsumexp(Reduction):
    """log Σ exp(x) over axes, the largest x subtracted first: a maximum without corners."""

    name, symbol = "logsumexp", "log Σ exp"
    title = mark("ops", "log-sum-exp")
    keywords = ("lse", "smooth max", "对数和指数")
    teaching = mark(
        "ops", "A soft maximum: the gradient is shared out by softmax, most of it to the largest."
    )
    downstream = ("g · softmax(x)",)
    torch = "torch.logsumexp({x}, {axis}, keepdim={keepdims})"
    expansion = "log(sum(exp(x), axis={axis}, keepdims={keepdims}))"
    shape = staticmethod(Extreme.shape)

    @staticmethod
    def forward(x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        largest = np.max(x, axis=axis, keepdims=True)
        shift = np.where(np.isinf(largest), 0.0, largest)
        total = np.log(np.sum(np.exp(x - shift), axis=axis, keepdims=True)) + shift
        return total if keepdims else np.reshape(total, Reduction.shape(x.shape, axis=axis))[()]

    @staticmethod
    def shares(out: Any, x: Any, axis: Axis) -> Any:
        """Return the softmax of x, from its log-sum-exp."""
        return np.exp(x - np.reshape(out, kept_shape(x.shape, axis)))

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, axis: Axis = None, keepdims: bool = False) -> Any:
        return (np.reshape(g, kept_shape(x.shape, axis)) * Logsumexp.shares(out, x, axis),)

    @staticmethod
    def jvp(
        port: int, t: Any, out: Any, x: Any, *, axis: Axis = None, keepdims: bool = False
    ) -> Any:
        return np.sum(t * Logsumexp.shares(out, x, axis), axis=axis, keepdims=keepdims)


class Cumsum(Moving):
    """The running sum along an axis, the last where none is said."""

    name, symbol = "cumsum", "Σ…"
    group = Reduction.group
    title = mark("ops", "running sum")
    keywords = ("cumulative sum", "prefix sum", "scan", "前缀和", "累加和")
    pattern = mark("ops", "gradient adder")
    settings: ClassVar = (Setting("axis", "int", default=-1),)
    teaching = mark(
        "ops", "An entry is in every sum from its place on: its gradient is the sum of theirs."
    )
    downstream = ("Σ g from the entry's place on",)
    torch = "torch.cumsum({x}, {axis})"
    samples: ClassVar = (
        (((3,),), {}),
        (((2, 3),), {}),
        (((2, 3),), {"axis": 0}),
        (((2, 3, 2),), {"axis": 1}),
        (((0, 3),), {"axis": 0}),
    )

    @staticmethod
    def shape(x: Shape, *, axis: int = -1) -> Shape:
        axes_of(axis, x)
        return x

    @staticmethod
    def forward(x: Any, *, axis: int = -1) -> Any:
        return np.cumsum(x, axis=axis)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, axis: int = -1) -> Any:
        (at,) = axes_of(axis, x.shape)
        back = (slice(None),) * at + (slice(None, None, -1),)
        return (apply(Cumsum, g[back], axis=axis)[back],)
