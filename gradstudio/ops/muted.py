"""What a muted node computes: nothing of its own; one of its inputs passes through.

The rules of a pass-through op are made from those of the original, so every reading of a graph
sees a node muted without being told. (Rejected: a graph with the muted nodes taken out for each
reading; the node would have no value, no gradient and no name there.)
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import numpy as np

from gradstudio.errors import OpError, mark
from gradstudio.ops.base import Op, Shape
from gradstudio.ops.settings import SettingValue


def passing_port(
    rules: type[Op], shapes: Sequence[Shape], settings: Mapping[str, SettingValue]
) -> int:
    """Return which input stands for the result: the first of its shape, else the first.

    Args:
        rules: of the op that is muted.
        shapes: of its inputs.
        settings: the op's settings.
    """
    try:
        wanted = rules.shape(*shapes, **settings)
    except OpError:
        return 0
    return next((port for port, shape in enumerate(shapes) if shape == wanted), 0)


def muted(rules: type[Op]) -> type[Op]:
    """Return the rules of `rules` muted: the input of `passing_port` passes, and its gradient."""
    return _muted(cast("Hashable", rules))


@lru_cache(maxsize=1024)
def _muted(rules: Any) -> type[Op]:
    def port_of(inputs: Sequence[Any], settings: Mapping[str, SettingValue]) -> int:
        return passing_port(rules, [one.shape for one in inputs], settings)

    def out_shape(*shapes: Shape, **settings: SettingValue) -> Shape:
        return shapes[passing_port(rules, shapes, settings)]

    def forward(*inputs: Any, **settings: SettingValue) -> Any:
        return np.positive(inputs[port_of(inputs, settings)])

    def vjp(g: Any, out: Any, *inputs: Any, **settings: SettingValue) -> Any:
        passing = port_of(inputs, settings)
        return tuple(g if port == passing else None for port in range(len(inputs)))

    def jvp(port: int, t: Any, out: Any, *inputs: Any, **settings: SettingValue) -> Any:
        return t if port == port_of(inputs, settings) else None

    passes = cast("type[Op]", type("Muted", (Op,), {"__doc__": f"{rules.name}, muted."}))
    passes.name, passes.title, passes.symbol = rules.name, rules.title, rules.symbol
    passes.group, passes.settings = rules.group, rules.settings
    passes.inputs, passes.variadic = rules.inputs, rules.variadic
    passes.teaching = mark("ops", "Muted: one input passes as it is, and so does its gradient.")
    if not rules.variadic:
        passes.local = ("1",) * len(rules.inputs)
    else:
        passes.downstream = ("g",)
    passes.forward, passes.shape = staticmethod(forward), staticmethod(out_shape)
    passes.vjp, passes.jvp = staticmethod(vjp), staticmethod(jvp)
    return passes
