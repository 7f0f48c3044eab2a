"""Every field of the training settings is checked and named."""

from __future__ import annotations

from typing import Any

import pytest

from gradstudio.errors import TrainingError
from gradstudio.graph import Graph
from gradstudio.training_settings import MOST_STEPS, TrainingSettings

WRONG: list[tuple[str, Any, str]] = [
    ("optimizer", "newton", "one of sgd, not 'newton'"),
    ("optimizer", ["sgd"], "one of sgd"),
    ("optimizer", None, "one of sgd"),
    ("learning_rate", 0, "a number above 0, not 0"),
    ("learning_rate", -0.1, "a number above 0"),
    ("learning_rate", float("inf"), "a number above 0"),
    ("learning_rate", float("nan"), "a number above 0"),
    ("learning_rate", 10**400, "a number above 0"),
    ("learning_rate", "0.1", "a number above 0, not '0.1'"),
    ("learning_rate", True, "a number above 0"),
    ("momentum", 1, "a number from 0 to below 1"),
    ("momentum", -0.5, "a number from 0 to below 1"),
    ("momentum", float("nan"), "a number from 0 to below 1"),
    ("momentum", None, "a number from 0 to below 1"),
    ("steps", 0, "a whole number from 1 to 10000000, not 0"),
    ("steps", MOST_STEPS + 1, "a whole number from 1 to 10000000"),
    ("steps", 10.0, "a whole number from 1"),
    ("steps", True, "a whole number from 1"),
    ("batch", 0, "a whole number from 1"),
    ("batch", "all", "a whole number from 1"),
    ("seed", -1, "a whole number from 0"),
    ("seed", 2**31, "a whole number from 0 to 2147483647"),
    ("seed", None, "a whole number from 0"),
]


@pytest.mark.parametrize(("field", "value", "said"), WRONG)
def test_a_wrong_field_is_named(field: str, value: Any, said: str) -> None:
    with pytest.raises(TrainingError, match=f"^training: {field} must be {said}"):
        TrainingSettings(**{field: value})
    with pytest.raises(TrainingError, match=f"training: {field} must be"):
        TrainingSettings.of(Graph().set_training({field: value}))


def test_whole_numbers_pass_for_numbers() -> None:
    settings = TrainingSettings(learning_rate=1, momentum=0)
    assert isinstance(settings.learning_rate, float)
    assert isinstance(settings.momentum, float)
    assert settings == TrainingSettings(learning_rate=1.0)


def test_settings_come_back_from_a_graph() -> None:
    settings = TrainingSettings(learning_rate=0.5, momentum=0.9, steps=7, batch=4, seed=3)
    graph = settings.into(Graph())
    assert TrainingSettings.of(graph) == settings
    assert settings.into(graph) is graph
    assert TrainingSettings.of(Graph()) == TrainingSettings()


def test_fields_of_another_version_are_kept() -> None:
    graph = Graph().set_training({"schedule": "cosine", "steps": 5})
    settings = TrainingSettings.of(graph)
    assert settings.steps == 5
    assert settings.into(graph).training["schedule"] == "cosine"


def test_what_a_field_must_be_is_said_in_any_language() -> None:
    with pytest.raises(TrainingError) as refused:
        TrainingSettings(momentum=2)
    said = refused.value.say(lambda text: text.replace("a number from 0", "eine Zahl ab 0"))
    assert said == "training: momentum must be eine Zahl ab 0 to below 1, not 2"
