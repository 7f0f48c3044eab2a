"""A number, or an array, typed in: the given graph answers it at once, or only the key can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Literal

import msgspec
import numpy as np

from gradstudio.engine.evaluate import Evaluation
from gradstudio.errors import GradStudioError, Phrase, mark
from gradstudio.lab.diagnosis import far_mistake, hint_for, step_mistake, sum_mistake
from gradstudio.lab.entries import close
from gradstudio.lab.equivalence import value_of
from gradstudio.lab.items.base import Blank, Hiding, Item, Judgement, Part, Verdict
from gradstudio.lab.items.build import reference_of
from gradstudio.lab.items.values import read_part, unusable
from gradstudio.lab.task import Task, Work
from gradstudio.lab.twins import factors, twins
from gradstudio.ops import Array

NUMBER = "number"
_LABEL = Phrase(mark("core", "number"))


class Number(Item, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Give a number.

    With `at` it is a number of the given graph, computed for each student and judged at once. The
    file says where the answer stands and not what it is, as for values and gradients. Without,
    only the key can tell, and a check notes the answer.

    Args:
        at: the node whose number is asked.
        of: which of its numbers: its value, its gradient, or what its value is after one step of
            gradient descent from the given graph.
        output: what is differentiated; that of the graph where nothing is said.
        learning_rate: of that step.
        hides: what is not shown before it is answered; by itself, all that is computed for a value
            and where only the key can tell, the gradients for the rest.
        rtol: the difference allowed for each unit of the number.
        atol: the difference allowed on top.
    """

    class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        """The answer.

        Args:
            value: a number or nested lists; or else
            formula: a formula of the given leaves, which gives each variant its own.
        """

        value: float | list[object] | None = None
        formula: str = ""

    kind_name = "number"
    title_of_kind = mark("core", "give a number")
    key_type = Key

    at: str = ""
    of: Literal["value", "gradient", "step"] = "value"
    output: str = ""
    learning_rate: float = 0.1
    hides: Hiding | None = None
    rtol: float = 1e-3
    atol: float = 5e-3

    @property
    def needs_key(self) -> bool:
        """Where the graph does not answer it."""
        return not self.at

    @property
    def hidden(self) -> Hiding:
        """What `hides` says, or what would answer it."""
        if self.hides is not None:
            return self.hides
        return "gradients" if self.at and self.of != "value" else "values"

    def check(self, task: Task, key: Key | None) -> Iterable[GradStudioError]:
        """Yield a node that has no such number, and a key that gives none."""
        if self.at:
            try:
                yield from self._unanswered(task)
            except GradStudioError as wrong:
                yield wrong
            if key is not None:
                yield GradStudioError(mark("core", "the graph answers it: it needs no key"))
        elif key is not None:
            try:
                self.wanted(task, key)
            except (GradStudioError, ValueError) as wrong:
                yield GradStudioError(
                    mark("core", "the key gives no number: {reason}"), reason=wrong
                )

    def _unanswered(self, task: Task) -> Iterable[GradStudioError]:
        output = self.output or task.given.output_of()
        wrong = list(unusable(task, output, (self.at,)))
        yield from wrong
        if wrong or self.of == "value":
            return
        found = task.evaluation(output)
        if found.no_gradient is not None:
            yield found.no_gradient
        elif self.at not in found.grads:
            yield GradStudioError(mark("core", "no gradient flows back to {place}"), place=self.at)

    def wanted(self, task: Task, key: Key | None) -> Array:
        """Return the number.

        Raises:
            GradStudioError: there is none.
        """
        if self.at:
            number = self._number(task.evaluation(self.output or task.given.output_of()))
            if number is None:
                raise GradStudioError(mark("core", "it has neither a value nor a formula"))
            return number
        if key is not None and key.formula:
            reference = reference_of(key.formula, task.given)
            return value_of(reference, reference.output_of(), {})
        if key is None or key.value is None:
            raise GradStudioError(mark("core", "it has neither a value nor a formula"))
        return np.asarray(key.value, dtype=float)

    def blanks(self, task: Task) -> tuple[Blank, ...]:
        """Return the one blank."""
        return (Blank(NUMBER, _LABEL),)

    def secrets(self, key: Key) -> Iterable[Any]:
        """Yield the formula and the value."""
        yield from (one for one in (key.formula, key.value) if one not in ("", None))

    def judge(self, work: Work, key: Key | None) -> Judgement:
        """Compare what was typed with what the graph or the key says."""
        read = read_part(NUMBER, _LABEL, work.entries(self.id))
        if isinstance(read, Part):
            return Judgement((read,))
        text, given = read
        if self.needs_key and key is None:
            return Judgement((Part(NUMBER, Verdict.RECORDED, _LABEL, 1.0, text),))
        wanted = self.wanted(work.task, key)
        if close(given, wanted, self):
            return Judgement((Part(NUMBER, Verdict.RIGHT, _LABEL, 1.0, text),))
        mistake = self._mistake(work.task, wanted, given)
        said = hint_for(mistake)
        return Judgement((Part(NUMBER, Verdict.WRONG, _LABEL, 1.0, text, said, mistake),))

    def _mistake(self, task: Task, wanted: Array, given: Array) -> str:
        if not self.at:
            return sum_mistake([wanted], np.asarray(np.nan), given, self)
        output = self.output or task.given.output_of()
        found = task.evaluation(output)
        value = np.asarray(found.values[self.at])
        if self.of == "step":
            gradient = np.asarray(found.grads[self.at])
            near = step_mistake(value, gradient, self.learning_rate, given, self)
        elif self.of == "value":
            near = sum_mistake([wanted], np.asarray(np.nan), given, self)
        else:
            uses = task.given.consumers.get(self.at, ())
            edges = [found.edge_grads.get((edge.target, edge.port)) for edge in uses]
            parts = [np.asarray(one) for one in edges if one is not None]
            near = sum_mistake(parts, value, given, self)
        return near or far_mistake(self._elsewhere(task, output), given, wanted, self)

    def _elsewhere(self, task: Task, output: str) -> Iterator[tuple[str, Array]]:
        """Yield what the number is for who makes a mistake elsewhere in the graph."""
        yield from twins(task.given, output, self._number)
        if self.of != "value":
            found = task.evaluation(output)
            for factor in factors(task.given):
                less = {self.at: np.asarray(found.grads[self.at]) / factor}
                number = self._number(replace(found, grads=less))
                if number is not None:
                    yield "power", number

    def _number(self, found: Evaluation) -> Array | None:
        """Return the number that is asked, out of an evaluation; None where there is none."""
        value, gradient = found.values.get(self.at), found.grads.get(self.at)
        if self.of == "value":
            return None if value is None else np.asarray(value)
        if value is None or gradient is None:
            return None
        step = value - self.learning_rate * gradient
        return np.asarray(gradient if self.of == "gradient" else step)
