"""The ops: importing this package fills the registry, in the order the palette shows."""

# isort: off
from gradstudio.ops import leaves, arithmetic, functions, activations, linalg  # noqa: F401
from gradstudio.ops import contraction, shaping, reductions, measures, losses  # noqa: F401
from gradstudio.ops import layers, lookup, convolution, logic  # noqa: F401

# isort: on
from gradstudio.ops.base import REGISTRY, Array, Op, Shape, apply, op_named, shape_text, unbroadcast
from gradstudio.ops.settings import Setting, SettingValue

__all__ = [
    "REGISTRY",
    "Array",
    "Op",
    "Setting",
    "SettingValue",
    "Shape",
    "apply",
    "op_named",
    "shape_text",
    "unbroadcast",
]
