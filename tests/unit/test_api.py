"""What `import gradstudio` offers: the examples of its documentation run and give what they say."""

from __future__ import annotations

import doctest
import inspect

import gradstudio


def test_the_examples_of_the_documentation_hold() -> None:
    failed, tried = doctest.testmod(gradstudio)
    assert tried > 20
    assert not failed


def test_everything_offered_is_documented() -> None:
    for name in gradstudio.__all__:
        offered = getattr(gradstudio, name)
        if inspect.isfunction(offered) or inspect.isclass(offered):
            assert inspect.getdoc(offered), name
