"""Which calls of a recording are a layer, x @ W + b, and so can be one product.

With b as one more row below W, and a column of ones beside x, one product gives the layer, and one
the gradients of W and b together: no call adds b, and none sums its gradient. (A quarter of the
time of a step of a small perceptron. Beside a large product the sums cost nothing, and BLAS likes
its own sizes better than ours: then the calls stay as they are.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradstudio.engine.recording import VIEWS, Call, Recording

_LARGEST_PRODUCT = 2**22
"""Multiplications of one product from which on all stay as they are."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A product and the sum after it; all fields are slots.

    Args:
        x: (n, d).
        weight: (d, k), a trained leaf.
        bias: (k), a trained leaf.
        product: x @ weight, which nothing else reads.
        out: product + bias.
        upstream: the gradient of `out`, where the gradients of weight and bias are each made of
            it alone, and read by no call; else None.
        weight_grad: xᵀ @ upstream.
        bias_grad: the sum of upstream over its rows.
    """

    x: int
    weight: int
    bias: int
    product: int
    out: int
    upstream: int | None
    weight_grad: int
    bias_grad: int


def layers(
    recording: Recording, calls: Sequence[Call], results: set[int], grads: Mapping[int, int]
) -> list[Layer]:
    """Return the layers among the calls, none where one is large; no two share a leaf.

    Args:
        recording: what the calls belong to.
        calls: those that are run.
        results: slots that are read afterwards, which may have to lie where the caller says.
        grads: for the slot of each trained leaf that of its gradient.
    """
    uses = Counter(slot for call in calls for slot in call.inputs)
    found: list[Layer] = []
    taken: set[int] = set()
    for call in calls:
        layer = _layer(recording, call, uses, results, grads)
        if layer is not None and taken.isdisjoint((layer.weight, layer.bias)):
            rows, columns = recording.shapes[layer.x]
            if rows * columns * recording.shapes[layer.bias][0] > _LARGEST_PRODUCT:
                return []
            taken.update((layer.weight, layer.bias))
            found.append(layer)
    return found


def _layer(
    recording: Recording,
    call: Call,
    uses: Mapping[int, int],
    results: set[int],
    grads: Mapping[int, int],
) -> Layer | None:
    if call.kind is not np.add:
        return None
    for product_slot, bias in (call.inputs, call.inputs[::-1]):
        product = recording.definition(product_slot)
        if product is None or product.kind != "matmul" or bias not in grads:
            continue
        x, weight = product.inputs
        shapes = recording.shapes[x], recording.shapes[weight], recording.shapes[bias]
        fits = len(shapes[0]) == len(shapes[1]) == 2 and shapes[2] == shapes[1][1:]
        if (
            fits
            and weight in grads
            and uses[product_slot] == 1
            and results.isdisjoint((x, product_slot, call.output))
            and _has_a_place_of_its_own(recording, x, grads)
            and not any(0 in shape for shape in shapes)
        ):
            weight_grad, bias_grad = grads[weight], grads[bias]
            # Two leaves may have one and the same gradient, which then lies in neither's place; and
            # what another call reads may be needed before x is computed.
            own = Counter(grads.values())
            alone = all(own[grad] == 1 and not uses[grad] for grad in (weight_grad, bias_grad))
            upstream = _upstream(recording, x, weight_grad, bias_grad) if alone else None
            return Layer(
                x, weight, bias, product_slot, call.output, upstream, weight_grad, bias_grad
            )
    return None


def _has_a_place_of_its_own(recording: Recording, x: int, grads: Mapping[int, int]) -> bool:
    """Return whether ones can lie beside x: it is no trained leaf, no literal and no view."""
    call = recording.definition(x)
    if call is None:
        return x not in grads and x not in recording.literals
    return call.kind not in VIEWS and x not in recording.booleans


def _upstream(recording: Recording, x: int, weight_grad: int, bias_grad: int) -> int | None:
    """Return the g of xᵀ @ g and of the sum of g over its rows, where both gradients are these."""
    pulled, summed = recording.definition(weight_grad), recording.definition(bias_grad)
    if pulled is None or pulled.kind != "matmul" or summed is None or summed.kind != "reduce":
        return None
    flipped, g = pulled.inputs
    turned = recording.definition(flipped)
    of_x = turned is not None and turned.kind == "transpose" and turned.inputs == (x,)
    return g if of_x and summed.inputs == (g,) and summed.detail == (np.add, (0,)) else None
