import errno

import pytest

from gradstudio.errors import FormulaError, GradStudioError, Phrase, system_reason
from gradstudio.ops.base import shape_text

DUTCH = {
    "{node}: {what}": "{node} zegt: {what}",
    "x is {shape}": "x heeft vorm {shape}",
    "scalar": "scalair",
    "line {line}, column {column}: {said}": "regel {line}, kolom {column}: {said}",
    "Permission denied": "Geen toegang",
}


def dutch(text: str) -> str:
    return DUTCH.get(text, text)


def test_a_sentence_is_translated_with_the_errors_in_it() -> None:
    inner = GradStudioError("x is {shape}", shape=shape_text((2, 3)))
    error = GradStudioError("{node}: {what}", node="a", what=inner)
    assert str(error) == error.say() == "a: x is (2, 3)"
    assert error.say(dutch) == "a zegt: x heeft vorm (2, 3)"


def test_a_formula_error_says_its_place_in_the_same_language() -> None:
    error = FormulaError("x is {shape}", line=2, column=5, shape=shape_text(()))
    assert str(error) == "line 2, column 5: x is scalar"
    assert error.say(dutch) == "regel 2, kolom 5: x heeft vorm scalair"


def test_words_of_the_program_are_translated_and_names_of_the_user_are_not() -> None:
    assert GradStudioError("x is {shape}", shape=Phrase("scalar")).say(dutch).endswith("scalair")
    assert GradStudioError("x is {shape}", shape="scalar").say(dutch).endswith("scalar")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "Geen toegang"),
        (ValueError("embedded null byte"), "embedded null byte"),
        (OSError("odd"), "odd"),
    ],
)
def test_the_system_says_why_a_file_cannot_be_read(wrong: Exception, said: str) -> None:
    assert GradStudioError("{reason}", reason=system_reason(wrong)).say(dutch) == said
