"""The derivative rules of every op against central differences, and what they choose at a kink."""

from __future__ import annotations

import decimal
import math

import numpy as np
import pytest

from gradstudio.errors import OpError
from gradstudio.ops import REGISTRY

OVERFLOWS = {"exp"}
HUGE = (-1e4, -1000.0, -40.0, 0.0, 40.0, 1000.0, 1e4)


def basis(shape: tuple[int, ...]) -> list[np.ndarray]:
    """Return the unit arrays of `shape`."""
    return [unit.reshape(shape) for unit in np.eye(int(np.prod(shape)))]


def test_vjp_is_the_slope(case, rng) -> None:
    inputs = case.draw(rng)
    g = rng.normal(size=case.forward(*inputs).shape)
    for port, part in enumerate(case.vjp(g, *inputs)):
        if part is not None:
            slopes = [np.sum(g * case.slope(port, t, *inputs)) for t in basis(inputs[port].shape)]
            expected = np.reshape(slopes, inputs[port].shape)
            assert part.shape == expected.shape
            np.testing.assert_allclose(part, expected, rtol=1e-6, atol=1e-8)


def test_jvp_is_the_slope(case, rng) -> None:
    inputs = case.draw(rng)
    for port, x in enumerate(inputs):
        t = rng.normal(size=x.shape)
        part = case.jvp(port, t, *inputs)
        if part is not None:
            expected = case.slope(port, t, *inputs)
            assert part.shape == expected.shape
            np.testing.assert_allclose(part, expected, rtol=1e-6, atol=1e-8)


def test_vjp_and_jvp_are_adjoint(case, rng) -> None:
    inputs = case.draw(rng)
    g = rng.normal(size=case.forward(*inputs).shape)
    for port, part in enumerate(case.vjp(g, *inputs)):
        t = rng.normal(size=inputs[port].shape)
        pushed = case.jvp(port, t, *inputs)
        assert (part is None) == (pushed is None)
        if part is not None:
            scale = np.sum(np.abs(part * t)) + np.sum(np.abs(g * pushed))
            assert abs(np.sum(part * t) - np.sum(g * pushed)) <= 1e-12 * scale


def test_an_input_without_a_cotangent_has_no_slope(case, rng) -> None:
    inputs = case.draw(rng)
    g = np.ones_like(case.forward(*inputs))
    for port, part in enumerate(case.vjp(g, *inputs)):
        if part is None and inputs[port].size:
            try:
                slope = case.slope(port, np.ones_like(inputs[port]), *inputs)
            except OpError:
                continue  # a label: no number near it means anything
            flat_or_jump = (slope == 0) | (np.abs(slope) > 1e3)
            assert flat_or_jump.all()


def test_rules_leave_their_inputs_alone(case, rng) -> None:
    inputs = case.draw(rng)
    g = rng.normal(size=case.forward(*inputs).shape)
    before = [array.copy() for array in (g, *inputs)]
    for array in (g, *inputs):
        array.setflags(write=False)
    case.vjp(g, *inputs)
    for port, x in enumerate(inputs):
        case.jvp(port, x, *inputs)
    for array, kept in zip((g, *inputs), before, strict=True):
        np.testing.assert_array_equal(array, kept)


def test_a_kink_has_a_slope_between_those_of_its_sides(case, rng) -> None:
    """At a tie the rule chooses a subgradient (of a jump, which has none, it chooses 0)."""
    inputs = case.draw_tie(rng)
    if inputs is None:
        return
    out, step = case.forward(*inputs), 1e-6
    directions = [rng.normal(size=x.shape) for x in inputs]
    ahead = case.forward(*(x + step * t for x, t in zip(inputs, directions, strict=True)))
    behind = case.forward(*(x - step * t for x, t in zip(inputs, directions, strict=True)))
    for g in basis(out.shape):
        after, before = np.sum(g * (ahead - out)) / step, np.sum(g * (out - behind)) / step
        parts = case.vjp(g, *inputs)
        along = sum(np.sum(part * t) for part, t in zip(parts, directions, strict=True))
        if max(abs(after), abs(before)) > 1e3:
            assert along == 0
        else:
            low, high = sorted((after, before))
            assert low - 1e-4 <= along <= high + 1e-4


def test_a_tie_is_shared_or_stopped_as_the_op_says(case, rng) -> None:
    inputs = case.draw_tie(rng)
    if inputs is None:
        return
    g = np.ones_like(case.forward(*inputs))
    parts = case.vjp(g, *inputs)
    x, *others = inputs
    rule, kink = case.op.tie_rule, case.kink(inputs)
    if "share the gradient" in rule and others:
        tied = kink == 0
        shares = [np.broadcast_to(case.op.vjp(g, g, *inputs)[i], g.shape)[tied] for i in (0, 1)]
        np.testing.assert_array_equal(shares, np.full_like(shares, 0.5))
    elif "share the gradient" in rule:
        for value in np.unique(x) if case.forward(*inputs).ndim == 0 else ():
            assert np.ptp(parts[0][x == value]) == 0
        assert np.sum(parts[0]) == pytest.approx(np.sum(g))
    elif "slope is taken as 0" in rule:
        for moved in case.op.vjp(g, case.forward(*inputs), *inputs, **case.settings):
            slopes, distance = np.broadcast_arrays(moved, kink)
            assert np.all(slopes[distance == 0] == 0)
    elif "the first gets the gradient" in rule:
        assert np.sum(parts[0]) == np.sum(g)
        assert set(np.unique(parts[0])) <= set(range(g.size + 1))
    else:
        (setting,) = case.op.settings
        assert f"the slope is {setting.name}" in rule
        slope = case.settings.get(setting.name, setting.default)
        np.testing.assert_array_equal(parts[0][kink == 0], np.full_like(x, slope)[kink == 0])


def test_a_kink_is_told_from_a_tie_that_does_not_matter() -> None:
    x = np.array([3.0, 1.0, 1.0])
    assert np.all(REGISTRY["amax"].kink(x))
    assert not np.all(REGISTRY["amin"].kink(x))
    assert np.all(REGISTRY["amin"].kink(-x))


def test_extremes_on_whole_axes_share_by_row() -> None:
    x = np.array([[1.0, 1.0], [0.0, 2.0]])
    amax = REGISTRY["amax"]
    (part,) = amax.vjp(np.array([1.0, 1.0]), amax.forward(x, axis=1), x, axis=1)
    np.testing.assert_array_equal(part, [[0.5, 0.5], [0.0, 1.0]])


def test_an_op_that_is_defined_everywhere_stays_finite(case, rng) -> None:
    """In value and in gradient, however large the inputs; warnings are errors here."""
    if case.op.undefined or case.op.name in OVERFLOWS:
        return
    drawn = case.draw(rng)
    labels = [part is None for part in case.vjp(np.ones_like(case.forward(*drawn)), *drawn)]
    for _ in range(20):
        inputs = [
            x if label else rng.choice(HUGE, x.shape)
            for x, label in zip(drawn, labels, strict=True)
        ]
        out = case.forward(*inputs)
        assert np.isfinite(out).all()
        for part in case.vjp(np.ones_like(out), *inputs):
            assert part is None or np.isfinite(part).all()


@pytest.mark.usefixtures("no_floating_point_warnings")
def test_where_an_op_is_not_defined_its_value_is_not_finite(entrywise_op) -> None:
    corners = np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])
    inputs = np.meshgrid(*[corners] * len(entrywise_op.inputs), indexing="ij")
    settings = dict(entrywise_op.samples[0][1])
    defined = np.broadcast_to(entrywise_op.defined(*inputs, **settings), inputs[0].shape)
    out = np.asarray(entrywise_op.forward(*inputs, **settings), dtype=float)
    np.testing.assert_array_equal(defined, np.isfinite(out))
    assert bool(entrywise_op.undefined) == (not defined.all())


@pytest.mark.parametrize("x", [-700.0, -40.0, -1.0, 0.0, 1.0, 40.0])
def test_sigmoid_and_softplus_keep_small_numbers(x: float) -> None:
    with decimal.localcontext(prec=400):
        power = decimal.Decimal(x).exp()
        sigmoid, softplus = power / (1 + power), (1 + power).ln()
    found = REGISTRY["sigmoid"].forward(np.float64(x))
    assert float(found) == pytest.approx(float(sigmoid), rel=1e-15)
    assert float(REGISTRY["softplus"].forward(np.float64(x))) == pytest.approx(
        float(softplus), rel=1e-15
    )


def test_the_error_function_is_right_to_the_last_digits(rng) -> None:
    bounds = (0.0, 1e-300, 1e-8, 0.4, 0.46875, 0.6, 1.0, 3.9, 4.0, 4.1, 6.0, 26.0)
    x = np.concatenate([bounds, *(rng.uniform(0, high, 2000) for high in bounds)])
    x = np.concatenate([x, -x])
    for name, exact in (("erf", math.erf), ("erfc", math.erfc)):
        expected = np.array([exact(one) for one in x.tolist()])
        np.testing.assert_allclose(REGISTRY[name].forward(x), expected, rtol=1e-15, atol=0)
    far = np.array([-np.inf, -1e300, 1e300, np.inf])
    np.testing.assert_array_equal(REGISTRY["erf"].forward(far), [-1, -1, 1, 1])
    np.testing.assert_array_equal(REGISTRY["erfc"].forward(far), [2, 2, 0, 0])
    assert np.isnan(REGISTRY["erf"].forward(np.array(np.nan)))


@pytest.mark.parametrize("x", [-30.0, -8.0, -1.0, 0.5, 40.0])
def test_gelu_keeps_small_numbers(x: float) -> None:
    expected = x * 0.5 * math.erfc(-x / math.sqrt(2.0))
    assert REGISTRY["gelu"].forward(np.array(x)) == pytest.approx(expected, rel=1e-12, abs=0)


def test_the_first_of_equal_numbers_in_a_window_gets_the_gradient() -> None:
    x = np.array([[[[1.0, 3.0, 3.0], [3.0, 3.0, 0.0]]]])
    pool = REGISTRY["max_pool2d"]
    out = pool.forward(x, stride=1)
    (part,) = pool.vjp(np.array([[[[1.0, 10.0]]]]), out, x, stride=1)
    np.testing.assert_array_equal(part, [[[[0.0, 11.0, 0.0], [0.0, 0.0, 0.0]]]])


def test_a_convolution_slides_the_kernel_without_turning_it() -> None:
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    kernel = np.array([[[[1.0, 0.0], [0.0, -1.0]]]])
    np.testing.assert_array_equal(
        REGISTRY["conv2d"].forward(x, kernel), np.full((1, 1, 2, 2), -4.0)
    )
    padded = REGISTRY["conv2d"].forward(x, kernel, stride=2, padding=1)
    np.testing.assert_array_equal(padded, [[[[0.0, -2.0], [-6.0, -4.0]]]])


def test_what_is_looked_up_twice_gets_both_gradients() -> None:
    table, indices = np.zeros((3, 2)), np.array([2.0, 0.0, 2.0])
    g = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    part, none = REGISTRY["embedding"].vjp(g, g, table, indices)
    np.testing.assert_array_equal(part, [[3.0, 4.0], [0.0, 0.0], [6.0, 8.0]])
    assert none is None
    for wrong in (3.0, -1.0, 0.5, np.nan, np.inf):
        with pytest.raises(OpError, match="is no row number: with 3 rows"):
            REGISTRY["embedding"].forward(table, np.array([0.0, wrong]))


def test_logsumexp_of_minus_infinity_is_no_nan() -> None:
    with np.errstate(divide="ignore"):
        assert REGISTRY["logsumexp"].forward(np.full(3, -np.inf)) == -np.inf
    assert REGISTRY["logsumexp"].forward(np.array([1.0, np.inf])) == np.inf
    assert REGISTRY["logsumexp"].forward(np.full(4, 1e4)) == 1e4 + math.log(4.0)


@pytest.mark.parametrize("axis", [0, -1])
def test_shares_of_huge_scores_sum_to_one(axis: int, rng) -> None:
    x = rng.choice(HUGE, (4, 5))
    shares = REGISTRY["softmax"].forward(x, axis=axis)
    np.testing.assert_allclose(np.sum(shares, axis=axis), 1.0, rtol=1e-15)
    logs = REGISTRY["log_softmax"].forward(x, axis=axis)
    np.testing.assert_allclose(np.exp(logs), shares, rtol=1e-12)


def test_cross_entropy_refuses_what_is_no_class_number() -> None:
    forward, logits = REGISTRY["cross_entropy"].forward, np.zeros((2, 3))
    for wrong in (3.0, -1.0, 0.5, np.nan, np.inf):
        with pytest.raises(OpError, match="is no class number: with 3 classes"):
            forward(logits, np.array([0.0, wrong]))
