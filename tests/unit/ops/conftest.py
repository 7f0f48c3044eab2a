"""Makes the tests of the ops from the registry: one an op, or one for every sample of every op."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from gradstudio.ops import REGISTRY, Array, Op, SettingValue, Shape, unbroadcast
from gradstudio.ops.base import Elementwise

NEAREST_KINK = 1e-3
STEP = 1e-6


@dataclass(frozen=True)
class Case:
    """One op with one of its samples: the shapes of its inputs, and its settings."""

    op: type[Op]
    shapes: tuple[Shape, ...]
    settings: Mapping[str, SettingValue]

    def __str__(self) -> str:
        settings = ",".join(f"{key}={value}" for key, value in self.settings.items())
        return f"{self.op.name}-{'-'.join(map(str, self.shapes))}-{settings}".replace(" ", "")

    def draw(self, rng: np.random.Generator) -> tuple[Array, ...]:
        """Draw inputs that no small step can take over a kink."""
        for _ in range(1000):
            inputs = self.op.draw(rng, self.shapes, **self.settings)
            kink = self.kink(inputs)
            if kink is None or not np.size(kink) or np.abs(kink).min() > NEAREST_KINK:
                return inputs
        raise AssertionError(f"{self}: every draw lies on a kink")

    def draw_tie(self, rng: np.random.Generator) -> tuple[Array, ...] | None:
        """Draw inputs on a kink; None if the op has none for this sample."""
        for attempt in range(1000):
            # Some kinks are at the zero vector only.
            most = 1 if attempt % 4 < 3 else 0
            inputs = tuple(rng.integers(-most, most + 1, shape) * 1.0 for shape in self.shapes)
            kink = self.kink(inputs)
            if kink is None or not np.size(kink):
                return None
            if not np.all(kink):
                return inputs
        raise AssertionError(f"{self}: no draw lies on a kink")

    def kink(self, inputs: tuple[Array, ...]) -> Any:
        return self.op.kink(*inputs, **self.settings)

    def forward(self, *inputs: Array) -> Array:
        return np.asarray(self.op.forward(*inputs, **self.settings))

    def vjp(self, g: Array, *inputs: Array) -> list[Array | None]:
        """Return the cotangents as the engine has them: each of the shape of its input."""
        out = self.forward(*inputs)
        parts = self.op.vjp(g, out, *inputs, **self.settings)
        assert len(parts) == len(inputs)
        return [
            None if part is None else np.asarray(unbroadcast(part, x.shape))
            for part, x in zip(parts, inputs, strict=True)
        ]

    def jvp(self, port: int, t: Array, *inputs: Array) -> Array | None:
        """Return the tangent as the engine has it: of the shape of the output."""
        out = self.forward(*inputs)
        part = self.op.jvp(port, t, out, *inputs, **self.settings)
        return None if part is None else np.asarray(unbroadcast(part, out.shape))

    def slope(self, port: int, t: Array, *inputs: Array) -> Array:
        """Return the central difference of the output along `t` in one input."""
        ahead, behind = list(inputs), list(inputs)
        ahead[port] = inputs[port] + STEP * t
        behind[port] = inputs[port] - STEP * t
        return np.asarray((self.forward(*ahead) - self.forward(*behind)) / (2 * STEP))


OPS = [op for op in REGISTRY.values() if not op.leaf]
CASES = [Case(op, shapes, settings) for op in OPS for shapes, settings in op.samples]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for `op` every computing op, for `case` every sample, and so on."""
    for wanted, found in {
        "any_op": list(REGISTRY.values()),
        "op": OPS,
        "entrywise_op": [op for op in OPS if issubclass(op, Elementwise)],
        "case": CASES,
    }.items():
        if wanted in metafunc.fixturenames:
            ids = [str(one) if isinstance(one, Case) else one.name for one in found]
            metafunc.parametrize(wanted, found, ids=ids)


@pytest.fixture
def no_floating_point_warnings() -> Iterator[None]:
    """Let a division by zero be a number, as it is on the screen."""
    with np.errstate(all="ignore"):
        yield
