"""Comparisons and choice: what piecewise rules are made of. A comparison has no derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradstudio.errors import mark
from gradstudio.ops.base import Array, Elementwise, Shape
from gradstudio.ops.settings import SettingValue

GROUP = mark("ops", "Logic")


class Comparison(Elementwise):
    """1 where it holds and 0 where not; a step, so no gradient passes."""

    group, inputs, precedence = GROUP, ("x", "y"), 1
    tie_rule = mark("ops", "At equal inputs it jumps; the slope is taken as 0.")
    local = ("0", "0")
    teaching = mark("ops", "A comparison is a step: it is flat, so no gradient passes.")

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, y: Any) -> Any:
        return g * 0.0, g * 0.0

    @staticmethod
    def kink(x: Any, y: Any) -> Any:
        return x - y


class Greater(Comparison):
    """1 where x > y, 0 elsewhere."""

    name, symbol, formula, torch = "greater", ">", "{x} > {y}", "({x} > {y}).double()"
    title = mark("ops", "greater")
    keywords = ("gt", "compare", "more than", "比较", "大")
    numpy = np.greater

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.greater(x, y) * 1.0


class GreaterEqual(Comparison):
    """1 where x >= y, 0 elsewhere."""

    name, symbol, formula, torch = "greater_equal", "≥", "{x} >= {y}", "({x} >= {y}).double()"
    title = mark("ops", "greater or equal")
    keywords = (">=", "ge", "at least", "不小于", "至少")
    numpy = np.greater_equal

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.greater_equal(x, y) * 1.0


class Less(Comparison):
    """1 where x < y, 0 elsewhere."""

    name, symbol, formula, torch = "less", "<", "{x} < {y}", "({x} < {y}).double()"
    title = mark("ops", "less")
    keywords = ("lt", "compare", "smaller than", "小", "比较")
    numpy = np.less

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.less(x, y) * 1.0


class LessEqual(Comparison):
    """1 where x <= y, 0 elsewhere."""

    name, symbol, formula, torch = "less_equal", "≤", "{x} <= {y}", "({x} <= {y}).double()"
    title = mark("ops", "less or equal")
    keywords = ("<=", "le", "at most", "不大于", "至多")
    numpy = np.less_equal

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.less_equal(x, y) * 1.0


class Equal(Comparison):
    """1 where x equals y, 0 elsewhere."""

    name, symbol, formula, torch = "equal", "=", "{x} == {y}", "({x} == {y}).double()"
    title = mark("ops", "equal")
    keywords = ("==", "eq", "same", "相等")
    numpy = np.equal

    @staticmethod
    def forward(x: Any, y: Any) -> Any:
        return np.equal(x, y) * 1.0


class Where(Elementwise):
    """x where the condition is not 0, y elsewhere."""

    name, symbol, group, inputs = "where", "x|y", GROUP, ("condition", "x", "y")
    title = mark("ops", "where")
    keywords = (
        "if",
        "select",
        "ternary",
        "choose",
        "mask",
        "switch",
        "如果",
        "选择",
        "掩码",
        "三元",
    )
    pattern = mark("ops", "gradient router")
    teaching = mark("ops", "A switch: the gradient goes to the input that was chosen.")
    local = ("0", "[condition]", "[not condition]")
    torch = "torch.where({condition} != 0, {x}, {y})"
    numpy = np.where

    @staticmethod
    def forward(condition: Any, x: Any, y: Any) -> Any:
        return np.where(condition, x, y)

    @staticmethod
    def vjp(g: Any, out: Any, condition: Any, x: Any, y: Any) -> Any:
        return None, np.where(condition, g, 0.0), np.where(condition, 0.0, g)

    @classmethod
    def draw(
        cls, rng: np.random.Generator, shapes: tuple[Shape, ...], **settings: SettingValue
    ) -> tuple[Array, ...]:
        """Draw a condition of zeros and ones, and two arrays."""
        condition, x, y = super().draw(rng, shapes)
        return np.asarray(condition > 0, dtype=float), x, y
