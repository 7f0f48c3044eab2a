"""What the tool tip says of a node or an edge: its name, its shape, its numbers in full.

Names come out of files, so all of it is escaped: a tool tip that looks like HTML would be read so.
"""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import QCoreApplication

from gradstudio.emit.formula import to_line
from gradstudio.gui.canvas.folding import Block
from gradstudio.gui.canvas.picture import Picture
from gradstudio.gui.wording import error_text, passing_text
from gradstudio.numbers import full_text, hover_text, table
from gradstudio.ops import Array, shape_text

MOST_LINES = 12

Line = str | list[list[str]]
"""A line of text, or a table."""


def node_tip(picture: Picture, name: str) -> str:
    """Return what is said of a node."""
    node, evaluation = picture.graph.nodes[name], picture.evaluation
    title = QCoreApplication.translate("ops", node.rules.title)
    lines: list[Line] = [f"{name}   {title}"]
    if not node.is_leaf:
        lines.append(to_line(picture.graph, name))
    if node.muted:
        said = QCoreApplication.translate("Hover", "muted: {input} passes through")
        lines.append(said.format(input=passing_text(picture.graph, name, evaluation.shapes)))
    wrong = picture.wrong(name)
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
    lines: list[Line] = [text.format(title=block.title, count=len(block.nodes))]
    for name in block.nodes:
        wrong = picture.wrong(name)
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
    lines: list[Line] = [f"{link.source} → {link.target} ({port})"]
    lines.append(to_line(picture.graph, link.target))
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


def _gradient(picture: Picture, gradient: Array | None, tangent: Array | None) -> list[Line]:
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


def _number(what: str, value: Array) -> list[Line]:
    said = QCoreApplication.translate("Hover", "{what}: {number}")
    if not value.shape:
        return [said.format(what=what, number=hover_text(value))]
    head = said.format(what=what, number=shape_text(value.shape))
    lines: list[Line] = [head, table(value)]
    finite = value[np.isfinite(value)] if value.size else value
    if value.size > 1 and finite.size:
        limits = QCoreApplication.translate("Hover", "from {least} to {most}").format(
            least=full_text(float(finite.min())), most=full_text(float(finite.max()))
        )
        lines[0] = f"{head}   {limits}"
    if finite.size < value.size:
        count = QCoreApplication.translate("Hover", "{count} of {all} entries are not finite")
        lines.append(count.format(count=value.size - finite.size, all=value.size))
    return lines


def _plain(lines: list[Line]) -> str:
    pieces = []
    for line in lines:
        if isinstance(line, str):
            text = html.escape(line)
            pieces.append(f"<p style='white-space:pre; margin:0'>{text}</p>")
        else:
            rows = "".join(
                "<tr>"
                + "".join(f"<td align='right'>{html.escape(text)}</td>" for text in row)
                + "</tr>"
                for row in line
            )
            pieces.append(f"<table cellpadding='1' cellspacing='4'>{rows}</table>")
    return "".join(pieces)
