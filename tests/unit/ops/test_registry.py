"""Every op says of itself what the palette, the inspector and the formula language need."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from gradstudio.errors import GraphError
from gradstudio.ops import REGISTRY, Op, SettingValue, op_named
from gradstudio.ops.settings import equation_text, index_text, parse_equation, parse_index

WRONG: dict[str, tuple[SettingValue, ...]] = {
    "bool": (0, 1.0, "true", None),
    "int": (True, 1.0, "1", None, 2**40),
    "float": (True, "1", None, float("inf"), float("nan"), 10**400),
    "axis": (True, 1.5, "0", (0, True), 2**40, (2**40,)),
    "axes": (0, "0", (0.5,), (0,) * 33),
    "shape": (3, None, "3", (1.5,), (1,) * 33),
    "index": (0, None, "", "x", "1:2:0", "1:2:3:4", "...", "0,,1", "0,,", "None", "1.5", "0" * 999),
    "equation": (0, None, "", "ij->j", "i,j,k->", "ii,i->", "i,j->k", "i,j->ii", "...i,i", "i,é->"),
}
RIGHT: dict[str, tuple[SettingValue, ...]] = {
    "bool": (True, False),
    "int": (0, -3),
    "float": (0, 0.5, -2),
    "axis": (None, 0, -1, (0, 2), ()),
    "axes": (None, (1, 0)),
    "shape": ((), (2, 3), (-1,)),
    "index": ("0", "-1", ":", "1:3", "::2, 0", "0,", "5:1:-1"),
    "equation": ("ij,jk->ik", "ij, jk", ",->", "i,j->", "aB,B"),
}


def test_every_op_says_what_it_is(any_op: type[Op]) -> None:
    assert any_op.name.isidentifier()
    assert any_op.title
    assert any_op.teaching.endswith(".")
    assert any_op.symbol
    assert any_op.group
    assert any_op.__doc__


def test_every_computing_op_says_how_it_computes(op: type[Op]) -> None:
    assert op.inputs
    assert op.samples
    assert len(op.local or op.downstream) == len(op.inputs)
    assert not (op.local and op.downstream)
    assert op.torch or not op.listed


def test_an_op_with_a_kink_says_what_it_chooses_there(op: type[Op], rng) -> None:
    shapes, settings = op.samples[1]
    kinked = op.kink(*op.draw(rng, shapes, **settings), **settings) is not None
    assert kinked == bool(op.tie_rule)


def test_names_and_aliases_are_unique() -> None:
    names = [name for op in REGISTRY.values() for name in (op.name, *op.aliases)]
    assert len(names) == len(set(names))


def test_a_name_is_registered_once() -> None:
    with pytest.raises(TypeError, match="two ops are called 'add'"):

        class Again(Op):
            name = "add"

    assert REGISTRY["add"].__name__ == "Add"


def test_an_unknown_op_is_refused_by_name() -> None:
    with pytest.raises(GraphError, match="y: there is no op called “frobnicate”"):
        op_named("frobnicate", "y")


def test_an_unknown_setting_is_refused(any_op: type[Op]) -> None:
    with pytest.raises(GraphError, match=f"y: {any_op.name} has no setting “colour”") as refused:
        any_op.checked_settings({"colour": 1}, "y")
    assert all(setting.name in str(refused.value) for setting in any_op.settings)


def test_a_setting_of_the_wrong_kind_is_refused(any_op: type[Op]) -> None:
    for setting in any_op.settings:
        for value in WRONG[setting.kind]:
            said = f"y: the setting {setting.name} of {any_op.name} takes "
            with pytest.raises(GraphError, match=f"{said}.*{re.escape(repr(value)[:80])}"):
                any_op.checked_settings({setting.name: value}, "y")


def test_what_a_setting_takes_is_said_in_any_language() -> None:
    with pytest.raises(GraphError) as refused:
        REGISTRY["sum"].checked_settings({"keepdims": 1}, "y")
    said = refused.value.say(lambda text: "wahr oder falsch" if text == "true or false" else text)
    assert said == "y: the setting keepdims of sum takes wahr oder falsch, not 1"


def test_settings_at_their_default_are_left_out(any_op: type[Op]) -> None:
    assert any_op.checked_settings({one.name: one.default for one in any_op.settings}) == {}


def test_settings_have_one_normal_form(any_op: type[Op]) -> None:
    for setting in any_op.settings:
        for value in RIGHT[setting.kind]:
            once = any_op.checked_settings({setting.name: value})
            assert any_op.checked_settings(once) == once


def test_the_samples_have_right_settings(op: type[Op]) -> None:
    for _, settings in op.samples:
        assert set(op.checked_settings(settings)) <= set(settings)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("0", (0,)),
        (" -1 ,", (-1,)),
        (":", (slice(None),)),
        ("1:, ::2", (slice(1, None), slice(None, None, 2))),
        ("5:1:-1, 0", (slice(5, 1, -1), 0)),
    ],
)
def test_an_index_reads_as_numpy_writes_it(text: str, index: tuple[int | slice, ...]) -> None:
    assert parse_index(text) == index
    assert parse_index(index_text(index)) == index


@pytest.mark.parametrize(
    ("text", "equation"),
    [
        ("ij,jk->ik", "ij,jk->ik"),
        (" ij , jk ", "ij,jk->ik"),
        ("ba,b", "ba,b->a"),
        (",i", ",i->i"),
        ("i,i->", "i,i->"),
    ],
)
def test_an_equation_reads_as_numpy_writes_it(text: str, equation: str) -> None:
    assert equation_text(parse_equation(text)) == equation


def test_a_variadic_op_counts_its_ports() -> None:
    assert REGISTRY["concat"].ports(3) == ("x1", "x2", "x3")
    assert REGISTRY["concat"].ports(0) == ("x1",)
    assert REGISTRY["add"].ports(2) == ("x", "y")


def test_a_neutral_input_leaves_the_other_as_it_is(op: type[Op], rng) -> None:
    for port, value in op.neutral:
        x = rng.normal(size=(2, 3))
        inputs = [x, x]
        inputs[port] = np.full((2, 3), value)
        assert np.array_equal(op.forward(*inputs), x)


def test_what_keeps_entries_returns_its_input(case, rng) -> None:
    inputs = case.draw(rng)
    out = case.forward(*inputs)
    if case.op.keeps_entries and out.shape == inputs[0].shape:
        assert np.array_equal(out, inputs[0])


def test_operations_are_counted_for_every_shape(case) -> None:
    out = case.op.shape(*case.shapes, **case.settings)
    count = case.op.operations(out, *case.shapes, **case.settings)
    assert isinstance(count, int)
    empty = any(0 in shape for shape in case.shapes)
    assert count >= (0 if empty else math.prod(out))
