"""Multiple choice: one of several options, or all that are true."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from gradstudio.errors import GradStudioError, Phrase, mark
from gradstudio.lab.items.base import Blank, Item, Judgement, Part, Verdict
from gradstudio.lab.task import Task, Work
from gradstudio.lab.texts import Language, Text

CHOICE = "choice"
_LABEL = Phrase(mark("core", "choice"))


class Choice(Item, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Choose.

    Args:
        options: what can be chosen, by id.
        several: whether all that are true are asked.
    """

    class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        """Which options are right."""

        right: tuple[str, ...]

    kind_name = "choice"
    title_of_kind = mark("core", "choose")
    key_type = Key

    options: Mapping[str, Text]
    several: bool = False

    @property
    def needs_key(self) -> bool:
        """Always."""
        return True

    def check(self, task: Task, key: Key | None) -> Iterable[GradStudioError]:
        """Yield a choice that is none."""
        if len(self.options) < 2 or any(not re.fullmatch(r"[\w-]+", one) for one in self.options):
            yield GradStudioError(
                mark("core", "a choice needs two options or more, each with an id of letters")
            )
        if key is not None:
            wrong = [one for one in key.right if one not in self.options]
            if wrong or not key.right or (len(key.right) > 1 and not self.several):
                yield GradStudioError(mark("core", "the key names no such options"))

    def blanks(self, task: Task) -> tuple[Blank, ...]:
        """Return the one choice."""
        return (Blank(CHOICE, _LABEL, options=self.options, several=self.several),)

    def chosen(self, text: str, language: Language) -> str:
        """Return what a student chose, in the words of the options; what is none as it stands."""
        ids = re.findall(r"[\w-]+", text)
        if not ids or any(one not in self.options for one in ids):
            return text
        return "; ".join(self.options[one].of(language) for one in ids)

    def judge(self, work: Work, key: Key | None) -> Judgement:
        """Compare what was chosen with the key."""
        text = work.entries(self.id).get(CHOICE, "").strip()[:1000]
        chosen = re.findall(r"[\w-]+", text)
        if not text:
            return Judgement((Part(CHOICE, Verdict.EMPTY, _LABEL),))
        unknown = next((one for one in chosen if one not in self.options), None)
        if not chosen or unknown is not None or (len(chosen) > 1 and not self.several):
            said = GradStudioError(
                mark("core", "choose from: {options}"), options=", ".join(self.options)
            )
            return Judgement((Part(CHOICE, Verdict.UNREAD, _LABEL, 1.0, text, said),))
        if key is None:
            verdict = Verdict.RECORDED
        else:
            verdict = Verdict.RIGHT if set(chosen) == set(key.right) else Verdict.WRONG
        return Judgement((Part(CHOICE, verdict, _LABEL, 1.0, text),))
