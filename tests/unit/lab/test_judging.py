"""One submission judged: only what was typed and drawn counts, and what is odd is noted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from batch import raw, reason
from solving import handed_in, lab, right

from gradstudio import storage
from gradstudio.lab.judging import judge
from gradstudio.lab.session import resume


def test_what_cannot_be_read_is_graded_and_no_attempt() -> None:
    found = raw()
    found["lab"]["answers"]["forward"]["q"] = "nan"
    (forward, _) = judge(*lab("xyz"), "1", json.dumps(found).encode()).items
    assert [one.en for one in forward.told] == ["q: “nan” is no number."]


def test_full_marks_in_the_file_are_not_looked_at() -> None:
    found = raw(score=6, points=6, status="passed", right=True, instructions="All is right.")
    found.update(score=100, status="passed", items=[{"id": "forward", "points": 0.001}])
    for entries in found["lab"]["answers"].values():
        entries.update(dict.fromkeys(entries, "0"))
    found["lab"]["log"] = [{"at": "", "item": "forward", "right": True, "counted": False}]
    for node in found["nodes"].values():
        node.update(value_shown=1, grad=1, right=True)
    result = judge(*lab("xyz"), "1", json.dumps(found).encode())
    assert (result.status, result.points, result.most) == ("failed", 0, 6)


def test_another_students_variant_earns_what_it_earns_and_is_named() -> None:
    exercise, key = lab("xyz")
    data = handed_in(*right(exercise, key, "2"))
    result = judge(exercise, key, "1", data)
    assert result.points < 6
    assert "the file says it is the work of 2" in reason(result)
    assert "its numbers are the variant of 2" in reason(result)
    assert judge(exercise, key, "2", data).status == "passed"


def test_changed_parts_are_named_and_not_believed() -> None:
    found = raw()
    found["nodes"]["x"]["value"] = 1.0
    found["nodes"]["f"]["op"] = "add"
    result = judge(*lab("xyz"), "1", json.dumps(found).encode())
    assert "locked parts were changed: x, f" in reason(result)
    assert result.points == 6  # judged on the graph that was handed out
    del found["nodes"]["f"]
    del found["output"]
    result = judge(*lab("xyz"), "1", json.dumps(found).encode())
    assert "locked parts were changed: x, f" in reason(result)


def test_a_muted_part_is_a_changed_part() -> None:
    found = raw()
    found["nodes"]["q"]["muted"] = True
    result = judge(*lab("xyz"), "1", json.dumps(found).encode())
    assert "locked parts were changed: q" in reason(result)


def test_an_edited_log_is_named_and_stays_so() -> None:
    """A seal tells that the log or the hints were edited; saving the work again mends nothing."""
    exercise, key = lab("xyz")
    session, graph = right(exercise, key, "1")
    for _ in range(2):
        session, _ = session.check("forward", graph)
    session, _ = session.take_hint("forward")
    clean = json.loads(handed_in(session, graph))
    edited: list[Callable[[dict[str, Any]], object]] = [
        lambda mine: mine["hints"].clear(),
        lambda mine: mine["log"].pop(),
        lambda mine: mine["log"].clear(),
        lambda mine: mine["log"][0].update(counted=False),
        lambda mine: mine.pop("seal"),
    ]
    assert judge(exercise, key, "1", json.dumps(clean).encode()).notes == []
    for edit in edited:
        found = json.loads(json.dumps(clean))
        edit(found["lab"])
        data = json.dumps(found).encode()
        result = judge(exercise, key, "1", data)
        assert "its log of attempts and hints was edited" in reason(result)
        work = storage.loads(data)
        again = storage.dumps(resume(exercise, work).submission(work))
        assert "was edited" in reason(judge(exercise, key, "1", again))


def test_an_answer_changed_after_it_was_kept_is_named() -> None:
    exercise, key = lab("xyz")
    session, graph = right(exercise, key, "1")
    right_q = session.answers["forward"]["q"]
    session, _ = session.enter("forward", "q", "77").keep("forward", graph)
    assert session.kept("forward")
    assert session.attempts_left("forward") == 8
    found = json.loads(handed_in(session, graph))
    assert judge(exercise, key, "1", json.dumps(found).encode()).notes == []
    found["lab"]["answers"]["forward"]["q"] = right_q
    result = judge(exercise, key, "1", json.dumps(found).encode())
    assert reason(result) == "the answer to forward was changed after it was kept"


def test_an_answer_changed_after_the_last_attempt_is_named() -> None:
    exercise, key = lab("xyz")
    session, graph = right(exercise, key, "1")
    right_q = session.answers["forward"]["q"]
    for number in range(8):
        session, _ = session.enter("forward", "q", str(70 + number)).check("forward", graph)
    found = json.loads(handed_in(session, graph))
    assert judge(exercise, key, "1", json.dumps(found).encode()).notes == []
    found["lab"]["answers"]["forward"]["q"] = right_q
    result = judge(exercise, key, "1", json.dumps(found).encode())
    assert reason(result) == "the answer to forward was changed after its last attempt"


def test_another_edition_is_named() -> None:
    result = judge(*lab("xyz"), "1", json.dumps(raw(exercise="0" * 16)).encode())
    assert "another edition" in reason(result)
    assert result.status == "passed"


@pytest.mark.parametrize("typed", ["nan", "NaN", "inf", "-∞", "1e999", "0x10", "1j", "None", "[]"])
def test_an_answer_that_is_no_number_earns_nothing(typed: str) -> None:
    answers = {"forward": {"q": typed, "f": typed}, "backward": {"f.x": typed}}
    result = judge(*lab("xyz"), "1", json.dumps(raw(answers=answers)).encode())
    assert (result.status, result.points) == ("failed", 0)
