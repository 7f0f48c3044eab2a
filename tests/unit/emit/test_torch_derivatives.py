"""Random graphs over all ops agree with PyTorch in value, gradient, tangent and Hessian product."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradstudio.emit.torch import to_torch
from gradstudio.engine.derivatives import hvp
from gradstudio.engine.evaluate import evaluate

pytestmark = pytest.mark.torch


@settings(max_examples=1500)
@given(st.integers(0, 2**32))
def test_pytorch_agrees_to_second_order(
    random_graphs: Any, ran: Any, agree: Any, seed: int
) -> None:
    torch = pytest.importorskip("torch")
    graph = random_graphs(seed)
    found = evaluate(graph)
    code = to_torch(graph)
    # What PyTorch has no word for is lent to it with a backward only.
    assume(found.backward and "InNumpy" not in code)
    names = ran(code)
    model = names["Model"]()
    asked = list(inspect.signature(model.forward).parameters)
    leaves = {name: names[name].requires_grad_() for name in asked}
    leaves |= dict(model.named_parameters())
    leaves = {name: leaf for name, leaf in leaves.items() if name in found.grads}
    assume(leaves)
    rng = np.random.default_rng(seed)
    vectors = {name: rng.uniform(-1, 1, tuple(leaf.shape)) for name, leaf in leaves.items()}
    ours = hvp(graph, vectors)
    numbers = [*found.values.values(), *found.grads.values(), *ours.values()]
    assume(all(np.isfinite(one).all() for one in numbers))
    scale = max(float(np.max(np.abs(one), initial=0.0)) for one in numbers)
    assume(scale < 1e9)

    loss = model(*[names[name] for name in asked])
    agree(loss.detach().numpy(), found.values[graph.output_of()], scale)
    loss = loss.requires_grad_() if not loss.requires_grad else loss
    grads = torch.autograd.grad(loss, list(leaves.values()), create_graph=True, allow_unused=True)
    along = torch.zeros((), dtype=torch.float64)
    for (name, leaf), grad in zip(leaves.items(), grads, strict=True):
        theirs = torch.zeros_like(leaf) if grad is None else grad
        agree(theirs.numpy(force=True), found.grads[name], scale)
        tangent = evaluate(graph, mode="forward", wrt=name).tangents[graph.output_of()]
        agree(theirs.numpy(force=True).sum(), tangent, scale)
        along = along + (theirs * torch.tensor(vectors[name])).sum()
    if not along.requires_grad:
        along = along + 0.0 * sum(leaf.sum() for leaf in leaves.values())
    seconds = torch.autograd.grad(along, list(leaves.values()), allow_unused=True)
    for name, second in zip(leaves, seconds, strict=True):
        expected = ours[name]
        theirs = np.zeros_like(expected) if second is None else second.numpy(force=True)
        # PyTorch's second derivative of a norm at zero, for one, is nan.
        assume(np.isfinite(theirs).all())
        # A second derivative is a difference of large terms more often than a first one.
        np.testing.assert_allclose(theirs, expected, rtol=1e-8, atol=1e-9 * scale)
