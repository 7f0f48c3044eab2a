"""Predict the values of nodes, each judged on the student's own values before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from gradstudio.engine.evaluate import connected
from gradstudio.errors import GradStudioError, mark
from gradstudio.lab.diagnosis import hint_for, value_mistake
from gradstudio.lab.entries import close, entered, follows, goes_on
from gradstudio.lab.items.base import Blank, Hiding, Item, Judgement, NoKey, Part, Verdict
from gradstudio.lab.task import Task, Work
from gradstudio.numbers import EntryError
from gradstudio.ops import Array


class Values(Item, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Predict values. One slip costs one mark: what follows from it is right, too.

    Args:
        output: what the values lead to.
        at: the nodes that are asked; all that are computed where nothing is said.
        rtol: the difference allowed for each unit of the value.
        atol: the difference allowed on top.
    """

    kind_name = "values"
    title_of_kind = mark("core", "predict the values")

    output: str
    at: tuple[str, ...] = ()
    rtol: float = 1e-3
    atol: float = 5e-3

    @property
    def hidden(self) -> Hiding:
        """Everything that is computed: it is what is asked."""
        return "values"

    def check(self, task: Task, key: NoKey | None) -> Iterable[GradStudioError]:
        """Yield the nodes that are not there or have no value."""
        wrong = list(unusable(task, self.output, self.at))
        yield from wrong
        if not wrong and not self.asked(task):
            yield GradStudioError(mark("core", "nothing is asked"))

    def asked(self, task: Task) -> tuple[str, ...]:
        """Return the nodes that are asked, in the order of the forward pass."""
        order = upstream(task, self.output)
        nodes = task.given.nodes
        return tuple(
            name for name in order if (name in self.at if self.at else not nodes[name].is_leaf)
        )

    def blanks(self, task: Task) -> tuple[Blank, ...]:
        """Return one blank a node."""
        shapes = task.evaluation(self.output).shapes
        return tuple(
            Blank(name, name, node=name, shape=shapes.get(name)) for name in self.asked(task)
        )

    def judge(self, work: Work, key: NoKey | None) -> Judgement:
        """Judge each value on the student's own values before it."""
        return Judgement(tuple(self.followed(work)[0]))

    def followed(self, work: Work) -> tuple[list[Part], dict[str, Array]]:
        """Return what is said of each value, and the values as the student has them."""
        task, entries = work.task, work.entries(self.id)
        found, asked = task.evaluation(self.output), set(self.asked(task))
        own: dict[str, Array] = {}
        parts = []
        for name in upstream(task, self.output):
            node, true = task.given.nodes[name], np.asarray(found.values[name])
            inputs = tuple(own[source] for source in connected(node))
            wanted = true
            if inputs:
                try:
                    with np.errstate(all="ignore"):
                        wanted = np.asarray(node.rules.forward(*inputs, **node.settings))
                except (GradStudioError, ArithmeticError, ValueError):
                    pass  # the student's numbers lead nowhere: the true one counts
            own[name] = wanted
            if name not in asked:
                continue
            read = read_part(name, name, entries, node=name)
            if isinstance(read, Part):
                parts.append(read)
                continue
            text, given = read
            right = follows(given, wanted, self) or close(given, true, self)
            mistake = "" if right else value_mistake(node, inputs, wanted, given, self)
            verdict = Verdict.RIGHT if right else Verdict.WRONG
            hint = hint_for(mistake)
            parts.append(Part(name, verdict, name, 1.0, text, hint, mistake, name))
            if goes_on(given, wanted, true, self):
                own[name] = given
        return parts, own


def upstream(task: Task, output: str) -> tuple[str, ...]:
    """Return what `output` depends on, itself last, in the order of the forward pass."""
    order = task.evaluation(output).order
    return order[: order.index(output) + 1]


def unusable(task: Task, output: str, at: Iterable[str]) -> Iterable[GradStudioError]:
    """Yield why the values up to `output`, and at the nodes `at`, cannot be asked."""
    missing = next((name for name in (output, *at) if name not in task.given.nodes), None)
    if missing is not None:
        yield GradStudioError(mark("core", "there is no node called {node}"), node=missing)
        return
    found = task.evaluation(output)
    order = upstream(task, output)
    for name in order:
        if name not in found.values:
            yield found.reason_for(name)
            return
        if name in found.warnings:
            yield found.warnings[name]
    for name in at:
        if name not in order:
            yield GradStudioError(
                mark("core", "{output} does not depend on {node}"), output=output, node=name
            )


def read_part(
    id: str,
    label: str,
    entries: Mapping[str, str],
    *,
    node: str | None = None,
    port: int | None = None,
) -> Part | tuple[str, Array]:
    """Return what stands in a blank, as typed and as an array; or the part that says there is none.

    Args:
        id: of the blank.
        label: what it is called.
        entries: what stands in the blanks.
        node: the node it stands at.
        port: with it, the edge.
    """
    text = entries.get(id, "").strip()
    if not text:
        return Part(id, Verdict.EMPTY, label, node=node, port=port)
    try:
        return text, entered(text)
    except EntryError as wrong:
        return Part(id, Verdict.UNREAD, label, 1.0, text, wrong, node=node, port=port)
