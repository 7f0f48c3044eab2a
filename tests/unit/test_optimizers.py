"""Stochastic gradient descent does what PyTorch's does."""

from __future__ import annotations

import numpy as np
import pytest

from gradstudio.optimizers import OPTIMIZERS, SGD


def test_a_step_goes_against_the_gradient() -> None:
    moved = SGD(0.5).step({"w": np.array([1.0, 2.0])}, {"w": np.array([2.0, -2.0])})
    np.testing.assert_array_equal(moved["w"], [0.0, 3.0])


def test_momentum_adds_up() -> None:
    sgd, w = SGD(0.1, 0.5), {"w": np.float64(0.0)}
    path = []
    for _ in range(3):
        w = sgd.step(w, {"w": np.float64(1.0)})
        path.append(float(w["w"]))
    np.testing.assert_allclose(path, [-0.1, -0.25, -0.425], rtol=1e-15)


def test_what_it_is_given_stays_as_it_was() -> None:
    w, g = np.ones(3), np.ones(3)
    for array in (w, g):
        array.setflags(write=False)
    sgd = SGD(0.1, 0.9)
    sgd.step(sgd.step({"w": w}, {"w": g}), {"w": g})
    np.testing.assert_array_equal(w, 1.0)
    np.testing.assert_array_equal(g, 1.0)


def test_optimizers_are_known_by_name() -> None:
    assert OPTIMIZERS["sgd"] is SGD


@pytest.mark.torch
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_pytorch_takes_the_same_steps(momentum: float, rng) -> None:
    torch = pytest.importorskip("torch")
    w = {"a": rng.normal(size=(2, 3)), "b": np.float64(rng.normal())}
    theirs = {name: torch.tensor(value, requires_grad=True) for name, value in w.items()}
    reference = torch.optim.SGD(theirs.values(), lr=0.1, momentum=momentum)
    ours = SGD(0.1, momentum)
    for _ in range(20):
        reference.zero_grad()
        torch.sin(theirs["a"] * theirs["b"]).sum().backward()
        reference.step()
        slope = np.cos(w["a"] * w["b"])
        w = ours.step(w, {"a": slope * w["b"], "b": np.sum(slope * w["a"])})
    for name, tensor in theirs.items():
        np.testing.assert_allclose(w[name], tensor.detach().numpy(), rtol=1e-12)
