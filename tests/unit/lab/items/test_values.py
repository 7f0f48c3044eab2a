"""Values that are predicted: judged on the student's own, and diagnosed."""

from __future__ import annotations

import pytest
from judged import XYZ, judged, mistakes, one, told, verdicts


def test_values_follow_the_students_own() -> None:
    made = one("q = x + y; f = q * z; h = f - q", XYZ, kind="values", output="h", atol=1e-6)
    assert verdicts(judged(made, {"q": "3", "f": "-12", "h": "-15"})) == dict.fromkeys(
        "qfh", "right"
    )
    slip = judged(made, {"q": "4", "f": "-16", "h": "−20"})
    assert verdicts(slip) == {"q": "wrong", "f": "right", "h": "right"}
    assert slip.share == pytest.approx(2 / 3)
    # What is truly right is right as well, whatever stands before it.
    assert verdicts(judged(made, {"q": "4", "f": "-12", "h": "-15"}))["f"] == "right"
    # A blank stands for the right value.
    assert verdicts(judged(made, {"f": "-12"})) == {"q": "empty", "f": "right", "h": "empty"}


def test_values_are_diagnosed() -> None:
    made = one("d = x - y; f = d * z", XYZ, kind="values", output="f", atol=1e-6)
    assert mistakes(judged(made, {"d": "7", "f": "-28"})) == {"d": "swapped_operands"}
    assert mistakes(judged(made, {"d": "-7", "f": "-11"})) == {"f": "other_op"}
    assert mistakes(judged(made, {"d": "-7", "f": "-28"})) == {"f": "sign"}
    assert mistakes(judged(made, {"d": "[1, 2]"})) == {"d": "shape"}
    assert not mistakes(judged(made, {"d": "1000"}))


def test_sums_means_and_degrees_are_told_apart() -> None:
    item = {"kind": "values", "output": "f", "atol": 1e-6, "rtol": 1e-6}
    made = one("f = mean(v)", {"v": [1.0, 2.0, 4.5]}, **item)
    assert mistakes(judged(made, {"f": "7.5"})) == {"f": "sum_for_mean"}
    made = one("f = sum(v)", {"v": [1.0, 2.0, 4.5]}, **item)
    assert mistakes(judged(made, {"f": "2.5"})) == {"f": "mean_for_sum"}
    made = one("f = sin(x)", {"x": 2.0}, **item)
    assert mistakes(judged(made, {"f": "0.0348995"})) == {"f": "degrees"}


def test_feedback_names_the_first_wrong_thing_and_what_is_right() -> None:
    made = one("q = x + y; f = q * z; h = f - q", XYZ, kind="values", output="h", atol=1e-6)
    said = told(judged(made, {"q": "3", "f": "12", "h": "99"}))
    assert said == (
        "f: the size is right, the sign is not: look for a minus on the way. "
        "The answer before it is right."
    )
    said = told(judged(made, {"q": "3", "f": "-12"}))
    assert said == "h: nothing stands here yet. The 2 answers before it are right."


def test_zeros_do_not_follow_from_each_other() -> None:
    made = one("q = x + y; n = neg(q); f = n * z; h = f * 2", XYZ, kind="values", output="h",
               at=["q", "f", "h"])  # fmt: skip
    for first in ("0", "0.004", "-0.004", "0.02"):
        for typed in ("0", "0.001"):
            assert judged(made, {"q": first, "f": typed, "h": typed}).share == 0
