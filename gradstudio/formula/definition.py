"""Ops that a document defines for itself: their formulas, read into pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradstudio.errors import GradStudioError, GraphError, mark
from gradstudio.formula import parse
from gradstudio.naming import checked_name
from gradstudio.node import EMPTY, OUT, UPSTREAM, Definition, Piece
from gradstudio.ops import REGISTRY

LONGEST_FORMULA = 10_000
MOST_INPUTS = 16


def define(
    name: str,
    inputs: Sequence[str],
    forward: str,
    backward: Mapping[str, str],
    *,
    extra: Mapping[str, object] = EMPTY,
) -> Definition:
    """Return the op that is computed by `forward` and differentiated by `backward`.

    Args:
        name: what it is called; no registered op may have that name.
        inputs: its ports.
        forward: a formula of the inputs.
        backward: for each input a formula of the inputs, `out` (the op's own result) and `g` (the
            upstream gradient). Whether they are right is another question:
            `engine.definitions.verdicts` answers it.
        extra: fields of its file that this version does not know.

    Raises:
        GradStudioError: a name is taken or no name, an input has no backward formula, or a formula
            cannot be read or uses another name; the message says which.

    Example:
        >>> leaky = gs.define(
        ...     "leaky", ["x"], "where(x > 0, x, 0.1 * x)", {"x": "g * where(x > 0, 1, 0.1)"}
        ... )
        >>> graph = gs.parse("f = leaky(x)", known=gs.Graph().define(leaky))
        >>> float(gs.evaluate(graph.set_values({"x": -2})).grads["x"])
        0.1
    """
    name = checked_name(name)
    ports = tuple(checked_name(port) for port in inputs)
    if name in REGISTRY:
        raise GraphError(mark("core", "there already is an op called {op}"), op=name)
    if not 1 <= len(ports) <= MOST_INPUTS or len(set(ports)) != len(ports):
        raise GraphError(
            mark("core", "{op} needs 1 to {most} inputs with different names"),
            op=name,
            most=MOST_INPUTS,
        )
    for port in ports:
        if port in (UPSTREAM, OUT):
            raise GraphError(
                mark("core", "{op}: no input can be called {port}, which backward formulas use"),
                op=name,
                port=port,
            )
    if set(backward) != set(ports):
        wrong = min(set(backward) ^ set(ports))
        raise GraphError(
            mark("core", "{op}: there must be one backward formula for each input; see {port}"),
            op=name,
            port=wrong,
        )
    return Definition(
        name,
        ports,
        _piece(name, "forward", forward, ports),
        tuple(_piece(name, port, backward[port], (*ports, OUT, UPSTREAM)) for port in ports),
        extra,
    )


def _piece(op: str, which: str, text: str, allowed: tuple[str, ...]) -> Piece:
    if len(text) > LONGEST_FORMULA:
        raise GraphError(
            mark("core", "{op}: the formula of {which} is too long"), op=op, which=which
        )
    try:
        graph = parse(text)
        output = graph.output_of()
    except GradStudioError as wrong:
        raise GraphError(
            mark("core", "{op}, formula of {which}: {wrong}"), op=op, which=which, wrong=wrong
        ) from None
    for name, node in graph.nodes.items():
        if node.is_leaf and node.value is None and name not in allowed:
            raise GraphError(
                mark("core", "{op}: the formula of {which} uses {name}; it may use {allowed}"),
                op=op,
                which=which,
                name=name,
                allowed=", ".join(allowed),
            )
        if None in node.inputs:
            raise GraphError(
                mark("core", "{op}: the formula of {which} is not finished"), op=op, which=which
            )
    return Piece(text, graph.nodes, output)
