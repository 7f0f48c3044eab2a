"""Whether two graphs compute the same: tried on inputs drawn from seeds, bounded in work."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from gradstudio.engine.evaluate import evaluate, is_finite
from gradstudio.engine.work import work
from gradstudio.errors import GradStudioError, LabError, mark
from gradstudio.graph import Graph
from gradstudio.lab.entries import Tolerant, close
from gradstudio.lab.variants import generator
from gradstudio.ops import Array, Shape

LOW, HIGH = -2.0, 2.0
MOST_WORK = 2e6
"""Entries that one evaluation may touch; more is refused before anything is computed."""
MOST_NODES = 2000
ENOUGH = 3
"""So many drawn inputs must have a finite result, or nothing was compared."""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Inputs, and what comes out.

    Args:
        inputs: by name.
        value: what is right.
    """

    inputs: dict[str, float | list[object]]
    value: float | list[object]


@dataclass(frozen=True)
class Difference:
    """Where two graphs differ.

    Args:
        inputs: by name.
        given: what the student's computes there; None where it computes nothing.
        wanted: what is right.
        reason: why it computes nothing.
    """

    inputs: Mapping[str, Array]
    given: Array | None
    wanted: Array
    reason: GradStudioError | None = None


def unfit(inputs: Mapping[str, object], names: Container[str]) -> GradStudioError | None:
    """Return why inputs that a file gives cannot be put into leaves of these names."""
    for name, value in inputs.items():
        if name not in names:
            return GradStudioError(mark("core", "there is no input {node}"), node=name[:80])
        try:
            np.asarray(value, float)
        except (TypeError, ValueError):
            return GradStudioError(mark("core", "its lists are not of equal length, or of numbers"))
    return None


def faulty(
    cases: Sequence[Case], names: Container[str], references: Sequence[Graph], tolerance: Tolerant
) -> Iterator[GradStudioError]:
    """Yield cases that cannot be tried, or that a reference formula does not meet."""
    for number, case in enumerate(cases, start=1):
        said = unfit(case.inputs, names) or unfit({"": case.value}, ("",))
        if said is not None:
            yield GradStudioError(mark("core", "case {number}: {said}"), number=number, said=said)
            continue
        for reference in references:
            if case_difference(reference, reference.output_of(), [case], tolerance) is not None:
                template = mark("core", "case {number} is not what the formula gives")
                yield GradStudioError(template, number=number)
                break


def value_of(graph: Graph, output: str, inputs: Mapping[str, Array]) -> Array:
    """Return the value of `output` with `inputs` in the leaves of those names.

    Raises:
        GradStudioError: it has none, or would take too much work.
    """
    # A constant of one graph may have the name of an input of the other.
    graph = graph.set_values(
        {
            name: one
            for name, one in inputs.items()
            if name in graph.nodes and graph.nodes[name].op != "constant"
        }
    )
    if len(graph.nodes) > MOST_NODES or work(graph, MOST_WORK) > MOST_WORK:
        raise LabError(mark("core", "{node} would take too much work to compute"), node=output)
    found = evaluate(graph, output=output)
    if output not in found.values:
        raise found.reason_for(output)
    return np.asarray(found.values[output])


def draws(
    shapes: Mapping[str, Shape],
    ranges: Mapping[str, tuple[float, float]],
    trials: int,
    *seed: object,
) -> Iterator[dict[str, Array]]:
    """Yield inputs of the given shapes, drawn from the ranges, in few digits.

    Every fourth, and the first, is made of whole numbers, as people would try them.
    """
    rng = generator(*seed)
    for trial in range(trials):
        values = {}
        for name, shape in sorted(shapes.items()):
            low, high = ranges.get(name, (LOW, HIGH))
            drawn = np.asarray(rng.uniform(low, high, shape))
            rounded = np.round(drawn, 0 if trial % 4 == 0 else 3)
            inside = np.all((rounded >= low) & (rounded <= high))
            values[name] = rounded if inside else drawn
        yield values


def difference(
    graph: Graph,
    output: str,
    reference: Graph,
    inputs: Iterator[dict[str, Array]],
    tolerance: Tolerant,
) -> Difference | None:
    """Return the first inputs at which `graph` does not compute what `reference` does.

    Where the reference has no finite value nothing is compared.

    Raises:
        LabError: it has one almost nowhere.
    """
    compared = 0
    asked = reference.output_of()
    for values in inputs:
        try:
            wanted = value_of(reference, asked, values)
        except GradStudioError:
            continue
        if not is_finite(wanted):
            continue
        compared += 1
        found = at(graph, output, values, wanted, tolerance)
        if found is not None:
            return found
    if compared < ENOUGH:
        raise LabError(mark("core", "the formula of the key has a value almost nowhere"))
    return None


def at(
    graph: Graph,
    output: str,
    inputs: Mapping[str, Array],
    wanted: Array,
    tolerance: Tolerant,
) -> Difference | None:
    """Return how `graph` differs from `wanted` at one place; None where it does not."""
    try:
        given = value_of(graph, output, inputs)
    except GradStudioError as wrong:
        return Difference(inputs, None, wanted, wrong)
    return None if close(given, wanted, tolerance) else Difference(inputs, given, wanted)


def case_difference(
    graph: Graph, output: str, cases: Sequence[Case], tolerance: Tolerant
) -> tuple[int, Difference] | None:
    """Return the first case that `graph` does not meet, counted from 1, and how."""
    for number, case in enumerate(cases, start=1):
        inputs = {name: np.asarray(value, float) for name, value in case.inputs.items()}
        found = at(graph, output, inputs, np.asarray(case.value, float), tolerance)
        if found is not None:
            return number, found
    return None
