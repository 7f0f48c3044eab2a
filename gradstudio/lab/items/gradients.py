"""Predict the gradients of edges and nodes, each judged on the student's own gradients above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from gradstudio.engine.evaluate import connected, depends
from gradstudio.errors import GradStudioError, mark
from gradstudio.graph import Edge
from gradstudio.lab.diagnosis import Flow, gradient_mistake, hint_for, pulled, sum_mistake
from gradstudio.lab.entries import close, follows, goes_on
from gradstudio.lab.items.base import Blank, Hiding, Item, Judgement, NoKey, Part, Verdict
from gradstudio.lab.items.values import read_part, unusable, upstream
from gradstudio.lab.task import Task, Work
from gradstudio.ops import Array


class Gradients(Item, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Predict gradients. Follow-through: one slip costs one mark, and what follows from it none.

    An edge is called by the node it leads into and the port, `f.x`; a node's own gradient, the sum
    of what comes back along all its edges, by its name.

    Args:
        output: what is differentiated; its own gradient is 1.
        at: the edges and nodes that are asked. Where nothing is said, every edge that a gradient
            flows back along, and every node that several flow back to.
        rtol: the difference allowed for each unit of the gradient.
        atol: the difference allowed on top.
        ties: what is right where an op has a kink, as max has for equal inputs: `rule`, what the op
            says it does there, as PyTorch does; or `any` share from none to all of the upstream.
    """

    kind_name = "gradients"
    title_of_kind = mark("core", "predict the gradients")

    output: str
    at: tuple[str, ...] = ()
    rtol: float = 1e-3
    atol: float = 5e-3
    ties: Literal["rule", "any"] = "rule"

    @property
    def hidden(self) -> Hiding:
        """The gradients, which are what is asked."""
        return "gradients"

    def check(self, task: Task, key: NoKey | None) -> Iterable[GradStudioError]:
        """Yield the nodes and edges that are not there or have no gradient."""
        wrong = list(unusable(task, self.output, ()))
        yield from wrong
        if wrong:
            return
        found = task.evaluation(self.output)
        if found.no_gradient is not None:
            yield found.no_gradient
            return
        known = {one.id for one in self._all(task)} | set(found.grads)
        for name in self.at:
            if name not in known:
                yield GradStudioError(mark("core", "no gradient flows back to {place}"), place=name)

    def blanks(self, task: Task) -> tuple[Blank, ...]:
        """Return one blank an edge or node, in the order of the backward pass."""
        asked = set(self.at)
        every = self._all(task)
        if not asked:
            uses = Counter(
                task.given.nodes[name].inputs[port]
                for name, port in task.evaluation(self.output).edge_grads
            )
            asked = {one.id for one in every if one.port is not None or uses[one.node] > 1}
        return tuple(one for one in every if one.id in asked)

    def _all(self, task: Task) -> tuple[Blank, ...]:
        """Return a blank for each edge and node that has a gradient."""
        found, graph = task.evaluation(self.output), task.given
        blanks = []
        for name in found.backward:
            if name != self.output:
                shape = found.shapes[name]
                blanks.append(Blank(name, name, node=name, shape=shape))
            for port, source in enumerate(connected(graph.nodes[name])):
                if (name, port) in found.edge_grads:
                    edge = Edge(source, name, port)
                    shape = found.shapes[source]
                    blanks.append(Blank(*_called(task, edge), name, port, shape))
        return tuple(blanks)

    def judge(self, work: Work, key: NoKey | None) -> Judgement:
        """Judge each gradient on the student's own gradients above it."""
        asked = {one.id: one for one in self.blanks(work.task)}
        back = _Back(self, work, asked)
        back.follow()
        return Judgement(tuple(back.parts))


def _called(task: Task, edge: Edge) -> tuple[str, str]:
    """Return the id and the label of an edge."""
    node = task.given.nodes[edge.target]
    port = node.rules.ports(len(node.inputs))[edge.port]
    label = f"{edge.source} → {edge.target}"
    if node.inputs.count(edge.source) > 1:
        label += f".{port}"
    return f"{edge.target}.{port}", label


@dataclass
class _Back:
    """The backward pass with a student's numbers in it."""

    item: Gradients
    work: Work
    asked: Mapping[str, Blank]
    parts: list[Part] = field(default_factory=list)
    arriving: dict[str, list[Array]] = field(default_factory=dict)
    """What comes back to a node, along each of its edges, as the student has it."""
    flows: dict[str, list[Flow]] = field(default_factory=dict)
    """The same, with all that is needed to get it wrong; of the edges that are not asked."""

    def follow(self) -> None:
        task, item = self.work.task, self.item
        found, graph = task.evaluation(item.output), task.given
        order = upstream(task, item.output)
        leaves = [name for name in order if graph.nodes[name].op in ("input", "parameter")]
        moving = depends(graph, order, leaves)
        self.arriving[item.output] = [np.ones_like(np.asarray(found.values[item.output]))]
        for name in found.backward:
            node, out = graph.nodes[name], np.asarray(found.values[name])
            g = self._gradient(name, out, np.asarray(found.grads[name]))
            if node.is_leaf:
                continue
            sources = connected(node)
            inputs = tuple(np.asarray(found.values[source]) for source in sources)
            for port, source in enumerate(sources):
                true = found.edge_grads.get((name, port))
                if true is None or source not in moving:
                    continue
                wanted = pulled(node, g, out, inputs, port)
                flow = Flow(
                    node,
                    port,
                    g,
                    tuple(self.arriving[name]),
                    out,
                    inputs,
                    np.asarray(true) if wanted is None else wanted,
                )
                mine = self._edge(Edge(source, name, port), flow, np.asarray(true))
                self.arriving.setdefault(source, []).append(mine)

    def _gradient(self, name: str, value: Array, true: Array) -> Array:
        """Return a node's gradient as the student has it, and judge it where it is asked."""
        parts = self.arriving[name]
        total: Array = np.sum(parts, axis=0)
        if name not in self.asked:
            return total
        read = read_part(name, name, self.work.entries(self.item.id), node=name)
        if isinstance(read, Part):
            self.parts.append(read)
            return total
        text, given = read
        right = follows(given, total, self.item) or close(given, true, self.item)
        flows = self.flows.get(name, [])
        mistake = "" if right else sum_mistake(parts, value, given, self.item)
        if not right and not mistake and len(flows) == len(parts) == 1:
            # No edge before it was asked, so what went wrong may have gone wrong there.
            mistake = gradient_mistake(flows[0], given, self.item)
        self._say(name, name, right, text, mistake, name, None)
        return given if goes_on(given, total, true, self.item) else total

    def _edge(self, edge: Edge, flow: Flow, true: Array) -> Array:
        """Return what flows back along an edge as the student has it, and judge it if asked."""
        id, label = _called(self.work.task, edge)
        if id not in self.asked:
            self.flows.setdefault(edge.source, []).append(flow)
            return flow.wanted
        entries = self.work.entries(self.item.id)
        read = read_part(id, label, entries, node=edge.target, port=edge.port)
        if isinstance(read, Part):
            self.parts.append(read)
            return flow.wanted
        text, given = read
        right = follows(given, flow.wanted, self.item) or close(given, true, self.item)
        right = right or self._tied(flow, given)
        mistake = "" if right else gradient_mistake(flow, given, self.item)
        self._say(id, label, right, text, mistake, edge.target, edge.port)
        # A router may send a zero to the wrong side: it says something all the same.
        routed = mistake == "loser" and given.shape == true.shape
        return given if routed or goes_on(given, flow.wanted, true, self.item) else flow.wanted

    def _tied(self, flow: Flow, given: Array) -> bool:
        """Return whether a gradient differs only at kinks, and is a share of the upstream there."""
        if self.item.ties == "rule" or not given.shape == flow.wanted.shape == flow.g.shape:
            return False
        kink = flow.node.rules.kink(*flow.inputs, **flow.node.settings)
        if kink is None or np.shape(kink) != given.shape:
            return False
        share = np.clip(given, np.minimum(0, flow.g), np.maximum(0, flow.g))
        return close(given, np.where(np.equal(kink, 0), share, flow.wanted), self.item)

    def _say(
        self,
        id: str,
        label: str,
        right: bool,
        text: str,
        mistake: str,
        node: str,
        port: int | None,
    ) -> None:
        verdict = Verdict.RIGHT if right else Verdict.WRONG
        self.parts.append(
            Part(id, verdict, label, 1.0, text, hint_for(mistake), mistake, node, port)
        )
