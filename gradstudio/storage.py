"""The file format `.gradstudio`: what a graph looks like on disk.

A file is UTF-8 JSON with one node a line, so that a difference between two files reads like an
edit. It holds no code, no paths and no references. What a file says is not believed: its size is
bounded before it is parsed and its depth before it is built; duplicate keys, numbers that are not
finite, wrong types and unknown ops are refused. Fields this version does not know are kept and
written back; a newer version is refused, never half read.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
import numpy as np

from gradstudio import files
from gradstudio.annotations import COLOURS, Annotations, Frame, Note, Rect
from gradstudio.decoding import decoded, type_error
from gradstudio.errors import FileError, GradStudioError, Phrase, mark
from gradstudio.files import FilePath
from gradstudio.formula.definition import define
from gradstudio.graph import Graph, Node, Point, checked_name, leaf_value
from gradstudio.looks import PLAIN, Look
from gradstudio.node import Definition
from gradstudio.ops import Array, SettingValue

FORMAT, VERSION = "gradstudio", 1
LARGEST_FILE = 64 * 2**20
_MOST_AXES = 32
_FARTHEST_PX = 1e7
_MOST_LISTED = 64
"""How many numbers of an array are written as lists; larger ones are base64."""
_DTYPES = {"float64": "<f8", "float32": "<f4"}


class _NodeFields(msgspec.Struct):
    """The fields of a node that this version knows."""

    op: str
    inputs: list[str | None] = []
    settings: dict[str, bool | int | float | str | list[int] | None] = {}
    value: float | list[Any] | dict[str, Any] | None = None
    at: tuple[float, float] | None = None
    muted: bool = False


class _LookFields(msgspec.Struct):
    """The fields of a node that say what it shows, as far as this version knows them."""

    pins: list[tuple[float, float] | None] = []
    range: tuple[float, float] | None = None


class _ArrayFields(msgspec.Struct, forbid_unknown_fields=True):
    """A large array."""

    dtype: str
    shape: list[int]
    data: str


class _GraphFields(msgspec.Struct):
    """The fields of a file that this version knows."""

    format: str
    version: int
    output: str | None = None
    training: dict[str, Any] = {}
    ops: dict[str, Any] = {}
    nodes: dict[str, Any] = {}
    frames: dict[str, Any] = {}
    notes: dict[str, Any] = {}


class _DefinitionFields(msgspec.Struct):
    """The fields of an op of the document's own that this version knows."""

    inputs: list[str]
    forward: str
    backward: dict[str, str]


class _FrameFields(msgspec.Struct):
    """The fields of a frame that this version knows."""

    title: str = ""
    colour: str = COLOURS[0]
    nodes: list[str] = []
    inside: str | None = None
    folded: bool = False
    rect: Rect | None = None


class _NoteFields(msgspec.Struct):
    """The fields of a note that this version knows."""

    text: str
    rect: Rect
    colour: str = "yellow"
    inside: str | None = None


# -- reading ----------------------------------------------------------------------------------


def load(path: FilePath) -> Graph:
    """Read the graph in the file at `path`.

    Raises:
        FileError: it cannot be read, or holds no graph; the message names the file and the place.
    """
    return loads(files.read(path, LARGEST_FILE), file=os.fspath(path))


def loads(data: bytes, *, file: str = "graph") -> Graph:
    """Return the graph that `data` holds.

    Args:
        data: the content of a file.
        file: what the messages call it.

    Raises:
        FileError: it holds no graph; the message says where, or which node is wrong.
    """
    fields = _converted(
        decoded(data, file, kind=FORMAT, newest=VERSION, most=LARGEST_FILE),
        _GraphFields,
        lambda said: FileError(mark("core", "{file}: {said}"), file=file, said=said),
    )
    nodes: dict[str, Node] = {}
    positions: dict[str, Point] = {}
    looks: dict[str, Look] = {}
    try:
        for name, raw in fields.known.nodes.items():
            if checked_name(name) != name:
                raise _wrong(
                    "node", file, name, mark("core", "its name is not in normal form (NFKC)")
                )
            nodes[name], at = _node(name, raw, file)
            if nodes[name].extra.keys() & _LOOK_FIELDS:
                nodes[name], looks[name] = _with_look(name, nodes[name], file)
            if at is not None:
                positions[name] = at
        return Graph.build(
            nodes,
            positions=positions,
            output=fields.known.output,
            training=fields.known.training,
            definitions={
                name: _definition(name, raw, file) for name, raw in fields.known.ops.items()
            },
            extra=fields.extra,
            looks=looks,
            annotations=Annotations(
                {name: _frame(name, raw, file) for name, raw in fields.known.frames.items()},
                {name: _note(name, raw, file) for name, raw in fields.known.notes.items()},
            ),
        )
    except FileError:
        raise
    except GradStudioError as wrong:
        raise FileError(mark("core", "{file}: {wrong}"), file=file, wrong=wrong) from None


class _Fields(msgspec.Struct):
    known: Any
    extra: dict[str, Any]


def _converted(
    raw: dict[str, Any], kind: type[Any], refused: Callable[[GradStudioError], FileError]
) -> _Fields:
    """Return the fields of `raw` that `kind` knows, typed, and the others as they are."""
    try:
        known = msgspec.convert(raw, kind)
    except msgspec.ValidationError as wrong:
        raise refused(type_error(str(wrong), FORMAT)) from None
    names = kind.__struct_fields__
    return _Fields(known, {key: value for key, value in raw.items() if key not in names})


_PLACES = {
    "node": mark("core", "{file}: node {node}: {said}"),
    "frame": mark("core", "{file}: frame {frame}: {said}"),
    "note": mark("core", "{file}: note {note}: {said}"),
}


def _wrong(what: str, file: str, name: str, said: str | GradStudioError) -> FileError:
    """Return the error of a node, a frame or a note of the file."""
    said = said if isinstance(said, GradStudioError) else Phrase(said)
    return FileError(_PLACES[what], file=file, said=said, **{what: name[:80]})


def _node(name: str, raw: Any, file: str) -> tuple[Node, Point | None]:
    if not isinstance(raw, dict):
        raise _wrong("node", file, name, mark("core", "it is no object with an op"))
    fields = _converted(raw, _NodeFields, partial(_wrong, "node", file, name))
    known: _NodeFields = fields.known
    settings = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in known.settings.items()
    }
    if known.at is not None and max(map(abs, known.at)) > _FARTHEST_PX:
        raise _wrong("node", file, name, mark("core", "it lies too far out"))
    value = None if known.value is None else _array(known.value, name, file)
    inputs = tuple(known.inputs)
    node = Node(known.op, inputs, settings, value, extra=fields.extra, muted=known.muted)
    return node, known.at


_LOOK_FIELDS = frozenset(_LookFields.__struct_fields__)


def _with_look(name: str, node: Node, file: str) -> tuple[Node, Look]:
    """Return the node without those fields that say what it shows, and what they say."""
    fields = _converted(dict(node.extra), _LookFields, partial(_wrong, "node", file, name))
    known: _LookFields = fields.known
    pins = {port: at for port, at in enumerate(known.pins) if at is not None}
    return replace(node, extra=fields.extra), Look(pins, known.range)


def _definition(name: str, raw: Any, file: str) -> Definition:
    def refused(said: GradStudioError) -> FileError:
        return FileError(
            mark("core", "{file}: op {op}: {said}"), file=file, op=name[:80], said=said
        )

    if not isinstance(raw, dict) or checked_name(name) != name:
        raise refused(GradStudioError(mark("core", "it is no object with formulas")))
    fields = _converted(raw, _DefinitionFields, refused)
    known: _DefinitionFields = fields.known
    return define(name, known.inputs, known.forward, known.backward, extra=fields.extra)


def _frame(name: str, raw: Any, file: str) -> Frame:
    if not isinstance(raw, dict):
        raise _wrong("frame", file, name, mark("core", "it is no object with nodes"))
    fields = _converted(raw, _FrameFields, partial(_wrong, "frame", file, name))
    known: _FrameFields = fields.known
    nodes = tuple(known.nodes)
    return Frame(
        known.title, known.colour, nodes, known.inside, known.folded, known.rect, fields.extra
    )


def _note(name: str, raw: Any, file: str) -> Note:
    if not isinstance(raw, dict):
        raise _wrong("note", file, name, mark("core", "it is no object with a text"))
    fields = _converted(raw, _NoteFields, partial(_wrong, "note", file, name))
    known: _NoteFields = fields.known
    return Note(known.text, known.rect, known.colour, known.inside, fields.extra)


def _array(value: float | list[Any] | dict[str, Any], node: str, file: str) -> Array:
    """Return a value as an array; what a large one claims is checked before it is allocated."""
    if not isinstance(value, dict):
        if isinstance(value, list) and _has_other_than_numbers(value):
            raise _wrong(
                "node", file, node, mark("core", "its value holds something that is no number")
            )
        return leaf_value(value, node)
    refused = partial(_wrong, "node", file, node)
    fields: _ArrayFields = _converted(value, _ArrayFields, refused).known
    code = _DTYPES.get(fields.dtype)
    if code is None:
        said = mark("core", "its value has an unknown dtype")
        raise _wrong("node", file, node, said)
    shape = fields.shape
    fits = len(shape) <= _MOST_AXES and all(0 <= size <= LARGEST_FILE for size in shape)
    size = math.prod(shape) * np.dtype(code).itemsize
    if not fits or (size + 2) // 3 * 4 != len(fields.data):
        said = mark("core", "its value holds more or fewer numbers than its shape says")
        raise _wrong("node", file, node, said)
    try:
        data = base64.b64decode(fields.data, validate=True)
        return leaf_value(np.frombuffer(data, code).reshape(shape), node)
    except (binascii.Error, ValueError):
        raise _wrong("node", file, node, mark("core", "its value is damaged")) from None


def _has_other_than_numbers(value: list[Any]) -> bool:
    """Return whether nested lists hold text, truth values or objects, which NumPy would convert."""
    pending: list[Any] = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending.extend(one)
        elif type(one) not in (int, float):
            return True
    return False


# -- writing ----------------------------------------------------------------------------------


def dumps(graph: Graph) -> bytes:
    """Return the content of a file that holds `graph`; equal graphs give equal bytes.

    Example:
        >>> lines = gs.dumps(gs.parse("f = exp(x)", values={"x": 1})).decode().splitlines()
        >>> print(lines[-3].strip())
        "f": {"op": "exp", "inputs": ["x"]}
    """
    fields: dict[str, Any] = {"format": FORMAT, "version": VERSION, **graph.extra}
    if graph.output is not None:
        fields["output"] = graph.output
    if graph.training:
        fields["training"] = dict(graph.training)
    if graph.definitions:
        fields["ops"] = {name: _definition_fields(op) for name, op in graph.definitions.items()}
    lines = [f"  {_json(key)}: {_json(value)}," for key, value in fields.items()]
    nodes = [
        f"    {_json(name)}: "
        + _json(_node_fields(node, graph.positions.get(name), graph.looks.get(name, PLAIN)))
        for name, node in graph.nodes.items()
    ]
    parts = {"nodes": nodes}
    for key, some in (
        ("frames", [(name, _frame_fields(one)) for name, one in graph.annotations.frames.items()]),
        ("notes", [(name, _note_fields(one)) for name, one in graph.annotations.notes.items()]),
    ):
        if some:
            parts[key] = [f"    {_json(name)}: {_json(one)}" for name, one in some]
    bodies = [
        f'  "{key}": ' + ("{\n" + ",\n".join(some) + "\n  }" if some else "{}")
        for key, some in parts.items()
    ]
    return "\n".join(["{", *lines, ",\n".join(bodies), "}", ""]).encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _node_fields(node: Node, at: Point | None, look: Look) -> dict[str, Any]:
    fields: dict[str, Any] = {"op": node.op}
    if node.inputs:
        fields["inputs"] = list(node.inputs)
    if node.settings:
        fields["settings"] = {key: _setting(value) for key, value in node.settings.items()}
    if node.value is not None:
        fields["value"] = _value(node.value)
    if node.muted:
        fields["muted"] = True
    if at is not None:
        fields["at"] = [_short(x) for x in at]
    if look.pins:
        pins = [look.pins.get(port) for port in range(max(look.pins) + 1)]
        fields["pins"] = [None if pin is None else [_short(x) for x in pin] for pin in pins]
    if look.range is not None:
        fields["range"] = [_short(x) for x in look.range]
    return {**fields, **node.extra}


def _definition_fields(definition: Definition) -> dict[str, Any]:
    backward = zip(definition.inputs, definition.backward, strict=True)
    return {
        "inputs": list(definition.inputs),
        "forward": definition.forward.text,
        "backward": {port: piece.text for port, piece in backward},
        **definition.extra,
    }


def _frame_fields(frame: Frame) -> dict[str, Any]:
    fields: dict[str, Any] = {"title": frame.title, "colour": frame.colour}
    if frame.nodes:
        fields["nodes"] = list(frame.nodes)
    if frame.inside is not None:
        fields["inside"] = frame.inside
    if frame.folded:
        fields["folded"] = True
    if frame.rect is not None:
        fields["rect"] = [_short(x) for x in frame.rect]
    return {**fields, **frame.extra}


def _note_fields(note: Note) -> dict[str, Any]:
    rect = [_short(x) for x in note.rect]
    fields: dict[str, Any] = {"text": note.text, "rect": rect, "colour": note.colour}
    if note.inside is not None:
        fields["inside"] = note.inside
    return {**fields, **note.extra}


def _setting(value: SettingValue) -> SettingValue | list[int]:
    return list(value) if isinstance(value, tuple) else value


def _short(x: float) -> float:
    """Return a whole number as an int, which is written without a point."""
    return int(x) if float(x).is_integer() and abs(x) < 2**53 else float(x)


def _value(value: Array) -> object:
    if value.ndim == 0 or 0 < value.size <= _MOST_LISTED:
        return value.tolist()
    data = np.ascontiguousarray(value, dtype=_DTYPES["float64"]).tobytes()
    return {
        "dtype": "float64",
        "shape": list(value.shape),
        "data": base64.b64encode(data).decode("ascii"),
    }


def save(path: FilePath, graph: Graph) -> None:
    """Write `graph` to the file at `path`, or leave that file as it was.

    Raises:
        FileError: it cannot be written; the message names the file.
    """
    data = dumps(graph)
    if len(data) > LARGEST_FILE:
        raise FileError(
            mark("core", "{file}: not saved: the graph takes more than {most} MB"),
            file=os.fspath(path),
            most=LARGEST_FILE // 2**20,
        )
    files.write(path, data)
