"""What keeps deep networks trainable: layer norm and dropout."""

from __future__ import annotations

from typing import Any, ClassVar, cast

import numpy as np

from gradstudio.errors import OpError, mark
from gradstudio.ops.base import Array, Elementwise, Op, Shape, broadcast_shape, shape_text
from gradstudio.ops.lookup import GROUP
from gradstudio.ops.settings import Setting, SettingValue


class LayerNorm(Op):
    """(x − mean) ÷ √(variance + eps) along the last axis (Ba, Kiros, Hinton 2016, equation 3).

    x: (…, d); gain and offset, where wanted, are a multiplication and an addition.
    """

    name, symbol, group, inputs = "layer_norm", "LN", GROUP, ("x",)
    title = mark("ops", "layer norm")
    keywords = ("layernorm", "normalize", "normalization", "标准化", "归一化")
    settings: ClassVar = (Setting("eps", "float", default=1e-5),)
    teaching = mark(
        "ops",
        "Shifting or stretching a row changes nothing, so the gradient loses its mean and its part "
        "along the output.",
    )
    downstream = ("(g − mean(g) − out · mean(g · out)) ÷ √(var + eps)",)
    torch = "torch.nn.functional.layer_norm({x}, {x}.shape[-1:], eps={eps})"
    expansion = (
        "(x - mean(x, axis=-1, keepdims=True))"
        " / sqrt(var(x, axis=-1, correction=0, keepdims=True) + {eps})"
    )
    samples: ClassVar = (
        (((3,),), {}),
        (((2, 3),), {}),
        (((2, 3, 4),), {"eps": 0.1}),
        (((2, 1),), {}),
        (((0, 3),), {}),
    )

    @staticmethod
    def shape(x: Shape, *, eps: float = 1e-5) -> Shape:
        if not eps > 0:
            raise OpError(mark("core", "eps must be more than 0, and is {eps}"), eps=eps)
        if not x or x[-1] == 0:
            raise OpError(
                mark("core", "x is {shape}: its last axis must hold the numbers to normalise"),
                shape=shape_text(x),
            )
        return x

    @staticmethod
    def centred(x: Any) -> Any:
        """Return x without the mean of its last axis."""
        return x - np.mean(x, axis=-1, keepdims=True)

    @staticmethod
    def forward(x: Any, *, eps: float = 1e-5) -> Any:
        centred = LayerNorm.centred(x)
        return centred / np.sqrt(np.mean(np.square(centred), axis=-1, keepdims=True) + eps)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, eps: float = 1e-5) -> Any:
        variance = np.mean(np.square(LayerNorm.centred(x)), axis=-1, keepdims=True)
        along = out * np.mean(g * out, axis=-1, keepdims=True)
        return ((LayerNorm.centred(g) - along) / np.sqrt(variance + eps),)

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, *, eps: float = 1e-5) -> Any:
        # The Jacobian is symmetric.
        return LayerNorm.vjp(t, out, x, eps=eps)[0]


class Dropout(Elementwise):
    """x · mask ÷ (1 − p): what the mask drops is 0, the rest is scaled up to keep the mean.

    mask: zeros with probability p, ones elsewhere. It is an input, so that the same numbers come
    out every time; after training it is all ones and p is 0 (Srivastava and others 2014).
    """

    name, symbol, group, inputs = "dropout", "drop", GROUP, ("x", "mask")
    title = mark("ops", "dropout")
    keywords = ("regularization", "mask", "随机失活", "丢弃", "正则化")
    pattern = mark("ops", "gradient gate")
    settings: ClassVar = (Setting("p", "float", default=0.5),)
    teaching = mark(
        "ops", "The gradient passes where the mask is 1, scaled as the value was, and stops at 0."
    )
    local = ("mask ÷ (1 − p)", "x ÷ (1 − p)")
    torch = "{x} * {mask} / (1 - {p})"
    expansion = "x * mask / (1 - {p})"
    samples: ClassVar = (
        (((), ()), {}),
        (((2, 3), (2, 3)), {"p": 0.25}),
        (((2, 3), (3,)), {"p": 0.0}),
        (((0, 3), (3,)), {}),
    )

    @staticmethod
    def shape(x: Shape, mask: Shape, *, p: float = 0.5) -> Shape:
        if not 0 <= p < 1:
            raise OpError(mark("core", "p must be at least 0 and less than 1, and is {p}"), p=p)
        return broadcast_shape(Dropout, x, mask)

    @staticmethod
    def forward(x: Any, mask: Any, *, p: float = 0.5) -> Any:
        return x * mask / (1.0 - p)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, mask: Any, *, p: float = 0.5) -> Any:
        scaled = g / (1.0 - p)
        return scaled * mask, scaled * x

    @classmethod
    def draw(
        cls, rng: np.random.Generator, shapes: tuple[Shape, ...], **settings: SettingValue
    ) -> tuple[Array, ...]:
        """Draw an array, and a mask of zeros and ones."""
        p = cast("float", settings.get("p", 0.5))
        return rng.uniform(-2.0, 2.0, shapes[0]), (rng.random(shapes[1]) >= p) * 1.0
