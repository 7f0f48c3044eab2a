"""Files: what is written is read back, what is foreign is refused, nothing is half saved."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstudio import files, storage
from gradstudio.errors import FileError
from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.ops import REGISTRY

DATA = Path(__file__).parents[1] / "data"
SIGMOID = parse("f = 1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))").set_values({"w0": 2, "x0": [1, -0.0]})

finite = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | finite | st.text(max_size=5),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=3), one, max_size=3),
    max_leaves=6,
)
extras = st.dictionaries(st.sampled_from(["title", "note", "中"]), plain, max_size=2)
arrays = st.one_of(
    finite.map(np.array),
    st.lists(finite, max_size=70).map(np.array),
    st.sampled_from([(0, 3), (2, 0), (3, 4), (1, 1), (9, 9)]).map(
        lambda shape: np.full(shape, 0.1)
    ),
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    graph = Graph(training=draw(extras), extra=draw(extras))
    for i in range(draw(st.integers(0, 8))):
        op = REGISTRY[draw(st.sampled_from(sorted(REGISTRY)))]
        settings = draw(st.sampled_from([{}, *(dict(sample[1]) for sample in op.samples)]))
        sources = st.sampled_from([None, *graph.nodes])
        inputs = [draw(sources) for _ in range(0 if op.leaf else len(op.ports(2)))]
        value = draw(st.none() | arrays) if op.leaf else None
        at = draw(st.none() | st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)))
        name = draw(st.sampled_from([f"n{i}", f"变量{i}"]))
        graph = graph.add(name, op.name, inputs, settings=settings, value=value, at=at)
    if len(graph) and draw(st.booleans()):
        graph = graph.set_output(draw(st.sampled_from([*graph.nodes])))
    return graph


@given(graphs())
def test_loads_after_dumps_is_the_identity(graph: Graph) -> None:
    data = storage.dumps(graph)
    again = storage.loads(data)
    assert again == graph
    assert list(again.nodes) == list(graph.nodes)
    assert storage.dumps(again) == data
    assert json.loads(data)["version"] == 1


def test_a_file_has_one_node_a_line_and_says_first_what_it_is() -> None:
    lines = storage.dumps(SIGMOID.move({"w0": (0, 12.5)})).decode().splitlines()
    assert lines[:3] == ["{", '  "format": "gradstudio",', '  "version": 1,']
    assert '    "w0": {"op": "parameter", "value": 2.0, "at": [0, 12.5]},' in lines
    assert '    "mul1": {"op": "mul", "inputs": ["w0", "x0"]},' in lines
    assert len(lines) == len(SIGMOID) + 7


def test_large_arrays_are_base64_and_exact(rng: np.random.Generator) -> None:
    value = rng.normal(size=(30, 40))
    data = storage.dumps(Graph().add("x", "input", value=value))
    fields = json.loads(data)["nodes"]["x"]["value"]
    assert fields["dtype"] == "float64"
    assert fields["shape"] == [30, 40]
    loaded = storage.loads(data).nodes["x"].value
    assert loaded is not None
    np.testing.assert_array_equal(loaded, value)
    assert not loaded.flags.writeable


def test_the_first_version_loads_for_ever() -> None:
    graph = storage.load(DATA / "version-1.gradstudio")
    assert graph.output == "loss"
    assert graph.nodes["x"].settings == {"data": True}
    assert graph.nodes["x"].value is not None
    assert graph.nodes["x"].value.shape == (10, 10)
    assert graph.nodes["x"].value[0, 0] == 0.5
    assert graph.nodes["half"].value == 0.5
    assert graph.nodes["cut"].settings == {"index": "0, 1:3"}
    assert graph.nodes["joined"].inputs == ("cut", None, "cut")
    assert graph.nodes["free"].inputs == (None, "w")
    assert graph.nodes["loss"].settings == {"axis": (0, 1)}
    assert graph.positions == {"x": (0, 0), "w": (0, 90.5)}
    assert graph.training == {"optimizer": "sgd", "learning_rate": 0.1}
    assert graph.extra == {"title": {"en": "A sample", "zh": "样本"}, "unheard_of": [1, None]}
    assert graph.nodes["w"].extra == {"colour": "red"}
    data = (DATA / "version-1.gradstudio").read_bytes()
    assert storage.loads(storage.dumps(graph)) == graph
    assert json.loads(storage.dumps(graph)) == json.loads(data)


HEAD = '{"format": "gradstudio", "version": 1, '


def node(text: str) -> str:
    return HEAD + '"nodes": {"good": {"op": "input"}, "bad": ' + text + "}}"


def large(dtype: str, shape: str, data: str) -> str:
    array = f'{{"dtype": "{dtype}", "shape": {shape}, "data": "{data}"}}'
    return node(f'{{"op": "input", "value": {array}}}')


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "empty"),
    "blank": (" \n", "empty"),
    "binary": (b"\x89PNG\r\n", "byte 1 is not UTF-8"),
    "truncated": (HEAD + '"nodes": {\n"a": {"op"', "line 2, column 11"),
    "text": ("hello", "line 1, column 1"),
    "list": ("[]", "no GradStudio file"),
    "foreign": ('{"nodes": []}', "no GradStudio file"),
    "no version": ('{"format": "gradstudio"}', "version is missing"),
    "odd version": ('{"format": "gradstudio", "version": true}', "version is missing"),
    "newer": (
        '{"format": "gradstudio", "version": 2, "nodes": {"a": {"op": "new"}}}',
        "made by a newer GradStudio (format version 2; this one reads 1)",
    ),
    "nodes": (HEAD + '"nodes": []}', "nodes"),
    "output": (HEAD + '"output": "q"}', "no node called q"),
    "duplicate": (HEAD + '"nodes": {"a": {}, "a": {}}}', "“a” stands twice"),
    "duplicate field": (node('{"op": "input", "op": "input"}'), "“op” stands twice"),
    "no node": (node("3"), "bad: it is no object"),
    "no op": (node("{}"), "bad: the field “op” is missing"),
    "unknown op": (node('{"op": "eval"}'), "bad: there is no op called “eval”"),
    "nan": (node('{"op": "input", "value": NaN}'), "NaN is not a finite"),
    "infinite": (node('{"op": "input", "value": -Infinity}'), "-Infinity is not a finite"),
    "too large": (node('{"op": "input", "value": 1e999}'), "1e999 is too large"),
    "large int": (node('{"op": "input", "value": 1' + "0" * 400 + "}"), "bad"),
    "huge int": (node('{"op": "input", "value": 1' + "0" * 5000 + "}"), "too many digits"),
    "ragged": (node('{"op": "input", "value": [1, [2]]}'), "bad: a value is"),
    "text value": (node('{"op": "input", "value": ["1"]}'), "bad: its value holds"),
    "truth value": (node('{"op": "input", "value": [true]}'), "bad: its value holds"),
    "truth": (
        node('{"op": "input", "value": true}'),
        "bad: “value” must be a number, not true or false",
    ),
    "computed value": (node('{"op": "exp", "inputs": ["good"], "value": 1}'), "only leaves"),
    "bomb": (
        large("float64", "[99999, 99999]", ""),
        "bad: its value holds more or fewer",
    ),
    "empty bomb": (
        large("float64", "[0, 67108864, 67108864, 67108864]", ""),
        "bad: its value is damaged",
    ),
    "negative": (
        large("float64", "[-1]", ""),
        "bad: its value holds more or fewer",
    ),
    "object": (
        large("object", "[]", ""),
        "unknown dtype",
    ),
    "no base64": (
        large("float64", "[1]", "!!!!!!!!!!!="),
        "damaged",
    ),
    "hidden nan": (
        large("float64", "[1]", "AAAAAAAA+H8="),
        "bad: a value must be finite",
    ),
    "setting": (node('{"op": "sum", "settings": {"axes": 1}}'), "bad: sum has no setting"),
    "nested setting": (
        node('{"op": "sum", "settings": {"axis": {}}}'),
        "bad: “settings[...]” must be",
    ),
    "cycle": (node('{"op": "exp", "inputs": ["bad"]}'), "bad depends on itself"),
    "missing input": (node('{"op": "exp", "inputs": ["ugly"]}'), "“ugly” is not in the graph"),
    "inputs": (node('{"op": "exp", "inputs": ["good", "good"]}'), "bad"),
    "place": (node('{"op": "input", "at": [1]}'), "bad: “at” must be a list of length 2, not 1"),
    "far": (node('{"op": "input", "at": [1, 1e300]}'), "bad: it lies too far"),
    "name": (HEAD + '"nodes": {"a b": {"op": "input"}}}', "“a b” cannot be"),
    "other form": (HEAD + '"nodes": {"ﬁ": {"op": "input"}}}', "normal form"),
    "deep": (HEAD + '"x": ' + "[" * 100_000 + "]" * 100_000 + "}", "too deeply"),
    "half a character": (HEAD + '"x": "\\ud800"}', "half a character"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_graph_is_refused_by_name_and_place(kind: str, tmp_path: Path) -> None:
    content, said = REFUSED[kind]
    path = tmp_path / "of a student.gradstudio"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(FileError) as refused:
        storage.load(path)
    assert str(path) in str(refused.value)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_every_truncation_and_every_flipped_byte_is_read_or_refused() -> None:
    data = (DATA / "version-1.gradstudio").read_bytes()
    for at in range(len(data)):
        for damaged in (data[:at], data[:at] + bytes([data[at] ^ 0x15]) + data[at + 1 :]):
            try:
                graph = storage.loads(damaged)
            except FileError:
                continue
            assert storage.loads(storage.dumps(graph)) == graph


def test_a_byte_order_mark_does_no_harm() -> None:
    assert storage.loads(b"\xef\xbb\xbf" + storage.dumps(SIGMOID)) == SIGMOID


def test_size_is_bounded_before_parsing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.gradstudio"
    storage.save(path, SIGMOID)
    monkeypatch.setattr(storage, "LARGEST_FILE", 100)
    with pytest.raises(FileError, match="too large"):
        storage.load(path)
    before = path.read_bytes()
    with pytest.raises(FileError, match="not saved: the graph takes more than"):
        storage.save(path, SIGMOID)
    assert path.read_bytes() == before


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="No such file"):
        storage.load(tmp_path / "none.gradstudio")
    with pytest.raises(FileError, match="directory"):
        storage.load(tmp_path)
    with pytest.raises(FileError, match="null"):
        storage.load("a\0b")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(FileError, match="no ordinary file"):
            storage.load(tmp_path / "pipe")


# -- saving ------------------------------------------------------------------------------------


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_save_and_load(tmp_path: Path) -> None:
    path = tmp_path / "中文 name.gradstudio"
    storage.save(path, Graph())
    storage.save(str(path), SIGMOID)
    assert storage.load(path) == SIGMOID
    assert left_in(tmp_path) == [path.name]


@pytest.mark.skipif(os.name == "nt", reason="permissions are those of POSIX")
def test_permissions_are_kept_and_links_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.gradstudio", tmp_path / "link.gradstudio"
    mask = os.umask(0o027)
    try:
        storage.save(real, Graph())
    finally:
        os.umask(mask)
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    real.chmod(0o604)
    link.symlink_to(real)
    storage.save(link, SIGMOID)
    assert link.is_symlink()
    assert storage.load(real) == SIGMOID
    assert stat.S_IMODE(real.stat().st_mode) == 0o604


def short_write(descriptor: int, data: Any) -> int:
    return real_write(descriptor, bytes(data)[:10]) if len(data) > 100 else 0


def silent_loss(descriptor: int, data: Any) -> int:
    real_write(descriptor, bytes(data)[:-1])
    return len(data)


def full_disk(descriptor: int, data: Any) -> int:
    real_write(descriptor, bytes(data)[:10])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def refuse(*arguments: Any, **words: Any) -> Any:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


real_write, real_open = os.write, os.open


def read_only_folder(path: Any, flags: int, *mode: int) -> int:
    if flags & os.O_CREAT:
        refuse()
    return real_open(path, flags, *mode)


@pytest.mark.parametrize(
    ("name", "replacement", "said"),
    [
        ("write", short_write, "only a part"),
        ("write", silent_loss, "only a part"),
        ("write", full_disk, "No space left"),
        ("fsync", refuse, "Permission denied"),
        ("replace", refuse, "Permission denied"),
        ("open", read_only_folder, "Permission denied"),
        ("access", lambda *_: False, "write-protected"),
    ],
    ids=["short write", "silent loss", "full disk", "fsync", "replace", "read-only", "protected"],
)
def test_the_old_file_survives_whatever_fails(
    name: str, replacement: Any, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.gradstudio"
    storage.save(path, Graph().add("old", "input"))
    before = path.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(files.os, name, replacement)
        with pytest.raises(FileError, match=f"a.gradstudio: not saved: .*{said}"):
            storage.save(path, SIGMOID)
    assert path.read_bytes() == before
    assert left_in(tmp_path) == ["a.gradstudio"]


def test_a_write_in_several_pieces_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.os, "write", lambda d, data: real_write(d, bytes(data)[:7]))
    storage.save(tmp_path / "a.gradstudio", SIGMOID)
    monkeypatch.undo()
    assert storage.load(tmp_path / "a.gradstudio") == SIGMOID


def test_where_no_file_can_be_is_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "a.gradstudio", "a\0b"):
        with pytest.raises(FileError, match="not saved"):
            storage.save(path, SIGMOID)
    assert left_in(tmp_path) == []


def test_100_000_nodes_are_written_and_read() -> None:
    graph = parse("a = a * x\n" * 100_000)
    assert storage.loads(storage.dumps(graph)) == graph


def test_a_broken_op_of_the_documents_own_is_named() -> None:
    for definition in ('{"inputs": ["x"]}', "3", '{"inputs": ["x"], "forward": 1, "backward": {}}'):
        data = f'{{"format": "gradstudio", "version": 1, "ops": {{"cube": {definition}}}}}'
        with pytest.raises(FileError, match="op cube"):
            storage.loads(data.encode())
