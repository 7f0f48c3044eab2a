"""Frames and notes: they follow every edit, none is lost, none is empty or lies in itself."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstudio import storage
from gradstudio.annotations import COLOURS, LONGEST_NOTE, Annotations, Frame, Note
from gradstudio.errors import FileError, GraphError
from gradstudio.formula import parse
from gradstudio.graph import Graph

NODES = tuple("abcdef")
FRAMES = ("outer", "inner", "other", "frame1")


def chain() -> Graph:
    """a, then five times the negative: a → b → … → f."""
    graph = Graph().add("a", "input", value=1.0, at=(0, 0))
    for at, (source, name) in enumerate(pairwise(NODES), 1):
        graph = graph.add(name, "neg", (source,), at=(100.0 * at, 0))
    return graph


def nested() -> Graph:
    """The chain with b and c in `inner`, which with d is in `outer`, and a note in `inner`."""
    return chain().annotate(
        Annotations(
            {
                "outer": Frame("Outer", "red", ("d",), rect=(50, -40, 400, 80)),
                "inner": Frame("Inner", "green", ("b", "c"), inside="outer", folded=True),
            },
            {
                "said": Note("**why**", (90, 30, 80, 40), inside="inner"),
                "free": Note("# title", (0, -90, 80, 40)),
            },
        )
    )


def sane(graph: Graph) -> None:
    """Assert what holds of every graph's frames and notes."""
    notes = graph.annotations
    notes.check(graph.nodes)
    members = [node for frame in notes.frames.values() for node in frame.nodes]
    assert len(members) == len(set(members))
    assert set(members) <= set(graph.nodes)
    for name in notes.frames:
        assert notes.nodes_in(name)
        assert notes.path(name)[-1] == name
        assert len(set(notes.path(name))) == len(notes.path(name))
    assert all(note.inside is None or note.inside in notes.frames for note in notes.notes.values())
    assert storage.loads(storage.dumps(graph)) == graph


@st.composite
def scripts(draw: st.DrawFn) -> list[tuple[str, Any]]:
    node, frame = st.sampled_from(NODES), st.sampled_from(FRAMES)
    nodes = st.sets(node, max_size=3)
    one = st.one_of(
        st.tuples(st.just("remove"), nodes),
        st.tuples(st.just("rename"), st.tuples(node, node | st.just("new"))),
        st.tuples(st.just("subgraph"), st.sets(node, min_size=3)),
        st.tuples(st.just("merged"), nodes),
        st.tuples(st.just("move"), st.dictionaries(node, st.just((7.0, 8.0)), max_size=6)),
        st.tuples(st.just("with_frame"), st.tuples(frame, nodes, frame | st.none())),
        st.tuples(st.just("put"), st.tuples(frame | st.none(), nodes, st.sets(frame, max_size=2))),
        st.tuples(st.just("put"), st.tuples(frame | st.none(), nodes, st.just(()))),
        st.tuples(st.just("without_frames"), st.sets(frame, max_size=2)),
    )
    return draw(st.lists(one, max_size=12))


def applied(graph: Graph, edit: str, what: Any) -> Graph:
    notes = graph.annotations
    if edit == "merged":
        part = graph.subgraph(set(what) & set(graph.nodes), notes.notes)
        return graph.merged(part, (5.0, 5.0))[0]
    if edit == "rename":
        return graph.rename(*what)
    if edit == "with_frame":
        name, nodes, inside = what
        return graph.annotate(
            notes.with_frame(name, Frame(nodes=tuple(sorted(nodes)), inside=inside))
        )
    if edit == "put":
        into, nodes, frames = what
        known = [one for one in frames if one in notes.frames]
        if into is not None and into not in notes.frames:
            return graph
        return graph.annotate(notes.put(into, sorted(nodes), known, notes.notes))
    if edit == "without_frames":
        return graph.annotate(notes.without_frames(set(what) & set(notes.frames)))
    result: Graph = getattr(graph, edit)(what)
    return result


@settings(max_examples=200)
@given(scripts())
def test_no_sequence_of_edits_breaks_frames(script: list[tuple[str, Any]]) -> None:
    graph = nested()
    for edit, what in script:
        before = graph
        try:
            graph = applied(graph, edit, what)
        except GraphError:
            assert graph is before
        sane(graph)


@given(scripts())
def test_frames_compute_nothing(script: list[tuple[str, Any]]) -> None:
    graph = nested()
    for edit, what in script:
        if edit in ("move", "with_frame", "put", "without_frames"):
            try:
                after = applied(graph, edit, what)
            except GraphError:
                continue
            assert after.nodes is graph.nodes


def test_a_removed_node_leaves_its_frame_and_an_empty_frame_vanishes() -> None:
    graph = nested().remove(["b"])
    assert graph.annotations.frames["inner"].nodes == ("c",)
    graph = graph.remove(["c"])
    assert list(graph.annotations.frames) == ["outer"]
    assert graph.annotations.notes["said"].inside == "outer"
    graph = graph.remove(["d"])
    assert not graph.annotations.frames
    assert graph.annotations.notes["said"].inside is None
    assert set(graph.annotations.notes) == {"said", "free"}


def test_a_renamed_node_stays_in_its_frame() -> None:
    assert nested().rename("b", "z").annotations.frames["inner"].nodes == ("z", "c")


def test_a_subgraph_keeps_the_frames_it_has_all_of() -> None:
    part = nested().subgraph(["b", "c", "e"])
    assert list(part.annotations.frames) == ["inner"]
    assert part.annotations.frames["inner"].inside is None
    assert list(part.annotations.notes) == ["said"]
    assert not nested().subgraph(["b", "e"]).annotations
    assert list(nested().subgraph(["b"], ["free"]).annotations.notes) == ["free"]
    assert set(nested().subgraph("bcd").annotations.frames) == {"outer", "inner"}


def test_merged_renumbers_frames_and_notes_and_shifts_them() -> None:
    graph, names = nested().merged(nested(), (10.0, 20.0))
    frames = graph.annotations.frames
    assert list(frames) == ["outer", "inner", "frame1", "frame2"]
    assert frames["frame2"].nodes == (names["b"], names["c"])
    assert frames["frame2"].inside == "frame1"
    assert frames["frame1"].rect == (60, -20, 400, 80)
    assert graph.annotations.notes["note1"].rect == (100, 50, 80, 40)
    assert graph.annotations.notes["note1"].inside == "frame2"
    sane(graph)


def test_a_rectangle_goes_with_its_nodes_and_is_given_up_where_they_part() -> None:
    graph = nested()
    there = {name: (x + 5, y - 3) for name, (x, y) in graph.positions.items()}
    moved = graph.move({name: there[name] for name in "bcd"})
    assert moved.annotations.frames["outer"].rect == (55, -43, 400, 80)
    assert graph.move({"b": (0, 0)}).annotations.frames["outer"].rect == (50, -40, 400, 80)
    parted = graph.move({**{name: there[name] for name in "bc"}, "d": (900, 900)})
    assert parted.annotations.frames["outer"].rect is None


def test_removing_a_frame_leaves_what_was_in_it_in_the_frame_around_it() -> None:
    graph = nested()
    notes = graph.annotations.without_frames(["inner"])
    assert notes.frames["outer"].nodes == ("d", "b", "c")
    assert notes.notes["said"].inside == "outer"
    notes = graph.annotations.without_frames(["outer"])
    assert notes.frames["inner"].inside is None
    assert notes.without_frames(["inner"]).frames == {}
    sane(graph.annotate(graph.annotations.without_frames(["outer", "inner"])))


def test_a_formula_typed_anew_keeps_the_frames_of_what_it_still_has() -> None:
    graph = parse("f = a * b + c")
    frame = Frame("part", nodes=tuple(name for name in graph.nodes if name in "ab"))
    graph = graph.annotate(Annotations({"frame1": frame}, {"n": Note("x", (0, 0, 90, 40))}))
    again = parse("f = a + c", known=graph)
    assert again.annotations.frames["frame1"].nodes == ("a",)
    assert "n" in again.annotations.notes
    sane(again)


WRONG = [
    (Frame(nodes=("q",)), "frame one: there is no node called q"),
    (Frame(nodes=("b",)), "frame one: b is in the frame inner too|frame inner: b is in"),
    (Frame(), "frame one: nothing is in it"),
    (Frame("two\nlines", nodes=("a",)), "frame one: its title must be one line"),
    (Frame("a\u2028b", nodes=("a",)), "frame one: its title must be one line"),
    (Frame("x" * 121, nodes=("a",)), "frame one: its title must be one line"),
    (Frame("", "pink", ("a",)), "frame one: there is no colour “pink”"),
    (Frame(nodes=("a",), inside="nowhere"), "frame one: there is no frame called nowhere"),
    (Frame(nodes=("a",), inside="one"), "frame one: it lies in itself"),
    (Frame(nodes=("a",), rect=(0, 0, -1, 5)), "frame one: its place or its size"),
    (Frame(nodes=("a",), rect=(1e9, 0, 1, 5)), "frame one: its place or its size"),
]


@pytest.mark.parametrize(("frame", "said"), WRONG)
def test_a_wrong_frame_is_refused_by_name(frame: Frame, said: str) -> None:
    with pytest.raises(GraphError, match=f"^({said})"):
        nested().annotate(nested().annotations.with_frame("one", frame))


@pytest.mark.parametrize("title", ["", "编码器　第一层", "σ(x) — ∂", "👩‍🏫", "<b>&amp;"])
def test_a_title_is_any_line(title: str) -> None:
    graph = chain().annotate(Annotations({"one": Frame(title, nodes=("a",))}))
    assert storage.loads(storage.dumps(graph)).annotations.frames["one"].title == title


def test_frames_in_a_circle_are_refused() -> None:
    notes = nested().annotations
    around = notes.with_frame("outer", replace(notes.frames["outer"], inside="inner"))
    with pytest.raises(GraphError, match="frame outer: it lies in itself"):
        nested().annotate(around)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (Note("x" * (LONGEST_NOTE + 1), (0, 0, 9, 9)), "longer than 20000"),
        (Note("", (0, 0, 0, 9)), "its place or its size"),
        (Note("", (0, 0, 9, 9), "pink"), "there is no colour “pink”"),
        (Note("", (0, 0, 9, 9), inside="nowhere"), "there is no frame called nowhere"),
    ],
)
def test_a_wrong_note_is_refused_by_name(note: Note, said: str) -> None:
    with pytest.raises(GraphError, match=f"^note one: {said}|^note one: its text is {said}"):
        nested().annotate(nested().annotations.with_note("one", note))


def test_a_file_has_one_frame_and_one_note_a_line() -> None:
    text = storage.dumps(nested()).decode()
    lines = text.splitlines()
    assert (
        '    "inner": {"title": "Inner", "colour": "green", "nodes": ["b", "c"], '
        '"inside": "outer", "folded": true}' in lines
    )
    said = '{"text": "**why**", "rect": [90, 30, 80, 40], "colour": "yellow", "inside": "inner"}'
    assert f'    "said": {said},' in lines
    assert list(json.loads(text)) == ["format", "version", "nodes", "frames", "notes"]
    assert "frames" not in storage.dumps(chain()).decode()


def test_unknown_fields_of_frames_and_notes_are_kept() -> None:
    data = json.loads(storage.dumps(nested()))
    data["frames"]["inner"]["locked"] = [1]
    data["notes"]["said"]["author"] = "中"
    graph = storage.loads(json.dumps(data).encode())
    assert graph.annotations.frames["inner"].extra == {"locked": [1]}
    assert json.loads(storage.dumps(graph)) == data


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        ("frames", 3, "frame bad: it is no object"),
        ("frames", {"nodes": "a"}, "frame bad: “nodes” must be a list, not text"),
        ("frames", {"nodes": ["q"]}, "frame bad: there is no node called q"),
        (
            "frames",
            {"nodes": ["a"], "rect": [1, 2]},
            "frame bad: “rect” must be a list of length 4",
        ),
        ("frames", {"nodes": []}, "frame bad: nothing is in it"),
        ("notes", [], "note bad: it is no object"),
        ("notes", {"rect": [0, 0, 9, 9]}, "note bad: the field “text” is missing"),
        ("notes", {"text": 1, "rect": [0, 0, 9, 9]}, "note bad: “text” must be text"),
        ("notes", {"text": "", "rect": [0, 0, 9, 1e7]}, "note bad: its place or its size"),
    ],
)
def test_a_file_with_a_wrong_frame_or_note_is_refused(key: str, raw: Any, said: str) -> None:
    data = json.loads(storage.dumps(chain()))
    data[key] = {"bad": raw}
    with pytest.raises(FileError, match=f"^graph: {said}"):
        storage.loads(json.dumps(data).encode())


def test_too_many_frames_are_refused() -> None:
    many = {f"n{at}": Note("", (0, 0, 9, 9)) for at in range(10_001)}
    with pytest.raises(GraphError, match="more than 10000"):
        Graph().annotate(Annotations({}, many))


@given(
    st.lists(
        st.tuples(st.text(max_size=20), st.sampled_from(COLOURS), st.floats(1, 1e4)), max_size=4
    )
)
def test_notes_are_written_and_read_as_they_are(some: list[tuple[str, str, float]]) -> None:
    notes = {
        f"n{at}": Note(text, (x, -x, x, x), colour) for at, (text, colour, x) in enumerate(some)
    }
    sane(Graph().annotate(Annotations({}, notes)))
