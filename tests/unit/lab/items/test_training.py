"""Training that is done again, within what is allowed."""

from __future__ import annotations

from typing import Any

from judged import judged, one, told, verdicts

from gradstudio.lab.items import Judgement


def fit(entries: dict[str, str], graph: Any = None, **more: Any) -> Judgement:
    key = more.pop("key", None)
    values: dict[str, Any] = {"w": 0.0, "x": [1, 2, 3], "y": [2, 4, 6]}
    item = {"kind": "training", "output": "loss", "target": 0.01, "most_steps": 50, **more}
    made = one("loss = mse(w * x, y)", values, key=key or {}, **item)
    given = made[0].task("s").given
    return judged(made, entries, graph=given if graph is None else graph(given))


def test_training_is_done_again() -> None:
    assert fit({"learning_rate": "0.05", "steps": "50"}).right
    few = fit({"learning_rate": "0.05", "steps": "2"})
    assert "after 2 steps the loss is" in told(few)
    # What the file says w is, is where training left it: it begins where it was given.
    done = fit({"learning_rate": "1e-9", "steps": "1"}, lambda g: g.set_values({"w": 2.0}))
    assert verdicts(done) == {"target": "wrong"}
    # The file's own settings stand for what is left blank.
    assert fit(
        {"learning_rate": "0.05"}, lambda g: g.set_training({"steps": 50, "optimizer": "sgd"})
    ).right


def test_training_keeps_to_its_constraints() -> None:
    assert "from 1 to 50" in told(fit({"learning_rate": "0.05", "steps": "51"}))
    assert "learning rate must be" in told(fit({"learning_rate": "5", "steps": "5"}, most_rate=1))
    assert not fit({"learning_rate": "fast", "steps": "5"}).costs_attempt
    assert "1 numbers are learned" in told(
        fit({"learning_rate": "0.05", "steps": "50"}, most_parameters=0)
    )
    diverged = told(fit({"learning_rate": "9", "steps": "50"}, target=1.0))
    assert "the loss is" in diverged
    changed = fit({"learning_rate": "0.05", "steps": "5"}, lambda g: g.set_values({"y": [0, 0, 0]}))
    assert "the given node y was changed" in told(changed)


def test_training_is_tried_on_hidden_data() -> None:
    inputs = {"x": [10], "y": [-20]}
    judgement = fit({"learning_rate": "0.05", "steps": "50"}, key={"inputs": inputs})
    assert told(judgement).endswith("reached, but not what is asked beyond it.")
    assert fit({"learning_rate": "0.05", "steps": "50"}, key={"target": 1e-30}).share == 0
