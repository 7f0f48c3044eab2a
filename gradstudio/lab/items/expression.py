"""A short formula: right if it gives what the key's does, however it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
import numpy as np

from gradstudio.errors import GradStudioError, Phrase, mark
from gradstudio.graph import Graph, checked_name
from gradstudio.lab import typed_formula
from gradstudio.lab.diagnosis import hint_for
from gradstudio.lab.equivalence import Difference, difference, draws, value_of
from gradstudio.lab.items.base import Blank, Item, Judgement, Part, Verdict
from gradstudio.lab.items.build import TRIALS, reference_of
from gradstudio.lab.task import Task, Work
from gradstudio.ops import REGISTRY, Shape

FORMULA = "formula"
SHOWN = 4
"""At how many places that are no secret a formula that fails is tried again."""
_LABEL = Phrase(mark("core", "formula"))


class Expression(Item, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Give a formula of some names.

    Args:
        names: what it may be made of.
        shapes: of those that are arrays.
        ops: the ops that may be used; all where nothing is said.
        ranges: for each name what it is drawn from; −2 to 2 where nothing is said.
        rtol: the difference allowed for each unit of a value.
        atol: the difference allowed on top.
    """

    class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        """The answer.

        Args:
            formula: one way to write it.
            seed: what the inputs are drawn from.
        """

        formula: str
        seed: int = 0

    kind_name = "expression"
    title_of_kind = mark("core", "give a formula")
    key_type = Key

    names: tuple[str, ...]
    shapes: Mapping[str, tuple[int, ...]] = {}
    ops: tuple[str, ...] = ()
    ranges: Mapping[str, tuple[float, float]] = {}
    rtol: float = 1e-6
    atol: float = 1e-8

    @property
    def needs_key(self) -> bool:
        """Always."""
        return True

    def check(self, task: Task, key: Key | None) -> Iterable[GradStudioError]:
        """Yield ops and names that are none, and a key whose formula has no values."""
        for op in self.ops:
            if op not in REGISTRY:
                yield GradStudioError(mark("core", "there is no op called “{op}”"), op=op)
        for name in self.names:
            try:
                checked_name(name)
            except GradStudioError as wrong:
                yield wrong
                return
        if key is not None:
            try:
                reference = self._reference(key)
                inputs = draws(self._shapes(), self.ranges, TRIALS, "check")
                difference(reference, reference.output_of(), reference, inputs, self)
            except GradStudioError as wrong:
                yield wrong

    def _shapes(self) -> dict[str, Shape]:
        return {name: tuple(self.shapes.get(name, ())) for name in self.names}

    def _reference(self, key: Key) -> Graph:
        given = Graph()
        for name, shape in self._shapes().items():
            given = given.add(name, "input", value=np.zeros(shape))
        return reference_of(key.formula, given)

    def blanks(self, task: Task) -> tuple[Blank, ...]:
        """Return the one blank."""
        return (Blank(FORMULA, _LABEL),)

    def secrets(self, key: Key) -> Iterable[str]:
        """Yield the formula."""
        yield key.formula

    def judge(self, work: Work, key: Key | None) -> Judgement:
        """Compare the formula with the key's at hidden inputs."""
        text = work.entries(self.id).get(FORMULA, "").strip()
        shown = text[: typed_formula.LONGEST]
        if not text:
            return Judgement((Part(FORMULA, Verdict.EMPTY, _LABEL),))

        def judged(
            verdict: Verdict, said: GradStudioError | None = None, mistake: str = ""
        ) -> Judgement:
            return Judgement((Part(FORMULA, verdict, _LABEL, 1.0, shown, said, mistake),))

        try:
            graph = typed_formula.read(text, self.names)
        except GradStudioError as wrong:
            return judged(Verdict.UNREAD, wrong)
        said = typed_formula.forbidden(graph, self.ops)
        if said is not None:
            return judged(Verdict.WRONG, said)
        # The shapes are no secret, so that is said without the key as well.
        tried = next(iter(draws(self._shapes(), self.ranges, 1, "shown")))
        said = typed_formula.misfit(graph, tried)
        if said is not None:
            return judged(Verdict.WRONG, said)
        if key is None:
            return judged(Verdict.RECORDED)
        found = self._different(work, graph, graph.output_of(), key)
        if found is None:
            return judged(Verdict.RIGHT)
        if found.given is None:
            return judged(Verdict.WRONG, self._without_value(graph))
        mistake = self._mistake(work, graph, found, key)
        return judged(Verdict.WRONG, hint_for(mistake), mistake)

    def _without_value(self, graph: Graph) -> GradStudioError:
        """Return why a formula fails, tried where it is no secret; else only that it does."""
        for inputs in draws(self._shapes(), self.ranges, SHOWN, "shown"):
            try:
                value_of(graph, graph.output_of(), inputs)
            except GradStudioError as wrong:
                return wrong
        return typed_formula.no_value()

    def _mistake(self, work: Work, graph: Graph, found: Difference, key: Key) -> str:
        """Return which usual mistake a formula makes; empty where none does."""
        output = graph.output_of()
        tried = [("sign", "neg")]
        if found.given is not None and found.given.ndim == 2:
            tried.append(("transposed", "transpose"))
        for mistake, op in tried:
            changed = graph.add(name := graph.fresh_name("n"), op, [output])
            if self._different(work, changed, name, key) is None:
                return mistake
        return (
            "shape" if found.given is not None and found.given.shape != found.wanted.shape else ""
        )

    def _different(self, work: Work, graph: Graph, output: str, key: Key) -> Difference | None:
        seeds = (key.seed, work.task.lab, self.id, work.task.seed)
        inputs = draws(self._shapes(), self.ranges, TRIALS, *seeds)
        return difference(graph, output, self._reference(key), inputs, self)
