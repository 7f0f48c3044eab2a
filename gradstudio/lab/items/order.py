"""Order the nodes: any order in which each comes after what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gradstudio.errors import GradStudioError, Phrase, mark
from gradstudio.lab.items.base import Blank, Hiding, Item, Judgement, NoKey, Part, Verdict
from gradstudio.lab.items.values import unusable, upstream
from gradstudio.lab.task import Task, Work
from gradstudio.numbers import plain_signs

ORDER = "order"
_LABEL = Phrase(mark("core", "order"))
_PARTED = re.compile(r"[\s,;>→、，；\-]+")
LONGEST = 20_000


class Order(Item, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put nodes in an order in which they can be computed; every valid one is right.

    Args:
        output: what is computed; everything it depends on is asked, and it itself.
        backward: whether the order of the backward pass is asked: each node after all that use it.
    """

    kind_name = "order"
    title_of_kind = mark("core", "order the nodes")

    output: str
    backward: bool = False

    @property
    def hidden(self) -> Hiding:
        """Everything that is computed: the playback goes through it in an order that is right."""
        return "values"

    def check(self, task: Task, key: NoKey | None) -> Iterable[GradStudioError]:
        """Yield what keeps the nodes from being ordered."""
        yield from unusable(task, self.output, ())

    def asked(self, task: Task) -> tuple[str, ...]:
        """Return the nodes that are to be ordered: constants are not."""
        nodes = task.given.nodes
        return tuple(name for name in upstream(task, self.output) if nodes[name].op != "constant")

    def blanks(self, task: Task) -> tuple[Blank, ...]:
        """Return the one line to type names into."""
        return (Blank(ORDER, _LABEL),)

    def judge(self, work: Work, key: NoKey | None) -> Judgement:
        """Find the first node that stands where it cannot be reached yet."""
        text = work.entries(self.id).get(ORDER, "").strip()
        if not text:
            return Judgement((Part(ORDER, Verdict.EMPTY, _LABEL),))
        verdict, said, node = self._said(work.task, text)
        return Judgement((Part(ORDER, verdict, _LABEL, 1.0, text[:LONGEST], said, node=node),))

    def _said(self, task: Task, text: str) -> tuple[Verdict, GradStudioError | None, str | None]:
        asked = self.asked(task)
        names = [one for one in _PARTED.split(plain_signs(text[:LONGEST])) if one]
        for name in names:
            if name not in asked:
                template = mark("core", "“{name}” is none of the nodes to order: {nodes}")
                said = GradStudioError(template, name=name[:80], nodes=", ".join(asked))
                return Verdict.UNREAD, said, None
        placed: set[str] = set()
        for name in names:
            if name in placed:
                said = GradStudioError(mark("core", "{node} stands there twice"), node=name)
                return Verdict.UNREAD, said, name
            placed.add(name)
        missing = [name for name in asked if name not in placed]
        if missing:
            said = GradStudioError(
                mark("core", "these are still missing: {nodes}"), nodes=", ".join(missing)
            )
            return Verdict.UNREAD, said, missing[0]
        before: set[str] = set()
        for name in names:
            for other in self._needed(task, name, asked):
                if other not in before:
                    template = (
                        mark("core", "{node} stands before {other}, whose gradient it is made of")
                        if self.backward
                        else mark("core", "{node} stands before {other}, which it needs")
                    )
                    return Verdict.WRONG, GradStudioError(template, node=name, other=other), name
            before.add(name)
        return Verdict.RIGHT, None, None

    def _needed(self, task: Task, name: str, asked: tuple[str, ...]) -> Iterable[str]:
        if not self.backward:
            return [one for one in task.given.nodes[name].inputs if one in asked]
        uses = task.given.consumers.get(name, ())
        return [edge.target for edge in uses if edge.target in asked]
