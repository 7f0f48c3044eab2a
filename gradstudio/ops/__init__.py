"""The ops: importing this package fills the registry, in the order the palette shows."""

from gradstudio.ops import leaves  # isort: split
from gradstudio.ops import arithmetic, functions, linalg, reductions, shaping, losses, logic
from gradstudio.ops.base import (
    REGISTRY,
    Array,
    Op,
    Setting,
    SettingValue,
    Shape,
    apply,
    op_named,
    shape_text,
    unbroadcast,
)

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
