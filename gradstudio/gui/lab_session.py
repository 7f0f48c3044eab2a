"""A lab that is worked on in the window: the current item, the answers, and what may be seen.

It holds for its document what `Rules` say: numbers an item asks for are taken out of the evaluation
itself until they are answered right, or the answer was kept for good, so that no view, tool tip or
screen reader has them to show; and locked nodes stay as they were given. Answers are saved with the
graph, but are no undo steps: otherwise Undo would give back the price of a hint, or an attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gradstudio.engine.evaluate import Evaluation
from gradstudio.errors import GradStudioError, LabError, mark
from gradstudio.graph import EMPTY, Graph
from gradstudio.gui.document import Document
from gradstudio.lab.exercise import Exercise
from gradstudio.lab.items import Blank, Hint, Item, Judgement, Verdict
from gradstudio.lab.items.build import Build
from gradstudio.lab.items.training import Training
from gradstudio.lab.session import Feedback, Session
from gradstudio.lab.texts import Text
from gradstudio.numbers import value_text
from gradstudio.ops import REGISTRY

OPEN, RIGHT, PARTLY, WRONG, NOTED = "open", "right", "partly", "wrong", "noted"
"""The states of an item; `noted` is what only the key can judge."""
SIGNS = {Verdict.RIGHT: "✓", Verdict.WRONG: "✗", Verdict.UNREAD: "?", Verdict.RECORDED: "●"}
"""How what is said of a blank is marked, apart from its colour."""
MOST_LETTERS = 4000
"""How much can be typed into a blank."""
MOST_TOLD = 40
"""Of an entry that is told again."""
_ON_CANVAS = ("values", "gradients")


@dataclass(frozen=True)
class _Checked:
    """What the last check of an item said, and of what."""

    judgement: Judgement
    entries: Mapping[str, str]
    graph: Graph
    feedback: Feedback | None = None


class LabSession(QObject):
    """A lab in the hands of a student, and the rules its document obeys.

    Args:
        session: the exercise, and what was answered so far.
        document: holds the graph.
        path: the file of the exercise.
        parent: as for every object.
    """

    changed = Signal()
    """Another item is the current one, or what is known of one."""
    typed = Signal(str, str)
    """Something else stands in this blank of this item."""

    def __init__(
        self, session: Session, document: Document, path: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._document = document
        self.path = path
        self.current = next(iter(session.exercise.items))
        self._checked: dict[str, _Checked] = {}
        document.changed.connect(self._follow)

    # -- reading ----------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """The answers, the attempts, the hints that were taken."""
        return self._session

    @property
    def exercise(self) -> Exercise:
        """What was handed out."""
        return self._session.exercise

    @property
    def item(self) -> Item:
        """The current item."""
        return self.exercise.items[self.current]

    def on_canvas(self, item: str) -> bool:
        """Return whether an item is answered at the edges and nodes of the graph."""
        return self.exercise.items[item].kind in _ON_CANVAS

    def blanks(self, item: str) -> tuple[Blank, ...]:
        """Return where to type for an item, in the order one works in."""
        return self._session.blanks(item)

    def text(self, item: str, blank: str) -> str:
        """Return what stands in a blank."""
        entries: Mapping[str, str] = self._session.answers.get(item, EMPTY)
        return entries.get(blank, "")

    def feedback(self, item: str) -> Feedback | None:
        """Return what the last check of an item said."""
        known = self._checked.get(item)
        return None if known is None else known.feedback

    def verdict(self, item: str, blank: str) -> Verdict | None:
        """Return what is said of a blank; None if it was not checked as it stands."""
        known = self._checked.get(item)
        if known is None or known.entries.get(blank, "") != self.text(item, blank):
            return None
        parts = known.judgement.parts
        found = next((part.verdict for part in parts if part.id == blank), None)
        return None if found is Verdict.EMPTY else found

    def state(self, item: str) -> str:
        """Return how far an item is: one of the states above."""
        known = self._checked.get(item)
        if known is None or known.entries != self._session.answers.get(item, EMPTY):
            return OPEN
        if self.exercise.items[item].on_graph and known.graph is not self._document.graph:
            return OPEN
        verdicts = {part.verdict for part in known.judgement.parts}
        if verdicts == {Verdict.RIGHT}:
            return RIGHT
        if Verdict.WRONG in verdicts or Verdict.UNREAD in verdicts:
            return PARTLY if Verdict.RIGHT in verdicts else WRONG
        if Verdict.RECORDED in verdicts and Verdict.EMPTY not in verdicts:
            return NOTED
        return PARTLY if Verdict.RIGHT in verdicts else OPEN

    def kept(self, item: str) -> bool:
        """Return whether the answer to an item stands for good, right or not."""
        return self._session.kept(item)

    def settled(self, item: str) -> bool:
        """Return whether an item is right or kept: what it hides may be seen."""
        return self.state(item) == RIGHT or self.kept(item)

    def uncovered(self, item: str) -> bool:
        """Return whether the numbers an item asks for are shown although it is not all right."""
        values = self.exercise.items[item].hidden == "values"
        return self.kept(item) and not (self.hides_values if values else self.hides_gradients)

    def truth(self, blank: Blank) -> str:
        """Return the number that is asked at a node: its gradient, as far as that may be seen."""
        found = self._document.evaluation.grads.get(blank.node or "")
        return "" if found is None else value_text(found)

    def answered(self, item: str) -> str:
        """Return what stands in the blanks of an item, each with its sign."""
        parts = []
        for blank in self.blanks(item):
            text, verdict = self.text(item, blank.id).strip(), self.verdict(item, blank.id)
            sign = "" if verdict is None else f" {SIGNS.get(verdict, '')}"
            if len(text) > MOST_TOLD:
                text = f"{text[: MOST_TOLD - 1]}…"
            parts.append(f"{blank.label} = {text or '–'}{sign}")
        return " · ".join(parts)

    def finished(self, item: str) -> bool:
        """Return whether what stands in an item's blanks stays, as it was checked last."""
        right = self.state(item) == RIGHT and not self.exercise.items[item].on_graph
        return right or self.kept(item) or self._session.attempts_left(item) == 0

    def checkable(self, item: str) -> bool:
        """Return whether there is anything to check, or to get a hint for."""
        return not self.finished(item) and self.state(item) != RIGHT

    def next_hint(self, item: str) -> Hint | None:
        """Return the hint that can be taken next; None where there is none."""
        return self._session.next_hint(item) if self.checkable(item) else None

    def keepable(self, item: str) -> bool:
        """Return whether an answer that is not right can be kept, to see what it hides.

        It must have been checked as it stands, if an attempt is left for that.
        """
        if self.exercise.items[item].hidden == "nothing" or self.settled(item):
            return False
        known = self._checked.get(item)
        if known is not None and known.entries == self._session.answers.get(item, EMPTY):
            return known.judgement.readable or self._session.attempts_left(item) == 0
        return self._session.attempts_left(item) == 0

    def hints(self, item: str) -> tuple[Text, ...]:
        """Return the hints of an item that were taken, as Markdown."""
        taken = self._session.hints.get(item, 0)
        return tuple(hint.text for hint in self.exercise.items[item].hints[:taken])

    @property
    def open_items(self) -> tuple[str, ...]:
        """The items that are neither right nor noted nor kept."""
        return tuple(id for id in self.exercise.items if not self.done(id))

    def done(self, item: str) -> bool:
        """Return whether there is nothing more to do for an item."""
        if self.state(item) in (RIGHT, NOTED) or self.kept(item):
            return True
        asked, left = self.exercise.items[item], self._session.attempts_left(item)
        return left == 0 and not asked.on_graph and not self.keepable(item)

    @property
    def builds(self) -> bool:
        """Whether there is something to build."""
        return any(item.on_graph for item in self.exercise.items.values())

    @property
    def trains(self) -> bool:
        """Whether the current item is to train, and may be trained."""
        return isinstance(self.item, Training) and not self.hides_gradients

    @property
    def allowed(self) -> frozenset[str] | None:
        """The ops that can be added, leaves among them; None for all of them."""
        if not self.builds:
            return frozenset()
        ops = {name for name, op in REGISTRY.items() if op.leaf}
        for item in self.exercise.items.values():
            if isinstance(item, Training) or (isinstance(item, Build) and not item.ops):
                return None
            if isinstance(item, Build):
                ops.update(item.ops)
        return frozenset(ops)

    @property
    def locked(self) -> tuple[str, ...]:
        """The nodes that stay as they are."""
        return self._session.task.locked

    # -- doing ------------------------------------------------------------------------------

    def select(self, item: str) -> None:
        """Make another item the current one."""
        if item != self.current:
            self.current = item
            self.changed.emit()

    def type(self, item: str, blank: str, text: str) -> None:
        """Let `text` stand in a blank, unless what stands there is right already."""
        if self.finished(item) or text == self.text(item, blank):
            return
        self._session = self._session.enter(item, blank, text)
        self._document.touch()
        self.typed.emit(item, blank)
        self.changed.emit()

    def check(self) -> Feedback:
        """Judge the current item, and say what is to be said.

        Raises:
            LabError: no attempt is left, or all of it was right before.
        """
        item = self.current
        if self.kept(item):
            raise LabError(mark("core", "this answer was kept: it stays as it is"))
        if self.state(item) == RIGHT:
            raise LabError(mark("core", "all of this task is right already"))
        graph = self._document.graph
        self._session, feedback = self._session.check(item, graph)
        entries = dict(self._session.answers.get(item, EMPTY))
        self._checked[item] = _Checked(feedback.judgement, entries, graph, feedback)
        self._document.touch()
        if self.state(item) == RIGHT:
            self._document.veil()
        self.changed.emit()
        return feedback

    def keep(self) -> None:
        """Let the answer to the current item stand for good, and show what it hides.

        Raises:
            LabError: it hides nothing, is right, or was not checked yet.
        """
        item = self.current
        if not self.keepable(item):
            raise LabError(mark("core", "there is no checked answer to keep in this task"))
        graph = self._document.graph
        self._session, judgement = self._session.keep(item, graph)
        entries = dict(self._session.answers.get(item, EMPTY))
        self._checked[item] = _Checked(judgement, entries, graph)
        self._document.touch()
        self._document.veil()
        self.changed.emit()

    def take_hint(self) -> None:
        """Take the next hint of the current item.

        Raises:
            LabError: there is no further one, or none is needed.
        """
        if not self.checkable(self.current):
            raise LabError(mark("core", "no hint is needed here any more"))
        self._session, _ = self._session.take_hint(self.current)
        self._document.touch()
        self.changed.emit()

    def look_again(self) -> None:
        """Know again what was said of the answers that were checked before the work was saved."""
        graph = self._document.graph
        for id in self.exercise.items:
            known = self._session.judged(id, graph)
            if known is not None:
                entries, feedback = known
                said = None if self.kept(id) else feedback
                self._checked[id] = _Checked(feedback.judgement, entries, graph, said)
        self._document.veil()
        self.changed.emit()

    def _follow(self, before: Graph, after: Graph) -> None:
        if before.nodes is not after.nodes:
            self.changed.emit()
            return
        for id, known in self._checked.items():
            if known.graph is before:
                # Nothing but places changed.
                self._checked[id] = replace(known, graph=after)

    # -- the rules --------------------------------------------------------------------------

    def _asks(self, *hidden: str) -> bool:
        items = self.exercise.items.items()
        return any(item.hidden in hidden and not self.settled(id) for id, item in items)

    @property
    def hides_values(self) -> bool:
        """Whether computed values are not to be seen yet."""
        return self._asks("values")

    @property
    def hides_gradients(self) -> bool:
        """Whether gradients are not to be seen yet."""
        return self._asks("values", "gradients")

    def veiled(self, evaluation: Evaluation) -> Evaluation:
        """Return `evaluation` without what an item still asks for."""
        if not self.hides_gradients:
            return evaluation
        shown = replace(evaluation, grads={}, edge_grads={}, tangents={}, backward=())
        if not self.hides_values:
            return shown
        nodes = evaluation.graph.nodes
        values = {name: one for name, one in evaluation.values.items() if nodes[name].is_leaf}
        # What is said of a value that overflows would tell the value.
        return replace(shown, values=values, warnings={})

    def refusal(self, before: Graph, after: Graph) -> GradStudioError | None:
        """Return which locked node `after` changes, or which op it adds that is not allowed."""
        if before.nodes is after.nodes:
            return None
        task = self._session.task
        was = {*task.changed(before), *self._muted(before)}
        for name in (*task.changed(after), *self._muted(after)):
            if name not in was:
                template = mark("core", "{node} is given: it stays as it is")
                return LabError(template, node=name)
        new = [name for name in after.nodes if name not in before.nodes]
        if new and not self.builds:
            return LabError(mark("core", "there is nothing to build in this lab"))
        allowed = self.allowed
        for name, node in after.nodes.items():
            known = before.nodes.get(name)
            if allowed is None or (known is not None and known.op == node.op):
                continue
            if node.definition is not None or node.op not in allowed:
                template = mark("core", "{op} is not allowed here; allowed are {ops}")
                computing = sorted(one for one in allowed if not REGISTRY[one].leaf)
                return LabError(template, op=node.op, ops=", ".join(computing))
        return None

    def _muted(self, graph: Graph) -> list[str]:
        nodes = graph.nodes
        return [name for name in self.locked if name in nodes and nodes[name].muted]

    def wants(self, node: str) -> bool:
        """Return whether a node is given, or asked for."""
        asked = {one.output for one in self.exercise.items.values() if isinstance(one, Build)}
        return node in asked or node in self._session.task.given.nodes

    def withheld(self) -> GradStudioError | None:
        """Return why nothing may be exported, copied, checked or trained yet, if that is so."""
        if not self.hides_gradients:
            return None
        return LabError(
            mark("core", "answer the tasks that ask for these numbers first, or keep your answers")
        )

    def written(self, graph: Graph) -> Graph:
        """Return `graph` with the answers in it."""
        return self._session.submission(graph)
