"""What a formula writes out instead of computing: numbers, nested lists, settings."""

from __future__ import annotations

import ast
import math

import numpy as np

from gradstudio.errors import Phrase, mark
from gradstudio.formula.source import Passage
from gradstudio.ops import Array, Op, SettingValue

_MOST_AXES = 32


class Plain:
    """Reads plain values; what it cannot read it refuses, with the place.

    Args:
        passage: where they stand.
    """

    def __init__(self, passage: Passage) -> None:
        self._passage = passage

    def number(self, at: ast.expr) -> float | None:
        """Return the number written at `at`, with its sign; None if it is something else."""
        sign, inner = 1.0, at
        if isinstance(at, ast.UnaryOp) and isinstance(at.op, ast.USub | ast.UAdd):
            sign, inner = -1.0 if isinstance(at.op, ast.USub) else 1.0, at.operand
        if not isinstance(inner, ast.Constant) or type(inner.value) not in (int, float):
            return None
        try:
            number = float(inner.value)  # type: ignore[arg-type]  # the line above leaves int, float
        except OverflowError:
            number = math.inf
        if math.isinf(number):
            raise self._passage.error(mark("core", "this number is too large"), at)
        return sign * number

    def literal(self, at: ast.expr) -> Array | None:
        """Return the number or nested list written at `at`; None if it is something else."""
        number = self.number(at)
        if number is not None:
            return np.array(number)
        if isinstance(at, ast.List):
            return self.array(at)
        return None

    def array(self, at: ast.List) -> Array:
        """Return the nested lists written at `at`, all of equal length, as an array."""
        level: list[ast.expr] = [at]
        shape: list[int] = []
        while level and isinstance(level[0], ast.List):
            size = len(level[0].elts)
            below: list[ast.expr] = []
            for one in level:
                if not isinstance(one, ast.List) or len(one.elts) != size:
                    raise self._passage.error(
                        mark("core", "the lists have different lengths: {size} is expected here"),
                        one,
                        size=size,
                    )
                below.extend(one.elts)
            shape.append(size)
            if len(shape) > _MOST_AXES:
                raise self._passage.error(
                    mark("core", "an array has at most {most} axes"), at, most=_MOST_AXES
                )
            level = below
        numbers = []
        for one in level:
            number = self.number(one)
            if number is None:
                raise self._passage.error(
                    mark("core", "a list holds numbers only, or lists of them"), one
                )
            numbers.append(number)
        return np.array(numbers, dtype=np.float64).reshape(shape)

    def whole(self, at: ast.expr) -> int:
        """Return the whole number of an index."""
        number = self.setting_or_none(at)
        if type(number) is not int:
            raise self._passage.error(
                mark("core", "an index is a whole number or a part such as 1:3"), at
            )
        return number

    def setting_or_none(self, at: ast.expr) -> SettingValue:
        """Return the plain value written at `at`; None if it is something else."""
        inner = at.operand if isinstance(at, ast.UnaryOp) else at
        if isinstance(at, ast.UnaryOp) and not isinstance(at.op, ast.USub):
            return None
        if isinstance(at, ast.Tuple | ast.List):
            items = [self.setting_or_none(one) for one in at.elts]
            whole = tuple(item for item in items if type(item) is int)
            return whole if len(whole) == len(items) else None
        if not isinstance(inner, ast.Constant):
            return None
        value: object = inner.value
        if isinstance(value, str | bool) and inner is at:
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value if inner is at else -value
        return None

    def setting(self, at: ast.expr) -> SettingValue:
        """Return the plain value of a setting."""
        value = self.setting_or_none(at)
        if value is None and not (isinstance(at, ast.Constant) and at.value is None):
            template = mark("core", "a setting is a number, True, False, None or (1, 2)")
            raise self._passage.error(template, at)
        return value

    def normal(self, rules: type[Op], name: str, value: SettingValue, at: ast.AST) -> SettingValue:
        """Return `value` in the normal form of the setting `name`; one number will do for (1,)."""
        setting = next(one for one in rules.settings if one.name == name)
        if setting.kind in ("axes", "shape") and type(value) is int:
            value = (value,)
        try:
            return setting.checked(value)
        except ValueError as wrong:
            raise self._passage.error(
                mark("core", "the setting {setting} of {op} takes {kind}"),
                at,
                setting=name,
                op=rules.name,
                kind=Phrase(wrong),
            ) from None

    def shaped(self, value: Array, shape: SettingValue, at: ast.keyword) -> Array:
        """Return `value` in another shape; an array without numbers cannot show its own."""
        whole = (shape,) if type(shape) is int else shape
        if (
            not isinstance(whole, tuple)
            or math.prod(whole) != value.size
            or min(whole, default=0) < 0
        ):
            template = mark("core", "{size} numbers do not fill this shape")
            raise self._passage.error(template, at, size=value.size)
        try:
            return value.reshape(whole)
        except ValueError:
            raise self._passage.error(mark("core", "there is no such shape"), at) from None
