"""When what is computed, kept, recomputed and let go in one forward and backward pass.

The order is the screen's: forward along the walk, then back. What a backward rule keeps is read
off the rule itself, run on tracers: `needs`. A node that is to be recomputed loses its value after
its last use on the way forward and gets it again, from what is still there, when the way back
first needs it (Chen, Xu, Zhang, Guestrin 2016, “Training deep nets with sublinear memory cost”).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast

import numpy as np

from gradstudio.engine.evaluate import Evaluation, connected, depends
from gradstudio.engine.program import as_value
from gradstudio.engine.tracing import Trace, Tracer
from gradstudio.errors import GraphError, mark
from gradstudio.graph import Graph
from gradstudio.ops import Array, Op, SettingValue, Shape, unbroadcast

ITEM_BYTES = 8
"""Every number is a float64."""
OUT = "out"
"""What a rule calls the op's own result."""


@dataclass(frozen=True, slots=True)
class Action:
    """One step of a pass.

    Args:
        kind: `forward` computes the node's value, `recompute` computes it again, `backward` sends
            its gradient to its inputs, `seed` gives the output the gradient 1.
        node: the node.
        reads: the nodes whose values it reads, and as what (`out`, or the port's name).
        frees: the nodes whose values are let go right after it.
    """

    kind: Literal["forward", "recompute", "seed", "backward"]
    node: str
    reads: tuple[tuple[str, str], ...]
    frees: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schedule:
    """A whole pass.

    Args:
        graph: what it computes.
        output: the loss.
        wrt: the leaves whose gradients are asked; these are kept to the end.
        actions: in order.
        shapes: of every node it touches.
        flows: the nodes a gradient flows through.
    """

    graph: Graph
    output: str
    wrt: tuple[str, ...]
    actions: tuple[Action, ...]
    shapes: Mapping[str, Shape]
    flows: frozenset[str]

    def size(self, node: str) -> int:
        """Return how many bytes the value, and so the gradient, of `node` takes."""
        return math.prod(self.shapes[node]) * ITEM_BYTES

    @property
    def recomputed(self) -> int:
        """How many values are computed a second time."""
        return sum(action.kind == "recompute" for action in self.actions)


@lru_cache(maxsize=4096)
def _needs(
    op: Any,
    shapes: tuple[Shape, ...],
    settings: tuple[tuple[str, SettingValue], ...],
    ports: tuple[int, ...],
) -> tuple[int, ...]:
    trace = Trace()
    keywords = dict(settings)
    out_shape = op.shape(*shapes, **keywords)
    g, out = Tracer(trace, trace.slot(out_shape)), Tracer(trace, trace.slot(out_shape))
    inputs = [Tracer(trace, trace.slot(shape)) for shape in shapes]
    pulled = op.vjp(g, out, *inputs, **keywords)
    needed = set()
    for port in ports:
        if pulled[port] is not None:
            needed.add(unbroadcast(pulled[port], shapes[port]).at)
    for equation in reversed(trace.equations):
        if equation.output in needed:
            needed.update(equation.inputs)
    return tuple(slot - 1 for slot in sorted(needed) if 1 <= slot <= 1 + len(shapes))


def needs(
    op: type[Op],
    shapes: tuple[Shape, ...],
    settings: Mapping[str, SettingValue],
    ports: tuple[int, ...],
) -> tuple[int, ...]:
    """Return what the backward rule reads to send gradients to `ports`.

    Returns:
        0 for the op's own result, 1 + port for an input; `add` needs nothing, `exp` its result.
    """
    return _needs(cast("Hashable", op), shapes, tuple(sorted(settings.items())), ports)


def schedule(
    evaluation: Evaluation, *, wrt: Collection[str] | None = None, recompute: Collection[str] = ()
) -> Schedule:
    """Plan one forward and backward pass.

    Args:
        evaluation: of the graph, with a gradient.
        wrt: the leaves whose gradients are asked; the parameters where nothing is said, or the
            inputs where there is no parameter.
        recompute: the computed nodes whose values are not kept for the way back.

    Raises:
        GradStudioError: there is no gradient; one of `wrt` is no leaf the output depends on; or
            one of `recompute` is no computed node upstream of the output.

    Example:
        >>> graph = gs.parse("f = exp(w) * x", values={"w": 0.5, "x": 2})
        >>> plan = gs.schedule(gs.evaluate(graph))
        >>> [(one.kind, one.node) for one in plan.actions if one.kind != "forward"]
        [('seed', 'f'), ('backward', 'f'), ('backward', 'exp1')]
    """
    if evaluation.output is None or evaluation.no_gradient is not None:
        raise evaluation.no_gradient or GraphError(mark("core", "the graph is empty"))
    graph, output = evaluation.graph, evaluation.output
    order = evaluation.order[: evaluation.order.index(output) + 1]
    for name in wrt or ():
        if name not in order or not graph.nodes[name].is_leaf:
            raise GraphError(
                mark("core", "{node} is no input or parameter that {output} depends on"),
                node=name,
                output=output,
            )
    for name in recompute:
        if name not in order or graph.node(name).is_leaf:
            raise GraphError(
                mark(
                    "core", "{node} cannot be recomputed: it is not computed on the way to {output}"
                ),
                node=name,
                output=output,
            )
    asked = _asked(graph, order) if wrt is None else tuple(wrt)
    flows = depends(graph, order, asked) & evaluation.grads.keys()
    actions = list(_actions(evaluation, order, flows, frozenset(recompute)))
    shapes = {name: evaluation.shapes[name] for name in order}
    return Schedule(graph, output, asked, _with_frees(graph, actions), shapes, frozenset(flows))


def _asked(graph: Graph, order: tuple[str, ...]) -> tuple[str, ...]:
    for kind in ("parameter", "input"):
        found = tuple(name for name in order if graph.nodes[name].op == kind)
        if found:
            return found
    return ()


def _actions(
    evaluation: Evaluation, order: tuple[str, ...], flows: Collection[str], dropped: frozenset[str]
) -> Iterator[Action]:
    """Yield the actions, each with what it reads, and nothing freed yet."""
    graph = evaluation.graph
    computed = [name for name in order if not graph.nodes[name].is_leaf]
    for name in computed:
        yield Action("forward", name, _inputs(graph, name))
    yield Action("seed", order[-1], ())
    there = set(order) - dropped
    for name in reversed(computed):
        if name not in flows:
            continue
        reads = _residuals(evaluation, name, flows)
        for again in _missing(graph, [source for source, _ in reads], there):
            there.add(again)
            yield Action("recompute", again, _inputs(graph, again))
        yield Action("backward", name, reads)


def _inputs(graph: Graph, name: str) -> tuple[tuple[str, str], ...]:
    node = graph.nodes[name]
    return tuple(zip(connected(node), node.rules.ports(len(node.inputs)), strict=True))


def _residuals(
    evaluation: Evaluation, name: str, flows: Collection[str]
) -> tuple[tuple[str, str], ...]:
    node = evaluation.graph.nodes[name]
    inputs = connected(node)
    shapes = tuple(evaluation.shapes[source] for source in inputs)
    ports = tuple(port for port, source in enumerate(inputs) if source in flows)
    read = needs(node.rules, shapes, node.settings, ports)
    named = node.rules.ports(len(inputs))
    return tuple((name, OUT) if at == 0 else (inputs[at - 1], named[at - 1]) for at in read)


def _missing(graph: Graph, wanted: list[str], there: set[str]) -> Iterator[str]:
    """Yield what must be computed again to have `wanted`, inputs first."""
    path = [name for name in wanted if name not in there]
    yielded: set[str] = set()
    while path:
        name = path[-1]
        first = [
            source
            for source in connected(graph.nodes[name])
            if source not in there and source not in yielded
        ]
        if first:
            path.extend(first)
            continue
        path.pop()
        if name not in yielded:
            yielded.add(name)
            yield name


def _with_frees(graph: Graph, actions: list[Action]) -> tuple[Action, ...]:
    """Add to each action the values whose last reader it is, until they are computed again."""
    read_later: set[str] = set()
    result = []
    for action in reversed(actions):
        if action.kind in ("forward", "recompute"):
            unread = action.node not in read_later
            read_later.discard(action.node)
        else:
            unread = False
        last = {source for source, _ in action.reads if source not in read_later}
        frees = [name for name in last if not graph.nodes[name].is_leaf]
        if unread:
            frees.append(action.node)
        read_later |= last
        result.append(Action(action.kind, action.node, action.reads, tuple(sorted(frees))))
    return tuple(reversed(result))


@dataclass(frozen=True)
class Outcome:
    """What running a schedule gave.

    Args:
        loss: the output's value.
        grads: for each of `wrt` its gradient.
        peak_bytes: the most that computed values and gradients took at once.
    """

    loss: Array
    grads: Mapping[str, Array]
    peak_bytes: int


def run(plan: Schedule, values: Mapping[str, Array] | None = None) -> Outcome:
    """Compute as planned: what is freed is let go, what is to be recomputed is.

    Args:
        plan: the schedule.
        values: values of leaves, where they are not those of its graph.
    """
    graph = plan.graph
    held: dict[str, Any] = {}
    for name in plan.shapes:
        node = graph.nodes[name]
        if node.is_leaf:
            given = None if values is None else values.get(name)
            held[name] = as_value(np.asarray(node.value if given is None else given))
    grads: dict[str, Any] = {}
    live = peak = 0
    loss: Any = None
    with np.errstate(all="ignore"):
        for action in plan.actions:
            node = graph.nodes[action.node]
            if action.kind in ("forward", "recompute"):
                inputs = [held[source] for source in connected(node)]
                held[action.node] = node.rules.forward(*inputs, **node.settings)
                live += plan.size(action.node)
                if action.node == plan.output:
                    loss = held[action.node]
            elif action.kind == "seed":
                grads[action.node] = np.ones(plan.shapes[action.node])[()]
                live += plan.size(action.node)
            else:
                live += _send_back(plan, action, held, grads)
            peak = max(peak, live)
            if action.kind == "backward":
                del grads[action.node]
                live -= plan.size(action.node)
            for name in action.frees:
                del held[name]
                live -= plan.size(name)
    return Outcome(loss, {name: grads[name] for name in plan.wrt if name in grads}, peak)


def _send_back(
    plan: Schedule, action: Action, held: Mapping[str, Any], grads: dict[str, Any]
) -> int:
    """Add the node's gradient to those of its inputs; return how many bytes are new."""
    node = plan.graph.nodes[action.node]

    def value(name: str) -> Any:
        # A rule computes the gradients nobody asked for too. What it would read for them is gone:
        # nan stands there, takes no memory, and shows if a rule reads what `needs` did not say.
        return held[name] if name in held else np.broadcast_to(np.nan, plan.shapes[name])

    inputs = [value(source) for source in connected(node)]
    out = value(action.node)
    pulled = node.rules.vjp(grads[action.node], out, *inputs, **node.settings)
    new = 0
    for source, part in zip(connected(node), pulled, strict=True):
        if part is None or source not in plan.flows:
            continue
        part = unbroadcast(part, plan.shapes[source])
        if source in grads:
            grads[source] = grads[source] + part
        else:
            grads[source] = part
            new += plan.size(source)
    return new
