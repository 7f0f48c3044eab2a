import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.emit.literals import lists_text
from gradstudio.numbers import (
    EntryError,
    ascii_text,
    full_text,
    hover_text,
    number_text,
    read_number,
    read_value,
    value_text,
)

FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (2.0, "2"),
        (-1.0, "−1"),
        (-0.196611933, "−0.1966"),
        (0.39322386, "0.3932"),
        (48.9, "48.9"),
        (0.5, "0.5"),
        (100.0, "100"),
        (1234.56, "1235"),
        (12345.6, "12346"),
        (123456.0, "123456"),
        (999999.4, "999999"),
        (999999.6, "1×10⁶"),
        (1234567.0, "1.235×10⁶"),
        (-4.5e-7, "−4.5×10⁻⁷"),
        (0.00123456, "0.001235"),
        (0.001, "0.001"),
        (0.00099999, "0.001"),
        (0.000999, "9.99×10⁻⁴"),
        (9.99996, "10"),
        (0.0, "0"),
        (-0.0, "0"),
        (1e300, "1×10³⁰⁰"),
        (5e-324, "4.941×10⁻³²⁴"),
        (math.nan, "nan"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_edges_show_four_significant_digits(x: float, text: str) -> None:
    assert number_text(x) == text


@given(st.floats(min_value=-1e308, max_value=1e308))
def test_four_digits_are_the_number_to_four_digits(x: float) -> None:
    text = number_text(x)
    assert "-" not in text
    assert math.isclose(read_number(text), x, rel_tol=5.0001e-4, abs_tol=5e-324)


@given(st.floats(min_value=1e-4, max_value=1e7), st.integers(min_value=1, max_value=7))
def test_a_number_has_as_many_digits_as_were_asked_for(x: float, digits: int) -> None:
    text = number_text(x, digits)
    assert "e" not in text
    rounded = Decimal(f"{Decimal(x):.{digits - 1}e}")
    if x >= 10 ** (digits - 1) and x < 999999:
        # Digits before the point are never replaced by zeros.
        rounded = Decimal(f"{Decimal(x):.0f}")
    assert Decimal(read_number(text)) == Decimal(float(rounded))
    assert "." not in text or text.partition("×")[0][-1] != "0"


@given(FLOATS)
def test_the_sign_of_the_text_mirrors_the_sign_of_the_number(x: float) -> None:
    assert number_text(-x).lstrip("−") == number_text(x).lstrip("−")


@given(FLOATS)
def test_full_text_reads_back_as_the_same_number(x: float) -> None:
    assert read_number(full_text(x)) == x
    assert read_value(full_text(x)) == x


@given(FLOATS)
def test_numbers_of_python_are_read(x: float) -> None:
    assert read_number(repr(x)) == x


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2.0),
        (" −0.5 ", -0.5),
        ("1e-3", 0.001),
        ("-2.", -2.0),
        ("+.5", 0.5),
        ("1.5×10⁻⁷", 1.5e-7),
        ("1.5×10^-7", 1.5e-7),
        ("－１２．５", -12.5),
        ("１ｅ−３", 0.001),
        ("\u30002\u00a0", 2.0),
    ],
)
def test_numbers_as_people_write_them(text: str, number: float) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1_000",
        "nan",
        "inf",
        "∞",
        "1,5",
        "1 000",
        "1e999",
        "--1",
        "0x10",
        "1×10",
        "2²",
        "٣",
    ],
)
def test_what_is_no_number_is_named(text: str) -> None:
    with pytest.raises(EntryError) as wrong:
        read_number(text)
    assert str(wrong.value) == f"“{text}” is no number"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3.0),
        ("[]", []),
        ("[1, −2]", [1.0, -2.0]),
        (" [[1,2],\n [3,4.5e1]]\n", [[1.0, 2.0], [3.0, 45.0]]),
        ("［１，２］", [1.0, 2.0]),
        ("[\n    1×10⁻⁷,\n]", [1e-7]),
        ("[[], []]", [[], []]),
    ],
)
def test_nested_lists_as_people_write_them(text: str, value: object) -> None:
    assert read_value(text) == value


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[1", "line 1, column 3"),
        ("[1,, 2]", "line 1, column 4"),
        ("[,]", "line 1, column 2"),
        ("[1 2]", "line 1, column 4"),
        ("[1, nan]", "line 1, column 5"),
        ("[1, 1e999]", "line 1, column 5"),
        ("[1, 1_000]", "line 1, column 6"),
        ("[[1],\n [2]] 3", "line 2, column 7"),
        ("[1], [2]", "line 1, column 4"),
        ("[1][2]", "line 1, column 4"),
        ("1]", "line 1, column 1"),
        ('["a"]', "line 1, column 2"),
    ],
)
def test_where_nested_lists_are_wrong(text: str, place: str) -> None:
    with pytest.raises(EntryError) as wrong:
        read_value(text)
    assert str(wrong.value) == f"{place}: a nested list such as [[1, 2], [3, 4]]"


def test_too_many_brackets_are_refused() -> None:
    with pytest.raises(EntryError, match="too many brackets"):
        read_value("[" * 100_000)


@given(st.lists(st.lists(FLOATS, min_size=2, max_size=2), min_size=1))
def test_lists_as_source_text_read_back(rows: list[list[float]]) -> None:
    assert read_value(lists_text(np.array(rows))) == rows


def test_full_text_keeps_every_digit() -> None:
    assert full_text(-0.19661193324148185) == "−0.19661193324148185"
    assert full_text(2.0) == "2"
    assert full_text(1e-7) == "1×10⁻⁷"
    assert full_text(math.inf) == "∞"


def test_numbers_in_ascii() -> None:
    assert ascii_text("−1.5×10⁻⁷ ∞ …") == "-1.5e-7 inf ..."


def test_an_array_is_shown_as_its_shape() -> None:
    assert value_text(np.float64(2.5)) == "2.5"
    assert value_text(np.array(-3.0)) == "−3"
    assert value_text(np.zeros((5, 3))) == "(5, 3)"


def test_hover_shows_numbers_in_full_and_rows_of_an_array() -> None:
    assert hover_text(np.float64(1 / 3)) == "0.3333333333333333"
    assert hover_text(np.array([1.0, -2.0])) == "[1, −2]"
    assert hover_text(np.array([[1.0, -2.0], [0.1, 3.0]])) == "[1, −2]\n[0.1, 3]"
    assert hover_text(np.zeros((0, 3))) == "[]"


def test_hover_stays_small_for_a_large_array() -> None:
    text = hover_text(np.full((1000, 20, 30), 1 / 3))
    lines = text.split("\n")
    assert len(lines) == 9
    assert lines[4] == "⋮"
    assert lines[0].count(",") == 6
    assert len(text) < 1500
