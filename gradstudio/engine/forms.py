"""How NumPy's functions are said over Python floats: as an expression and as a function of C.

A float costs a quarter of a NumPy scalar. The forms agree with NumPy wherever they return; where
`math` raises and NumPy has inf or nan, the executor catches it and does the step again in NumPy.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

SHARE: Final = "share"
"""[x > y] + ½ [x = y]: how `max` divides the gradient."""
ScalarKind: TypeAlias = Any
"""A ufunc, `where`, `SHARE`, or (op, settings) for a rule that could not be written down."""


class Form(NamedTuple):
    """One function over floats.

    Args:
        expression: with {0}, {1}, … for its inputs.
        function: the same as a function.

    Where NumPy returns inf or nan both may raise one of `FAILS` instead.
    """

    expression: str
    function: Callable[..., Any]


FAILS: Final = (ArithmeticError, ValueError)
"""What `math`, division and too large powers raise where NumPy returns inf or nan."""


def _maximum(x: float, y: float) -> float:
    return x if x >= y or x != x else y


def _minimum(x: float, y: float) -> float:
    return x if x <= y or x != x else y


def _sign(x: float) -> float:
    return 1.0 if x > 0.0 else -1.0 if x < 0.0 else x


def _share(x: float, y: float) -> float:
    return 1.0 if x > y else 0.5 if x == y else 0.0


def _logaddexp(x: float, y: float) -> float:
    if x == y:  # two infinities of one sign included
        return x + math.log(2.0)
    return (x if x > y else y) + math.log1p(math.exp(-abs(x - y)))


def _where(condition: float, x: float, y: float) -> float:
    return x if condition else y


def _square(x: float) -> float:
    return x * x


def _rint(x: float) -> float:
    return float(round(x))


def _floor(x: float) -> float:
    return float(math.floor(x))


def _compared(sign: str, function: Callable[..., Any]) -> Form:
    return Form(f"(1.0 if {{0}} {sign} {{1}} else 0.0)", function)


FORMS: Mapping[Any, Form] = {
    np.add: Form("{0} + {1}", operator.add),
    np.subtract: Form("{0} - {1}", operator.sub),
    np.multiply: Form("{0} * {1}", operator.mul),
    np.true_divide: Form("{0} / {1}", operator.truediv),
    np.negative: Form("-{0}", operator.neg),
    np.power: Form("pow({0}, {1})", math.pow),
    np.square: Form("{0} * {0}", _square),
    np.sqrt: Form("sqrt({0})", math.sqrt),
    np.exp: Form("exp({0})", math.exp),
    np.expm1: Form("expm1({0})", math.expm1),
    np.log: Form("log({0})", math.log),
    np.log1p: Form("log1p({0})", math.log1p),
    np.sin: Form("sin({0})", math.sin),
    np.cos: Form("cos({0})", math.cos),
    np.tan: Form("tan({0})", math.tan),
    np.arctan: Form("atan({0})", math.atan),
    np.sinh: Form("sinh({0})", math.sinh),
    np.cosh: Form("cosh({0})", math.cosh),
    np.tanh: Form("tanh({0})", math.tanh),
    np.absolute: Form("abs({0})", abs),
    np.floor: Form("floor({0})", _floor),
    np.rint: Form("rint({0})", _rint),
    np.sign: Form("(1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else {0})", _sign),
    np.maximum: Form("({0} if {0} >= {1} or {0} != {0} else {1})", _maximum),
    np.minimum: Form("({0} if {0} <= {1} or {0} != {0} else {1})", _minimum),
    np.logaddexp: Form("logaddexp({0}, {1})", _logaddexp),
    np.greater: _compared(">", operator.gt),
    np.greater_equal: _compared(">=", operator.ge),
    np.less: _compared("<", operator.lt),
    np.less_equal: _compared("<=", operator.le),
    np.equal: _compared("==", operator.eq),
    np.not_equal: _compared("!=", operator.ne),
    "where": Form("({1} if {0} else {2})", _where),
    SHARE: Form("(1.0 if {0} > {1} else 0.5 if {0} == {1} else 0.0)", _share),
}
NAMES: Mapping[str, Callable[..., Any]] = {
    **{name: getattr(math, name) for name in ("sqrt", "exp", "expm1", "log", "log1p", "sin")},
    **{name: getattr(math, name) for name in ("cos", "tan", "atan", "sinh", "cosh", "tanh")},
    "pow": math.pow,
    "abs": abs,
    "floor": _floor,
    "rint": _rint,
    "logaddexp": _logaddexp,
}
"""What the expressions call."""


def function_of(kind: ScalarKind) -> Callable[..., Any]:
    """Return `kind` over floats; through NumPy where there is no form."""
    form = FORMS.get(kind)
    if form is not None:
        return form.function
    exact = numpy_of(kind)

    def function(*inputs: float) -> float:
        with np.errstate(all="ignore"):
            return float(exact(*map(np.float64, inputs)))

    return function


def numpy_of(kind: ScalarKind) -> Callable[..., Any]:
    """Return `kind` over NumPy's scalars and arrays."""
    if kind == "where":
        return np.where
    if kind == SHARE:
        return share
    if isinstance(kind, np.ufunc):
        return kind
    op, settings = kind
    return lambda *inputs: op.forward(*inputs, **dict(settings))


def share(x: Any, y: Any) -> Any:
    """Return [x > y] + ½ [x = y], entry by entry."""
    return np.greater(x, y) + 0.5 * np.equal(x, y)
