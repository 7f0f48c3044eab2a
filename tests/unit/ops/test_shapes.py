"""The shape rule of every op says what NumPy does, and refuses exactly what NumPy refuses."""

from __future__ import annotations

import re

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.errors import OpError
from gradstudio.ops import REGISTRY, Op, SettingValue, Shape, shape_text

# These refuse shapes and settings that NumPy would make something meaningless of.
STRICTER = {
    "cross_entropy",
    "one_hot",
    "scatter",
    "var",
    "einsum",
    "embedding",
    "scatter_add",
    "layer_norm",
    "dropout",
    "unfold2d",
    "fold2d",
    "conv2d",
    "max_pool2d",
    "avg_pool2d",
}
# Most of NumPy's reductions still take axis 0 of a scalar; np.mean does not, and no op here does.
NO_AXES = "is scalar, with 0 axes"

SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
AXIS = st.integers(-4, 3)
AXES = st.lists(AXIS, max_size=3).map(tuple)
INDICES = ("0", "-1", "2", ":", "1:", "::-1", "0, 1", ":, 0", "1:, :2", "-4", "0, 0, 0", "5:")
EQUATIONS = ("ij,jk->ik", "i,j->", "ij,ij->ij", "i,ij->j", ",i->i", ",->")
VALUES: dict[str, st.SearchStrategy[SettingValue]] = {
    "bool": st.booleans(),
    "int": st.integers(-4, 4),
    "float": st.floats(-2, 2),
    "axis": st.none() | AXIS | AXES,
    "axes": st.none() | AXES,
    "shape": st.lists(st.integers(-1, 4), max_size=3).map(tuple),
    "index": st.sampled_from(INDICES),
    "equation": st.sampled_from(EQUATIONS),
}


@st.composite
def inputs_and_settings(
    draw: st.DrawFn, op: type[Op]
) -> tuple[tuple[Shape, ...], dict[str, SettingValue]]:
    """Shapes that fit, nearly fit or do not fit, with any settings of the right kinds."""
    count = draw(st.integers(1, 3)) if op.variadic else len(op.inputs)
    sample, sampled = draw(st.sampled_from(op.samples))
    drawn = {setting.name: draw(VALUES[setting.kind]) for setting in op.settings}
    settings = draw(st.sampled_from([dict(sampled), drawn]))
    like_sample = st.just(sample)
    nearly = st.tuples(*(st.just(shape) | SHAPES for shape in sample))
    any_shapes = st.tuples(*[SHAPES] * count)
    equal = SHAPES.map(lambda shape: (shape,) * count)
    return draw(like_sample | nearly | any_shapes | equal), settings


def check(op: type[Op], shapes: tuple[Shape, ...], settings: dict[str, SettingValue]) -> None:
    """Compare the shape rule with what really happens (warnings are errors here)."""
    try:
        inputs = op.draw(np.random.default_rng(0), shapes, **settings)
        expected = np.shape(op.forward(*inputs, **settings))
        refused = None
    except (ValueError, IndexError, TypeError, ZeroDivisionError, RuntimeWarning, OpError) as why:
        expected, refused = None, why
    message = said(op, shapes, settings)
    if message:
        assert refused is not None or op.name in STRICTER or NO_AXES in message, message
        assert not op.listed or names_an_input(op, shapes, message), message
    else:
        assert refused is None, refused
        assert op.shape(*shapes, **settings) == expected


def said(op: type[Op], shapes: tuple[Shape, ...], settings: dict[str, SettingValue]) -> str:
    """Return why the shape rule refuses these shapes, or nothing."""
    try:
        shape = op.shape(*shapes, **settings)
    except OpError as error:
        return str(error)
    assert all(type(size) is int for size in shape)
    return ""


def names_an_input(op: type[Op], shapes: tuple[Shape, ...], message: str) -> bool:
    """Return whether the message says which input has which shape, or which setting is wrong."""
    expected = [
        rf"\b{port}\b.*{re.escape(shape_text(shape))}"
        for port, shape in zip(op.ports(len(shapes)), shapes, strict=True)
    ]
    expected += [rf"^{setting.name} must" for setting in op.settings]
    return any(re.search(one, message) for one in expected)


def test_the_shape_of_a_sample_is_numpys(case) -> None:
    inputs = case.op.draw(np.random.default_rng(0), case.shapes, **case.settings)
    assert tuple(x.shape for x in inputs) == case.shapes
    assert case.op.shape(*case.shapes, **case.settings) == case.forward(*inputs).shape


@given(data=st.data())
def test_any_shapes_give_numpys_shape_or_are_refused_by_name(op: type[Op], data) -> None:
    check(op, *data.draw(inputs_and_settings(op)))


@given(data=st.data())
def test_what_broadcasts_is_taken(entrywise_op: type[Op], data) -> None:
    count = len(entrywise_op.inputs)
    shapes = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=count, min_side=0))
    assert entrywise_op.shape(*shapes.input_shapes) == shapes.result_shape


def test_a_refusal_names_every_shape_that_does_not_broadcast() -> None:
    with pytest.raises(OpError, match=r"the shapes x \(2, 3\), y \(4\) do not broadcast"):
        REGISTRY["add"].shape((2, 3), (4,))
    with pytest.raises(OpError, match=r"x is \(2, 3\) and y is \(4, 5\).* y \(3, 5\) would fit"):
        REGISTRY["matmul"].shape((2, 3), (4, 5))


@pytest.mark.parametrize(
    ("named", "shapes", "settings", "message"),
    [
        ("conv2d", ((3, 4), (1, 1, 2, 2)), {}, r"x is \(3, 4\): it must be \(n, c, h, w\)"),
        ("conv2d", ((1, 3, 4, 4), (2, 1, 2, 2)), {}, r"kernel must be \(o, 3, kh, kw\)"),
        ("conv2d", ((1, 1, 2, 2), (1, 1, 3, 3)), {}, r"x is .* smaller than a window of 3 × 3"),
        ("conv2d", ((1, 1, 2, 2), (1, 1, 3, 3)), {"stride": 0}, "stride must be at least 1"),
        ("conv2d", ((1, 1, 9999, 9999), (1, 1, 99, 99)), {}, r"windows of 99 × 99 would take \d+"),
        (
            "conv2d",
            ((1, 1, 2, 2), (1, 1, 1, 1)),
            {"padding": 2**30, "stride": 2**30},
            r"x is \(1, 1, 2, 2\): with its padding, its windows of 1 × 1 would take \d+",
        ),
        ("max_pool2d", ((1, 1, 2, 2),), {"kernel_size": 0}, "kernel_size must be at least 1"),
        ("einsum", ((2, 3), (4, 5)), {}, "axis j of ij,jk->ik is 3 in x and 4 in y"),
        ("einsum", ((2,), (2, 3)), {}, r"x is \(2\), and the equation ij,jk->ik gives it 2 axes"),
        ("var", ((1,),), {}, r"x \(1\) has too few numbers: there must be more than 1"),
        ("embedding", ((3,), ()), {}, r"table is \(3\): it must be \(v, d\)"),
        ("dropout", ((3,), (3,)), {"p": 1.0}, "p must be at least 0 and less than 1, and is 1.0"),
        ("layer_norm", ((),), {}, "x is scalar: its last axis"),
    ],
)
def test_a_refusal_says_what_would_fit(named: str, shapes, settings, message: str) -> None:
    with pytest.raises(OpError, match=message):
        REGISTRY[named].shape(*shapes, **settings)


def test_a_huge_result_has_a_shape_before_it_is_computed() -> None:
    assert REGISTRY["add"].shape((10**9, 1), (1, 10**9)) == (10**9, 10**9)
