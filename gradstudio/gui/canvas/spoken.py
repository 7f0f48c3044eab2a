"""The canvas in words, for those who hear it: a node, an edge, the graph, a playback's step."""

from __future__ import annotations

from functools import reduce

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont

from gradstudio.annotations import Annotations, Note
from gradstudio.errors import mark
from gradstudio.gui.canvas.cards import Paper
from gradstudio.gui.canvas.figures import Figure
from gradstudio.gui.canvas.picture import Picture
from gradstudio.gui.theme import LIGHT
from gradstudio.gui.wording import error_text
from gradstudio.ops import Array, shape_text

MOST_NAMED = 6
BETWEEN = mark("Spoken", "{before}, {after}")
BETWEEN_NAMES = mark("Spoken", "{names}, {name}")
VALUE = mark("Spoken", "value {number}"), mark("Spoken", "value of shape {number}")
GRADIENT = mark("Spoken", "gradient {number}"), mark("Spoken", "gradient of shape {number}")
TANGENT = mark("Spoken", "tangent {number}"), mark("Spoken", "tangent of shape {number}")


def node(picture: Picture, name: str) -> str:
    """Return what is to be known of a node: `mul1, value 2, gradient −3, inputs w0 and x0`."""
    graph, evaluation = picture.graph, picture.evaluation
    wrong = picture.wrong(name)
    parts = [name, *_numbers(picture, *_figures(picture, name), name)]
    inputs = graph.nodes[name].inputs
    fed = list(dict.fromkeys(one for one in inputs if one is not None))
    if fed:
        text = (
            mark("Spoken", "input {names}") if len(fed) == 1 else mark("Spoken", "inputs {names}")
        )
        parts.append(_say(text, names=names(fed)))
    ports = graph.ports(name)
    free = [
        port
        for at, port in enumerate(ports)
        if not graph.nodes[name].is_leaf and (at >= len(inputs) or inputs[at] is None)
    ]
    # An op of many inputs always has one more free.
    if free and (wrong is not None or not fed):
        parts.append(_say(mark("Spoken", "not connected: {ports}"), ports=names(free)))
    if graph.output == name or evaluation.output == name:
        parts.append(_say(mark("Spoken", "output")))
    if wrong is not None:
        parts.append(error_text(wrong))
    return _joined(parts)


def node_kind(picture: Picture, name: str) -> str:
    """Return what kind of node it is."""
    return QCoreApplication.translate("ops", picture.graph.nodes[name].rules.title)


def node_value(picture: Picture, name: str) -> str:
    """Return the value of a node as it is shown; "" without one."""
    figure = _figures(picture, name)[0]
    return "" if figure is None else figure.text


def edge(picture: Picture, at: int) -> str:
    """Return what is to be known of an edge: `edge from w0 to mul1, value 2, gradient −3`."""
    link = picture.sketch.edges[at]
    text = mark("Spoken", "edge from {source} to {target}")
    if len(picture.graph.ports(link.target)) > 1:
        text = mark("Spoken", "edge from {source} to {target}, port {port}")
    port = picture.graph.ports(link.target)[link.port]
    said = _say(text, source=link.source, target=link.target, port=port)
    value, gradient = picture.edge_figures(at)
    return _joined([said, *_numbers(picture, value, gradient, link.source)])


def frame(annotations: Annotations, name: str) -> str:
    """Return what is to be known of a frame: `Layer, frame, 5 nodes`."""
    one, count = annotations.frames[name], len(annotations.nodes_in(name))
    kind = mark("Spoken", "folded frame") if one.folded else mark("Spoken", "frame")
    nodes = mark("Spoken", "1 node") if count == 1 else mark("Spoken", "{count} nodes")
    return _joined([*filter(None, [one.title]), _say(kind), _say(nodes, count=count)])


def note(of: Note) -> str:
    """Return what is to be known of a note: its text, without the marks of Markdown."""
    return _joined([_say(mark("Spoken", "note")), Paper(of, QFont(), LIGHT).toPlainText()])


def whole(picture: Picture) -> str:
    """Return what is to be known of the graph."""
    graph, evaluation = picture.graph, picture.evaluation
    nodes, edges = len(graph), len(picture.sketch.edges)
    parts = [_say(mark("Spoken", "{nodes} nodes, {edges} edges"), nodes=nodes, edges=edges)]
    result = output(picture)
    if result:
        parts.append(result)
    wrong = len(evaluation.errors)
    if wrong:
        parts.append(_say(mark("Spoken", "nodes with a problem: {count}"), count=wrong))
    return _joined(parts)


def output(picture: Picture) -> str:
    """Return the output and its value; "" where there is none."""
    name = picture.evaluation.output
    if name is None or name not in picture.graph:
        return ""
    value = node_value(picture, name)
    return f"{name} = {value}" if value else ""


def problem(picture: Picture, *, known: frozenset[str]) -> str:
    """Return what is wrong with the first node that is wrong and was not before; "" for none."""
    wrong = picture.evaluation.errors
    fresh = next((name for name in wrong if name not in known), None)
    return "" if fresh is None else error_text(wrong[fresh])


def step(picture: Picture, name: str, phase: str, done: int, count: int) -> str:
    """Return a step of the playback: which it is, which node, and what came out there."""
    forward = phase == "forward"
    text = (
        mark("Spoken", "Forward {step} of {count}: {node}")
        if forward
        else mark("Spoken", "Backward {step} of {count}: {node}")
    )
    value, gradient = _figures(picture, name)
    shown = _numbers(picture, value if forward else None, None if forward else gradient, name)
    return _joined([_say(text, step=done, count=count, node=name), *shown])


def names(these: list[str]) -> str:
    """Return some names as one speaks of them: `w0, x0 and y`."""
    if len(these) > MOST_NAMED:
        more = len(these) - MOST_NAMED
        text = mark("Spoken", "{names} and {count} more")
        return _say(text, names=_list(these[:MOST_NAMED]), count=more)
    if len(these) < 2:
        return "".join(these)
    return _say(mark("Spoken", "{names} and {last}"), names=_list(these[:-1]), last=these[-1])


def _figures(picture: Picture, name: str) -> tuple[Figure | None, Figure | None]:
    figures, evaluation = picture.figures, picture.evaluation
    if picture.graph.nodes[name].is_leaf:
        value = figures.leaf(evaluation, picture.graph, name)
    else:
        value = figures.value(evaluation, name)
    return value, figures.gradient(evaluation, name)


def _numbers(
    picture: Picture, value: Figure | None, gradient: Figure | None, name: str
) -> list[str]:
    """Return the numbers in words; of an array its shape."""
    array: Array | None = picture.evaluation.values.get(name)
    shape = () if array is None else array.shape
    flow = TANGENT if picture.evaluation.mode == "forward" else GRADIENT
    return [
        _say(shaped, number=shape_text(shape)) if shape else _say(plain, number=figure.text)
        for figure, (plain, shaped) in ((value, VALUE), (gradient, flow))
        if figure is not None
    ]


def _list(these: list[str]) -> str:
    return reduce(lambda names, name: _say(BETWEEN_NAMES, names=names, name=name), these)


def _joined(parts: list[str]) -> str:
    return reduce(lambda before, after: _say(BETWEEN, before=before, after=after), parts)


def _say(text: str, **parts: object) -> str:
    return QCoreApplication.translate("Spoken", text).format(**parts)
