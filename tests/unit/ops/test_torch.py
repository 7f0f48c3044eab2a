"""Every op says how PyTorch writes it, and PyTorch then finds the same value and gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from gradstudio.errors import OpError
from gradstudio.ops import Op, SettingValue, Shape, unbroadcast

pytestmark = pytest.mark.torch


def written(op: type[Op], shapes: tuple[Shape, ...], settings: Mapping[str, SettingValue]) -> str:
    """Fill the op's template: ports by their names, settings as Python writes them."""
    ports = op.ports(len(shapes))
    parts: dict[str, Any] = {port: port for port in ports}
    parts["xs"] = ", ".join(ports)
    for setting in op.settings:
        value = settings.get(setting.name, setting.default)
        if value is None:
            value = said_out(op, setting.kind, shapes, settings)
        parts[setting.name] = value if setting.kind == "index" else repr(value)
    return op.torch.format(**parts)


def said_out(
    op: type[Op], kind: str, shapes: tuple[Shape, ...], settings: Mapping[str, SettingValue]
) -> tuple[int, ...]:
    """Return the axes that None stands for: all, reversed, or those of size 1 (PyTorch asks)."""
    (x,) = shapes
    every = tuple(range(len(x)))
    if kind == "axes":
        return every[::-1]
    try:
        op.shape(x, **{**settings, "axis": every})
    except OpError:
        return tuple(axis for axis in every if x[axis] == 1)
    return every


def compare(op: type[Op], inputs: tuple[np.ndarray, ...], settings: Any, rng: Any) -> None:
    """Compare value and gradients with PyTorch's, in float64."""
    torch = pytest.importorskip("torch")
    out = np.asarray(op.forward(*inputs, **settings))
    g = np.asarray(rng.normal(size=out.shape))
    parts = op.vjp(g, out, *inputs, **settings)
    tensors = [
        torch.tensor(x, dtype=torch.int64 if np.all(x == np.floor(x)) else torch.float64)
        if part is None
        else torch.tensor(x, dtype=torch.float64, requires_grad=True)
        for x, part in zip(inputs, parts, strict=True)
    ]
    names = dict(zip(op.ports(len(inputs)), tensors, strict=True))
    theirs = eval(written(op, tuple(x.shape for x in inputs), settings), {"torch": torch}, names)
    np.testing.assert_allclose(out, theirs.detach().numpy(), rtol=1e-12, atol=1e-14)
    assert tuple(theirs.shape) == out.shape
    if theirs.requires_grad:
        theirs.backward(torch.tensor(g))
    for part, tensor in zip(parts, tensors, strict=True):
        if part is not None:
            ours = unbroadcast(part, tuple(tensor.shape))
            expected = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()
            np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-14)


def has_no_torch(op: type[Op], settings: Mapping[str, SettingValue]) -> bool:
    """Return whether PyTorch means something else: by no axes all, by a negative step nothing."""
    return not op.torch or settings.get("axis") == () or "::-" in str(settings.get("index"))


def test_pytorch_agrees(case, rng) -> None:
    if not has_no_torch(case.op, case.settings):
        compare(case.op, case.draw(rng), case.settings, rng)


def test_pytorch_agrees_at_ties(case, rng) -> None:
    inputs = case.draw_tie(rng)
    if inputs is not None and not has_no_torch(case.op, case.settings):
        compare(case.op, inputs, case.settings, rng)


@pytest.mark.usefixtures("no_floating_point_warnings")
def test_pytorch_agrees_where_numbers_are_special(entrywise_op: type[Op], rng) -> None:
    """At zeros, ones and negative numbers: inf and nan come out where PyTorch has them."""
    corners = np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0])
    grid = np.meshgrid(*[corners] * len(entrywise_op.inputs), indexing="ij")
    settings = entrywise_op.samples[-1][1]
    compare(entrywise_op, tuple(grid), settings, rng)
