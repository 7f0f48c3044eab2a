"""The kinds of item; importing this package registers them all."""

from gradstudio.lab.items import (
    build,
    choice,
    expression,
    formulas,
    gradients,
    number,
    order,
    training,
    values,
)
from gradstudio.lab.items.base import KINDS, Blank, Hint, Item, Judgement, Part, Verdict

__all__ = [
    "KINDS",
    "Blank",
    "Hint",
    "Item",
    "Judgement",
    "Part",
    "Verdict",
    "build",
    "choice",
    "expression",
    "formulas",
    "gradients",
    "number",
    "order",
    "training",
    "values",
]
