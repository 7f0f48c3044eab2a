"""What makes an adjoint program short enough to read: rewrites that leave every number as it is.

A rewrite only drops work: x·1 and x+0 (x, where the shapes agree; −0 + 0 alone becomes −0), x to
the power 1, a double negation, a move to the shape a value already has, and equations whose inputs
are all fixed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradstudio.engine.program import Equation, Program, as_value
from gradstudio.errors import OpError
from gradstudio.ops import Array, Shape
from gradstudio.ops.arithmetic import Neg
from gradstudio.ops.logic import Where

LARGEST_FOLDED = 1_000_000
"""An equation whose result has more entries is not folded: it would be stored in full."""


@dataclass(frozen=True, slots=True)
class Rewrites:
    """Which rewrites are made.

    Args:
        units: x·1, x÷1, x¹, x+0, x−0.
        negations: −(−x).
        moves: reshapes, broadcasts and reductions that change nothing.
        folding: equations whose inputs are all fixed, and choices whose condition is.
    """

    units: bool = True
    negations: bool = True
    moves: bool = True
    folding: bool = True


def simplified(
    program: Program, shapes: Mapping[str, Shape], rewrites: Rewrites | None = None
) -> Program:
    """Return a program with the same results and names, and no more equations.

    Args:
        program: any program.
        shapes: the shape of every argument.
        rewrites: which rewrites to make; all where nothing is said.
    """
    chosen = rewrites or Rewrites()
    shape: dict[int, Shape] = {slot: shapes[name] for name, slot in program.arguments.items()}
    constants = dict(program.constants)
    shape |= {slot: np.shape(value) for slot, value in constants.items()}
    stands_for: dict[int, int] = {}
    kept: dict[int, Equation] = {}
    for equation in program.equations:
        inputs = tuple(stands_for.get(slot, slot) for slot in equation.inputs)
        equation = replace(equation, inputs=inputs)
        out = equation.output
        shape[out] = equation.op.shape(*(shape[slot] for slot in inputs), **equation.settings)
        folded = _folded(equation, constants, shape[out]) if chosen.folding else None
        same = _same_slot(equation, shape, constants, kept, chosen)
        if folded is not None:
            constants[out] = folded
        elif same is not None:
            stands_for[out] = same
        else:
            kept[out] = equation
    return replace(
        program,
        constants=constants,
        equations=tuple(kept.values()),
        results=tuple(stands_for.get(slot, slot) for slot in program.results),
        names={name: stands_for.get(slot, slot) for name, slot in program.names.items()},
    ).pruned()


def _folded(equation: Equation, constants: Mapping[int, Array], shape: Shape) -> Array | None:
    if math.prod(shape) > LARGEST_FOLDED or not constants.keys() >= set(equation.inputs):
        return None
    inputs = [as_value(constants[slot]) for slot in equation.inputs]
    try:
        with np.errstate(all="ignore"):
            return np.asarray(equation.op.forward(*inputs, **equation.settings))
    except OpError:
        return None


def _same_slot(
    equation: Equation,
    shape: Mapping[int, Shape],
    constants: Mapping[int, Array],
    kept: Mapping[int, Equation],
    chosen: Rewrites,
) -> int | None:
    """Return the slot that already holds what the equation would compute."""
    op, inputs, out = equation.op, equation.inputs, equation.output
    if chosen.units:
        for port, neutral in op.neutral:
            other = inputs[1 - port]
            if shape[other] == shape[out] and _is_all(constants.get(inputs[port]), neutral):
                return other
    if chosen.negations and op is Neg:
        inner = kept.get(inputs[0])
        if inner is not None and inner.op is Neg:
            return inner.inputs[0]
    if chosen.folding and op is Where and inputs[0] in constants:
        condition = constants[inputs[0]]
        taken = inputs[1] if np.all(condition) else inputs[2]
        if (np.all(condition) or not np.any(condition)) and shape[taken] == shape[out]:
            return taken
    if chosen.moves and op.keeps_entries and shape[inputs[0]] == shape[out]:
        return inputs[0]
    return None


def _is_all(array: Any, value: float) -> bool:
    return array is not None and bool(np.all(np.equal(array, value)))
