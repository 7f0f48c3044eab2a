"""An exercise opened for one student: what the window works on, and what a submission is made of.

It is a value, as graphs are: every step returns another session. Nothing in it knows the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

import msgspec

from gradstudio import storage
from gradstudio.errors import GradStudioError, LabError, mark
from gradstudio.files import FilePath
from gradstudio.graph import EMPTY, Graph
from gradstudio.lab.exercise import Exercise
from gradstudio.lab.items import Blank, Hint, Judgement
from gradstudio.lab.submission import (
    FIELD,
    Answers,
    Attempt,
    answers_in,
    graph_digest,
    seal_of,
    with_answers,
)
from gradstudio.lab.task import Task, Work
from gradstudio.lab.texts import Text


@dataclass(frozen=True)
class Feedback:
    """What a check said.

    Args:
        judgement: every part, judged without the key.
        said: what the student is told: the first thing that is wrong, and what is right.
        text: what the teacher adds to that.
        counted: whether it cost an attempt.
        left: the attempts that are left; None for any number.
    """

    judgement: Judgement
    said: tuple[GradStudioError, ...]
    text: Text | None
    counted: bool
    left: int | None


@dataclass(frozen=True)
class Session:
    """An exercise in the hands of a student.

    Args:
        exercise: as it was handed out.
        student: the id, which gives the variant.
        name: what the student is called.
        answers: what stands in the blanks, by item, then by blank, as it was typed.
        hints: how many hints of each item were taken.
        log: the attempts, oldest first.
        sealed: whether log and hints are as the program wrote them; once false, it stays so.
        edition: the digest of the exercise it was begun with, where that is another edition.
    """

    exercise: Exercise
    student: str
    name: str = ""
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: EMPTY)
    hints: Mapping[str, int] = field(default_factory=lambda: EMPTY)
    log: tuple[Attempt, ...] = ()
    sealed: bool = True
    edition: str = ""

    @cached_property
    def task(self) -> Task:
        """What the exercise is for this student: `given` is the graph to open."""
        return self.exercise.task(self.student)

    def blanks(self, item: str) -> tuple[Blank, ...]:
        """Return where to type for one item, in the order one works in."""
        return self.exercise.items[item].blanks(self.task)

    def enter(self, item: str, blank: str, text: str) -> Session:
        """Return the session with `text` in a blank."""
        entries = {**self.answers.get(item, EMPTY), blank: text}
        return replace(self, answers={**self.answers, item: entries})

    def attempts_left(self, item: str) -> int | None:
        """Return how often an item can still be checked; None for any number of times."""
        most = self.exercise.attempts_of(item)
        used = sum(one.counted for one in self.log if one.item == item)
        return None if most is None else max(0, most - used)

    def check(self, item: str, graph: Graph) -> tuple[Session, Feedback]:
        """Judge one item as far as that can be done without the key.

        Args:
            item: which.
            graph: the student's graph, as it is on the canvas.

        Returns:
            The session with the attempt in its log, and what is said. What was checked last as it
            stands is no other attempt.

        Raises:
            LabError: no attempt is left.
        """
        if self.attempts_left(item) == 0:
            raise LabError(mark("core", "no attempt is left for this task"))
        judgement = self.exercise.items[item].judge(Work(self.task, graph, self.answers), None)
        if self._unchanged(item, graph):
            return self, self._feedback(item, judgement, again=True)
        after = self._logged(item, judgement, graph, counted=judgement.costs_attempt)
        return after, after._feedback(item, judgement)

    def _unchanged(self, item: str, graph: Graph) -> bool:
        """Return whether an item is as it was when it was checked last."""
        last = self._last(item)
        if last is None or not last.counted:
            return False
        if self.exercise.items[item].on_graph and last.graph != graph_digest(graph):
            return False
        return _typed(last.entries) == _typed(self.answers.get(item, EMPTY))

    def _last(self, item: str) -> Attempt | None:
        return next((one for one in reversed(self.log) if one.item == item), None)

    def _feedback(self, item: str, judgement: Judgement, *, again: bool = False) -> Feedback:
        """Return what is said of an item, and if it is said `again`, that it costs nothing."""
        asked, left, said = (
            self.exercise.items[item],
            self.attempts_left(item),
            judgement.feedback(),
        )
        if again and left is not None:
            free = mark("core", "Nothing has changed since, so this did not cost an attempt.")
            said = (*said, GradStudioError(free))
        text = None
        if judgement.right:
            text = asked.right
        elif judgement.costs_attempt and judgement.first_wrong is not None:
            text = asked.wrong
        counted = judgement.costs_attempt and not again
        return Feedback(judgement, said, text, counted, left)

    def keep(self, item: str, graph: Graph) -> tuple[Session, Judgement]:
        """Let the answer to an item stand for good, so that what it hides may be shown.

        It costs no attempt, and the answer is graded as it stands.

        Returns:
            The session with that in its log, and the item judged without the key.
        """
        judgement = self.exercise.items[item].judge(Work(self.task, graph, self.answers), None)
        return self._logged(item, judgement, graph, kept=True), judgement

    def judged(self, item: str, graph: Graph) -> tuple[Mapping[str, str], Feedback] | None:
        """Return what was checked of an item last, and what was said of that; it costs nothing.

        What was changed since is not looked at: that would be another attempt.

        Returns:
            The entries and what was said; None where it was not checked, or is about the graph and
            `graph` is not the one that was.
        """
        asked = self.exercise.items[item]
        last = self._last(item)
        if last is None or (asked.on_graph and last.graph != graph_digest(graph)):
            return None
        answers = {**self.answers, item: last.entries}
        judgement = asked.judge(Work(self.task, graph, answers), None)
        return last.entries, self._feedback(item, judgement)

    def kept(self, item: str) -> bool:
        """Return whether the answer to an item stands for good."""
        return any(one.kept for one in self.log if one.item == item)

    def _logged(
        self,
        item: str,
        judgement: Judgement,
        graph: Graph,
        *,
        counted: bool = False,
        kept: bool = False,
    ) -> Session:
        judged = judgement.first_wrong is not None or judgement.right
        attempt = Attempt(
            datetime.now(UTC).isoformat(timespec="seconds"),
            item,
            dict(self.answers.get(item, EMPTY)),
            counted,
            judgement.right if judged else None,
            kept,
            graph_digest(graph) if self.exercise.items[item].on_graph else msgspec.UNSET,
        )
        return replace(self, log=(*self.log, attempt))

    def next_hint(self, item: str) -> Hint | None:
        """Return the hint that `take_hint` would give, for its price; None where there is none."""
        hints, taken = self.exercise.items[item].hints, self.hints.get(item, 0)
        return hints[taken] if taken < len(hints) else None

    def take_hint(self, item: str) -> tuple[Session, Hint]:
        """Return the session with one more hint taken, and that hint.

        Raises:
            LabError: there is no further one.
        """
        hint = self.next_hint(item)
        if hint is None:
            raise LabError(mark("core", "there is no further hint for this task"))
        return replace(self, hints={**self.hints, item: self.hints.get(item, 0) + 1}), hint

    def submission(self, graph: Graph) -> Graph:
        """Return `graph` with the answers in it: saved, it is what is handed in."""
        answers = Answers(
            self.exercise.id,
            self.student,
            self.name,
            self.edition or self.exercise.digest,
            {item: dict(entries) for item, entries in self.answers.items()},
            dict(self.hints),
            list(self.log),
        )
        if self.sealed:
            answers = msgspec.structs.replace(answers, seal=seal_of(answers))
        return with_answers(graph, answers)

    def save(self, path: FilePath, graph: Graph) -> None:
        """Write the submission.

        Raises:
            FileError: it cannot be written.
        """
        storage.save(path, self.submission(graph))


def _typed(entries: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed, however much space is around it."""
    stripped = {blank: text.strip() for blank, text in entries.items()}
    return {blank: text for blank, text in stripped.items() if text}


def begin(exercise: Exercise, student: str, name: str = "") -> tuple[Session, Graph]:
    """Open an exercise: return the session, and the graph to put on the canvas.

    Raises:
        LabError: the student's numbers cannot be drawn.
    """
    session = Session(exercise, student, name)
    return session, session.submission(session.task.given)


def resume(exercise: Exercise, graph: Graph) -> Session:
    """Go on where a saved submission of the same exercise left off.

    Raises:
        GradStudioError: `graph` carries no answers to this exercise.
    """
    answers = answers_in(graph, file=FIELD)
    if answers.id != exercise.id:
        raise LabError(
            mark("core", "these are answers to {lab}, not to {exercise}"),
            lab=answers.id[:80],
            exercise=exercise.id,
        )
    return Session(
        exercise,
        answers.student,
        answers.name,
        answers.answers,
        answers.hints,
        tuple(answers.log),
        answers.seal == seal_of(answers),
        "" if answers.exercise == exercise.digest else answers.exercise,
    )
