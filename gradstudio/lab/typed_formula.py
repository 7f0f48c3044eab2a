"""A formula a student typed into a blank: read, and held to the names and ops it may use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gradstudio.emit.formula import to_formula
from gradstudio.engine.evaluate import evaluate
from gradstudio.engine.work import work
from gradstudio.errors import GradStudioError, LabError, mark
from gradstudio.formula import parse
from gradstudio.graph import Graph
from gradstudio.lab.diagnosis import MISTAKES
from gradstudio.lab.equivalence import MOST_WORK, Difference
from gradstudio.lab.task import above
from gradstudio.numbers import hover_text, number_text
from gradstudio.ops import Array, shape_text

LONGEST = 2000
MOST_NODES = 300


def read(text: str, names: Sequence[str]) -> Graph:
    """Return the graph of a formula of `names`.

    Raises:
        GradStudioError: it cannot be read, is too long, or uses another name.
    """
    if len(text) > LONGEST:
        raise LabError(
            mark("core", "the formula is too long: {count} characters, {most} are allowed"),
            count=len(text),
            most=LONGEST,
        )
    graph = parse(text)
    output = graph.output_of()
    if len(graph.nodes) > MOST_NODES:
        raise LabError(mark("core", "the formula has too many parts"))
    for name, node in graph.nodes.items():
        if node.is_leaf and node.value is None and name not in names:
            raise LabError(
                mark("core", "the formula uses {node}; it may use {names}"),
                node=name,
                names=", ".join(names),
            )
        if None in node.inputs:
            raise LabError(mark("core", "the formula is not finished"))
    return replace(graph, output=output)


def forbidden(graph: Graph, ops: Sequence[str]) -> GradStudioError | None:
    """Return which op of a formula is not among `ops`; None where all are, or all may be."""
    for node in graph.nodes.values():
        if ops and not node.is_leaf and node.op not in ops:
            return GradStudioError(
                mark("core", "{op} may not be used here; allowed are {ops}"),
                op=node.op,
                ops=", ".join(ops),
            )
    return None


def no_value() -> GradStudioError:
    """Say that a formula fails at inputs that are hidden: an op's own reason would tell them."""
    return GradStudioError(mark("core", "it has no value at some of the places where it is tried"))


def misfit(graph: Graph, inputs: Mapping[str, Array]) -> GradStudioError | None:
    """Say in the words of the formula where the shapes in it do not fit; None where they do.

    Args:
        graph: of the formula.
        inputs: what its names stand for, none of it a secret.
    """
    nodes = graph.nodes
    # A number in the formula may have the name of an input.
    known = [name for name in inputs if name in nodes and nodes[name].op != "constant"]
    graph = graph.set_values({name: inputs[name] for name in known})
    if work(graph, MOST_WORK) > MOST_WORK:
        return None
    found = evaluate(graph)
    for name, node in graph.nodes.items():
        sources = [source for source in node.inputs if source is not None]
        if name not in found.errors or not all(source in found.values for source in sources):
            continue
        shapes = {_written(graph, source): found.shapes[source] for source in sources}
        if any(shapes.values()):
            return GradStudioError(
                mark("core", "“{formula}” does not work out: {shapes}"),
                formula=_written(graph, name),
                shapes=", ".join(f"{one}: {shape_text(shape)}" for one, shape in shapes.items()),
            )
    return None


def _written(graph: Graph, name: str) -> str:
    """Return how the formula writes one of its parts."""
    if graph.nodes[name].is_leaf and graph.nodes[name].op != "constant":
        return name
    line = to_formula(above(graph, name)).splitlines()[-1]
    return line.partition(" = ")[2] or line


def said_of(found: Difference) -> GradStudioError:
    """Say where a formula differs, at inputs that are no secret."""
    if found.reason is not None:
        return GradStudioError("{reason}", reason=found.reason)
    if found.given is not None and found.given.shape != found.wanted.shape:
        return GradStudioError(MISTAKES["shape"].hint)
    places = ", ".join(f"{name} = {_short(one)}" for name, one in found.inputs.items())
    return GradStudioError(
        mark("core", "for {places} it gives {given}, and should give {wanted}"),
        places=places,
        given=None if found.given is None else _short(found.given),
        wanted=_short(found.wanted),
    )


def _short(value: Array) -> str:
    return number_text(float(value), 6) if value.ndim == 0 else hover_text(value)
