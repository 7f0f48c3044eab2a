"""Functions of one array, entry by entry, the activations among them."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from gradstudio.errors import mark
from gradstudio.ops.base import Elementwise, apply
from gradstudio.ops.settings import Setting

GROUP = mark("ops", "Functions")
GATE = mark("ops", "gradient gate")


class Exp(Elementwise):
    """The exponential, entry by entry. It is its own derivative."""

    name, symbol, group, inputs = "exp", "exp", GROUP, ("x",)
    title = mark("ops", "exp")
    keywords = ("e^", "eˣ", "exponential", "指数函数", "自然指数")
    teaching = mark("ops", "exp is its own derivative: the gradient is scaled by the output.")
    local, torch = ("out",), "torch.exp({x})"
    numpy = np.exp

    @staticmethod
    def forward(x: Any) -> Any:
        return np.exp(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g * out,)


class Log(Elementwise):
    """The natural logarithm, entry by entry, of positive numbers."""

    name, symbol, group, inputs = "log", "log", GROUP, ("x",)
    title = mark("ops", "log")
    keywords = ("logarithm", "natural log", "自然对数", "对数函数")
    teaching = mark("ops", "The gradient is divided by x: the nearer to zero, the steeper.")
    undefined = mark("core", "the logarithm of a number that is not positive")
    local, torch = ("1 ÷ x",), "torch.log({x})"
    aliases = ("ln",)
    numpy = np.log
    domain: ClassVar = ((0.3, 3.0),)

    @staticmethod
    def forward(x: Any) -> Any:
        return np.log(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g / x,)

    @staticmethod
    def defined(x: Any) -> Any:
        return np.greater(x, 0)


class Sqrt(Elementwise):
    """The square root, entry by entry, of numbers that are not negative."""

    name, symbol, group, inputs = "sqrt", "√", GROUP, ("x",)
    title = mark("ops", "sqrt")
    keywords = ("root", "square root", "开方", "根号", "开平方")
    teaching = mark("ops", "The gradient is divided by twice the output.")
    undefined = mark("core", "the square root of a negative number")
    local, torch = ("1 ÷ (2 · out)",), "torch.sqrt({x})"
    numpy = np.sqrt
    domain: ClassVar = ((0.3, 3.0),)

    @staticmethod
    def forward(x: Any) -> Any:
        return np.sqrt(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g / (2.0 * out),)

    @staticmethod
    def defined(x: Any) -> Any:
        return np.greater_equal(x, 0)


class Square(Elementwise):
    """The square, entry by entry."""

    name, symbol, group, inputs = "square", "x²", GROUP, ("x",)
    title = mark("ops", "square")
    keywords = ("^2", "**2", "squared", "二次方", "平方项")
    teaching = mark("ops", "The gradient is scaled by twice the input.")
    local, torch = ("2 · x",), "torch.square({x})"
    numpy = np.square

    @staticmethod
    def forward(x: Any) -> Any:
        return np.square(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g * (2.0 * x),)


class Sin(Elementwise):
    """The sine of an angle in radians, entry by entry."""

    name, symbol, group, inputs = "sin", "sin", GROUP, ("x",)
    title = mark("ops", "sin")
    keywords = ("sine", "正弦函数")
    teaching = mark("ops", "The gradient is scaled by cos x.")
    local, torch = ("cos x",), "torch.sin({x})"
    numpy = np.sin

    @staticmethod
    def forward(x: Any) -> Any:
        return np.sin(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g * np.cos(x),)


class Cos(Elementwise):
    """The cosine of an angle in radians, entry by entry."""

    name, symbol, group, inputs = "cos", "cos", GROUP, ("x",)
    title = mark("ops", "cos")
    keywords = ("cosine", "余弦函数")
    teaching = mark("ops", "The gradient is scaled by −sin x.")
    local, torch = ("−sin x",), "torch.cos({x})"
    numpy = np.cos

    @staticmethod
    def forward(x: Any) -> Any:
        return np.cos(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (-g * np.sin(x),)


class Tanh(Elementwise):
    """The hyperbolic tangent, entry by entry."""

    name, symbol, group, inputs = "tanh", "tanh", GROUP, ("x",)
    title = mark("ops", "tanh")
    keywords = ("hyperbolic tangent", "th", "双曲正切")
    teaching = mark(
        "ops", "The gradient is scaled by 1 − out²: near ±1 the unit saturates and it vanishes."
    )
    local, torch = ("1 − out²",), "torch.tanh({x})"
    expansion = "p = exp(x); q = exp(-x); (p - q) / (p + q)"
    numpy = np.tanh

    @staticmethod
    def forward(x: Any) -> Any:
        return np.tanh(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g * (1.0 - out * out),)


class Sigmoid(Elementwise):
    """1 / (1 + exp(-x)), entry by entry, in a form that overflows for no x."""

    name, symbol, group, inputs = "sigmoid", "σ", GROUP, ("x",)
    title = mark("ops", "sigmoid")
    keywords = ("logistic", "sigma", "expit", "squash", "逻辑函数", "S形函数", "逻辑斯谛")
    teaching = mark(
        "ops", "The gradient is scaled by out · (1 − out), which is at most ¼, at x = 0."
    )
    local, torch = ("out · (1 − out)",), "torch.sigmoid({x})"
    latex = r"\sigma\left({x}\right)"
    expansion = "1 / (1 + exp(-x))"

    @staticmethod
    def forward(x: Any) -> Any:
        small = np.exp(-np.absolute(x))
        return np.where(np.greater_equal(x, 0), 1.0, small) / (1.0 + small)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g * (out * (1.0 - out)),)


class Relu(Elementwise):
    """The larger of x and 0, entry by entry; slope 0 at 0."""

    name, symbol, group, inputs = "relu", "ReLU", GROUP, ("x",)
    title = mark("ops", "ReLU")
    keywords = ("rectifier", "rectified linear", "ramp", "线性整流", "修正线性单元")
    pattern = GATE
    teaching = mark("ops", "A gate: the gradient passes where x > 0 and stops elsewhere.")
    tie_rule = mark("ops", "At 0 the slope is taken as 0, as PyTorch has it.")
    local, torch = ("[x > 0]",), "torch.relu({x})"
    expansion = "where(x > 0, x, 0)"

    @staticmethod
    def forward(x: Any) -> Any:
        return np.maximum(x, 0.0)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g * np.greater(x, 0),)

    @staticmethod
    def kink(x: Any) -> Any:
        return x


class LeakyRelu(Elementwise):
    """x where it is positive and negative_slope · x elsewhere (Caffe's ReLU layer with a slope)."""

    name, symbol, group, inputs = "leaky_relu", "LReLU", GROUP, ("x",)
    title = mark("ops", "leaky ReLU")
    keywords = ("lrelu", "leaky rectifier", "带泄漏线性整流", "泄漏")
    pattern = GATE
    settings: ClassVar = (Setting("negative_slope", "float", default=0.01),)
    teaching = mark(
        "ops", "The gradient passes where x > 0 and is scaled by negative_slope elsewhere."
    )
    tie_rule = mark("ops", "At 0 the slope is negative_slope, as PyTorch has it.")
    local = ("1 [x > 0], negative_slope [x ≤ 0]",)
    torch = "torch.nn.functional.leaky_relu({x}, {negative_slope})"
    expansion = "where(x > 0, x, {negative_slope} * x)"
    samples: ClassVar = (
        (((),), {}),
        (((2, 3),), {"negative_slope": 0.2}),
        (((3,),), {"negative_slope": 0.0}),
        (((3,),), {"negative_slope": -0.5}),
    )

    @staticmethod
    def forward(x: Any, *, negative_slope: float = 0.01) -> Any:
        return np.where(np.greater(x, 0), x, negative_slope * x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, negative_slope: float = 0.01) -> Any:
        return (g * np.where(np.greater(x, 0), 1.0, negative_slope),)

    @staticmethod
    def kink(x: Any, *, negative_slope: float = 0.01) -> Any:
        return x


class Softplus(Elementwise):
    """log(1 + exp(x)), entry by entry, in a form that overflows for no x."""

    name, symbol, group, inputs = "softplus", "softplus", GROUP, ("x",)
    title = mark("ops", "softplus")
    keywords = ("smooth relu", "soft rectifier", "平滑整流")
    teaching = mark("ops", "A smooth ReLU: the gradient is scaled by σ(x), between 0 and 1.")
    local, torch = ("σ(x)",), "torch.nn.functional.softplus({x}, threshold=100.0)"
    expansion = "log(1 + exp(x))"

    @staticmethod
    def forward(x: Any) -> Any:
        return np.logaddexp(0.0, x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g * apply(Sigmoid, x),)


class Sign(Elementwise):
    """−1, 0 or 1, entry by entry: flat everywhere, so its gradient is 0."""

    name, symbol, group, inputs = "sign", "sign", GROUP, ("x",)
    title = mark("ops", "sign")
    keywords = ("signum", "sgn", "符号函数", "正负号")
    teaching = mark("ops", "Flat on both sides of 0: no gradient passes.")
    tie_rule = mark("ops", "At 0 there is a jump; the slope is taken as 0.")
    local, torch = ("0",), "torch.sign({x})"
    numpy = np.sign

    @staticmethod
    def forward(x: Any) -> Any:
        return np.sign(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g * 0.0,)

    @staticmethod
    def kink(x: Any) -> Any:
        return x
