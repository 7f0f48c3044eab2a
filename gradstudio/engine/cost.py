"""What a gradient costs in either mode: passes, operations, and the most memory held at once.

Reverse mode takes one pass for each number of the output, forward mode one for each number of the
leaves: that is the whole choice between them (Griewank, Walther 2008, “Evaluating Derivatives”,
chapter 3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from gradstudio.engine.evaluate import Evaluation
from gradstudio.engine.program import Program, program_of
from gradstudio.engine.reach import upstream
from gradstudio.engine.schedule import ITEM_BYTES
from gradstudio.engine.tracing import adjoint, tangent
from gradstudio.errors import GraphError, mark
from gradstudio.ops import Shape


@dataclass(frozen=True)
class ModeCost:
    """What the whole gradient costs in one mode.

    Args:
        passes: how often the program runs.
        operations: multiplications and additions of all passes together, by shape: n·m·2k for a
            product of (n, k) and (k, m), likewise for conv2d and einsum, one an entry elsewhere.
        peak_bytes: the most values held at once in one pass, if each is let go after its last
            use; leaves are not counted.
    """

    passes: int
    operations: int
    peak_bytes: int


@dataclass(frozen=True)
class CostReport:
    """Both modes, and the value alone, for one graph.

    Args:
        output: the node differentiated.
        wrt: the leaves it is differentiated by.
        value: what computing the output alone costs.
        reverse: one pass for each number of the output.
        forward: one pass for each number of the leaves.
    """

    output: str
    wrt: tuple[str, ...]
    value: ModeCost
    reverse: ModeCost
    forward: ModeCost


def costs(evaluation: Evaluation, output: str | None = None) -> CostReport:
    """Compare both modes for the derivative of a node by all inputs and parameters it depends on.

    Args:
        evaluation: of the graph.
        output: the node, of any shape; the evaluation's output where nothing is said.

    Raises:
        GradStudioError: the node has no value, or depends on no input and no parameter.

    Example:
        >>> graph = gs.parse("f = sum(x * w)", values={"x": [1, 2, 3], "w": [1, 1, 1]})
        >>> report = gs.costs(gs.evaluate(graph))
        >>> report.reverse.passes, report.forward.passes
        (1, 6)
    """
    graph = evaluation.graph
    wanted = graph.output_of(output or evaluation.output)
    needed = upstream(graph, (wanted,))
    leaves = [
        name
        for name in evaluation.order
        if graph.nodes[name].op in ("input", "parameter") and name in needed
    ]
    program = program_of(graph, wanted, leaves)
    if wanted not in evaluation.values:
        raise evaluation.reason_for(wanted)
    if not leaves:
        raise GraphError(
            mark("core", "the output {node} depends on no input and no parameter"), node=wanted
        )
    wrt = tuple(leaves)
    shapes = {name: evaluation.shapes[name] for name in wrt}
    backward = adjoint(program, wrt, shapes, seed="g")
    forward = tangent(program, wrt, shapes)
    of_shape = evaluation.shapes[wanted]
    directions = {f"d_{name}": shape for name, shape in shapes.items()}
    return CostReport(
        wanted,
        wrt,
        _cost(program, shapes, 1),
        _cost(backward, {**shapes, "g": of_shape}, math.prod(of_shape)),
        _cost(forward, {**shapes, **directions}, sum(map(math.prod, shapes.values()))),
    )


def _cost(program: Program, shapes: Mapping[str, Shape], passes: int) -> ModeCost:
    shape: dict[int, Shape] = {slot: shapes[name] for name, slot in program.arguments.items()}
    shape |= {slot: value.shape for slot, value in program.constants.items()}
    last: dict[int, int] = {}
    operations = 0
    for number, equation in enumerate(program.equations):
        inputs = [shape[slot] for slot in equation.inputs]
        out = shape[equation.output] = equation.op.shape(*inputs, **equation.settings)
        operations += equation.op.operations(out, *inputs, **equation.settings)
        for slot in equation.inputs:
            last[slot] = number
    kept = set(program.results)
    held = peak = 0
    for number, equation in enumerate(program.equations):
        held += math.prod(shape[equation.output]) * ITEM_BYTES
        peak = max(peak, held)
        computed = {slot for slot in equation.inputs if slot in last} - kept
        computed -= {*program.arguments.values(), *program.constants}
        held -= sum(
            math.prod(shape[slot]) * ITEM_BYTES for slot in computed if last[slot] == number
        )
    return ModeCost(passes, operations * passes, peak)
