"""The file format `.gradstudio`: what a graph looks like on disk, and how it gets there whole.

A file is UTF-8 JSON with one node a line, so that a difference between two files reads like an
edit. It holds no code, no paths and no references. What a file says is not believed: its size is
bounded before it is parsed and its depth before it is built; duplicate keys, numbers that are not
finite, wrong types and unknown ops are refused. Fields this version does not know are kept and
written back; a newer version is refused, never half read.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import math
import os
import re
import secrets
import stat
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from gradstudio import files
from gradstudio.annotations import COLOURS, Annotations, Frame, Note, Rect
from gradstudio.errors import FileError, GradStudioError, Phrase, mark, system_reason
from gradstudio.files import FilePath
from gradstudio.formula.definition import define
from gradstudio.graph import Graph, Node, Point, checked_name, leaf_value
from gradstudio.looks import PLAIN, Look
from gradstudio.node import Definition
from gradstudio.ops import Array, SettingValue

FORMAT, VERSION = "gradstudio", 1
LARGEST_FILE = 64 * 2**20
_DEEPEST = 64
_MOST_AXES = 32
_FARTHEST_PX = 1e7
_MOST_LISTED = 64
"""How many numbers of an array are written as lists; larger ones are base64."""
_DTYPES = {"float64": "<f8", "float32": "<f4"}

# Possessive, so that a string of many megabytes takes no memory for ways back.
_TYPE_MESSAGE = re.compile(
    r"Expected `(?P<expected>[^`]+)`(?P<length> of length \d+)?, got `?(?P<given>[^` ]+)`?"
    r"(?: - at `\$\.?(?P<field>[^`]*)`)?"
)
_KINDS = {
    "str": mark("core", "text"),
    "float": mark("core", "a number"),
    "int": mark("core", "a whole number"),
    "bool": mark("core", "true or false"),
    "null": mark("core", "nothing"),
    "object": mark("core", "an object"),
    "array": mark("core", "a list"),
}
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_BRACKET = re.compile(rb"[\[\]{}]")


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


class _RefusedError(ValueError):
    """A value that JSON allows and this format does not."""


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
        decoded(data, file),
        _GraphFields,
        lambda said: FileError(mark("core", "{file}: {said}"), file=file, said=said),
    )
    nodes: dict[str, Node] = {}
    positions: dict[str, Point] = {}
    looks: dict[str, Look] = {}
    try:
        for name, raw in fields.known.nodes.items():
            if checked_name(name) != name:
                raise _wrong_node(file, name, mark("core", "its name is not in normal form (NFKC)"))
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
        raise refused(type_error(str(wrong))) from None
    names = kind.__struct_fields__
    return _Fields(known, {key: value for key, value in raw.items() if key not in names})


def type_error(message: str) -> GradStudioError:
    """Say in plain words what `msgspec` found wrong."""
    found = _TYPE_MESSAGE.fullmatch(message)
    if found is None:
        return GradStudioError("{message}", message=message.replace("`", ""))
    kinds = [Phrase(_KINDS.get(kind, kind)) for kind in found["expected"].split(" | ")[:1]]
    return GradStudioError(
        mark("core", "“{field}” must be {expected}{length}, not {given}"),
        field=found["field"] or FORMAT,
        expected=kinds[0],
        length=found["length"] or "",
        given=Phrase(_KINDS.get(found["given"], found["given"])),
    )


def decoded(
    data: bytes, file: str, *, kind: str = FORMAT, newest: int = VERSION, most: int = LARGEST_FILE
) -> dict[str, Any]:
    """Return the JSON object in `data`, after all checks that need no knowledge of what is in it.

    Args:
        data: the content of a file.
        file: what the messages call it.
        kind: what its field `format` must say.
        newest: the newest version of that format that is read.
        most: how many bytes it may have.

    Raises:
        FileError: it is no such file; the message says where.
    """
    if len(data) > most:
        raise FileError(
            mark("core", "{file}: too large: more than {most} MB"),
            file=file,
            most=most // 2**20,
        )
    if not data.strip():
        raise FileError(mark("core", "{file}: the file is empty"), file=file)
    depth = deepest = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", data)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise FileError(mark("core", "{file}: nested too deeply"), file=file)
    try:
        raw = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
        )
        if _SURROGATE.search(data):
            json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeDecodeError as wrong:
        raise FileError(
            mark("core", "{file}: byte {byte} is not UTF-8: this is no GradStudio file"),
            file=file,
            byte=wrong.start + 1,
        ) from None
    except json.JSONDecodeError as wrong:
        raise FileError(
            mark("core", "{file}: damaged or cut off at line {line}, column {column}"),
            file=file,
            line=wrong.lineno,
            column=wrong.colno,
        ) from None
    except UnicodeEncodeError:
        raise FileError(mark("core", "{file}: a text holds half a character"), file=file) from None
    except ValueError as wrong:
        digits = Phrase(mark("core", "a number has too many digits"))
        reason = wrong.args[0] if isinstance(wrong, _RefusedError) else digits
        raise FileError(mark("core", "{file}: {reason}"), file=file, reason=reason) from None
    if not isinstance(raw, dict) or raw.get("format") != kind:
        raise FileError(
            mark("core", "{file}: this is no GradStudio file (no “format”: “{format}”)"),
            file=file,
            format=kind,
        )
    version = raw.get("version")
    if type(version) is not int or version < 1:
        raise FileError(mark("core", "{file}: its format version is missing"), file=file)
    if version > newest:
        raise FileError(
            mark(
                "core",
                "{file}: made by a newer GradStudio (format version {version}; this one reads "
                "{ours})",
            ),
            file=file,
            version=version,
            ours=newest,
        )
    return raw


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                template = mark("core", "“{key}” stands twice in one object")
                raise _RefusedError(GradStudioError(template, key=key[:80]))
            seen.add(key)
    return found


def _constant(text: str) -> Any:
    template = mark("core", "{number} is not a finite number")
    raise _RefusedError(GradStudioError(template, number=text))


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        template = mark("core", "{number} is too large for a number")
        raise _RefusedError(GradStudioError(template, number=text[:40]))
    return number


def _wrong_node(file: str, node: str, said: str | GradStudioError) -> FileError:
    return FileError(
        mark("core", "{file}: node {node}: {said}"), file=file, node=node[:80], said=Phrase(said)
    )


def _node(name: str, raw: Any, file: str) -> tuple[Node, Point | None]:
    if not isinstance(raw, dict):
        raise _wrong_node(file, name, mark("core", "it is no object with an op"))
    fields = _converted(raw, _NodeFields, partial(_wrong_node, file, name))
    known: _NodeFields = fields.known
    settings = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in known.settings.items()
    }
    if known.at is not None and max(map(abs, known.at)) > _FARTHEST_PX:
        raise _wrong_node(file, name, mark("core", "it lies too far out"))
    value = None if known.value is None else _array(known.value, name, file)
    inputs = tuple(known.inputs)
    node = Node(known.op, inputs, settings, value, extra=fields.extra, muted=known.muted)
    return node, known.at


_LOOK_FIELDS = frozenset(_LookFields.__struct_fields__)


def _with_look(name: str, node: Node, file: str) -> tuple[Node, Look]:
    """Return the node without those fields that say what it shows, and what they say."""
    fields = _converted(dict(node.extra), _LookFields, partial(_wrong_node, file, name))
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
        raise _wrong_frame(file, name, mark("core", "it is no object with nodes"))
    fields = _converted(raw, _FrameFields, partial(_wrong_frame, file, name))
    known: _FrameFields = fields.known
    nodes = tuple(known.nodes)
    return Frame(
        known.title, known.colour, nodes, known.inside, known.folded, known.rect, fields.extra
    )


def _wrong_frame(file: str, frame: str, said: str | GradStudioError) -> FileError:
    return FileError(
        mark("core", "{file}: frame {frame}: {said}"),
        file=file,
        frame=frame[:80],
        said=said if isinstance(said, GradStudioError) else Phrase(said),
    )


def _note(name: str, raw: Any, file: str) -> Note:
    if not isinstance(raw, dict):
        raise _wrong_note(file, name, mark("core", "it is no object with a text"))
    fields = _converted(raw, _NoteFields, partial(_wrong_note, file, name))
    known: _NoteFields = fields.known
    return Note(known.text, known.rect, known.colour, known.inside, fields.extra)


def _wrong_note(file: str, note: str, said: str | GradStudioError) -> FileError:
    return FileError(
        mark("core", "{file}: note {note}: {said}"),
        file=file,
        note=note[:80],
        said=said if isinstance(said, GradStudioError) else Phrase(said),
    )


def _array(value: float | list[Any] | dict[str, Any], node: str, file: str) -> Array:
    """Return a value as an array; what a large one claims is checked before it is allocated."""
    if not isinstance(value, dict):
        if isinstance(value, list) and _has_other_than_numbers(value):
            raise _wrong_node(
                file, node, mark("core", "its value holds something that is no number")
            )
        return leaf_value(value, node)
    refused = partial(_wrong_node, file, node)
    fields: _ArrayFields = _converted(value, _ArrayFields, refused).known
    code = _DTYPES.get(fields.dtype)
    if code is None:
        said = mark("core", "its value has an unknown dtype")
        raise _wrong_node(file, node, said)
    shape = fields.shape
    fits = len(shape) <= _MOST_AXES and all(0 <= size <= LARGEST_FILE for size in shape)
    size = math.prod(shape) * np.dtype(code).itemsize
    if not fits or (size + 2) // 3 * 4 != len(fields.data):
        said = mark("core", "its value holds more or fewer numbers than its shape says")
        raise _wrong_node(file, node, said)
    try:
        data = base64.b64decode(fields.data, validate=True)
        return leaf_value(np.frombuffer(data, code).reshape(shape), node)
    except (binascii.Error, ValueError):
        raise _wrong_node(file, node, mark("core", "its value is damaged")) from None


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
    """Return the content of a file that holds `graph`; equal graphs give equal bytes."""
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

    The content goes into a new file in the same folder, is read back and compared (on a full disk
    a write may come up short without an error), forced to the disk, and then takes the old file's
    place in one step. A link is followed: what it points to is replaced. The old file's
    permissions are kept.

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
    write(path, data)


def write(path: FilePath, data: bytes) -> None:
    """Make `data` the content of the file at `path` as `save` does: whole, or not at all.

    Raises:
        FileError: it cannot be written; the message names the file.
    """
    name = os.fspath(path)
    try:
        _replace(Path(os.path.realpath(name)), data)
    except (OSError, ValueError) as wrong:
        raise FileError(
            mark("core", "{file}: not saved: {reason}"), file=name, reason=system_reason(wrong)
        ) from None


def _replace(target: Path, data: bytes) -> None:
    mode = _mode_of(target)
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        try:
            _write(descriptor, data)
            if mode is not None:
                temporary.chmod(mode)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _settle(target.parent)


def _mode_of(target: Path) -> int | None:
    """Return the permissions the file has; None if it is new."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "this is no ordinary file")
    if not os.access(target, os.W_OK):
        raise OSError(0, "the file is write-protected")
    return stat.S_IMODE(found.st_mode)


def _write(descriptor: int, data: bytes) -> None:
    """Write all of `data` and make sure that it is there."""
    left = memoryview(data)
    while left:
        written = os.write(descriptor, left)
        if written <= 0:
            break
        left = left[written:]
    os.lseek(descriptor, 0, os.SEEK_SET)
    at = 0
    while at < len(data):
        piece = os.read(descriptor, 2**20)
        if not piece or piece != data[at : at + len(piece)]:
            break
        at += len(piece)
    if left or at < len(data) or os.read(descriptor, 1):
        raise OSError(0, "the disk took only a part of it")


def _settle(folder: Path) -> None:
    """Force the folder's new entry to the disk, where the system can.

    The new file already is in its place: what fails here must not be said to have failed to save.
    """
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
