"""Write the forward and the backward formulas of an op, checked by differences at hidden inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec
import numpy as np

from gradstudio.errors import GradStudioError, mark
from gradstudio.graph import Graph, checked_name
from gradstudio.lab import typed_formula
from gradstudio.lab.diagnosis import MISTAKES
from gradstudio.lab.equivalence import (
    Case,
    case_difference,
    difference,
    draws,
    faulty,
    value_of,
)
from gradstudio.lab.items.base import Blank, Item, Judgement, Part, Verdict
from gradstudio.lab.items.build import MOST_TRIALS, reference_of
from gradstudio.lab.task import Task, Work
from gradstudio.lab.variants import generator
from gradstudio.node import OUT, UPSTREAM
from gradstudio.ops import REGISTRY, Array, Shape

FORWARD = "forward"
TRIALS = 32
SINGLE = 4
"""So many are tried one by one; the others as the entries of one array, which is quicker."""
_STEP = 1e-5
_KINK = 1e-3
_TOGETHER = 0.8
_BENT = 1e-3
_LARGE = 1e100


class Formulas(Item, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Write an op as a pair: its forward formula, and a backward one for each input.

    The backward formulas may use the inputs, `out` (the op's value) and `g` (the upstream
    gradient). Each is compared with central differences of the right forward formula, and of the
    student's own where that is near it: a slip in the first costs nothing in the others, and
    another op earns nothing.

    Args:
        inputs: the op's ports.
        ops: the ops that may be used; all where nothing is said.
        cases: examples of the forward formula that the student may see.
        ranges: for each input what it is drawn from; −2 to 2 where nothing is said.
        rtol: the difference allowed for each unit of a value.
        atol: the difference allowed on top.
    """

    class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        """The hidden part.

        Args:
            forward: the op's formula, of its inputs and of given leaves.
            seed: what the inputs are drawn from.
            trials: how many of them.
        """

        forward: str
        seed: int = 0
        trials: int = TRIALS

    kind_name = "formulas"
    title_of_kind = mark("core", "write the formulas of an op")
    key_type = Key

    inputs: tuple[str, ...]
    ops: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    ranges: Mapping[str, tuple[float, float]] = {}
    rtol: float = 1e-5
    atol: float = 1e-7

    @property
    def needs_key(self) -> bool:
        """Always: the forward formula is the question."""
        return True

    def check(self, task: Task, key: Key | None) -> Iterable[GradStudioError]:
        """Yield ports that are no names, ops that are none, and a formula that cannot be read."""
        for op in self.ops:
            if op not in REGISTRY:
                yield GradStudioError(mark("core", "there is no op called “{op}”"), op=op)
        if not self.inputs or {OUT, UPSTREAM, FORWARD} & set(self.inputs):
            yield GradStudioError(mark("core", "an op needs inputs, none called out, g or forward"))
        for name in self.inputs:
            try:
                checked_name(name)
            except GradStudioError as wrong:
                yield wrong
        references = []
        if key is not None:
            if not 1 <= key.trials <= MOST_TRIALS:
                yield GradStudioError(
                    mark("core", "trials must be from 1 to {most}"), most=MOST_TRIALS
                )
            try:
                references.append(self._reference(key, task))
            except GradStudioError as wrong:
                yield wrong
        yield from faulty(self.cases, self.inputs, references, self)

    def _reference(self, key: Key, task: Task) -> Graph:
        ports = {name: np.zeros(()) for name in self.inputs}
        given = Graph()
        for name, value in ports.items():
            given = given.add(name, "input", value=value)
        for name, node in task.given.nodes.items():
            if node.is_leaf and node.value is not None and name not in ports:
                given = given.add(name, "constant", value=node.value)
        return reference_of(key.forward, given)

    def blanks(self, task: Task) -> tuple[Blank, ...]:
        """Return a blank for the forward formula and for each backward one."""
        return (Blank(FORWARD, "out"), *(Blank(port, f"d{port}") for port in self.inputs))

    def secrets(self, key: Key) -> Iterable[str]:
        """Yield the forward formula."""
        yield key.forward

    def judge(self, work: Work, key: Key | None) -> Judgement:
        """Judge the forward formula by values, the backward ones by differences."""
        forward, part = self._read(work, FORWARD, self.inputs)
        reference = None if key is None else self._reference(key, work.task)
        if forward is not None:
            part = self._judge_forward(work, forward, reference, key)
        parts = [part]
        near = forward is not None and self._near_enough(work, forward, reference, key)
        against = [one for one in (forward if near else None, reference) if one is not None]
        for port in self.inputs:
            backward, part = self._read(work, port, (*self.inputs, OUT, UPSTREAM))
            if backward is not None:
                if forward is None and reference is None:
                    said = GradStudioError(mark("core", "write the forward formula first"))
                    part = self._part(work, port, Verdict.EMPTY, said)
                elif against:
                    part = self._judge_backward(work, port, backward, against, key)
            parts.append(part)
        return Judgement(tuple(parts))

    def _part(
        self,
        work: Work,
        id: str,
        verdict: Verdict,
        said: GradStudioError | None = None,
        mistake: str = "",
    ) -> Part:
        label = "out" if id == FORWARD else f"d{id}"
        text = work.entries(self.id).get(id, "").strip()[: typed_formula.LONGEST]
        return Part(id, verdict, label, 1.0, text, said, mistake)

    def _read(self, work: Work, id: str, names: tuple[str, ...]) -> tuple[Graph | None, Part]:
        """Return the formula in a blank, or None and the part that says why there is none."""
        text = work.entries(self.id).get(id, "").strip()
        if not text:
            return None, self._part(work, id, Verdict.EMPTY)
        try:
            graph = typed_formula.read(text, names)
        except GradStudioError as wrong:
            return None, self._part(work, id, Verdict.UNREAD, wrong)
        said = typed_formula.forbidden(graph, self.ops)
        if said is not None:
            return None, self._part(work, id, Verdict.WRONG, said)
        return graph, self._part(work, id, Verdict.RECORDED)

    def _judge_forward(
        self, work: Work, forward: Graph, reference: Graph | None, key: Key | None
    ) -> Part:
        output = forward.output_of()
        seen = case_difference(forward, output, self.cases, self)
        if seen is not None:
            return self._part(work, FORWARD, Verdict.WRONG, typed_formula.said_of(seen[1]))
        if reference is None or key is None:
            return self._part(work, FORWARD, Verdict.RECORDED)
        inputs = self._inputs(work, key)
        if difference(forward, output, reference, inputs, self) is not None:
            said = GradStudioError(mark("core", "it does not compute what is asked in all cases"))
            return self._part(work, FORWARD, Verdict.WRONG, said)
        return self._part(work, FORWARD, Verdict.RIGHT)

    def _seeds(self, work: Work, key: Key | None) -> tuple[object, ...]:
        seed = "shown" if key is None else key.seed
        return seed, work.task.lab, self.id, work.task.seed

    def _inputs(self, work: Work, key: Key | None) -> Iterator[dict[str, Array]]:
        """Yield where formulas are tried: at single numbers, then at arrays of them."""
        many = (TRIALS if key is None else key.trials,)
        for shape, trials in (((), SINGLE), (many, 2)):
            shapes: dict[str, Shape] = dict.fromkeys(self.inputs, shape)
            yield from draws(shapes, self.ranges, trials, *self._seeds(work, key), len(shape))

    def _near_enough(
        self, work: Work, forward: Graph, reference: Graph | None, key: Key | None
    ) -> bool:
        """Return whether the backward formulas may follow from the student's own forward one.

        It must meet the cases that are shown and rise and fall with the op that is asked, and bend
        where that does: else `out = x` with `dx = g` would earn marks of any op.
        """
        if case_difference(forward, forward.output_of(), self.cases, self) is not None:
            return False
        if reference is None:
            return True
        places, own, right = [], [], []
        for inputs in self._inputs(work, key):
            shape = next(iter(inputs.values())).shape
            try:
                values = [value_of(one, one.output_of(), inputs) for one in (forward, reference)]
                mine, true = (np.broadcast_to(one, shape).ravel() for one in values)
            except (GradStudioError, ValueError):
                continue
            places.append(np.stack([one.ravel() for one in inputs.values()], axis=1))
            own.append(mine)
            right.append(true)
        if not places:
            return False
        return _alike(np.concatenate(places), np.concatenate(own), np.concatenate(right))

    def _judge_backward(
        self,
        work: Work,
        port: str,
        backward: Graph,
        against: list[Graph],
        key: Key | None,
    ) -> Part:
        first: tuple[GradStudioError | None, str] | None = None
        for forward in against:
            points = self._points(work, forward, key)
            if not points:
                continue
            found = self._mistaken(backward, port, points)
            if found is None:
                return self._part(work, port, Verdict.RIGHT)
            first = first or found
        said, mistake = first or (
            GradStudioError(mark("core", "the forward formula has a value almost nowhere")),
            "",
        )
        return self._part(work, port, Verdict.WRONG, said, mistake)

    def _points(self, work: Work, forward: Graph, key: Key | None) -> list[_Point]:
        rng = generator("upstream", *self._seeds(work, key))
        points = []
        for values in self._inputs(work, key):
            g = np.asarray(rng.uniform(0.5, 2.0, next(iter(values.values())).shape))
            point = _point(forward, values, g)
            if point is not None:
                points.append(point)
        return points

    def _mistaken(
        self, backward: Graph, port: str, points: list[_Point]
    ) -> tuple[GradStudioError | None, str] | None:
        """Return what is wrong with a backward formula, and which mistake it is; None if nothing.

        Said without numbers: the inputs are hidden.
        """
        given: list[Array] = []
        wanted: list[Array] = []
        for point in points:
            try:
                value = value_of(
                    backward,
                    backward.output_of(),
                    {**point.inputs, OUT: point.out, UPSTREAM: point.g},
                )
                given.append(np.broadcast_to(value, point.g.shape))
            except GradStudioError:
                return typed_formula.no_value(), ""
            except ValueError:
                return GradStudioError(MISTAKES["shape"].hint), "shape"
            wanted.append(point.g * point.slope(port))
        rest = [self._near(a, b) for a, b in zip(given, wanted, strict=True)]
        if all(rest):
            return None
        local = [point.slope(port) for point in points]
        tried = {
            "upstream": local,
            "local": [point.g for point in points],
            "sign": [-one for one in wanted],
            "output": [
                np.full(point.g.shape, np.nan)
                if (again := point.at_output(port)) is None
                else point.g * again
                for point in points
            ],
            "itself": [point.g * point.out for point in points],
        }
        for mistake, numbers in tried.items():
            if all(self._near(a, b) for a, b in zip(given, numbers, strict=True)):
                return GradStudioError(MISTAKES[mistake].hint), mistake
        said = GradStudioError(
            mark("core", "it does not agree with the differences of the forward formula everywhere")
        )
        return said, ""

    def _near(self, given: Array, wanted: Array) -> bool:
        """Return whether a gradient agrees with one taken by differences, as near as these are."""
        with np.errstate(all="ignore"):
            allowed = 1e-6 + self.atol + (1e-4 + self.rtol) * np.abs(wanted)
            return bool((np.abs(given - wanted) <= allowed).all())


def _alike(places: Array, own: Array, right: Array) -> bool:
    """Return whether values go together, up to sign and scale, and both or none on a plane."""
    known = np.isfinite(own) & np.isfinite(right) & (np.abs(own) < _LARGE)
    places, own, right = places[known], own[known], right[known]
    spread = float(np.std(own) * np.std(right))
    if len(own) < SINGLE or not spread:
        return False
    together = abs(float(np.mean((own - own.mean()) * (right - right.mean())))) / spread
    return together >= _TOGETHER and (_bend(places, own) > _BENT or _bend(places, right) <= _BENT)


def _bend(places: Array, values: Array) -> float:
    """Return which share of the spread of values no plane explains."""
    plane = np.column_stack([places, np.ones(len(places))])
    rest = values - plane @ np.linalg.lstsq(plane, values, rcond=None)[0]
    return float(np.var(rest) / np.var(values))


@dataclass(frozen=True)
class _Point:
    """One place where a backward formula is tried; the op works entry by entry.

    Args:
        forward: the formula.
        inputs: all of one shape.
        out: its value.
        g: the upstream gradient.
        slopes: d out / d input, for each input, entry by entry.
    """

    forward: Graph
    inputs: Mapping[str, Array]
    out: Array
    g: Array
    slopes: Mapping[str, Array]

    def slope(self, port: str) -> Array:
        """Return the local derivative by one input."""
        return self.slopes[port]

    def at_output(self, port: str) -> Array | None:
        """Return the local derivative taken at the output instead of the input."""
        return _slope(self.forward, {**self.inputs, port: self.out}, port)


def _point(forward: Graph, inputs: Mapping[str, Array], g: Array) -> _Point | None:
    """Return the place at `inputs`, the entries at a kink or without a finite value left out."""
    try:
        out = np.broadcast_to(value_of(forward, forward.output_of(), inputs), g.shape)
    except (GradStudioError, ValueError):
        return None
    slopes = {port: _slope(forward, inputs, port) for port in inputs}
    known = {port: slope for port, slope in slopes.items() if slope is not None}
    if len(known) < len(slopes):
        return None
    usable = np.isfinite(out)
    for slope in known.values():
        usable &= np.isfinite(slope)
    if not usable.any():
        return None
    if not g.ndim:
        return _Point(forward, inputs, out, g, known)
    kept = {port: value[usable] for port, value in inputs.items()}
    there = {port: slope[usable] for port, slope in known.items()}
    return _Point(forward, kept, out[usable], g[usable], there)


def _slope(forward: Graph, inputs: Mapping[str, Array], port: str) -> Array | None:
    """Return the derivative by central differences, entry by entry; nan at a kink."""
    output = forward.output_of()
    values = []
    for step in (-_STEP, 0.0, _STEP):
        try:
            value = value_of(forward, output, {**inputs, port: inputs[port] + step})
            values.append(np.broadcast_to(value, inputs[port].shape))
        except (GradStudioError, ValueError):
            return None
    below, middle, above = values
    with np.errstate(all="ignore"):
        left, right = (middle - below) / _STEP, (above - middle) / _STEP
        slope: Array = (above - below) / (2 * _STEP)
        kink = np.abs(left - right) > _KINK * (1 + np.abs(slope))
    return np.where(kink, np.nan, slope)
