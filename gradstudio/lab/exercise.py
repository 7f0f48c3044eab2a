"""The exercise file `.gradlab` and its key `.gradkey`: read and checked.

Both are UTF-8 JSON as graph files are, and as little believed. The exercise is what a student gets;
everything that must stay with the teacher (hidden cases, solutions, thresholds) is in the key, as
nothing can be hidden on a student's machine. Fields this version does not know are refused: a
misspelt one would be a rule that is not applied.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from gradstudio import files, storage
from gradstudio.decoding import decoded, type_error
from gradstudio.errors import FileError, GradStudioError, mark
from gradstudio.files import FilePath
from gradstudio.graph import Graph
from gradstudio.lab.items import KINDS, Item
from gradstudio.lab.items.base import MOST_POINTS
from gradstudio.lab.items.gradients import Gradients
from gradstudio.lab.items.values import Values
from gradstudio.lab.task import Task
from gradstudio.lab.texts import Text
from gradstudio.lab.variants import MOST_ENTRIES, Draw, drawn

FORMAT, VERSION = "gradlab", 1
KEY_FORMAT, KEY_VERSION = "gradkey", 1
LARGEST = 8 * 2**20
MOST_ITEMS = 100
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class Late(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What handing in late costs.

    Args:
        percent_a_day: of the points earned, for each day begun.
        most_days: after so many days nothing is left.
    """

    percent_a_day: float = 10.0
    most_days: int | None = None


class _Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exercise file."""

    format: str
    version: int
    id: str
    title: Text
    instructions: Text
    graph: dict[str, Any]
    items: list[dict[str, Any]]
    draw: dict[str, Draw] = {}
    seed: int = 0
    editable: tuple[str, ...] = ()
    attempts: int | None = None
    due: str | None = None
    late: Late = Late()
    compare_from: int = 8


class _KeyFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key file."""

    format: str
    version: int
    lab: str
    items: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True)
class Key:
    """A teacher's key.

    Args:
        lab: the id of the exercise it is for.
        items: what belongs to each item, of its kind's `key_type`.
    """

    lab: str
    items: Mapping[str, Any]


@dataclass(frozen=True)
class Exercise:
    """One exercise, as a file holds it.

    Args:
        id: what results are filed under.
        title: what it is called.
        instructions: Markdown with formulas between dollar signs.
        graph: the given graph, before a student's numbers are in it.
        items: the questions, by id, in order.
        draw: the leaves that each student has other values of.
        seed: makes the variants of one year differ from another's.
        editable: given nodes that may be changed.
        attempts: how often an item can be checked, where it does not say itself.
        due: when it is to be handed in; None for any time.
        late: what being late costs.
        compare_from: how many nodes of a student's own make identical work worth a look.
        digest: tells this exercise from any other edition.
    """

    id: str
    title: Text
    instructions: Text
    graph: Graph
    items: Mapping[str, Item]
    draw: Mapping[str, Draw]
    seed: int
    editable: tuple[str, ...]
    attempts: int | None
    due: datetime | None
    late: Late
    compare_from: int
    digest: str

    @cached_property
    def most_points(self) -> float:
        """What all of it is worth."""
        return math.fsum(item.points for item in self.items.values())

    @property
    def needing_key(self) -> tuple[str, ...]:
        """The items that can only be judged with the key."""
        return tuple(id for id, item in self.items.items() if item.needs_key)

    def task(self, student: str) -> Task:
        """Return what the exercise is for one student: the graph with their numbers.

        Raises:
            LabError: their numbers cannot be drawn.
        """
        values = drawn(self.draw, self.id, self.seed, student)
        graph = self.graph.set_values(values)
        trained = any(item.kind == "training" for item in self.items.values())
        drawn_leaves, editable = frozenset(values), frozenset(self.editable)
        forward = tuple(item for item in self.items.values() if isinstance(item, Values))
        backward = tuple(item for item in self.items.values() if isinstance(item, Gradients))
        return Task(self.id, student, graph, drawn_leaves, editable, trained, forward, backward)

    def attempts_of(self, item: str) -> int | None:
        """Return how often an item can be checked; None for any number of times."""
        own = self.items[item].attempts
        return self.attempts if own is None else own


def load(path: FilePath) -> Exercise:
    """Read the exercise in the file at `path`.

    Raises:
        FileError: it cannot be read, or is no exercise; the message says where.
    """
    return loads(files.read(path, LARGEST), file=os.fspath(path))


def loads(data: bytes, *, file: str = "exercise") -> Exercise:
    """Return the exercise that `data` holds.

    Raises:
        FileError: it holds none; the message says where, or which item is wrong.
    """
    raw = decoded(data, file, kind=FORMAT, newest=VERSION, most=LARGEST)
    fields: _Fields = _converted(raw, _Fields, file)
    if not _ID.fullmatch(fields.id):
        raise _wrong(file, mark("core", "its id must be letters, digits, _ and -"))
    if not 1 <= len(fields.items) <= MOST_ITEMS:
        raise _wrong(file, mark("core", "it needs 1 to 100 items"))
    graph = _graph(fields.graph, file)
    items: dict[str, Item] = {}
    for number, one in enumerate(fields.items, start=1):
        item = _item(one, number, file)
        if item.id in items:
            raise _wrong(file, mark("core", "two items are called {item}"), item=item.id)
        items[item.id] = item
    for name in (*fields.draw, *fields.editable):
        if name not in graph.nodes:
            raise _wrong(file, mark("core", "there is no node called {node}"), node=name[:80])
    for name, draw in fields.draw.items():
        if not graph.nodes[name].is_leaf:
            raise _wrong(file, mark("core", "{node} is no leaf: it cannot be drawn"), node=name)
        if not 1 <= draw.size <= MOST_ENTRIES:
            raise _wrong(
                file,
                mark("core", "{node}: a draw of 1 to {most} numbers is needed"),
                node=name,
                most=MOST_ENTRIES,
            )
        earlier = list(fields.draw)[: list(fields.draw).index(name)]
        if any(one not in earlier or fields.draw[one].shape for one in draw.unlike):
            raise _wrong(
                file,
                mark("core", "{node}: unlike may name leaves drawn before it, each one number"),
                node=name,
            )
        try:
            draw.choices()
        except GradStudioError as wrong:
            raise _wrong(file, "{node}: {said}", node=name, said=wrong) from None
    if fields.attempts is not None and fields.attempts < 1:
        raise _wrong(file, mark("core", "at least one attempt is needed"))
    if not 0 <= fields.late.percent_a_day <= 100:
        raise _wrong(file, mark("core", "percent_a_day must be from 0 to 100"))
    return Exercise(
        fields.id,
        fields.title,
        fields.instructions,
        graph,
        items,
        fields.draw,
        fields.seed,
        fields.editable,
        fields.attempts,
        _due(fields.due, file),
        fields.late,
        fields.compare_from,
        _digest(raw),
    )


def load_key(path: FilePath, exercise: Exercise) -> Key:
    """Read the key of `exercise` in the file at `path`.

    Raises:
        FileError: it cannot be read, or is no key of that exercise; the message says where.
    """
    return loads_key(files.read(path, LARGEST), exercise, file=os.fspath(path))


def loads_key(data: bytes, exercise: Exercise, *, file: str = "key") -> Key:
    """Return the key of `exercise` that `data` holds.

    Raises:
        FileError: it holds none; the message says where.
    """
    raw = decoded(data, file, kind=KEY_FORMAT, newest=KEY_VERSION, most=LARGEST)
    fields: _KeyFields = _converted(raw, _KeyFields, file)
    if fields.lab != exercise.id:
        raise _wrong(
            file,
            mark("core", "this is the key of {lab}, not of {exercise}"),
            lab=fields.lab[:80],
            exercise=exercise.id,
        )
    items: dict[str, Any] = {}
    for id, one in fields.items.items():
        if id not in exercise.items:
            raise _wrong(file, mark("core", "there is no item called {item}"), item=id[:80])
        items[id] = _converted(one, exercise.items[id].key_type, file, id)
    for id in exercise.needing_key:
        if id not in items:
            raise _wrong(file, mark("core", "the key of item {item} is missing"), item=id)
    return Key(fields.lab, items)


def _wrong(file: str, template: str, *, node: str | None = None, **parts: object) -> FileError:
    said = GradStudioError(template, node=node, **parts)
    return FileError(mark("core", "{file}: {said}"), file=file, said=said)


def _converted(raw: dict[str, Any], kind: type[Any], file: str, item: str = "") -> Any:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as wrong:
        said = type_error(str(wrong), storage.FORMAT)
        if item:
            raise _wrong(file, mark("core", "item {item}: {said}"), item=item, said=said) from None
        raise FileError(mark("core", "{file}: {said}"), file=file, said=said) from None


def _graph(raw: dict[str, Any], file: str) -> Graph:
    whole = {**raw, "format": storage.FORMAT, "version": raw.get("version", storage.VERSION)}
    return storage.loads(json.dumps(whole).encode(), file=file)


def _item(raw: dict[str, Any], number: int, file: str) -> Item:
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise _wrong(
            file,
            mark("core", "item {number} is of no known kind; there are: {kinds}"),
            number=number,
            kinds=", ".join(KINDS),
        )
    name = raw.get("id")
    item: Item = _converted(raw, KINDS[kind], file, name if isinstance(name, str) else str(number))
    if not _ID.fullmatch(item.id):
        raise _wrong(
            file,
            mark("core", "item {number}: its id must be letters, digits, _ and -"),
            number=number,
        )
    prices = [hint.price for hint in item.hints]
    if not 0 < item.points <= MOST_POINTS or not all(0 <= price <= item.points for price in prices):
        raise _wrong(
            file,
            mark("core", "item {item}: points must be above 0, and hints cost no more than these"),
            item=item.id,
        )
    if item.attempts is not None and item.attempts < 1:
        raise _wrong(
            file, mark("core", "item {item}: at least one attempt is needed"), item=item.id
        )
    said = _unfit(item)
    if said is not None:
        raise _wrong(file, mark("core", "item {item}: {said}"), item=item.id, said=said)
    return item


def _unfit(item: Item) -> GradStudioError | None:
    """Return which field of an item has a value that nothing can be tried with."""
    for field in ("rtol", "atol"):
        if not 0 <= getattr(item, field, 0.0) < math.inf:
            return GradStudioError(mark("core", "{field} must be 0 or more"), field=field)
    ranges: Mapping[str, tuple[float, float]] = getattr(item, "ranges", {})
    for name, (low, high) in ranges.items():
        if not 0 <= high - low < math.inf:
            return GradStudioError(
                mark("core", "the range of {name} must go from a lower to a higher number"),
                name=name[:80],
            )
    shapes: Mapping[str, tuple[int, ...]] = getattr(item, "shapes", {})
    for name, shape in shapes.items():
        if not 1 <= Draw(shape=shape).size <= MOST_ENTRIES:
            return GradStudioError(
                mark("core", "{name} must hold 1 to {most} numbers"),
                name=name[:80],
                most=MOST_ENTRIES,
            )
    return None


def _due(text: str | None, file: str) -> datetime | None:
    if text is None:
        return None
    try:
        due = datetime.fromisoformat(text)
    except ValueError:
        due = None
    if due is None or due.tzinfo is None:
        raise _wrong(
            file,
            mark("core", "due must be a time with its zone, such as 2026-03-20T23:59:00+08:00"),
        )
    return due


def _digest(raw: Mapping[str, Any]) -> str:
    text = json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
