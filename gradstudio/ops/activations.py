"""The activations of newer networks, and the error function that gelu is made of.

NumPy has no error function. `erf` and `erfc` follow W. J. Cody (1969), “Rational Chebyshev
approximations for the error function”, Mathematics of Computation 23(107), 631-637, with the
coefficients and the splitting of exp(-x²) of his program CALERF (1990). (Rejected: math.erf entry
by entry, some fifty times slower on arrays.)
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from gradstudio.errors import mark
from gradstudio.ops.base import Elementwise, apply
from gradstudio.ops.functions import GATE, GROUP, Sigmoid
from gradstudio.ops.settings import Setting

_NEAR = 0.46875
_FAR = 4.0
_ERF_TOP = (
    1.85777706184603153e-1,
    3.16112374387056560e00,
    1.13864154151050156e02,
    3.77485237685302021e02,
    3.20937758913846947e03,
)
_ERF_BOTTOM = (
    1.0,
    2.36012909523441209e01,
    2.44024637934444173e02,
    1.28261652607737228e03,
    2.84423683343917062e03,
)
_ERFC_TOP = (
    2.15311535474403846e-8,
    5.64188496988670089e-1,
    8.88314979438837594e00,
    6.61191906371416295e01,
    2.98635138197400131e02,
    8.81952221241769090e02,
    1.71204761263407058e03,
    2.05107837782607147e03,
    1.23033935479799725e03,
)
_ERFC_BOTTOM = (
    1.0,
    1.57449261107098347e01,
    1.17693950891312499e02,
    5.37181101862009858e02,
    1.62138957456669019e03,
    3.29079923573345963e03,
    4.36261909014324716e03,
    3.43936767414372164e03,
    1.23033935480374942e03,
)
_TAIL_TOP = (
    1.63153871373020978e-2,
    3.05326634961232344e-1,
    3.60344899949804439e-1,
    1.25781726111229246e-1,
    1.60837851487422766e-2,
    6.58749161529837803e-4,
)
_TAIL_BOTTOM = (
    1.0,
    2.56852019228982242e00,
    1.87295284992346725e00,
    5.27905102951428412e-1,
    6.05183413124413191e-2,
    2.33520497626869185e-3,
)


def _ratio(x: Any, top: tuple[float, ...], bottom: tuple[float, ...]) -> Any:
    """Return the quotient of two polynomials, their coefficients from the highest power down."""
    above, below = top[0], bottom[0]
    for a, b in zip(top[1:], bottom[1:], strict=True):
        above, below = above * x + a, below * x + b
    return above / below


def _erf_near(x: Any) -> Any:
    """Return erf(x) for |x| <= 0.46875."""
    return x * _ratio(x * x, _ERF_TOP, _ERF_BOTTOM)


def _erfc_off(y: Any) -> Any:
    """Return erfc(y) for y >= 0.46875."""
    square = 1.0 / np.square(np.maximum(y, _FAR))
    tail = (1.0 / math.sqrt(math.pi) - square * _ratio(square, _TAIL_TOP, _TAIL_BOTTOM)) / y
    middle = _ratio(np.minimum(y, _FAR), _ERFC_TOP, _ERFC_BOTTOM)
    # exp(-y²) in two factors: the rounding of y² would be multiplied by y² in the exponent.
    coarse = np.trunc(y * 16.0) / 16.0
    power = np.exp(-coarse * coarse) * np.exp(-(y - coarse) * (y + coarse))
    return power * np.where(y <= _FAR, middle, tail)


def _parts(x: Any) -> tuple[Any, Any]:
    """Return erf where x is near 0, and erfc(|x|) where it is not (beyond 30 it is 0)."""
    y = np.minimum(np.absolute(x), 30.0)
    return _erf_near(np.clip(x, -_NEAR, _NEAR)), _erfc_off(np.maximum(y, _NEAR))


class Erf(Elementwise):
    """The error function 2/√π ∫₀ˣ exp(−t²) dt, entry by entry, to the last digits of a float64."""

    name, symbol, group, inputs = "erf", "erf", GROUP, ("x",)
    title = mark("ops", "erf")
    keywords = ("error function", "误差")
    teaching = mark("ops", "The gradient is scaled by the bell curve 2/√π · exp(−x²).")
    local, torch = ("2/√π · exp(−x²)",), "torch.erf({x})"

    @staticmethod
    def forward(x: Any) -> Any:
        near, complement = _parts(x)
        return np.where(np.absolute(x) <= _NEAR, near, np.copysign(0.5 - complement + 0.5, x))[()]

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g * (np.exp(-np.square(x)) * (2.0 / math.sqrt(math.pi))),)


class Erfc(Elementwise):
    """1 − erf(x), entry by entry, in a form that keeps small numbers."""

    name, symbol, group, inputs = "erfc", "erfc", GROUP, ("x",)
    title = mark("ops", "erfc")
    listed = False
    teaching = mark("ops", "The gradient is scaled by −2/√π · exp(−x²).")
    local, torch = ("−2/√π · exp(−x²)",), "torch.erfc({x})"
    expansion = "1 - erf(x)"

    @staticmethod
    def forward(x: Any) -> Any:
        near, complement = _parts(x)
        off = np.where(np.less(x, 0), 2.0 - complement, complement)
        return np.where(np.absolute(x) <= _NEAR, 1.0 - near, off)[()]

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        return (g * (np.exp(-np.square(x)) * (-2.0 / math.sqrt(math.pi))),)


class Gelu(Elementwise):
    """x · Φ(x), entry by entry, with Φ the normal distribution (Hendrycks, Gimpel 2016).

    The exact form, which is PyTorch's default, not the one with tanh.
    """

    name, symbol, group, inputs = "gelu", "GELU", GROUP, ("x",)
    title = mark("ops", "GELU")
    keywords = ("gaussian error linear unit", "高斯误差线性单元")
    pattern = GATE
    teaching = mark("ops", "A gate that opens smoothly: the gradient is scaled by Φ(x) + x · φ(x).")
    local, torch = ("Φ(x) + x · φ(x)",), "torch.nn.functional.gelu({x})"
    expansion = "x * (1 + erf(x / sqrt(2))) / 2"

    @staticmethod
    def share(x: Any) -> Any:
        """Return Φ(x)."""
        return 0.5 * apply(Erfc, x * -math.sqrt(0.5))

    @staticmethod
    def forward(x: Any) -> Any:
        return x * Gelu.share(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        bell = np.exp(np.square(x) * -0.5) * (1.0 / math.sqrt(2.0 * math.pi))
        return (g * (Gelu.share(x) + x * bell),)


class Silu(Elementwise):
    """x · σ(x), entry by entry; also called swish."""

    name, symbol, group, inputs = "silu", "SiLU", GROUP, ("x",)
    title = mark("ops", "SiLU")
    keywords = ("sigmoid linear unit", "x sigmoid", "自门控")
    pattern = GATE
    teaching = mark(
        "ops", "A gate that opens smoothly: the gradient is scaled by σ(x) · (1 + x · (1 − σ(x)))."
    )
    local, torch = ("σ(x) · (1 + x · (1 − σ(x)))",), "torch.nn.functional.silu({x})"
    aliases = ("swish",)
    expansion = "x * sigmoid(x)"

    @staticmethod
    def forward(x: Any) -> Any:
        return x * Sigmoid.forward(x)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any) -> Any:
        share = apply(Sigmoid, x)
        return (g * (share * (1.0 + x * (1.0 - share))),)


class Elu(Elementwise):
    """x where it is positive and alpha · (exp(x) − 1) elsewhere, entry by entry."""

    name, symbol, group, inputs = "elu", "ELU", GROUP, ("x",)
    title = mark("ops", "ELU")
    keywords = ("exponential linear unit", "指数线性单元")
    pattern = GATE
    settings: ClassVar = (Setting("alpha", "float", default=1.0),)
    teaching = mark(
        "ops", "The gradient passes where x > 0 and is scaled by alpha · exp(x) elsewhere."
    )
    tie_rule = mark("ops", "At 0 the slope is alpha, as PyTorch has it.")
    local = ("1 [x > 0], alpha · exp(x) [x ≤ 0]",)
    torch = "torch.nn.functional.elu({x}, {alpha})"
    expansion = "where(x > 0, x, {alpha} * (exp(x) - 1))"
    samples: ClassVar = (
        (((),), {}),
        (((2, 3),), {"alpha": 0.5}),
        (((3,),), {"alpha": 0.0}),
        (((0, 3),), {}),
        (((3,),), {"alpha": -0.5}),
    )

    @staticmethod
    def below(x: Any) -> Any:
        """Return x where it is not positive, and 0 elsewhere: exp of it overflows nowhere."""
        return np.where(np.greater(x, 0), 0.0, x)

    @staticmethod
    def forward(x: Any, *, alpha: float = 1.0) -> Any:
        return np.where(np.greater(x, 0), x, alpha * np.expm1(Elu.below(x)))

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, alpha: float = 1.0) -> Any:
        return (g * np.where(np.greater(x, 0), 1.0, alpha * np.exp(Elu.below(x))),)

    @staticmethod
    def kink(x: Any, *, alpha: float = 1.0) -> Any:
        return None if alpha == 1.0 else x
