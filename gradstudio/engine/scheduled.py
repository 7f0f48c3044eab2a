"""An executor that obeys a schedule: it lets values go, and computes them again on the way back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gradstudio.engine.schedule import Outcome, Schedule, run
from gradstudio.ops import Array


class ScheduledExecutor:
    """Runs the steps of a graph as planned; it holds no buffer between them.

    Args:
        plan: the pass; the leaves it differentiates by are trained.
    """

    name = "scheduled"

    def __init__(self, plan: Schedule) -> None:
        self._plan = plan
        self._leaves: dict[str, Array] = {}
        self._velocities: dict[str, Array] = {}
        self._learning_rate = self._momentum = 0.0
        self._outcome: Outcome | None = None

    @property
    def peak_bytes(self) -> int:
        """The most that values and gradients took at once in the latest step."""
        return 0 if self._outcome is None else self._outcome.peak_bytes

    def load(self, values: Mapping[str, Array]) -> None:
        """Take over the values of leaves; names that are not read are passed over."""
        for name, value in values.items():
            if name in self._plan.shapes:
                self._leaves[name] = np.array(value, dtype=np.float64)

    def descend(self, learning_rate: float, momentum: float) -> None:
        """Say how `steps` updates; the velocity begins at zero."""
        self._learning_rate, self._momentum = learning_rate, momentum
        self._velocities = {name: np.zeros_like(self._leaves[name]) for name in self._plan.wrt}

    def gradients(self) -> float:
        """Run forward and backward once; return the loss."""
        self._outcome = run(self._plan, self._leaves)
        return float(np.reshape(self._outcome.loss, ()))

    def steps(self, count: int) -> list[float]:
        """Run steps; return the loss of each, before its update."""
        losses = []
        for _ in range(count):
            losses.append(self.gradients())
            for name, velocity in self._velocities.items():
                velocity *= self._momentum
                velocity += self.grad(name)
                self._leaves[name] -= self._learning_rate * velocity
        return losses

    @property
    def parameters(self) -> Mapping[str, Array]:
        """The trained leaves; arrays that later steps write to."""
        return {name: self._leaves[name] for name in self._plan.wrt}

    def grad(self, name: str) -> Array:
        """Return the gradient of a trained leaf after the latest step."""
        grads = {} if self._outcome is None else self._outcome.grads
        return np.asarray(grads[name]) if name in grads else np.zeros_like(self._leaves[name])

    def value(self, name: str) -> Array:
        """Return the value of the output in the latest step, or of a leaf."""
        if self._outcome is not None and name == self._plan.output:
            return np.asarray(self._outcome.loss)
        return self._leaves[name]
