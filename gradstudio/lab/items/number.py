"""A number, or an array, typed in: compared with the key's, which may depend on the variant."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from gradstudio.errors import GradStudioError, Phrase, mark
from gradstudio.lab.diagnosis import MISTAKES
from gradstudio.lab.entries import close
from gradstudio.lab.equivalence import value_of
from gradstudio.lab.items.base import Blank, Item, Judgement, Part, Verdict
from gradstudio.lab.items.build import reference_of
from gradstudio.lab.items.values import read_part
from gradstudio.lab.task import Task, Work
from gradstudio.ops import Array

NUMBER = "number"
_LABEL = Phrase(mark("core", "number"))


class Number(Item, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Give a number.

    Args:
        rtol: the difference allowed for each unit of it.
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

    rtol: float = 1e-3
    atol: float = 5e-3

    @property
    def needs_key(self) -> bool:
        """Always."""
        return True

    def check(self, task: Task, key: Key | None) -> Iterable[GradStudioError]:
        """Yield a key that gives no number."""
        if key is not None:
            try:
                self._wanted(task, key)
            except (GradStudioError, ValueError) as wrong:
                yield GradStudioError(
                    mark("core", "the key gives no number: {reason}"), reason=wrong
                )

    def _wanted(self, task: Task, key: Key) -> Array:
        if key.formula:
            reference = reference_of(key.formula, task.given)
            return value_of(reference, reference.output_of(), {})
        if key.value is None:
            raise GradStudioError(mark("core", "it has neither a value nor a formula"))
        return np.asarray(key.value, dtype=float)

    def blanks(self, task: Task) -> tuple[Blank, ...]:
        """Return the one blank."""
        return (Blank(NUMBER, _LABEL),)

    def secrets(self, key: Key) -> Iterable[str]:
        """Yield the formula."""
        yield key.formula

    def judge(self, work: Work, key: Key | None) -> Judgement:
        """Compare what was typed with the key."""
        read = read_part(NUMBER, _LABEL, work.entries(self.id))
        if isinstance(read, Part):
            return Judgement((read,))
        text, given = read
        if key is None:
            return Judgement((Part(NUMBER, Verdict.RECORDED, _LABEL, 1.0, text),))
        wanted = self._wanted(work.task, key)
        if close(given, wanted, self):
            return Judgement((Part(NUMBER, Verdict.RIGHT, _LABEL, 1.0, text),))
        mistake = ""
        if given.shape != wanted.shape:
            mistake = "shape"
        elif close(-given, wanted, self):
            mistake = "sign"
        said = GradStudioError(MISTAKES[mistake].hint) if mistake else None
        return Judgement((Part(NUMBER, Verdict.WRONG, _LABEL, 1.0, text, said, mistake),))
