"""Build a graph: it computes what a formula does, from allowed ops, within a number of nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from gradstudio.errors import GradStudioError, LabError, Phrase, mark
from gradstudio.formula import parse
from gradstudio.formula.source import Source
from gradstudio.graph import Graph
from gradstudio.lab.equivalence import (
    Case,
    Difference,
    case_difference,
    difference,
    draws,
    faulty,
)
from gradstudio.lab.items.base import Blank, Item, Judgement, Part, Verdict
from gradstudio.lab.task import Task, Work, above
from gradstudio.lab.typed_formula import said_of
from gradstudio.ops import REGISTRY, Array

TRIALS = 24
MOST_TRIALS = 200
DRAWN = ("input", "parameter")
"""Leaves that a formula is tried with other values of."""
FUNCTION, OPS, NODES = "function", "ops", "nodes"


class Build(Item, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Build a graph whose node `output` computes what is asked from the given leaves.

    Args:
        output: the node to make.
        formula: what it must compute, in terms of given leaves, where that is no secret; what is
            wrong is then said with numbers.
        cases: examples the student may see.
        ops: the ops that may be used; all where nothing is said.
        most_nodes: how many computing nodes it may take.
        ranges: for each leaf what it is drawn from; −2 to 2 where nothing is said.
        rtol: the difference allowed for each unit of the value.
        atol: the difference allowed on top.
    """

    class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        """The hidden part: a formula, or cases, or both.

        Args:
            formula: what it must compute.
            cases: what it must compute at some inputs.
            seed: what the inputs are drawn from.
            trials: how many of them.
        """

        formula: str = ""
        cases: tuple[Case, ...] = ()
        seed: int = 0
        trials: int = TRIALS

    kind_name = "build"
    title_of_kind = mark("core", "build a graph")
    key_type = Key
    on_graph = True

    output: str
    formula: str = ""
    cases: tuple[Case, ...] = ()
    ops: tuple[str, ...] = ()
    most_nodes: int | None = None
    ranges: Mapping[str, tuple[float, float]] = {}
    rtol: float = 1e-6
    atol: float = 1e-8

    @property
    def needs_key(self) -> bool:
        """Whether nothing here says what is to be computed."""
        return not self.formula

    def check(self, task: Task, key: Key | None) -> Iterable[GradStudioError]:
        """Yield what no student could meet."""
        for op in self.ops:
            if op not in REGISTRY:
                yield GradStudioError(mark("core", "there is no op called “{op}”"), op=op)
        if self.output in task.given.nodes:
            yield GradStudioError(
                mark("core", "{node} is to be made, but it is given"), node=self.output
            )
        if self.most_nodes is not None and self.most_nodes < 1:
            yield GradStudioError(mark("core", "most_nodes must be 1 or more"))
        texts = [self.formula] if self.formula else []
        cases = self.cases
        if key is not None:
            cases += key.cases
            if not 1 <= key.trials <= MOST_TRIALS:
                yield GradStudioError(
                    mark("core", "trials must be from 1 to {most}"), most=MOST_TRIALS
                )
            texts += [key.formula] if key.formula else []
            if not (key.formula or key.cases or self.formula):
                yield GradStudioError(mark("core", "the key has neither a formula nor cases"))
        references = []
        for text in texts:
            try:
                reference = reference_of(text, task.given)
                inputs = self._draws(reference, reference, task, TRIALS, ("check",))
                difference(reference, reference.output_of(), reference, inputs, self)
                references.append(reference)
            except GradStudioError as wrong:
                yield wrong
        if len(references) == 2:
            shown, hidden = references
            inputs = self._draws(shown, hidden, task, TRIALS, ("check",))
            if difference(hidden, hidden.output_of(), shown, inputs, self) is not None:
                yield GradStudioError(mark("core", "the key's formula is not the one shown"))
        free = [name for name, node in task.given.nodes.items() if node.op in DRAWN]
        yield from faulty(cases, free, references, self)

    def blanks(self, task: Task) -> tuple[Blank, ...]:
        """Return none: the graph is the answer."""
        return ()

    def secrets(self, key: Key) -> Iterable[Any]:
        """Yield the formula, unless it is the one that is asked, and the cases."""
        if key.formula and key.formula != self.formula:
            yield key.formula
        for case in key.cases:
            yield msgspec.to_builtins(case)

    def judge(self, work: Work, key: Key | None) -> Judgement:
        """Judge what the graph computes, then what of it was allowed."""
        task, output = work.task, self.output
        conditions = [(FUNCTION, 2.0)]
        conditions += [(OPS, 1.0)] if self.ops else []
        conditions += [(NODES, 1.0)] if self.most_nodes is not None else []
        if output not in work.graph.nodes or work.graph.nodes[output].is_leaf:
            said = GradStudioError(
                mark("core", "there is no computing node called {node} yet"), node=output
            )
            return Judgement(
                tuple(
                    Part(id, Verdict.EMPTY, _label(id), weight, said=said, node=None)
                    for id, weight in conditions
                )
            )
        graph = task.restored(above(work.graph, output))
        function = self._function(work, graph, key)
        parts = [function]
        own = [name for name in graph.nodes if name not in task.given.nodes]
        computing = [name for name in own if not graph.nodes[name].is_leaf]
        counted = function.verdict
        if self.ops:
            other = next((one for one in computing if graph.nodes[one].op not in self.ops), None)
            not_allowed = None
            if other is not None:
                not_allowed = GradStudioError(
                    mark("core", "{node} is made by {op}; allowed are {ops}"),
                    node=other,
                    op=graph.nodes[other].op,
                    ops=", ".join(self.ops),
                )
            parts.append(_condition(OPS, not_allowed, counted, other or output))
        if self.most_nodes is not None:
            too_many = None
            if len(computing) > self.most_nodes:
                too_many = GradStudioError(
                    mark("core", "it takes {count} nodes; {most} are enough"),
                    count=len(computing),
                    most=self.most_nodes,
                )
            parts.append(_condition(NODES, too_many, counted, output))
        return Judgement(tuple(parts))

    def _function(self, work: Work, graph: Graph, key: Key | None) -> Part:
        task, output = work.task, self.output
        label = _label(FUNCTION)

        def wrong(said: GradStudioError, mistake: str = "") -> Part:
            return Part(FUNCTION, Verdict.WRONG, label, 2.0, "", said, mistake, output)

        unfit = _unfit(graph, task)
        if unfit is not None:
            return wrong(unfit)
        changed = next((one for one in task.changed(work.graph) if one in graph.nodes), None)
        if changed is not None:
            return wrong(
                GradStudioError(mark("core", "the given node {node} was changed"), node=changed)
            )
        seen = case_difference(graph, output, self.cases, self)
        if seen is not None:
            return wrong(said_of(seen[1]))
        student = (task.lab, self.id, task.seed)
        if self.formula:
            found = self._against(graph, task, self.formula, TRIALS, *student)
            if found is not None:
                return wrong(said_of(found), self._mistake(graph, task, self.formula, *student))
        if key is not None:
            hidden = GradStudioError(mark("core", "it does not compute what is asked in all cases"))
            if case_difference(graph, output, key.cases, self) is not None:
                return wrong(hidden)
            seeds = ("hidden", key.seed, *student)
            if key.formula and self._against(graph, task, key.formula, key.trials, *seeds):
                return wrong(hidden, self._mistake(graph, task, key.formula, *seeds))
        known = bool(self.formula) or key is not None
        verdict = Verdict.RIGHT if known else Verdict.RECORDED
        return Part(FUNCTION, verdict, label, 2.0, node=output)

    def _against(
        self, graph: Graph, task: Task, formula: str, trials: int, *seed: object
    ) -> Difference | None:
        reference = reference_of(formula, task.given)
        return difference(
            graph, self.output, reference, self._draws(graph, reference, task, trials, seed), self
        )

    def _draws(
        self, graph: Graph, reference: Graph, task: Task, trials: int, seed: tuple[object, ...]
    ) -> Iterator[dict[str, Array]]:
        shapes = {}
        for one in (graph, reference):
            for name, node in one.nodes.items():
                given = task.given.nodes.get(name)
                if node.op in DRAWN and given is not None and given.value is not None:
                    shapes[name] = given.value.shape
        return draws(shapes, self.ranges, trials, *seed)

    def _mistake(self, graph: Graph, task: Task, formula: str, *seed: object) -> str:
        """Return whether it computes the negative of what is asked."""
        reference = reference_of(formula, task.given)
        negated = graph.add(name := graph.fresh_name("n"), "neg", [self.output])
        inputs = self._draws(graph, reference, task, TRIALS, seed)
        found = difference(negated, name, reference, inputs, self)
        return "sign" if found is None else ""


def _unfit(graph: Graph, task: Task) -> GradStudioError | None:
    """Return which node of the student's own is made by no op that is there, or computes nothing.

    An op of one's own may hold the whole formula, and a muted one hands its input on.
    """
    for name, node in graph.nodes.items():
        if name in task.given.nodes:
            continue
        if node.definition is not None and task.given.definitions.get(node.op) != node.definition:
            return GradStudioError(
                mark(
                    "core",
                    "{node} is made by {op}, an op of your own: build it from those that are there",
                ),
                node=name,
                op=node.op[:40],
            )
        if node.muted:
            return GradStudioError(
                mark("core", "{node} is muted, so that it computes nothing"), node=name
            )
    return None


def _label(id: str) -> Phrase:
    return Phrase(
        {
            FUNCTION: mark("core", "what it computes"),
            OPS: mark("core", "allowed operations"),
            NODES: mark("core", "number of nodes"),
        }[id]
    )


def _condition(id: str, said: GradStudioError | None, function: Verdict, node: str) -> Part:
    """Return a condition; it counts for a graph that computes the right thing."""
    verdict = function
    if said is not None:
        verdict = Verdict.WRONG
    elif function is Verdict.WRONG:
        verdict = Verdict.WRONG
        said = GradStudioError(mark("core", "it counts once the graph computes what is asked"))
    return Part(id, verdict, _label(id), said=said, node=node)


def reference_of(formula: str, given: Graph) -> Graph:
    """Return the graph of a reference formula, its leaves those of the given graph.

    Raises:
        GradStudioError: it cannot be read, or uses a name that is no given leaf.
    """
    named = Source(formula).names()
    values: dict[str, Array] = {
        name: np.asarray(node.value)
        for name, node in given.nodes.items()
        if name in named and node.is_leaf and node.value is not None
    }
    graph = parse(formula, values=values)
    for name, node in graph.nodes.items():
        if node.is_leaf and node.value is None:
            raise LabError(
                mark("core", "the formula “{formula}” uses {node}, which is no given leaf"),
                formula=formula[:80],
                node=name,
            )
    return replace(graph, output=graph.output_of())
