"""Losses and the softmax family, in the forms that neither overflow nor lose small numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, cast

import numpy as np

from gradstudio.errors import OpError, mark
from gradstudio.ops.base import Array, Op, Shape, apply, broadcast_shape, shape_text
from gradstudio.ops.lookup import labels
from gradstudio.ops.settings import Setting, SettingValue
from gradstudio.ops.shaping import axes_of

GROUP = mark("ops", "Losses")
PAIRS: tuple[tuple[tuple[Shape, ...], dict[str, SettingValue]], ...] = (
    (((), ()), {}),
    (((3,), (3,)), {}),
    (((2, 3), (2, 3)), {}),
    (((2, 3), (3,)), {}),
    (((3, 1), ()), {}),
)


def check_has_mean(op: type[Op], x: Shape, y: Shape) -> None:
    """Make sure that x and y broadcast to at least one number.

    Raises:
        OpError: they do not.
    """
    if math.prod(broadcast_shape(op, x, y)) == 0:
        raise OpError(
            mark("core", "x is {x} and y is {y}: there are no numbers to take the mean of"),
            x=shape_text(x),
            y=shape_text(y),
        )


class Mse(Op):
    """The mean of the squared differences: Σ (x − y)² / n."""

    name, symbol, group, inputs = "mse", "MSE", GROUP, ("x", "y")
    title = mark("ops", "MSE")
    keywords = (
        "mean squared error",
        "l2 loss",
        "regression",
        "quadratic",
        "均方误差",
        "回归损失",
        "平方损失",
    )
    teaching = mark(
        "ops", "The prediction gets 2 (x − y) ÷ n: the error itself, so large errors pull hardest."
    )
    downstream = ("g · 2 (x − y) ÷ n", "−g · 2 (x − y) ÷ n")
    aliases, torch = ("mse_loss",), "torch.mean(({x} - {y}) ** 2)"
    expansion = "mean((x - y) ** 2)"
    samples: ClassVar = PAIRS

    @staticmethod
    def shape(x: Shape, y: Shape) -> Shape:
        check_has_mean(Mse, x, y)
        return ()

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.mean(np.square(x - y))

    @staticmethod
    def slope(x: Any, y: Any) -> Any:
        """Return the derivative by x."""
        return (x - y) * (2.0 / math.prod(np.broadcast_shapes(x.shape, y.shape)))

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        slope = g * Mse.slope(x, y)
        return slope, -slope

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, y: Any) -> Any:
        slope = np.sum(t * Mse.slope(x, y))
        return slope if port == 0 else -slope


class Sse(Op):
    """The sum of the squared differences: Σ (x − y)²."""

    name, symbol, group, inputs = "sse", "SSE", GROUP, ("x", "y")
    title = mark("ops", "squared error")
    keywords = ("sum of squared errors", "l2 loss", "squared loss", "误差平方和", "平方损失")
    teaching = mark("ops", "The prediction gets 2 (x − y): twice its error.")
    downstream = ("g · 2 (x − y)", "−g · 2 (x − y)")
    aliases, torch = ("squared_error",), "torch.sum(({x} - {y}) ** 2)"
    expansion = "sum((x - y) ** 2)"
    samples: ClassVar = PAIRS

    @staticmethod
    def shape(x: Shape, y: Shape) -> Shape:
        broadcast_shape(Sse, x, y)
        return ()

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.sum(np.square(x - y))

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        slope = g * (2.0 * (x - y))
        return slope, -slope

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, y: Any) -> Any:
        slope = np.sum(t * (2.0 * (x - y)))
        return slope if port == 0 else -slope


class Hinge(Op):
    """The mean of max(0, 1 − y·x) for scores x and targets y of −1 or 1."""

    name, symbol, group, inputs = "hinge", "hinge", GROUP, ("x", "y")
    title = mark("ops", "hinge")
    keywords = ("svm", "margin", "支持向量机", "间隔", "铰链")
    pattern = mark("ops", "gradient gate")
    teaching = mark(
        "ops", "Scores on the right side by a margin of 1 get no gradient; the others get −y ÷ n."
    )
    tie_rule = mark("ops", "Exactly at the margin the slope is taken as 0.")
    downstream = ("−g · y [y·x < 1] ÷ n", "−g · x [y·x < 1] ÷ n")
    torch = "torch.mean(torch.relu(1 - {y} * {x}))"
    expansion = "mean(relu(1 - y * x))"
    samples: ClassVar = PAIRS

    @staticmethod
    def shape(x: Shape, y: Shape) -> Shape:
        check_has_mean(Hinge, x, y)
        return ()

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.mean(np.maximum(1.0 - y * x, 0.0))

    @staticmethod
    def slope(x: Any, y: Any) -> Any:
        """Return the derivative by the product y·x."""
        count = math.prod(np.broadcast_shapes(x.shape, y.shape))
        return np.less(x * y, 1.0) * (-1.0 / count)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        slope = g * Hinge.slope(x, y)
        return slope * y, slope * x

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, y: Any) -> Any:
        return np.sum(t * (y if port == 0 else x) * Hinge.slope(x, y))

    @staticmethod
    def kink(x: Any, y: Any) -> Any:
        return 1.0 - x * y


class Normalized(Op):
    """An op that normalises along one axis, the last where none is said."""

    inputs: ClassVar = ("x",)
    group = mark("ops", "Functions")
    settings: ClassVar = (Setting("axis", "int", default=-1),)
    samples: ClassVar = (
        (((3,),), {}),
        (((2, 3),), {}),
        (((2, 3),), {"axis": 0}),
        (((2, 3, 4),), {"axis": 1}),
        (((2, 1),), {}),
        (((0, 3),), {}),
    )

    @staticmethod
    def shape(x: Shape, *, axis: int = -1) -> Shape:
        (at,) = axes_of(axis, x)
        if x[at] == 0:
            raise OpError(
                mark("core", "x is {shape}: there is nothing along axis {axis}"),
                shape=shape_text(x),
                axis=axis,
            )
        return x


class Softmax(Normalized):
    """exp(x) / Σ exp(x) along an axis, the largest x subtracted first."""

    name, symbol = "softmax", "softmax"
    title = mark("ops", "softmax")
    keywords = (
        "normalized exponential",
        "probabilities",
        "attention",
        "归一化指数",
        "概率",
        "软最大",
    )
    teaching = mark(
        "ops",
        "Shares that sum to 1: raising one score lowers the others, so the gradient is "
        "out · (g − Σ g·out).",
    )
    downstream = ("out · (g − Σ g·out)",)
    torch = "torch.softmax({x}, {axis})"
    expansion = "e = exp(x); e / sum(e, axis={axis}, keepdims=True)"

    @staticmethod
    def forward(x: Any, *, axis: int = -1) -> Any:
        shares = np.exp(x - np.max(x, axis=axis, keepdims=True))
        return shares / np.sum(shares, axis=axis, keepdims=True)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, axis: int = -1) -> Any:
        return (out * (g - np.sum(g * out, axis=axis, keepdims=True)),)

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, *, axis: int = -1) -> Any:
        return out * (t - np.sum(t * out, axis=axis, keepdims=True))


class LogSoftmax(Normalized):
    """x − log Σ exp(x) along an axis, the largest x subtracted first."""

    name, symbol = "log_softmax", "log softmax"
    title = mark("ops", "log softmax")
    keywords = ("log probabilities", "对数概率", "对数软最大")
    teaching = mark("ops", "The gradient is g − softmax(x) · Σ g.")
    downstream = ("g − softmax(x) · Σ g",)
    torch = "torch.log_softmax({x}, {axis})"
    expansion = "x - logsumexp(x, axis={axis}, keepdims=True)"

    @staticmethod
    def forward(x: Any, *, axis: int = -1) -> Any:
        shifted = x - np.max(x, axis=axis, keepdims=True)
        return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, axis: int = -1) -> Any:
        return (g - np.exp(out) * np.sum(g, axis=axis, keepdims=True),)

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, *, axis: int = -1) -> Any:
        return t - np.sum(np.exp(out) * t, axis=axis, keepdims=True)


class OneHot(Op):
    """Rows of zeros with a 1 at the place each class number says."""

    name, symbol, inputs = "one_hot", "1ₖ", ("x",)
    group = mark("ops", "Logic")
    title = mark("ops", "one-hot")
    keywords = ("indicator", "onehot", "dummy", "独热", "指示")
    settings: ClassVar = (Setting("classes", "int", default=2),)
    teaching = mark("ops", "A class number is a label, not a quantity: no gradient passes.")
    local = ("0",)
    torch = "torch.nn.functional.one_hot({x}.long(), {classes}).double()"
    numpy_code = "({x}[..., None] == np.arange({classes})) * 1.0"
    samples: ClassVar = ((((3,),), {"classes": 3}), (((),), {}))

    @staticmethod
    def shape(x: Shape, *, classes: int = 2) -> Shape:
        if classes < 1:
            raise OpError(
                mark("core", "classes must be at least 1, not {classes}"), classes=classes
            )
        return (*x, classes)

    @staticmethod
    def forward(x: Any, *, classes: int = 2) -> Any:
        wrong = mark(
            "core",
            "{value} is no class number: with {count} classes they are the whole numbers from 0 "
            "to {last}",
        )
        numbers = labels(x, classes, wrong)
        return np.equal(numbers[..., None], np.arange(classes)) * 1.0

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, classes: int = 2) -> Any:
        return (None,)

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, *, classes: int = 2) -> Any:
        return None

    @classmethod
    def draw(
        cls, rng: np.random.Generator, shapes: tuple[Shape, ...], **settings: SettingValue
    ) -> tuple[Array, ...]:
        """Draw class numbers."""
        classes = cast("int", settings.get("classes", 2))
        return (np.asarray(rng.integers(0, classes, shapes[0]), dtype=float),)


class CrossEntropy(Op):
    """The mean of −Σ target · log_softmax(logits), the classes along the last axis.

    logits: (…, c); target: (…) class numbers, or (…, c) one-hot rows or probabilities.
    """

    name, symbol, group, inputs = "cross_entropy", "CE", GROUP, ("logits", "target")
    title = mark("ops", "softmax CE")
    keywords = (
        "cross entropy",
        "nll",
        "log loss",
        "softmax loss",
        "classification",
        "negative log likelihood",
        "交叉熵损失",
        "对数损失",
        "分类损失",
        "负对数似然",
    )
    teaching = mark(
        "ops", "Softmax and log together leave the simplest gradient there is: (p − target) ÷ n."
    )
    downstream = ("g · (softmax(logits) − target) ÷ n", "−g · log_softmax(logits) ÷ n")
    torch = "torch.nn.functional.cross_entropy({logits}, {target})"
    expansion = "-mean(sum(target * log_softmax(logits), axis=-1))"
    other_expansions = (
        "-mean(sum(one_hot(target, classes={classes}) * log_softmax(logits), axis=-1))",
    )
    labels = ("target",)
    samples: ClassVar = (
        (((2, 3), (2,)), {}),
        (((4, 3), (4, 3)), {}),
        (((3,), ()), {}),
        (((3,), (3,)), {}),
    )

    @staticmethod
    def shape(logits: Shape, target: Shape) -> Shape:
        if not logits or 0 in logits:
            raise OpError(
                mark("core", "logits is {shape}: its last axis must hold the score of each class"),
                shape=shape_text(logits),
            )
        if target not in (logits, logits[:-1]):
            raise OpError(
                mark(
                    "core",
                    "target is {target} and logits is {logits}: target must be {numbers} (class "
                    "numbers) or {logits} (one-hot)",
                ),
                target=shape_text(target),
                logits=shape_text(logits),
                numbers=shape_text(logits[:-1]),
            )
        return ()

    @classmethod
    def expanded(
        cls, shapes: tuple[Shape, ...], settings: Mapping[str, SettingValue]
    ) -> tuple[str, dict[str, object]]:
        logits, target = shapes
        if target == logits:
            return cls.expansion, {}
        return cls.other_expansions[0], {"classes": logits[-1]}

    @staticmethod
    def shares(logits: Any, target: Any) -> Any:
        """Return the target as one row of shares a sample, the shape of `logits`."""
        if target.shape == logits.shape:
            return target
        return apply(OneHot, target, classes=logits.shape[-1])

    @staticmethod
    def forward(logits: Any, target: Any) -> Any:
        rows = math.prod(logits.shape[:-1])
        return -np.sum(CrossEntropy.shares(logits, target) * LogSoftmax.forward(logits)) / rows

    @staticmethod
    def slope(logits: Any, target: Any) -> Any:
        """Return the derivative by the logits."""
        shares = CrossEntropy.shares(logits, target)
        mass = np.sum(shares, axis=-1, keepdims=True)
        rows = math.prod(logits.shape[:-1])
        return (apply(Softmax, logits) * mass - shares) / rows

    @staticmethod
    def vjp(g: Any, out: Any, logits: Any, target: Any) -> Any:
        rows = math.prod(logits.shape[:-1])
        by_target = -g * apply(LogSoftmax, logits) / rows if target.shape == logits.shape else None
        return g * CrossEntropy.slope(logits, target), by_target

    @staticmethod
    def jvp(port: int, t: Any, out: Any, logits: Any, target: Any) -> Any:
        if port == 0:
            return np.sum(t * CrossEntropy.slope(logits, target))
        if target.shape != logits.shape:
            return None
        return -np.sum(t * apply(LogSoftmax, logits)) / math.prod(logits.shape[:-1])

    @classmethod
    def draw(
        cls, rng: np.random.Generator, shapes: tuple[Shape, ...], **settings: SettingValue
    ) -> tuple[Array, ...]:
        """Draw logits, and class numbers or probabilities as the shapes ask."""
        logits = np.asarray(rng.uniform(-2.0, 2.0, shapes[0]))
        if shapes[1] == shapes[0]:
            return logits, Softmax.forward(np.asarray(rng.uniform(-1.0, 1.0, shapes[1])))
        return logits, np.asarray(rng.integers(0, shapes[0][-1], shapes[1]), dtype=float)
