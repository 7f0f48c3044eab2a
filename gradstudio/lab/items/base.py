"""What every kind of item states of itself, the registry it enters, and what judging one gives.

A kind is one class in one file, registered by being defined, as ops are: the exercise format, the
window, the grader and the reports read the registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Literal, TypeAlias

import msgspec

from gradstudio.errors import GradStudioError, mark
from gradstudio.graph import EMPTY
from gradstudio.lab.task import Task, Work
from gradstudio.lab.texts import Text
from gradstudio.ops import Shape

KINDS: dict[str, type[Item]] = {}
MOST_POINTS = 1000.0
Hiding: TypeAlias = Literal["values", "gradients", "nothing"]
"""What is computed and not shown: everything, gradients alone, or nothing."""


class Verdict(StrEnum):
    """What is said of one part of an answer."""

    RIGHT = "right"
    WRONG = "wrong"
    EMPTY = "empty"
    UNREAD = "unread"
    """It is no number, no formula, no name: nothing to judge, and it costs no attempt."""
    RECORDED = "recorded"
    """Only the key can tell."""


@dataclass(frozen=True)
class Blank:
    """A place to type into.

    Args:
        id: what the answer is filed under.
        label: what stands before it: an edge as `q → f`, a node, a port, a setting.
        node: the node it stands at, where it stands at one.
        port: with it, the edge into that port of the node.
        shape: of the array that is asked; None where something else is.
        options: what can be chosen, by id; empty where one types.
        several: whether more than one can be chosen; they are typed with spaces between.
    """

    id: str
    label: str
    node: str | None = None
    port: int | None = None
    shape: Shape | None = None
    options: Mapping[str, Text] = field(default_factory=lambda: EMPTY)
    several: bool = False


@dataclass(frozen=True)
class Part:
    """One part of an answer, judged.

    Args:
        id: the blank, or the condition, it is about.
        verdict: what is said of it.
        label: what people call it; a `Phrase` where that is the program's own word.
        weight: how much of the item's points it brings, against the other parts.
        given: what stood there.
        said: why it is not right, without saying what would be.
        mistake: which of the usual mistakes it is, a key of `diagnosis.MISTAKES`.
        node: the node to show for it.
        port: with it, the edge into that port.
        shown: what stood there, where words of the program's own are in it.
    """

    id: str
    verdict: Verdict
    label: str = ""
    weight: float = 1.0
    given: str = ""
    said: GradStudioError | None = None
    mistake: str = ""
    node: str | None = None
    port: int | None = None
    shown: GradStudioError | None = None


@dataclass(frozen=True)
class Judgement:
    """An answer to one item, judged: its parts, in the order one works in.

    Args:
        parts: at least one.
    """

    parts: tuple[Part, ...]

    @property
    def share(self) -> float:
        """Which part of the points it earns, from 0 to 1."""
        whole = sum(part.weight for part in self.parts)
        earned = sum(part.weight for part in self.parts if part.verdict is Verdict.RIGHT)
        return earned / whole if whole else 0.0

    @property
    def right(self) -> bool:
        """Whether all of it is."""
        return bool(self.parts) and all(part.verdict is Verdict.RIGHT for part in self.parts)

    @property
    def readable(self) -> bool:
        """Whether something stands there, and all of it can be read."""
        verdicts = {part.verdict for part in self.parts}
        return Verdict.UNREAD not in verdicts and verdicts != {Verdict.EMPTY}

    @property
    def costs_attempt(self) -> bool:
        """Whether checking it is an attempt: it can be read, and the student learns from it."""
        judged = any(part.verdict in (Verdict.RIGHT, Verdict.WRONG) for part in self.parts)
        return self.readable and judged

    @property
    def first_wrong(self) -> Part | None:
        """The first part that is not right and is no blank; else the first blank."""
        for kinds in ((Verdict.WRONG, Verdict.UNREAD), (Verdict.EMPTY,)):
            for part in self.parts:
                if part.verdict in kinds:
                    return part
        return None

    def feedback(self, *, graded: bool = False) -> tuple[GradStudioError, ...]:
        """Return what the student is told: the first thing that is wrong, and what is right.

        Args:
            graded: whether this is for good, and no attempt that could have cost one.
        """
        unread = tuple(
            _about(part) for part in self.parts if part.verdict is Verdict.UNREAD and part.said
        )
        if unread and graded:
            return unread
        if unread:
            return (*unread, GradStudioError(mark("core", "This did not cost an attempt.")))
        part = self.first_wrong
        if part is None:
            recorded = any(one.verdict is Verdict.RECORDED for one in self.parts)
            template = (
                mark("core", "Noted. It is judged when the work is graded.")
                if recorded
                else mark("core", "All of it is right.")
            )
            return (GradStudioError(template),)
        before = self.parts[: self.parts.index(part)]
        right = sum(one.verdict is Verdict.RIGHT for one in before)
        told: list[GradStudioError] = []
        if right and right == len(before):
            one = mark("core", "The answer before it is right.")
            several = mark("core", "The {count} answers before it are right.")
            told.append(GradStudioError(one if right == 1 else several, count=right))
        told.insert(0, _about(part))
        return tuple(told)


def _about(part: Part) -> GradStudioError:
    label = part.label or part.id
    if part.verdict is Verdict.EMPTY and part.said is None:
        return GradStudioError(mark("core", "{part}: nothing stands here yet."), part=label)
    said = part.said or GradStudioError(mark("core", "this is not right"))
    asks = said.say().endswith("?")
    template = mark("core", "{part}: {said}") if asks else mark("core", "{part}: {said}.")
    return GradStudioError(template, part=label, said=said)


class Hint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Help that can be bought.

    Args:
        text: what it says, as Markdown.
        price: the points it takes from the item.
    """

    text: Text
    price: float = 0.0


class NoKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key of a kind that needs none: what is right follows from the given graph."""


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question; a subclass with a `kind` in its body is registered by being defined.

    A subclass states its fields, `check` (what a teacher can get wrong in them), `blanks`, and
    `judge`, which gives the same for the same work, and never says what would be right. A hidden
    case may fail, but nothing of it may be said.

    Args:
        kind: which class it is.
        id: unique in the exercise; results are filed under it.
        title: what it is called.
        text: what is asked, as Markdown.
        points: what all of it is worth.
        attempts: how often it can be checked; any number of times where nothing is said.
        hints: in the order they are given out.
        right: said when all of it is right.
        wrong: said when something is not, after what is.
    """

    kind_name: ClassVar[str] = ""
    title_of_kind: ClassVar[str] = ""
    """What people call the kind, marked for translation."""
    key_type: ClassVar[type[msgspec.Struct]] = NoKey
    on_graph: ClassVar[bool] = False
    """Whether the student's graph is the answer, or a part of it."""

    kind: str
    id: str
    title: Text
    points: float
    text: Text | None = None
    attempts: int | None = None
    hints: tuple[Hint, ...] = ()
    right: Text | None = None
    wrong: Text | None = None

    def __init_subclass__(cls, **options: Any) -> None:
        """Enter the class into the registry."""
        super().__init_subclass__(**options)
        name = cls.__dict__.get("kind_name")
        if name:
            if name in KINDS:
                raise TypeError(f"two kinds of item are called {name!r}")
            KINDS[name] = cls

    @property
    def needs_key(self) -> bool:
        """Whether it can only be judged with the key."""
        return False

    @property
    def hidden(self) -> Hiding:
        """Which numbers would answer it, so that they are not shown before it is answered."""
        return "nothing"

    def check(self, task: Task, key: Any | None) -> Iterable[GradStudioError]:
        """Yield what is wrong with it, for the teacher.

        Args:
            task: the exercise for any student.
            key: of its `key_type`, where the key is at hand.
        """
        raise NotImplementedError

    def blanks(self, task: Task) -> tuple[Blank, ...]:
        """Return where to type, in the order one works in."""
        raise NotImplementedError

    def judge(self, work: Work, key: Any | None) -> Judgement:
        """Judge what stands in the blanks and on the canvas; never raises for what a student did.

        Args:
            work: what the student did.
            key: of its `key_type`, where the key is at hand; then all of it is judged.
        """
        raise NotImplementedError

    def secrets(self, key: Any) -> Iterable[Any]:
        """Yield what of the key a released exercise must not hold: formulas, numbers, lists."""
        return ()
