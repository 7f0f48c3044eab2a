"""Exercise and key files: read, refused and checked; and a student's session with one."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path
from typing import Any

import pytest
from batch import run
from solving import LABS, content, handed_in, lab, right

import gradstudio.lab
from gradstudio import resources, storage
from gradstudio.errors import FileError, GradStudioError, LabError
from gradstudio.lab import exercise as exercises
from gradstudio.lab import faults
from gradstudio.lab import session as sessions
from gradstudio.lab.items import KINDS, Item
from gradstudio.lab.release import given_away
from gradstudio.lab.submission import answers_in
from gradstudio.lab.texts import translator


def loaded(raw: dict[str, Any]) -> exercises.Exercise:
    return exercises.loads(json.dumps(raw).encode(), file="a.gradlab")


def test_the_package_is_used_as_it_says() -> None:
    failed, tried = doctest.testmod(gradstudio.lab)
    assert tried > 5
    assert not failed


def test_the_guide_for_teachers_knows_every_lab_kind_and_field() -> None:
    guide = resources.path("labs", "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|.*\|(.*)\|(.*)\|$", guide, re.MULTILINE)
    named = {kind: (set(re.findall(r"`(\w+)`", own)), set(re.findall(r"`(\w+)`", key)))
             for kind, own, key in rows}  # fmt: skip
    common = set(Item.__struct_fields__)
    for kind, item in KINDS.items():
        own, key = named[kind]
        assert own - common <= set(item.__struct_fields__)
        assert own | {"rtol", "atol", "several"} >= set(item.__struct_fields__) - common
        assert key == set(item.key_type.__struct_fields__)
    for name in LABS:
        assert f"| `{name}` |" in guide


def test_a_name_that_is_not_utf_8_is_read_as_a_folder_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = resources.path("labs", "xyz.gradlab")
    code, out, _ = run(capsys, "lab", "variants", path, "caf\udce9", "--json")
    assert code == 0
    assert json.loads(out)[0]["student"] == "caf�"
    code, _, err = run(capsys, "lab", "try", path, "--student", "caf\udce9")
    assert (code, err) == (0, "")


# -- the labs that come along --------------------------------------------------------------------


@pytest.mark.parametrize("name", LABS)
def test_a_lab_is_complete(name: str) -> None:
    exercise, key = lab(name)
    data = resources.path("labs", f"{name}.gradlab").read_bytes()
    assert exercise.id == name
    assert not list(faults.faults(exercise, key))
    small = [one.parts["item"] for one in faults.zeros(exercise)]
    assert small == (["backward"] if name == "patterns" else [])  # the loser of a max gets zero
    assert not list(given_away(exercise, key, data))
    assert set(exercise.graph.positions) == set(exercise.graph.nodes)


@pytest.mark.parametrize("name", LABS)
def test_a_lab_can_be_released(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = resources.path("labs", f"{name}.gradlab")
    key, out = path.parent / "keys" / f"{name}.gradkey", tmp_path / "out.gradlab"
    assert run(capsys, "lab", "validate", path, "--key", key)[0] == 0
    code, said, err = run(capsys, "lab", "release", path, "--key", key, "-o", out)
    assert (code, said) == (0, "")
    assert "released" in err
    assert out.read_bytes() == path.read_bytes()


XY: dict[str, Any] = {"x": {"values": [1, 2]}, "y": {"values": [1, 2]}}
ARRAY: dict[str, Any] = {"x": {"values": [1, 2], "shape": [2]}}


# -- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "gradstudio"}, "no “format”: “gradlab”"),
        ({"version": 2}, "made by a newer GradStudio"),
        ({"id": "../x"}, "its id must be letters"),
        ({"hidden": 1}, "unknown field"),
        ({"title": {"en": "only English"}}, "zh"),
        ({"title": {"en": " ", "zh": " "}}, "in both languages"),
        ({"items": []}, "it needs 1 to 100 items"),
        ({"items": [{"kind": "essay"}]}, "item 1 is of no known kind; there are: build, choice"),
        ({"draw": {"u": {"low": 1, "high": 2}}}, "no node called u"),
        ({"draw": {"q": {"low": 1, "high": 2}}}, "q is no leaf"),
        ({"draw": {"x": {"low": 2, "high": 1}}}, "x: a draw from low to high"),
        ({"draw": {"x": {"low": 1, "high": 2, "shape": [100_000, 100_000]}}}, "x: a draw of 1 to"),
        ({"draw": {"x": {"low": 1, "high": 2, "shape": [-1]}}}, "x: a draw of 1 to 4096 numbers"),
        ({"draw": {"x": {"values": [1, 2], "unlike": ["u"]}}}, "x: unlike may name leaves drawn"),
        ({"draw": {**XY, "x": {"values": [1, 2], "unlike": ["y"]}}}, "x: unlike may name leaves"),
        (
            {"draw": {**ARRAY, "y": {"values": [1, 2], "unlike": ["x"]}}},
            "y: unlike may name leaves",
        ),
        ({"attempts": 0}, "at least one attempt"),
        ({"due": "tomorrow"}, "due must be a time with its zone"),
        ({"due": "2026-03-20T23:59:00"}, "due must be a time with its zone"),
        ({"late": {"percent_a_day": 200}}, "percent_a_day"),
        ({"graph": {"nodes": {"x": {"op": "nope"}}}}, "there is no op called “nope”"),
        ({"attempts": "many"}, "attempts"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(change: dict[str, Any], said: str) -> None:
    with pytest.raises(FileError, match=r"^a\.gradlab: ") as refusal:
        loaded({**content("xyz"), **change})
    assert said in str(refusal.value)


BUILD: dict[str, Any] = {"kind": "build", "output": "h"}
EXPRESSION: dict[str, Any] = {"kind": "expression", "names": ["x"]}


@pytest.mark.parametrize(
    ("change", "english", "chinese"),
    [
        ({"hidden": 1}, "there is an unknown field “hidden”", "有未知的字段“hidden”"),
        ({"title": {"en": "a"}}, "“zh” is missing in “title”", "在“title”中，缺少字段“zh”"),
        (
            {"title": {"en": " ", "zh": " "}},
            "a text must be there in both languages, en and zh in “title”",
            "在“title”中，文字必须中英文（en 和 zh）都有",
        ),
        ({"draw": {"x": {"low": 2, "high": 1}}}, "x: a draw from low to high", "抽取需要"),
        ({"draw": {"x": {}}}, "x: a draw needs values", "抽取数值需要"),
        ({"draw": {"x": {"values": [1], "avoid": [1]}}}, "x: a draw must leave", "至少要留下"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_both_languages(
    change: dict[str, Any], english: str, chinese: str
) -> None:
    with pytest.raises(FileError) as refusal:
        loaded({**content("xyz"), **change})
    assert english in refusal.value.say()
    assert chinese in refusal.value.say(translator("zh"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"points": 0}, "points must be above 0"),
        ({"hints": [{"text": {"en": "a", "zh": "甲"}, "price": 9}]}, "hints cost no more"),
        ({"rtoll": 1}, "item forward: "),
        ({"attempts": 0}, "at least one attempt"),
        ({"rtol": -1}, "rtol must be 0 or more"),
        ({"atol": -1e-9}, "atol must be 0 or more"),
        ({**BUILD, "ranges": {"x": [5, 1]}}, "the range of x must go from a lower to a higher"),
        ({**BUILD, "ranges": {"x": [-1e308, 1e308]}}, "the range of x must go from a lower"),
        ({**EXPRESSION, "shapes": {"x": [100_000, 100_000]}}, "x must hold 1 to 4096 numbers"),
        ({**EXPRESSION, "shapes": {"x": [-2]}}, "x must hold 1 to 4096 numbers"),
        ({"id": "a b"}, "its id must be"),
        ({"id": "backward"}, "two items are called backward"),
    ],
)
def test_what_is_wrong_with_an_item_is_said(change: dict[str, Any], said: str) -> None:
    raw = content("xyz")
    first = raw["items"][0]
    if "kind" in change:
        first = {one: first[one] for one in ("id", "title", "points")}
    raw["items"][0] = {**first, **change}
    with pytest.raises(FileError) as refusal:
        loaded(raw)
    assert said in str(refusal.value)


def test_a_key_fits_its_exercise() -> None:
    exercise, _ = lab("linear-fit")
    path = resources.path("labs", "keys", "linear-fit.gradkey")
    raw = json.loads(path.read_bytes())
    for change, said in (
        ({"lab": "xyz"}, "this is the key of xyz, not of linear-fit"),
        ({"items": {}}, "the key of item too-far is missing"),
        ({"items": {**raw["items"], "u": {}}}, "there is no item called u"),
        ({"items": {"too-far": {"rigt": []}}}, "item too-far: "),
        ({"version": 9}, "made by a newer"),
    ):
        with pytest.raises(FileError) as refusal:
            exercises.loads_key(json.dumps({**raw, **change}).encode(), exercise)
        assert said in str(refusal.value)


def test_variants_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    path = resources.path("labs", "xyz.gradlab")
    code, out, _ = run(capsys, "lab", "variants", path, "1", "李雷", "--json")
    assert code == 0
    assert json.loads(out) == [
        {"student": "1", "values": {"x": 6.0, "y": 3.0, "z": 4.0}},
        {"student": "李雷", "values": {"x": 4.0, "y": 1.0, "z": -3.0}},
    ]


def test_an_exercise_can_be_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, file = resources.path("labs", "xyz.gradlab"), tmp_path / "a.gradstudio"
    assert run(capsys, "lab", "try", path)[1].splitlines()[1] == "forward   q      q"
    assert run(capsys, "lab", "try", path, "--student", "1", "-o", file)[0] == 0
    text = file.read_text(encoding="utf-8").replace('"q": ""', '"q": "5"')
    file.write_text(text, encoding="utf-8")
    code, out, _ = run(capsys, "lab", "try", path, file, "--student", "1", "--lang", "zh")
    assert code == 1
    assert out.splitlines()[1].startswith("forward   0/2")
    exercise, key = lab("xyz")
    file.write_bytes(handed_in(*right(exercise, key, "1")))
    code, out, _ = run(capsys, "lab", "try", path, file, "--student", "1", "--json")
    assert (code, json.loads(out)["points"]) == (0, 6)
    # It is judged by the numbers of whom it says it is, unless another is named.
    code, out, _ = run(capsys, "lab", "try", path, file, "--json")
    assert (code, json.loads(out)["points"]) == (0, 6)
    assert run(capsys, "lab", "try", path, file, "--student", "2")[0] == 1
    file.write_bytes(b"{")
    code, _, err = run(capsys, "lab", "try", path, file)
    assert code == 1
    assert "damaged" in err


# -- a session -----------------------------------------------------------------------------------


def test_a_session_counts_attempts_and_keeps_a_log() -> None:
    raw = content("xyz")
    raw["attempts"] = 2
    exercise = loaded(raw)
    session, graph = sessions.begin(exercise, "1", "李雷")
    assert session.attempts_left("forward") == 2
    session, feedback = session.enter("forward", "q", "four").check("forward", graph)
    assert (feedback.counted, feedback.left) == (False, 2)
    session, feedback = session.enter("forward", "q", "5").check("forward", graph)
    assert (feedback.counted, feedback.left) == (True, 1)
    assert feedback.said[0].say() == "q: this is not right."
    session = session.enter("forward", "q", "9").enter("forward", "f", "36")
    session, feedback = session.check("forward", graph)
    assert feedback.judgement.right
    assert [one.right for one in session.log] == [False, False, True]
    assert [one.entries["q"] for one in session.log] == ["four", "5", "9"]
    with pytest.raises(LabError, match="no attempt is left"):
        session.check("forward", graph)
    assert session.attempts_left("backward") == 2


def test_what_is_checked_again_as_it_stands_costs_no_attempt() -> None:
    raw = content("xyz")
    raw["attempts"] = 3
    session, graph = sessions.begin(loaded(raw), "1")
    session = session.enter("forward", "q", "77").enter("forward", "f", "88")
    session, first = session.check("forward", graph)
    for text in ("77", " 77 "):
        session, again = session.enter("forward", "q", text).check("forward", graph)
        assert (again.counted, again.left) == (False, 2)
        assert again.said[0].say() == first.said[0].say()
        assert again.said[-1].say().startswith("Nothing has changed since")
        assert len(session.log) == 1
    session, other = session.enter("forward", "q", "78").check("forward", graph)
    assert (other.counted, other.left) == (True, 1)


def test_a_graph_that_is_checked_again_as_it_is_costs_no_attempt() -> None:
    session, graph = sessions.begin(lab("sigmoid")[0], "1")
    built = graph.add("h", "sigmoid", ["n"])
    session, first = session.check("one-node", built)
    assert first.counted
    session, again = session.check("one-node", built.move({"h": (3.0, 4.0)}))
    assert not again.counted
    session, other = session.check("one-node", graph.add("h", "sigmoid", ["d"]))
    assert other.counted


def test_what_only_the_key_can_judge_costs_no_attempt() -> None:
    exercise, key = lab("patterns")
    session, graph = right(exercise, key, "1")
    left = session.attempts_left("router")
    session, noted = session.check("router", graph)
    assert noted.said[0].say().startswith("Noted")
    assert (noted.counted, session.attempts_left("router")) == (False, left)
    assert [one.item for one in session.log] == ["router"]


def test_hints_are_given_out_in_order() -> None:
    exercise, _ = lab("xyz")
    session, _graph = sessions.begin(exercise, "1")
    hint = session.next_hint("backward")
    assert hint is not None
    assert hint.price == 1
    session, first = session.take_hint("backward")
    session, second = session.take_hint("backward")
    assert first == hint != second
    assert session.hints == {"backward": 2}
    assert session.next_hint("backward") is None
    with pytest.raises(LabError, match="no further hint"):
        session.take_hint("backward")


@pytest.mark.parametrize("name", LABS)
def test_a_submission_is_a_graph_file_that_can_be_gone_on_with(name: str, tmp_path: Path) -> None:
    exercise, key = lab(name)
    session, graph = right(exercise, key, "李雷")
    first = next(iter(exercise.items))
    session, _ = session.check(first, graph)
    file = tmp_path / "a.gradstudio"
    session.save(file, graph)
    found = storage.load(file)
    assert found.nodes == graph.nodes
    assert storage.dumps(found) == file.read_bytes()
    again = sessions.resume(exercise, found)
    assert (again.student, again.name) == ("李雷", "Student 李雷")
    assert again.answers == {id: dict(entries) for id, entries in session.answers.items()}
    assert again.log == session.log
    assert answers_in(found).exercise == exercise.digest


def test_only_a_submission_can_be_gone_on_with() -> None:
    exercise, _ = lab("xyz")
    with pytest.raises(GradStudioError, match="a graph without answers"):
        sessions.resume(exercise, exercise.graph)
    other = handed_in(*right(*lab("patterns"), "1"))
    with pytest.raises(GradStudioError, match="answers to patterns, not to xyz"):
        sessions.resume(exercise, storage.loads(other))


@pytest.mark.parametrize("name", LABS)
def test_feedback_without_the_key_holds_nothing_of_it(name: str) -> None:
    """What the window can say, it can say without the key; a student's machine never has it."""
    exercise, key = lab(name)
    session, graph = right(exercise, key, "7")
    for id, item in exercise.items.items():
        _, feedback = session.check(id, graph)
        verdicts = {part.verdict.value for part in feedback.judgement.parts}
        assert verdicts <= {"right", "recorded"}
        if not item.needs_key:
            assert feedback.judgement.right


def test_the_guide_names_every_field_of_every_kind() -> None:
    text = resources.path("labs", "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)\|$", text, re.MULTILINE))
    common = set(Item.__struct_fields__)
    for name, kind in KINDS.items():
        fields = set(kind.__struct_fields__) - common
        known = set(re.findall(r"`(\w+)`", rows[name]))
        assert fields | set(kind.key_type.__struct_fields__) <= known, name
