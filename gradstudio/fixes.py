"""How the problems of a graph can be mended: suggestions, each of them one edit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from gradstudio.engine.evaluate import Evaluation
from gradstudio.engine.problems import Problem, grown
from gradstudio.errors import GradStudioError, GraphError, OpError, mark
from gradstudio.graph import Graph, Point
from gradstudio.numbers import full_text
from gradstudio.ops import SettingValue, Shape, shape_text
from gradstudio.ops.base import checked_shape
from gradstudio.rewiring import swap_inputs

MOST = 4
"""More suggestions than this are no help."""
SMALLEST = 1e-12
"""What keeps a logarithm, a root or a quotient finite, and changes no other number that is seen."""
LARGEST_EXPONENT = 700.0
"""exp(709.78) is the largest float64; some room is left for what comes after."""
LINEAR = 2.0
"""Below it, tanh(x) is less than 0.97: inputs scaled to it are not saturated."""
_GUARDS: dict[str, tuple[int, str, float]] = {
    "log": (0, "max", SMALLEST),
    "sqrt": (0, "max", SMALLEST),
    "pow": (0, "max", SMALLEST),
    "div": (1, "add", SMALLEST),
    "exp": (0, "min", LARGEST_EXPONENT),
}
"""For ops that are not finite everywhere: which input is guarded, by which op with which number."""
_STEP_X, _STEP_Y = 90.0, -60.0
"""Where a new node goes: beside the one it follows, and a constant above the op it feeds."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One suggestion.

    Args:
        label: what it does, as a button and the undo menu say it.
        edit: makes it of the graph the problem was found in, or of one that was edited since.
            It raises a `GraphError` where that is no longer possible.
    """

    label: GradStudioError
    edit: Callable[[Graph], Graph]


def fixes(problem: Problem, evaluation: Evaluation) -> tuple[Fix, ...]:
    """Return what can be done about a problem, the likeliest first; often nothing.

    Args:
        problem: one of `problems(evaluation)`.
        evaluation: the numbers it was found in.
    """
    if problem.kind == "outputs":
        found: Iterable[Fix] = _choices(evaluation.graph)
    elif problem.node is None:
        found = ()
    else:
        found = _MENDERS[problem.kind](problem.node, evaluation)
    return tuple(found)[:MOST]


# -- what has no value ---------------------------------------------------------------------------


def _shape_fixes(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    """Try what makes the shapes fit, and suggest what does."""
    node = evaluation.graph.nodes[name]
    fed = [evaluation.shapes.get(source or "") for source in node.inputs]
    shapes = [shape for shape in fed if shape is not None]
    if len(shapes) < len(fed):
        return
    takes = partial(_takes, evaluation, name)
    for port, shape in enumerate(shapes):
        if len(shape) == 2 and takes(_with(shapes, port, shape[::-1])):
            label = mark("core", "Transpose {source}")
            yield _fix(label, partial(_transposed, name=name, ports=(port,)), node.inputs[port])
    if len(shapes) == 2:
        x, y = shapes
        if takes([y, x]):
            label = mark("core", "Swap the inputs of {source}")
            yield _fix(label, partial(swap_inputs, name=name), name)
        if len(x) == len(y) == 2 and takes([x[::-1], y[::-1]]):
            label = mark("core", "Transpose both inputs of {source}")
            yield _fix(label, partial(_transposed, name=name, ports=(0, 1)), name)
        for port, shape in enumerate(shapes):
            for other in _near(shape):
                if takes(_with(shapes, port, other)):
                    yield _reshape(name, port, node.inputs[port], other)
    known = {setting.name: setting.default for setting in node.rules.settings}
    for setting in ("axis", "shape"):
        if setting in node.settings and takes(shapes, **{setting: known[setting]}):
            edit = partial(_set, name=name, setting=setting, value=known[setting])
            label = mark("core", "Leave the setting {setting} of {source} to its default")
            yield _fix(label, edit, name, setting=setting)


def _takes(
    evaluation: Evaluation, name: str, shapes: list[Shape], **settings: SettingValue
) -> bool:
    node = evaluation.graph.nodes[name]
    try:
        checked_shape(node.rules, shapes, {**node.settings, **settings})
    except OpError:
        return False
    return True


def _with(shapes: list[Shape], port: int, shape: Shape) -> list[Shape]:
    return [*shapes[:port], shape, *shapes[port + 1 :]]


def _near(shape: Shape) -> Iterator[Shape]:
    """Yield shapes of the same entries that people confuse with `shape`."""
    if 1 in shape:
        yield tuple(size for size in shape if size != 1)
    if len(shape) == 1:
        yield (*shape, 1)


def _reshape(name: str, port: int, source: str | None, shape: Shape) -> Fix:
    edit = partial(_before, name=name, port=port, op="reshape", settings={"shape": shape})
    label = mark("core", "Reshape {source} to {shape}")
    return _fix(label, edit, source, shape=shape_text(shape))


def _unconnected_fixes(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    graph = evaluation.graph
    node = graph.nodes[name]
    ports = node.rules.ports(len(node.inputs))
    inputs = [*node.inputs, *[None] * (len(ports) - len(node.inputs))]
    free = [port for port, source in enumerate(inputs) if source is None]
    port = free[0]
    shapes = [evaluation.shapes.get(source or "") for source in inputs]

    def fits(shape: Shape) -> bool:
        others = [shape if at == port else one for at, one in enumerate(shapes)]
        if len(free) > 1 or None in others:
            return len(free) > 1
        return _takes(evaluation, name, [one for one in others if one is not None])

    for end in reversed(evaluation.order):
        # What has a value does not depend on a node that has none: no cycle.
        if end in evaluation.values and end not in graph.consumers and fits(evaluation.shapes[end]):
            label = mark("core", "Link {source} to its input {port}")
            edit = partial(_linked, source=end, name=name, port=port)
            yield _fix(label, edit, end, port=ports[port])
            break
    known = [shape for shape in shapes if shape is not None]
    candidates = [(), *known, *(shape[::-1] for shape in known), (1,)]
    shape = next((one for one in candidates if fits(one)), None)
    if shape is not None:
        label = mark("core", "Give its input {port} a leaf of its own, {shape}")
        edit = partial(_fed, name=name, port=port, shape=shape)
        yield _fix(label, edit, name, port=ports[port], shape=shape_text(shape))


def _value_fixes(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    yield _fix(mark("core", "Set {source} to 1"), lambda graph: graph.set_values({name: 1.0}), name)


# -- what has no gradient ------------------------------------------------------------------------


def _choices(graph: Graph) -> Iterator[Fix]:
    for name in graph.outputs():
        yield _choice(name)


def _choice(name: str) -> Fix:
    label = mark("core", "Choose {source} as output")
    return _fix(label, lambda graph: graph.set_output(name), name)


def _scalar_fixes(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    for op, label in (
        ("sum", mark("core", "Put sum after {source}")),
        ("mean", mark("core", "Put mean after {source}")),
    ):
        yield _fix(label, partial(_reduced, name=name, op=op), name)


def _constant_fixes(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    nodes = evaluation.graph.nodes
    for leaf in evaluation.order[: evaluation.order.index(name) + 1]:
        if nodes[leaf].op == "constant":
            label = mark("core", "Make {source} a parameter")
            yield _fix(label, partial(_set_op, name=leaf, op="parameter"), leaf)


# -- what is not finite, or hardly flows ---------------------------------------------------------


def _guard_fixes(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    node = evaluation.graph.nodes[name]
    if node.op not in _GUARDS:
        return
    port, op, number = _GUARDS[node.op]
    label = {
        "max": mark("core", "Keep {source} at {number} at least"),
        "min": mark("core", "Keep {source} at {number} at most"),
        "add": mark("core", "Add {number} to {source}"),
    }[op]
    edit = partial(_before, name=name, port=port, op=op, number=number)
    yield _fix(label, edit, node.inputs[port], number=full_text(number))


def _broadcast_fixes(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    node = evaluation.graph.nodes[name]
    shapes = [evaluation.shapes[source or ""] for source in node.inputs]
    for port, shape in enumerate(shapes):
        for other in _near(shape):
            changed = _with(shapes, port, other)
            if grown(changed[0], changed[1]) is None and _takes(evaluation, name, changed):
                yield _reshape(name, port, node.inputs[port], other)


def _saturated_fixes(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    source = evaluation.graph.nodes[name].inputs[0]
    largest = float(np.max(np.abs(evaluation.values[source or ""])))
    if not LINEAR < largest < math.inf:
        return
    digit = math.floor(math.log10(LINEAR / largest))
    factor = round(math.floor(LINEAR / largest / 10.0**digit) * 10.0**digit, -digit)
    edit = partial(_before, name=name, port=0, op="mul", number=factor)
    yield _fix(mark("core", "Multiply {source} by {number}"), edit, source, number=factor)


def _dead_fixes(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    for op, label in (
        ("leaky_relu", mark("core", "Make {source} a leaky ReLU")),
        ("elu", mark("core", "Make {source} an ELU")),
    ):
        yield _fix(label, partial(_set_op, name=name, op=op), name)


def _ratio_fixes(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    """Suggest what keeps a gradient's size: steeper units, and weights of Glorot's variance."""
    nodes = evaluation.graph.nodes
    flat = [one for one in evaluation.backward if nodes[one].op == "sigmoid"]
    if flat and evaluation.output not in flat:
        label = mark("core", "Replace all {count} sigmoid by tanh")
        yield _fix(label, partial(_set_ops, names=flat, op="tanh"), name, count=len(flat))
    matrices = [
        one
        for one in evaluation.backward
        if nodes[one].op == "parameter" and len(evaluation.shapes[one]) == 2
    ]
    if any(_glorot(evaluation.graph, one) is not None for one in matrices):
        label = mark("core", "Give all {count} matrices Glorot's variance, 2 / (rows + columns)")
        yield _fix(label, partial(_rescaled, names=matrices), name, count=len(matrices))


def _unused_fixes(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    keep = evaluation.output
    label = mark("core", "Remove {source} and what feeds only it")
    yield _fix(label, partial(_without, ends=(name,), keep=keep), name)
    unused = evaluation.order[evaluation.order.index(keep or "") + 1 :]
    if len(unused) > 1:
        label = mark("core", "Remove all {count} unused nodes")
        edit = partial(_without, ends=unused, keep=keep)
        yield _fix(label, edit, name, count=len(unused))
    if not evaluation.graph.nodes[name].is_leaf:
        yield _choice(name)


def _nothing(name: str, evaluation: Evaluation) -> Iterator[Fix]:
    yield from ()


_MENDERS: dict[str, Callable[[str, Evaluation], Iterator[Fix]]] = {
    "unconnected": _unconnected_fixes,
    "no_value": _value_fixes,
    "shape": _shape_fixes,
    "not_scalar": _scalar_fixes,
    "constant": _constant_fixes,
    "not_finite": _guard_fixes,
    "steep": _guard_fixes,
    "formula": _nothing,
    "broadcast": _broadcast_fixes,
    "saturated": _saturated_fixes,
    "dead": _dead_fixes,
    "cut": _nothing,
    "vanishing": _ratio_fixes,
    "exploding": _ratio_fixes,
    "unused": _unused_fixes,
}


def _fix(label: str, edit: Callable[[Graph], Graph], source: str | None, **parts: object) -> Fix:
    return Fix(GradStudioError(label, node=source, source=source, **parts), edit)


# -- the edits -----------------------------------------------------------------------------------


def _before(
    graph: Graph,
    *,
    name: str,
    port: int,
    op: str,
    settings: dict[str, SettingValue] | None = None,
    number: float | None = None,
) -> Graph:
    """Put an op, with a constant where it takes two inputs, into a link.

    Raises:
        GraphError: there is no such link.
    """
    inputs = graph.node(name).inputs
    source = inputs[port] if port < len(inputs) else None
    if source is None:
        raise GraphError(mark("core", "{node} has lost the link this was about"), node=name)
    at = _between(graph, source, name)
    taken = [source]
    if number is not None:
        constant = graph.fresh_name("c")
        above = None if at is None else (at[0], at[1] + _STEP_Y)
        graph = graph.add(constant, "constant", value=number, at=above)
        taken.append(constant)
    made = graph.fresh_name(op)
    graph = graph.add(made, op, taken, settings=settings or {}, at=at)
    return graph.connect(made, name, port)


def _between(graph: Graph, source: str, target: str) -> Point | None:
    start, end = graph.positions.get(source), graph.positions.get(target)
    if start is None or end is None:
        return None
    return (start[0] + end[0]) / 2, (start[1] + end[1]) / 2


def _transposed(graph: Graph, *, name: str, ports: tuple[int, ...]) -> Graph:
    for port in ports:
        graph = _before(graph, name=name, port=port, op="transpose")
    return graph


def _linked(graph: Graph, *, source: str, name: str, port: int) -> Graph:
    return graph.connect(source, name, port)


def _fed(graph: Graph, *, name: str, port: int, shape: Shape) -> Graph:
    leaf = graph.fresh_name("x")
    at = graph.positions.get(name)
    beside = None if at is None else (at[0] - _STEP_X, at[1] - _STEP_Y * (port or -1))
    graph = graph.add(leaf, "input", value=np.ones(shape), at=beside)
    return graph.connect(leaf, name, port)


def _reduced(graph: Graph, *, name: str, op: str) -> Graph:
    made = graph.fresh_name(op)
    at = graph.positions.get(name)
    beside = None if at is None else (at[0] + _STEP_X, at[1])
    chosen = graph.output == name or graph.consumers.get(name)
    graph = graph.add(made, op, [name], at=beside)
    return graph.set_output(made) if chosen else graph


def _set(graph: Graph, *, name: str, setting: str, value: SettingValue) -> Graph:
    return graph.set_settings(name, {setting: value})


def _set_op(graph: Graph, *, name: str, op: str) -> Graph:
    return graph.set_op(name, op)


def _set_ops(graph: Graph, *, names: Iterable[str], op: str) -> Graph:
    for name in names:
        if name in graph:
            graph = graph.set_op(name, op)
    return graph


def _glorot(graph: Graph, name: str) -> float | None:
    """Return what a matrix is multiplied by to have Glorot's variance; None where nothing helps."""
    value = graph.nodes[name].value if name in graph else None
    if value is None or value.ndim != 2 or not value.size or not (spread := float(np.std(value))):
        return None
    return math.sqrt(2.0 / sum(value.shape)) / spread


def _rescaled(graph: Graph, *, names: Iterable[str]) -> Graph:
    changed = {}
    for name in names:
        factor = _glorot(graph, name)
        if factor is not None:
            value = graph.nodes[name].value
            changed[name] = value * factor if value is not None else 0.0
    return graph.set_values(changed)


def _without(graph: Graph, *, ends: Iterable[str], keep: str | None) -> Graph:
    """Return the graph without `ends` and what then feeds nothing any more."""
    gone = {name for name in ends if name in graph and name != keep}
    pending = list(gone)
    while pending:
        for source in graph.nodes[pending.pop()].inputs:
            if (
                source is not None
                and source not in gone
                and source != keep
                and gone.issuperset(edge.target for edge in graph.consumers[source])
            ):
                gone.add(source)
                pending.append(source)
    return graph.remove(gone)
