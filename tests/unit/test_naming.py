"""Names: which are names, and which are free."""

from __future__ import annotations

import pytest

from gradstudio.errors import GraphError
from gradstudio.naming import LONGEST_NAME, Numbering, apart, checked_name, stem


def test_a_name_is_one_that_a_formula_can_write() -> None:
    assert checked_name("ﬁt") == "fit", "in normal form"
    for wrong in ("", "2x", "a b", "lambda", "x" * (LONGEST_NAME + 1)):
        with pytest.raises(GraphError, match="cannot be a node's name"):
            checked_name(wrong)


def test_numbers_go_on_where_they_were_and_pass_over_what_is_taken() -> None:
    free = Numbering({"add2"}, ["x1"])
    assert [free.next("add") for _ in range(3)] == ["add1", "add3", "add4"]
    assert free.next("x") == "x2"
    assert "add4" in free
    assert "x1" in free
    assert "add5" not in free


def test_what_is_given_out_is_short_enough() -> None:
    free = Numbering()
    names = {free.next("y" * LONGEST_NAME) for _ in range(12)}
    assert len(names) == 12
    assert {len(name) for name in names} == {LONGEST_NAME}


def test_only_what_is_taken_is_called_otherwise() -> None:
    assert apart(["a1", "b", "a2"], {"a1"}) == {"a1": "a3", "b": "b", "a2": "a2"}
    assert apart(["b"], {"b"}, lambda name: "frame") == {"b": "frame1"}
    assert stem("12") == "12"
