"""The leaves: nodes that have a value of their own and no inputs."""

from __future__ import annotations

from typing import ClassVar

from gradstudio.errors import mark
from gradstudio.ops.base import Op
from gradstudio.ops.settings import Setting


class Leaf(Op):
    """A node that holds a value; the engine reads it and never calls a rule."""

    group = mark("ops", "Leaves")
    leaf = True


class Input(Leaf):
    """What the graph is given. With `data` on, its first axis counts samples."""

    name, symbol = "input", "x"
    title = mark("ops", "Input")
    keywords = ("data", "variable", "placeholder", "数据", "变量", "样本")
    settings: ClassVar = (Setting("data", "bool", default=False),)
    teaching = mark(
        "ops",
        "A given value. Its gradient says how much the output would change if it changed; "
        "training leaves it alone.",
    )


class Parameter(Leaf):
    """What training adjusts."""

    name, symbol = "parameter", "w"
    title = mark("ops", "Parameter")
    keywords = ("weight", "bias", "trainable", "learned", "权重", "偏置", "权值")
    teaching = mark(
        "ops",
        "A value to be learned. A step of gradient descent moves it against its gradient: "
        "w ← w − η · ∂L/∂w.",
    )


class Constant(Leaf):
    """A fixed number; no gradient is asked of it."""

    name, symbol = "constant", "c"
    title = mark("ops", "Constant")
    keywords = ("const", "number", "literal", "fixed", "常量", "数字", "数值")
    teaching = mark("ops", "A fixed value. Nothing flows back into it, because it never changes.")


LEAF_KINDS = (Input.name, Parameter.name, Constant.name)
"""What a leaf can be, in the order menus show."""
