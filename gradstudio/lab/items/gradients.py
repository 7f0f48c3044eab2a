"""Predict the gradients of edges and nodes, each judged on the student's own numbers before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

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

    What precedes a gradient is the student's own gradients above it, and what other items of the
    same exercise ask of it: the values, and gradients of the same output.

    An edge is called by the node it leads into and the port, `f.x`; a node's own gradient, the sum
    of what comes back along all its edges, by its name.

    Args:
        output: what is differentiated; its own gradient is 1.
        at: the edges and nodes that are asked. Where nothing is said, every edge that a gradient
            flows back along, and every node that several flow back to.
        rtol: the difference allowed for each unit of the gradient.
        atol: the difference allowed on top.
        ties: what is right where an op has a kink, as max has for equal inputs: `rule`, what the op
            says it does there, as PyTorch does; or `any` share from none to all of the upstream, so
            that the shares of equal inputs add up to it.
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
                return
        if not self.blanks(task):
            yield GradStudioError(mark("core", "nothing is asked"))

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

    def places(self, task: Task) -> tuple[str, ...]:
        """Return the edges and nodes that are asked, as their blanks are called."""
        return tuple(one.id for one in self.blanks(task))

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
        """Judge each gradient on the student's own gradients above it.

        It may be taken at the true values or at the student's own: whoever computes on with a wrong
        value has made one mistake, and so has who goes on with the right one.
        """
        task, asked = work.task, frozenset(self.places(work.task))
        true, own = task.evaluation(self.output).values, work.values
        backs = [_Back(self, work, asked, true)]
        elsewhere = {
            place: work.entries(item.id).get(place, "")
            for item in task.backward
            if item.output == self.output and item.id != self.id
            for place in item.places(task)
        }
        if own or elsewhere:
            taken = {name: own.get(name, value) for name, value in true.items()}
            backs.append(_Back(self, work, asked, taken, elsewhere))
        for back in backs:
            back.follow()
        return Judgement(
            tuple(
                next((one for one in judged if one.verdict is Verdict.RIGHT), judged[0])
                for judged in zip(*(back.parts for back in backs), strict=True)
            )
        )


def _called(task: Task, edge: Edge) -> tuple[str, str]:
    """Return the id and the label of an edge."""
    node = task.given.nodes[edge.target]
    port = node.rules.ports(len(node.inputs))[edge.port]
    label = f"{edge.source} → {edge.target}"
    if node.inputs.count(edge.source) > 1:
        label += f".{port}"
    return f"{edge.target}.{port}", label


@dataclass(frozen=True)
class _Tie:
    """An edge into a node at a kink, where more than one gradient is right.

    Args:
        place: the node and the port it leads into.
        other: the node's other input, if it has one: what one does not get, the other does.
        entries: where the kink is.
        sides: what arrives and what flows back by the op's rule, as the student has it and truly.
    """

    place: tuple[str, int]
    other: tuple[str, int]
    entries: Array
    sides: tuple[tuple[Array, Array], ...]


@dataclass(frozen=True)
class _Arrived:
    """What comes back to a node along one edge, as the student has it.

    Args:
        part: the gradient.
        true: what it truly is.
        flow: all that is needed to get it wrong, where the edge is not asked.
        tie: whether other gradients are right as well, where the edge is not asked.
    """

    part: Array
    true: Array
    flow: Flow | None = None
    tie: _Tie | None = None


@dataclass
class _Back:
    """The backward pass with a student's numbers in it."""

    item: Gradients
    work: Work
    asked: Collection[str]
    values: Mapping[str, Any]
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    """What the student wrote at places that another item asks for."""
    parts: list[Part] = field(default_factory=list)
    arriving: dict[str, list[_Arrived]] = field(default_factory=dict)
    shares: dict[tuple[str, int], Array] = field(default_factory=dict)
    """What was rightly sent along edges at a tie."""

    def follow(self) -> None:
        task, item = self.work.task, self.item
        found, graph = task.evaluation(item.output), task.given
        order = upstream(task, item.output)
        leaves = [name for name in order if graph.nodes[name].op in ("input", "parameter")]
        moving = depends(graph, order, leaves)
        one = np.ones_like(np.asarray(found.values[item.output]))
        self.arriving[item.output] = [_Arrived(one, one)]
        for name in found.backward:
            node, out = graph.nodes[name], np.asarray(self.values[name])
            above = np.asarray(found.grads[name])
            g = self._gradient(name, out, above)
            if node.is_leaf:
                continue
            sources = connected(node)
            inputs = tuple(np.asarray(self.values[source]) for source in sources)
            for port, source in enumerate(sources):
                if source not in moving or (name, port) not in found.edge_grads:
                    continue
                true = np.asarray(found.edge_grads[name, port])
                wanted = pulled(node, g, out, inputs, port)
                arriving = tuple(self._part(one) for one in self.arriving[name])
                flow = Flow(
                    node, port, g, arriving, out, inputs, true if wanted is None else wanted
                )
                mine = self._edge(Edge(source, name, port), flow, true, above)
                self.arriving.setdefault(source, []).append(mine)

    def _gradient(self, name: str, value: Array, true: Array) -> Array:
        """Return a node's gradient as the student has it, and judge it where it is asked."""
        arrived = self.arriving[name]
        parts = [self._part(one) for one in arrived]
        total: Array = np.sum(parts, axis=0)
        if name not in self.asked:
            return self._elsewhere(name, total, true)
        read = read_part(name, name, self.work.entries(self.item.id), node=name)
        if isinstance(read, Part):
            self.parts.append(read)
            return total
        text, given = read
        ties = [
            (one.tie, part, one.true)
            for one, part in zip(arrived, parts, strict=True)
            if one.tie is not None
        ]
        if len(ties) == 1:
            tie, part, truly = ties[0]
            right = self._shared(tie, given, (total - part, true - truly))
        else:
            right = follows(given, total, self.item) or close(given, true, self.item)
        mistake = "" if right else sum_mistake(parts, value, given, self.item)
        flow = arrived[0].flow
        if not right and not mistake and len(arrived) == 1 and flow is not None:
            # No edge before it was asked, so what went wrong may have gone wrong there.
            mistake = gradient_mistake(flow, given, self.item)
        self._say(name, name, right, text, mistake, name, None)
        return given if goes_on(given, total, true, self.item) else total

    def _edge(self, edge: Edge, flow: Flow, true: Array, above: Array) -> _Arrived:
        """Return what flows back along an edge as the student has it, and judge it if asked."""
        id, label = _called(self.work.task, edge)
        tie = self._tie(edge, flow, true, above)
        if id not in self.asked:
            return _Arrived(self._elsewhere(id, flow.wanted, true), true, flow, tie)
        entries = self.work.entries(self.item.id)
        read = read_part(id, label, entries, node=edge.target, port=edge.port)
        if isinstance(read, Part):
            self.parts.append(read)
            return _Arrived(flow.wanted, true)
        text, given = read
        if tie is not None:
            right = self._shared(tie, given)
        else:
            right = follows(given, flow.wanted, self.item) or close(given, true, self.item)
        mistake = "" if right else gradient_mistake(flow, given, self.item)
        self._say(id, label, right, text, mistake, edge.target, edge.port)
        # A router may send a zero to the wrong side: it says something all the same.
        routed = mistake == "loser" and given.shape == true.shape
        taken = routed or goes_on(given, flow.wanted, true, self.item)
        return _Arrived(given if taken else flow.wanted, true)

    def _elsewhere(self, place: str, wanted: Array, true: Array) -> Array:
        """Return what the student wrote in another item at a place that is not asked here."""
        read = read_part(place, place, self.elsewhere)
        if isinstance(read, Part) or not goes_on(read[1], wanted, true, self.item):
            return wanted
        return read[1]

    def _part(self, arrived: _Arrived) -> Array:
        """Return what comes back along an edge: at a tie, what the other input did not get."""
        tie = arrived.tie
        other = None if tie is None else self.shares.get(tie.other)
        if tie is None or other is None:
            return arrived.part
        return np.where(tie.entries, tie.sides[0][0] - other, arrived.part)

    def _tie(self, edge: Edge, flow: Flow, true: Array, above: Array) -> _Tie | None:
        """Return where the op has a kink, if any share of what arrives is right there."""
        if self.item.ties == "rule" or true.shape != flow.g.shape:
            return None
        kink = flow.node.rules.kink(*flow.inputs, **flow.node.settings)
        if kink is None or np.shape(kink) != true.shape or np.all(kink):
            return None
        place, other = (edge.target, edge.port), (edge.target, 1 - edge.port)
        return _Tie(place, other, np.equal(kink, 0), ((flow.g, flow.wanted), (above, true)))

    def _shared(self, tie: _Tie, given: Array, rest: tuple[Any, Any] = (0, 0)) -> bool:
        """Return whether a gradient is right at a tie, and keep what the edge got of it.

        Args:
            tie: where.
            given: the gradient.
            rest: what of it came along other edges, as the student has it and truly.
        """
        other = self.shares.get(tie.other)
        if given.shape != tie.entries.shape:
            return False
        for (g, wanted), more in zip(tie.sides, rest, strict=True):
            part, low, high = given - more, np.minimum(0, g), np.maximum(0, g)
            share = np.clip(part if other is None else g - other, low, high)
            if close(part, np.where(tie.entries, share, wanted), self.item):
                self.shares[tie.place] = part
                return True
        return False

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
