"""How a gradient becomes a step: the optimizers, by the name the settings call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from gradstudio.ops import Array


class Optimizer(Protocol):
    """Turns gradients into new parameters, remembering what it needs from step to step."""

    torch: ClassVar[str]
    """How PyTorch writes it for the parameters of `model`, in terms of the settings."""

    def step(self, parameters: Mapping[str, Array], grads: Mapping[str, Array]) -> dict[str, Array]:
        """Return the parameters after one more step; neither argument is written to.

        Args:
            parameters: every parameter that is trained, by name.
            grads: the gradient of each, in its shape.
        """


class SGD:
    """Gradient descent with momentum: v ← m · v + g, then w ← w − η · v, as torch.optim.SGD.

    Args:
        learning_rate: η.
        momentum: m; at 0 it is plain gradient descent.
    """

    torch: ClassVar = "torch.optim.SGD(model.parameters(), lr={learning_rate}, momentum={momentum})"

    def __init__(self, learning_rate: float, momentum: float = 0.0) -> None:
        self._learning_rate = learning_rate
        self._momentum = momentum
        self._velocity: Mapping[str, Array] = {}

    def step(self, parameters: Mapping[str, Array], grads: Mapping[str, Array]) -> dict[str, Array]:
        """Return the parameters moved against their velocities."""
        if self._momentum:
            if self._velocity:
                grads = {
                    name: self._momentum * self._velocity[name] + g for name, g in grads.items()
                }
            self._velocity = grads
        return {name: parameters[name] - self._learning_rate * g for name, g in grads.items()}


OPTIMIZERS = {"sgd": SGD}
