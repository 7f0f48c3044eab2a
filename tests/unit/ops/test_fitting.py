"""Which ports take a value of a given shape."""

import pytest

from gradstudio.errors import OpError
from gradstudio.formula.definition import define
from gradstudio.ops import REGISTRY, Op, Shape
from gradstudio.ops.base import checked_shape
from gradstudio.ops.fitting import accepting, accepts, can_give, closeness, wanted


@pytest.mark.parametrize(
    ("name", "shape", "ports"),
    [
        ("add", (), (0, 1)),
        ("relu", (2, 3, 4), (0,)),
        ("matmul", (), ()),
        ("matmul", (3,), (0, 1)),
        ("matmul", (5, 3), (0, 1)),
        ("softmax", (), ()),
        ("softmax", (4,), (0,)),
        ("cross_entropy", (5, 3), (0, 1)),
        ("cross_entropy", (), (1,)),
        ("conv2d", (5, 3), ()),
        ("conv2d", (1, 2, 8, 8), (0, 1)),
        ("concat", (), ()),
        ("concat", (3,), (0,)),
        ("where", (2, 2), (0, 1, 2)),
        ("broadcast_to", (5, 3), (0,)),
        ("input", (), ()),
    ],
)
def test_ports_that_take_a_shape(name: str, shape: Shape, ports: tuple[int, ...]) -> None:
    assert accepting(REGISTRY[name], shape) == ports


def test_every_sample_with_the_settings_of_a_new_node_is_taken(op: type[Op]) -> None:
    for shapes, settings in op.samples:
        if not settings and not op.variadic:
            for port, shape in enumerate(shapes):
                assert port in accepting(op, shape), (shape, port)


@pytest.mark.parametrize("shape", [(), (1,), (0,), (3,), (5, 3), (0, 3), (2, 3, 4), (1,) * 32])
def test_an_op_of_one_input_takes_what_its_shape_rule_takes(op: type[Op], shape: Shape) -> None:
    ports = accepting(op, shape)
    assert set(ports) <= set(range(len(op.inputs)))
    for port in ports:
        assert closeness(op, port, shape) in (0, 1, 2)
    if len(op.inputs) == 1 and not any(one.kind == "shape" for one in op.settings):
        try:
            checked_shape(op, (shape,), {one.name: one.default for one in op.settings})
        except OpError:
            assert ports == ()
        else:
            assert ports == (0,)


def test_what_other_ports_have_counts() -> None:
    matmul = REGISTRY["matmul"]
    assert accepts(matmul, 1, (3, 2), ((5, 3), None))
    assert not accepts(matmul, 1, (4, 2), ((5, 3), None))
    assert wanted(matmul, 1, ((5, 3), None))[0] == (3,)
    assert wanted(REGISTRY["add"], 0, (None, (5, 3)))[0] == ()


def test_what_is_made_for_arrays_comes_first_for_arrays() -> None:
    def rank(name: str, shape: Shape) -> int:
        return closeness(REGISTRY[name], 0, shape)

    assert rank("matmul", (5, 3)) < rank("add", (5, 3))
    assert rank("conv2d", (1, 2, 8, 8)) < rank("add", (1, 2, 8, 8)) < rank("sum", (1, 2, 8, 8))
    assert rank("add", ()) < rank("sum", ())
    assert rank("cross_entropy", (5, 3)) == 0


def test_ops_that_can_give_a_shape() -> None:
    shapes = wanted(REGISTRY["matmul"], 1, ((5, 3), None))
    assert can_give(REGISTRY["relu"], shapes)
    assert can_give(REGISTRY["matmul"], shapes)
    assert can_give(REGISTRY["sum"], shapes)
    assert not can_give(REGISTRY["mse"], shapes)
    assert can_give(REGISTRY["one_hot"], wanted(REGISTRY["cross_entropy"], 1, ((5, 3), None)))


def test_an_op_of_a_document_fits_by_its_formula() -> None:
    rules = define("product", ("x", "y"), "x @ y", {"x": "g @ y.T", "y": "x.T @ g"}).rules
    assert accepting(rules, ()) == ()
    assert accepting(rules, (5, 3)) == (0, 1)
