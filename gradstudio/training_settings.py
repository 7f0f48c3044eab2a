"""The settings of a training run: what each may be, and how they lie in the graph."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from gradstudio.errors import GradStudioError, TrainingError, mark
from gradstudio.graph import Graph
from gradstudio.optimizers import OPTIMIZERS

MOST_STEPS = 10_000_000
LARGEST_WHOLE_NUMBER = 2**31 - 1


class TrainingSettings(msgspec.Struct, frozen=True):
    """What a run needs to know apart from the graph.

    Args:
        optimizer: one of `OPTIMIZERS`.
        learning_rate: how far a step goes, above 0.
        momentum: how much of the last step it keeps, from 0 to below 1.
        steps: how many steps a run has, at most `MOST_STEPS`.
        batch: how many rows a step looks at; None for all.
        seed: what the order of the rows is drawn from.

    Raises:
        TrainingError: one is not what it may be; the message names the field.
    """

    optimizer: str = "sgd"
    learning_rate: float = 0.1
    momentum: float = 0.0
    steps: int = 100
    batch: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        """Check every field."""
        if self.optimizer not in tuple(OPTIMIZERS):  # a dict would ask for a hash
            known = GradStudioError(
                mark("core", "one of {known}"), known=", ".join(sorted(OPTIMIZERS))
            )
            raise _wrong("optimizer", known, self.optimizer)
        rate = _number(self.learning_rate)
        if not 0 < rate < math.inf:
            raise _wrong("learning_rate", mark("core", "a number above 0"), self.learning_rate)
        momentum = _number(self.momentum)
        if not 0 <= momentum < 1:
            raise _wrong("momentum", mark("core", "a number from 0 to below 1"), self.momentum)
        # JSON and a person write 1 for 1.0.
        msgspec.structs.force_setattr(self, "learning_rate", rate)
        msgspec.structs.force_setattr(self, "momentum", momentum)
        _check_whole("steps", self.steps, 1, MOST_STEPS)
        if self.batch is not None:
            _check_whole("batch", self.batch, 1, LARGEST_WHOLE_NUMBER)
        _check_whole("seed", self.seed, 0, LARGEST_WHOLE_NUMBER)

    @classmethod
    def of(cls, graph: Graph) -> TrainingSettings:
        """Return the settings kept in `graph`, with the defaults for those that are not.

        Raises:
            TrainingError: one is wrong; the message names the field.
        """
        known = {key: graph.training[key] for key in cls.__struct_fields__ if key in graph.training}
        return cls(**known)

    def into(self, graph: Graph) -> Graph:
        """Return `graph` with these settings in it; `graph` itself if it has them already."""
        training = {**graph.training, **msgspec.structs.asdict(self)}
        return graph if training == dict(graph.training) else graph.set_training(training)


def _number(value: object) -> float:
    """Return `value` as a number; nan for what is none, which no comparison lets through."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _check_whole(field: str, value: Any, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        wanted = GradStudioError(
            mark("core", "a whole number from {least} to {most}"), least=least, most=most
        )
        raise _wrong(field, wanted, value)


def _wrong(field: str, wanted: str | GradStudioError, value: object) -> TrainingError:
    return TrainingError(
        mark("core", "training: {field} must be {wanted}, not {value}"),
        field=field,
        wanted=GradStudioError(wanted) if isinstance(wanted, str) else wanted,
        value=repr(value)[:80],
    )
