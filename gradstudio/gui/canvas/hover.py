"""What the tool tip says of a node or an edge: its name, its shape, its numbers in full.

Names come out of files, so all of it is escaped: a tool tip that looks like HTML would be read so.
"""

from __future__ import annotations

import html

from PySide6.QtCore import QCoreApplication

from gradstudio.gui.canvas.folding import Block
from gradstudio.gui.canvas.picture import Picture
from gradstudio.gui.wording import error_text, passing_text
from gradstudio.numbers import hover_text
from gradstudio.ops import Array, shape_text

MOST_LINES = 12


def node_tip(picture: Picture, name: str) -> str:
    """Return what is said of a node."""
    node, evaluation = picture.graph.nodes[name], picture.evaluation
    title = QCoreApplication.translate("ops", node.rules.title)
    lines = [f"{name}   {title}"]
    if node.muted:
        said = QCoreApplication.translate("Hover", "muted: {input} passes through")
        lines.append(said.format(input=passing_text(picture.graph, name, evaluation.shapes)))
    wrong = evaluation.errors.get(name) or evaluation.warnings.get(name)
    if wrong is not None:
        lines.append(error_text(wrong))
    value = evaluation.values.get(name)
    if value is not None and picture.figures.value(evaluation, name) is not None:
        lines += _number(QCoreApplication.translate("Hover", "value"), value)
    if picture.figures.gradient(evaluation, name) is not None:
        lines += _gradient(picture, evaluation.grads.get(name), evaluation.tangents.get(name))
    return _plain(lines)


def block_tip(picture: Picture, block: Block) -> str:
    """Return what is said of a folded frame."""
    text = QCoreApplication.translate("Hover", "{title}   a folded frame of {count} nodes")
    lines = [text.format(title=block.title, count=len(block.nodes))]
    for name in block.nodes:
        wrong = picture.evaluation.errors.get(name) or picture.evaluation.warnings.get(name)
        if wrong is not None:
            lines.append(error_text(wrong))
    for name in block.outputs:
        value = picture.evaluation.values.get(name)
        if value is not None and picture.figures.value(picture.evaluation, name) is not None:
            lines += _number(name, value)
    return _plain(lines[:MOST_LINES])


def edge_tip(picture: Picture, edge: int) -> str:
    """Return what is said of an edge."""
    link, evaluation = picture.sketch.edges[edge], picture.evaluation
    port = picture.graph.ports(link.target)[link.port]
    value, gradient = picture.edge_figures(edge)
    lines = [f"{link.source} → {link.target} ({port})"]
    if value is not None:
        lines += _number(
            QCoreApplication.translate("Hover", "value"), evaluation.values[link.source]
        )
    if gradient is not None:
        lines += _gradient(
            picture,
            evaluation.edge_grads.get((link.target, link.port)),
            evaluation.tangents.get(link.source),
        )
    return _plain(lines)


def _gradient(picture: Picture, gradient: Array | None, tangent: Array | None) -> list[str]:
    if picture.evaluation.mode == "forward":
        return (
            []
            if tangent is None
            else _number(QCoreApplication.translate("Hover", "tangent"), tangent)
        )
    return (
        []
        if gradient is None
        else _number(QCoreApplication.translate("Hover", "gradient"), gradient)
    )


def _number(what: str, value: Array) -> list[str]:
    said = QCoreApplication.translate("Hover", "{what}: {number}")
    if not value.shape:
        return [said.format(what=what, number=hover_text(value))]
    head = said.format(what=what, number=shape_text(value.shape))
    return [head, *hover_text(value).split("\n")]


def _plain(lines: list[str]) -> str:
    return f"<p style='white-space:pre'>{html.escape(chr(10).join(lines))}</p>"
