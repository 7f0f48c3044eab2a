"""Train to a target: with settings of the student's own, under constraints, and trained anew."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from gradstudio.engine.work import work as work_of
from gradstudio.errors import GradStudioError, LabError, Phrase, mark
from gradstudio.graph import Graph
from gradstudio.lab.equivalence import MOST_NODES, unfit, value_of
from gradstudio.lab.items.base import Blank, Item, Judgement, Part, Verdict
from gradstudio.lab.items.build import DRAWN
from gradstudio.lab.task import Task, Work, above
from gradstudio.lab.variants import generator
from gradstudio.numbers import EntryError, number_text, read_number
from gradstudio.training.loop import Run
from gradstudio.training_settings import TrainingSettings

RATE, STEPS, MOMENTUM = "learning_rate", "steps", "momentum"
TARGET = "target"
MOST_STEPS = 5000
MOST_WORK = 2e7
"""Steps times the entries that each touches."""
SPREAD = 0.5


class Training(Item, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Reach a loss by training. What the file says was reached is not believed.

    Training begins at the given parameters; those the student added begin at values drawn from the
    student's id. What is left blank is taken from the training settings in the file.

    Args:
        output: the loss.
        target: what it must reach; the key may ask for less.
        most_steps: how many steps are allowed.
        least_rate: the least learning rate allowed.
        most_rate: the largest learning rate allowed.
        most_momentum: the largest momentum allowed; 0 for none.
        most_parameters: how many numbers may be learned; any number where nothing is said.
        prediction: the node that predicts, where it can be changed.
        targets: the leaves it predicts, which it may not depend on.
    """

    class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        """The hidden part.

        Args:
            target: what the loss must really reach; the exercise's where nothing is said.
            inputs: other values of leaves, on which the trained graph must do as well.
            hidden_target: what the loss on these must reach; `target` where nothing is said.
        """

        target: float | None = None
        inputs: dict[str, float | list[object]] = {}
        hidden_target: float | None = None

    kind_name = "training"
    title_of_kind = mark("core", "train to a target")
    key_type = Key
    on_graph = True

    output: str
    target: float
    most_steps: int = 200
    least_rate: float = 0.0
    most_rate: float = 10.0
    most_momentum: float = 0.0
    most_parameters: int | None = None
    prediction: str = ""
    targets: tuple[str, ...] = ()

    @property
    def needs_key(self) -> bool:
        """Where the model may be changed: only hidden data tells whether it was learned."""
        return bool(self.prediction)

    def check(self, task: Task, key: Key | None) -> Iterable[GradStudioError]:
        """Yield constraints that no one can meet."""
        if not 1 <= self.most_steps <= MOST_STEPS:
            yield GradStudioError(
                mark("core", "most_steps must be from 1 to {most}"), most=MOST_STEPS
            )
        if not 0 <= self.least_rate <= self.most_rate or not 0 <= self.most_momentum < 1:
            yield GradStudioError(
                mark("core", "the learning rate and the momentum allowed leave nothing to choose")
            )
        if self.output in task.given.nodes:
            try:
                Run(above(task.given, self.output), TrainingSettings(steps=1))
            except GradStudioError as wrong:
                yield wrong
        yield from self._open(task)
        if key is not None and self.prediction and not set(self.targets) <= set(key.inputs):
            yield GradStudioError(
                mark("core", "the key needs hidden data with other targets: these can be copied")
            )
        said = None if key is None else self._unfit(task, key)
        if said is not None:
            yield GradStudioError(mark("core", "the hidden data: {said}"), said=said)

    def _unfit(self, task: Task, key: Key) -> GradStudioError | None:
        """Return why the loss has no value on the hidden data."""
        free = [name for name, node in task.given.nodes.items() if node.op in DRAWN]
        said = unfit(key.inputs, free)
        if said is None and self.output in task.given.nodes:
            inputs = {name: np.asarray(value, float) for name, value in key.inputs.items()}
            try:
                value_of(task.given, self.output, inputs)
            except GradStudioError as wrong:
                return wrong
        return said

    def _open(self, task: Task) -> Iterable[GradStudioError]:
        """Yield how the target could be reached without learning anything."""
        named = [name for name in (self.prediction, *self.targets) if name]
        missing = next((name for name in named if name not in task.given.nodes), None)
        if missing is not None:
            yield GradStudioError(mark("core", "there is no node called {node}"), node=missing)
            return
        if bool(self.prediction) != bool(self.targets):
            yield GradStudioError(mark("core", "the prediction and its targets are named together"))
            return
        if self.output not in task.given.nodes:
            return
        try:
            self._predicts(task.given)
        except GradStudioError as wrong:
            yield wrong
            return
        loss = above(task.given, self.output).nodes
        model = above(task.given, self.prediction).nodes if self.prediction else {}
        for name in loss:
            if name not in task.editable:
                continue
            if not self.prediction:
                yield GradStudioError(
                    mark("core", "{node} can be changed: name the prediction and its targets"),
                    node=name,
                )
            elif name not in model:
                yield GradStudioError(
                    mark("core", "{node} can be changed, and the loss with it"), node=name
                )

    def _predicts(self, graph: Graph) -> None:
        """See to it that the prediction does not look at what it should predict.

        Raises:
            LabError: it does, or the loss does not look at the prediction.
        """
        if not self.prediction:
            return
        if self.prediction not in above(graph, self.output).nodes:
            raise LabError(
                mark("core", "{output} does not depend on {node}"),
                output=self.output,
                node=self.prediction,
            )
        for name in above(graph, self.prediction).nodes:
            if name in self.targets:
                raise LabError(
                    mark("core", "{node} depends on {target}, which it should predict"),
                    node=self.prediction,
                    target=name,
                )

    def blanks(self, task: Task) -> tuple[Blank, ...]:
        """Return the settings that can be chosen."""
        chosen = [RATE, STEPS] + ([MOMENTUM] if self.most_momentum else [])
        return tuple(Blank(id, _LABELS[id], shape=()) for id in chosen)

    def secrets(self, key: Key) -> Iterable[Any]:
        """Yield the hidden data, and the targets where they are others."""
        yield from key.inputs.values()
        for target in (key.target, key.hidden_target):
            if target not in (None, self.target):
                yield target

    def judge(self, work: Work, key: Key | None) -> Judgement:
        """Train from the beginning and look at the loss."""
        entries = work.entries(self.id)
        if not any(entries.get(blank.id, "").strip() for blank in self.blanks(work.task)):
            parts = [Part(TARGET, Verdict.EMPTY, _LABELS[TARGET], node=self.output)]
            return Judgement(tuple(parts))
        try:
            settings = self._settings(work, entries)
        except EntryError as wrong:
            return Judgement((self._target(Verdict.UNREAD, wrong, entries),))
        except GradStudioError as wrong:
            return Judgement((self._target(Verdict.WRONG, wrong, entries),))
        try:
            said = self._said(work, settings, key)
        except GradStudioError as wrong:
            said = wrong
        verdict = Verdict.RIGHT if said is None else Verdict.WRONG
        return Judgement((self._target(verdict, said, entries),))

    def _target(
        self, verdict: Verdict, said: GradStudioError | None, entries: Mapping[str, str]
    ) -> Part:
        chosen = {id: entries[id][:100] for id in (RATE, STEPS, MOMENTUM) if entries.get(id)}
        shown: GradStudioError | None = None
        for id, text in chosen.items():
            template = mark("core", "{setting} {number}")
            one = GradStudioError(template, setting=_LABELS[id], number=text)
            if shown is not None:
                one = GradStudioError(mark("core", "{before}, {one}"), before=shown, one=one)
            shown = one
        given = ", ".join(chosen.values())
        return Part(
            TARGET, verdict, _LABELS[TARGET], 1.0, given, said, node=self.output, shown=shown
        )

    def _settings(self, work: Work, entries: Mapping[str, str]) -> TrainingSettings:
        kept = work.graph.training

        def number(id: str, default: float) -> float:
            text = entries.get(id, "").strip()
            if text:
                return read_number(text[:100])
            stored: Any = kept.get(id, default)
            if isinstance(stored, bool) or not isinstance(stored, int | float):
                raise EntryError(mark("core", "“{text}” is no number"), text=str(stored)[:40])
            return float(stored)

        steps, rate = number(STEPS, TrainingSettings().steps), number(RATE, 0.1)
        momentum = number(MOMENTUM, 0.0) if self.most_momentum else 0.0
        if steps != math.floor(steps) or not 1 <= steps <= self.most_steps:
            raise LabError(
                mark("core", "the steps must be a whole number from 1 to {most}"),
                most=self.most_steps,
            )
        if not self.least_rate <= rate <= self.most_rate or rate <= 0:
            raise LabError(
                mark("core", "the learning rate must be from {least} to {most}"),
                least=number_text(self.least_rate),
                most=number_text(self.most_rate),
            )
        if not 0 <= momentum <= self.most_momentum:
            raise LabError(
                mark("core", "the momentum must be from 0 to {most}"),
                most=number_text(self.most_momentum),
            )
        return TrainingSettings(learning_rate=rate, steps=int(steps), momentum=momentum)

    def starting(self, work: Work) -> Graph:
        """Return the graph that is trained, as training finds it.

        Raises:
            GradStudioError: the loss is missing, a given node was changed, or the prediction looks
                at its targets.
        """
        work.graph.node(self.output)
        graph = work.task.restored(above(work.graph, self.output))
        for name in work.task.changed(work.graph):
            if name in graph.nodes:
                raise LabError(mark("core", "the given node {node} was changed"), node=name)
        self._predicts(graph)
        nodes = dict(graph.nodes)
        for name in sorted(nodes):
            node = nodes[name]
            if node.op == "parameter" and name not in work.task.given and node.value is not None:
                rng = generator("start", work.task.lab, work.task.seed, name)
                nodes[name] = replace(node, value=rng.normal(0.0, SPREAD, node.value.shape))
        return replace(graph, nodes=nodes)

    def _said(
        self, work: Work, settings: TrainingSettings, key: Key | None
    ) -> GradStudioError | None:
        """Return why the target is not reached; None if it is."""
        graph = self.starting(work)
        learned = sum(
            node.value.size
            for node in graph.nodes.values()
            if node.op == "parameter" and node.value is not None
        )
        if self.most_parameters is not None and learned > self.most_parameters:
            return GradStudioError(
                mark("core", "{count} numbers are learned; {most} are allowed"),
                count=learned,
                most=self.most_parameters,
            )
        each = work_of(graph, MOST_WORK)
        if len(graph.nodes) > MOST_NODES or 3 * each * settings.steps > MOST_WORK:
            return GradStudioError(
                mark("core", "training it for so many steps would take too much work")
            )
        run = Run(graph, settings)
        for _ in run:
            pass
        trained = run.into(graph)
        loss = float(np.asarray(value_of(trained, self.output, {})).reshape(()))
        target = self.target if key is None or key.target is None else key.target
        if not loss <= self.target:
            return GradStudioError(
                mark("core", "after {steps} steps the loss is {loss}; {target} is asked"),
                steps=settings.steps,
                loss=number_text(loss),
                target=number_text(self.target),
            )
        hidden = GradStudioError(
            mark("core", "the target shown is reached, but not what is asked beyond it")
        )
        if not loss <= target:
            return hidden
        if key is not None and key.inputs:
            inputs = {name: np.asarray(value, float) for name, value in key.inputs.items()}
            try:
                other = float(np.asarray(value_of(trained, self.output, inputs)).reshape(()))
            except GradStudioError:
                # An op's own reason would tell of the hidden data.
                return hidden
            wanted = target if key.hidden_target is None else key.hidden_target
            if not other <= wanted:
                return hidden
        return None


_LABELS = {
    RATE: Phrase(mark("core", "learning rate")),
    STEPS: Phrase(mark("core", "steps")),
    MOMENTUM: Phrase(mark("core", "momentum")),
    TARGET: Phrase(mark("core", "the loss reached")),
}
