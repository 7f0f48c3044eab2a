"""Arithmetic entry by entry: the ops of the first lecture, and the patterns of gradient flow."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from gradstudio.errors import mark
from gradstudio.ops.base import Elementwise

GROUP = mark("ops", "Arithmetic")
ROUTER = mark("ops", "gradient router")
TIE = mark("ops", "Equal inputs share the gradient, half each, as torch.maximum has it.")


class Add(Elementwise):
    """Sum of two arrays, entry by entry. Both inputs get the gradient unchanged."""

    name, symbol, group, inputs = "add", "+", GROUP, ("x", "y")
    title = mark("ops", "add")
    keywords = ("plus", "sum of two", "addition", "bias", "加", "相加", "和")
    pattern = mark("ops", "gradient distributor")
    teaching = mark("ops", "Addition hands the upstream gradient to both inputs unchanged.")
    local = ("1", "1")
    formula, precedence, torch = "{x} + {y}", 2, "{x} + {y}"
    numpy = np.add
    neutral = ((0, 0.0), (1, 0.0))

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return x + y

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        return g, g


class Sub(Elementwise):
    """Difference of two arrays, entry by entry. The second input gets the gradient negated."""

    name, symbol, group, inputs = "sub", "−", GROUP, ("x", "y")
    title = mark("ops", "sub")
    keywords = ("-", "minus", "difference", "subtraction", "减", "减法", "相减", "差")
    pattern = mark("ops", "gradient distributor")
    teaching = mark(
        "ops", "Subtraction hands the gradient on: unchanged to the first, negated to the second."
    )
    local = ("1", "−1")
    formula, precedence, torch = "{x} - {y}", 2, "{x} - {y}"
    aliases = ("subtract",)
    numpy = np.subtract
    neutral = ((1, 0.0),)

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return x - y

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        return g, -g


class Mul(Elementwise):
    """Product of two arrays, entry by entry. The gradient swaps the inputs."""

    name, symbol, group, inputs = "mul", "×", GROUP, ("x", "y")
    title = mark("ops", "mul")
    keywords = (
        "*",
        "·",
        "⋅",
        "times",
        "product",
        "multiplication",
        "hadamard",
        "乘",
        "相乘",
        "积",
        "逐元素乘",
    )
    pattern = mark("ops", "gradient swapper")
    teaching = mark("ops", "Each input gets the upstream gradient times the other input's value.")
    local = ("y", "x")
    formula, precedence, torch = "{x} * {y}", 3, "{x} * {y}"
    aliases = ("multiply",)
    numpy = np.multiply
    neutral = ((0, 1.0), (1, 1.0))

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return x * y

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * y, g * x


class Div(Elementwise):
    """Quotient of two arrays, entry by entry."""

    name, symbol, group, inputs = "div", "÷", GROUP, ("x", "y")
    title = mark("ops", "div")
    keywords = (
        "/",
        ":",
        "over",
        "quotient",
        "ratio",
        "division",
        "reciprocal",
        "除",
        "相除",
        "商",
        "倒数",
    )
    teaching = mark(
        "ops",
        "The numerator gets the gradient divided by the denominator; the denominator gets it "
        "times −out ÷ y, so small denominators make large gradients.",
    )
    undefined = mark("core", "division by zero")
    local = ("1 ÷ y", "−out ÷ y")
    formula, precedence, torch = "{x} / {y}", 3, "{x} / {y}"
    aliases = ("divide", "true_divide")
    numpy = np.true_divide
    neutral = ((1, 1.0),)
    domain: ClassVar = ((-2.0, 2.0), (0.5, 2.0))

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return x / y

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        return g / y, -g * out / y

    @staticmethod
    def defined(x: Any, y: Any) -> Any:
        return np.not_equal(y, 0)


class Neg(Elementwise):
    """The negative, entry by entry."""

    name, symbol, group, inputs = "neg", "−", GROUP, ("x",)
    title = mark("ops", "neg")
    keywords = ("-", "minus", "negate", "unary minus", "负", "取负", "负号")
    teaching = mark("ops", "The gradient changes its sign.")
    local = ("−1",)
    formula, precedence, torch = "-{x}", 4, "-{x}"
    aliases = ("negative",)
    numpy = np.negative

    @staticmethod
    def forward(x: Any) -> Any:
        return -x

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (-g,)


class Pow(Elementwise):
    """Power of two arrays, entry by entry.

    As PyTorch has it, x**0 has slope 0 in x everywhere, and 0**y with y >= 0 slope 0 in y.
    """

    name, symbol, group, inputs = "pow", "xʸ", GROUP, ("x", "y")
    title = mark("ops", "pow")
    keywords = ("**", "^", "exponent", "raise", "power of", "次方", "乘方", "幂次")
    teaching = mark(
        "ops",
        "The power rule: the base gets the gradient times y · x^(y−1), the exponent gets it times "
        "out · ln x.",
    )
    undefined = mark("core", "a negative number to a fractional power, or zero to a negative one")
    local = ("y · x^(y−1)", "out · ln x")
    formula, precedence, torch = "{x} ** {y}", 5, "{x} ** {y}"
    aliases = ("power",)
    numpy = np.power
    neutral = ((1, 1.0),)
    domain: ClassVar = ((0.3, 2.0), (-2.0, 2.5))

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.power(x, y)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        slope = np.where(np.equal(y, 0), 0.0, y * np.power(x, y - 1))
        zero_base = np.equal(x, 0) * np.greater_equal(y, 0)
        return g * slope, g * np.where(zero_base, 0.0, out * np.log(x))

    @staticmethod
    def defined(x: Any, y: Any) -> Any:
        negative_base = np.less(x, 0) & np.equal(y, np.floor(y))
        return np.greater(x, 0) | negative_base | (np.equal(x, 0) & np.greater_equal(y, 0))


class Max(Elementwise):
    """The larger of two arrays, entry by entry; equal entries share the gradient equally."""

    name, symbol, group, inputs = "max", "max", GROUP, ("x", "y")
    title = mark("ops", "max")
    keywords = ("larger", "maximum of two", "较大值", "取大")
    pattern = ROUTER
    teaching = mark(
        "ops", "The whole gradient goes to the larger input; the smaller one gets zero."
    )
    tie_rule = TIE
    local = ("[x > y]", "[y > x]")
    aliases, torch = ("maximum",), "torch.maximum({x}, {y})"
    numpy = np.maximum

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.maximum(x, y)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        tie = 0.5 * np.equal(x, y)
        return g * (np.greater(x, y) + tie), g * (np.less(x, y) + tie)

    @staticmethod
    def kink(x: Any, y: Any) -> Any:
        return x - y


class Min(Elementwise):
    """The smaller of two arrays, entry by entry; equal entries share the gradient equally."""

    name, symbol, group, inputs = "min", "min", GROUP, ("x", "y")
    title = mark("ops", "min")
    keywords = ("smaller", "minimum of two", "较小值", "取小")
    pattern = ROUTER
    teaching = mark(
        "ops", "The whole gradient goes to the smaller input; the larger one gets zero."
    )
    tie_rule = mark("ops", "Equal inputs share the gradient, half each, as torch.minimum has it.")
    local = ("[x < y]", "[y < x]")
    aliases, torch = ("minimum",), "torch.minimum({x}, {y})"
    numpy = np.minimum

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.minimum(x, y)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        tie = 0.5 * np.equal(x, y)
        return g * (np.less(x, y) + tie), g * (np.greater(x, y) + tie)

    @staticmethod
    def kink(x: Any, y: Any) -> Any:
        return x - y


class Abs(Elementwise):
    """The absolute value, entry by entry; slope 0 at 0."""

    name, symbol, group, inputs = "abs", "|x|", GROUP, ("x",)
    title = mark("ops", "abs")
    keywords = ("||", "magnitude", "modulus", "绝对", "取绝对值")
    teaching = mark("ops", "The gradient passes where x is positive and is negated where negative.")
    tie_rule = mark("ops", "At 0 the slope is taken as 0, as PyTorch has it.")
    local = ("sign x",)
    aliases, torch = ("absolute",), "torch.abs({x})"
    numpy = np.absolute

    @staticmethod
    def forward(x: Any) -> Any:
        return np.absolute(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g * np.sign(x),)

    @staticmethod
    def kink(x: Any) -> Any:
        return x


class Identity(Elementwise):
    """The input itself, under another name."""

    name, symbol, group, inputs = "identity", "=", GROUP, ("x",)
    title = mark("ops", "identity")
    keywords = ("copy", "pass", "同一", "复制")
    listed = False
    teaching = mark("ops", "A second name for a value: the gradient passes unchanged.")
    local, torch = ("1",), "{x} * 1"
    numpy = np.positive
    keeps_entries = True

    @staticmethod
    def forward(x: Any) -> Any:
        return np.positive(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g,)
