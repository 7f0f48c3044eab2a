"""What `import gradstudio` offers: the examples of its documentation run and give what they say."""

from __future__ import annotations

import doctest
import inspect
import re

import pytest

import gradstudio

NAMES = [name for name in gradstudio.__all__ if name not in ("EMITTERS", "OPS")]
FUNCTIONS = [name for name in NAMES if inspect.isroutine(inspect.unwrap(getattr(gradstudio, name)))]
# What reads or writes a file has none; a compiled step is shown with its settings in the package's.
WITHOUT_EXAMPLE = ("compile", "load", "loads", "save")


def test_the_examples_of_the_documentation_hold() -> None:
    failed, tried = doctest.testmod(gradstudio)
    assert tried > 20
    assert not failed


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_what_is_offered_hold(name: str) -> None:
    runner = doctest.DocTestRunner()
    offered = inspect.unwrap(getattr(gradstudio, name))
    for example in doctest.DocTestFinder(recurse=False).find(
        offered, name, module=False, globs={"gs": gradstudio}
    ):
        assert not runner.run(example).failed
    if name in FUNCTIONS and name not in WITHOUT_EXAMPLE:
        assert runner.tries


@pytest.mark.parametrize("name", NAMES)
def test_everything_offered_is_documented(name: str) -> None:
    text = inspect.getdoc(getattr(gradstudio, name)) or ""
    assert text
    if name in FUNCTIONS:
        for parameter in inspect.signature(getattr(gradstudio, name)).parameters:
            # Said in a line of its own, or by the sentence.
            assert re.search(rf"^    {parameter}: |`{parameter}`", text, re.MULTILINE), parameter
