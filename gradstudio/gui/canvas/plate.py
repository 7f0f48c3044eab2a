"""Pictures of a graph without the window: as the canvas draws it, for a file, a printer, a slide.

A plate is drawn by a canvas of its own that nobody sees, so it is what the screen shows, but for
what belongs to the hand: no selection, no pointer, no dots in the ground. Texts get their light
border as one stroke and shadows are drawn as forms, so that a vector picture stays small and sharp.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QImage,
    QImageWriter,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from gradstudio.emit.tikz import Link, Place, to_tikz
from gradstudio.errors import GradStudioError, mark
from gradstudio.graph import Graph
from gradstudio.gui.canvas.figures import Figure
from gradstudio.gui.canvas.layers import EVERYWHERE
from gradstudio.gui.canvas.sketch import indices
from gradstudio.gui.canvas.view import Canvas
from gradstudio.gui.document import Document
from gradstudio.gui.playback import Playback
from gradstudio.gui.theme import Theme

MARGIN_PX = 16.0
MOST_PIXELS = 120_000_000
LEAST_SCALE, MOST_SCALE = 0.1, 16.0
POINTS_PER_PX = 0.75
PDF_DPI = 1200
"""How finely a PDF places its lines."""
PAPER_MARGIN_MM = 12.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a picture is to be like.

    Args:
        theme: its colours.
        scale: how many pixels of a PNG a px at 100 % takes.
        transparent: whether the ground is left out.
        names: the nodes shown, with the edges between them; None for the whole graph.
        inside: the frame whose inside alone is shown, as on a canvas that has entered it.
    """

    theme: Theme
    scale: float = 2.0
    transparent: bool = False
    names: tuple[str, ...] | None = None
    inside: str | None = None


class Plate:
    """One picture, ready to be drawn on anything.

    Args:
        document: whose graph it shows, with the numbers it has now.
        playback: how far they are shown.
        wish: what it is to be like.

    Raises:
        GradStudioError: there is nothing to show.
    """

    def __init__(self, document: Document, playback: Playback, wish: Wish) -> None:
        self._wish = wish
        self._canvas = Canvas(document, playback)
        self._canvas.set_theme(wish.theme)
        self._canvas.levels.go_into(wish.inside)
        self._document = document
        picture, boards = self._canvas.picture, self._canvas.boards
        picture.on_paper = True
        boards.refresh()
        sketch = picture.sketch
        whole = wish.names is None
        wanted = indices(sketch, sketch.names if wish.names is None else wish.names)
        self._nodes = np.intersect1d(wanted, sketch.nodes_in(EVERYWHERE))
        inside = np.zeros(len(sketch.names), bool)
        inside[wanted] = True
        edges = sketch.edges_in(EVERYWHERE)
        self._edges = edges[inside[sketch.source[edges]] & inside[sketch.target[edges]]]
        self._frames, self._notes = list(boards.frames), list(boards.notes)
        if not whole:
            self._frames = [
                name for name in boards.annotations.whole(wish.names or ()) if name in boards.frames
            ]
            self._notes = [
                name
                for name, note in boards.annotations.notes.items()
                if note.inside in self._frames and name in boards.notes
            ]
        picture.place_labels(self._edges)
        bounds = sketch.dirty(self._nodes, self._edges).united(picture.bounds(1.0, self._nodes))
        for rect in (
            *(boards.frames[name].rect for name in self._frames),
            *(boards.notes[name] for name in self._notes),
        ):
            bounds = bounds.united(rect)
        if bounds.isEmpty():
            self.close()
            raise GradStudioError(mark("core", "there is nothing to make a picture of"))
        self.bounds = bounds.adjusted(-MARGIN_PX, -MARGIN_PX, MARGIN_PX, MARGIN_PX)
        """What the picture covers, in px at 100 %."""

    def close(self) -> None:
        """Let go of the canvas it is drawn by."""
        self._canvas.deleteLater()

    def paint(self, painter: QPainter) -> None:
        """Draw it with its upper left corner at the origin, in px at 100 %."""
        picture = self._canvas.picture
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._wish.transparent:
            ground = QRectF(QPointF(), self.bounds.size())
            painter.fillRect(ground, QColor(self._wish.theme.canvas))
        painter.translate(-self.bounds.topLeft())
        self._canvas.boards.paint_some(painter, self.bounds, self._frames, self._notes)
        picture.paint_curves(painter, self._edges, 1.0, self.bounds)
        picture.paint_labels(painter, self._edges, 1.0, self.bounds)
        picture.paint_nodes(painter, self._nodes, 1.0)
        picture.paint_pins(painter, self._edges, 1.0)

    # -- what it becomes --------------------------------------------------------------------

    def image(self) -> QImage:
        """Return it as pixels.

        Raises:
            GradStudioError: they would be too many.
        """
        scale = self._wish.scale
        size = QSize(*(max(1, round(side * scale)) for side in self.bounds.size().toTuple()))
        if size.width() * size.height() > MOST_PIXELS or max(size.toTuple()) > 32_000:
            raise GradStudioError(
                mark(
                    "core",
                    "the picture would have {width} × {height} pixels: choose a smaller scale, "
                    "or SVG or PDF",
                ),
                width=size.width(),
                height=size.height(),
            )
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        dots = round(scale * 96 / 0.0254)
        image.setDotsPerMeterX(dots)
        image.setDotsPerMeterY(dots)
        painter = QPainter(image)
        painter.scale(scale, scale)
        self.paint(painter)
        painter.end()
        return image

    def png(self) -> bytes:
        """Return it as the content of a PNG file."""
        buffer = _buffer()
        QImageWriter(buffer, QByteArray(b"png")).write(self.image())
        return bytes(buffer.data().data())

    def svg(self) -> bytes:
        """Return it as the content of an SVG file."""
        buffer = _buffer()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setTitle(self._document.title)
        generator.setSize(self.bounds.size().toSize())
        generator.setViewBox(QRectF(QPointF(), self.bounds.size()))
        # One unit is one px, for lines as for letters.
        generator.setResolution(96)
        painter = QPainter(generator)
        self.paint(painter)
        painter.end()
        return bytes(buffer.data().data())

    def pdf(self) -> bytes:
        """Return it as the content of a PDF file whose one page is as large as it is."""
        buffer = _buffer()
        writer = QPdfWriter(buffer)
        writer.setTitle(self._document.title)
        writer.setCreator("GradStudio")
        writer.setResolution(PDF_DPI)
        points = self.bounds.size() * POINTS_PER_PX
        writer.setPageSize(
            QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
        )
        writer.setPageMargins(QMarginsF())
        painter = QPainter(writer)
        scale = PDF_DPI / 72 * POINTS_PER_PX
        painter.scale(scale, scale)
        self.paint(painter)
        painter.end()
        return bytes(buffer.data().data())

    def tikz(self) -> bytes:
        """Return it as a LaTeX document that draws it with TikZ."""
        picture, boards = self._canvas.picture, self._canvas.boards
        sketch = picture.sketch
        places = {}
        for node in self._nodes.tolist():
            name, face, (x, y) = sketch.names[node], sketch.faces[node], sketch.centres[node]
            places[name] = Place(
                kind="output" if face.kind == "op" and node == sketch.output else face.kind,
                op=picture.graph.nodes[name].op,
                at=(float(x), float(y)),
                half=face.half,
                circle=face.circle,
                text=face.text,
                value=face.value,
                caption=bool(face.caption),
                result=_texts(picture.result(node)) if face.kind == "op" else ("", ""),
            )
        lead = np.arange(len(sketch.names)) if sketch.lead is None else sketch.lead
        links = []
        for edge in self._edges.tolist():
            source = int(lead[sketch.source[edge]])
            (x, y), folded = sketch.start[edge], sketch.faces[source].block is not None
            start = (float(x), float(y)) if folded else None
            end = (float(sketch.end[edge, 0]), float(sketch.end[edge, 1]))
            figures = _texts(picture.edge_figures(edge))
            links.append(Link(sketch.names[source], start, end, *figures))
        frames = [
            (boards.frames[name].frame.title, _rect(boards.frames[name].rect))
            for name in self._frames
        ]
        return to_tikz(places, links, frames).encode()

    def print_on(self, device: QPagedPaintDevice) -> None:
        """Draw it as large as one page of a printer allows, at most at its own size."""
        device.setPageMargins(QMarginsF(*(PAPER_MARGIN_MM,) * 4), QPageLayout.Unit.Millimeter)
        painter = QPainter(device)
        page = QSizeF(painter.viewport().size())
        wide, high = self.bounds.size().toTuple()
        scale = min(page.width() / wide, page.height() / high, device.logicalDpiX() / 96)
        painter.translate((page.width() - wide * scale) / 2, 0)
        painter.scale(scale, scale)
        self.paint(painter)
        painter.end()


FORMATS: dict[str, Callable[[Plate], bytes]] = {
    "png": Plate.png,
    "svg": Plate.svg,
    "pdf": Plate.pdf,
    "tikz": Plate.tikz,
}
"""What a picture can be written as."""


def shot(document: Document, playback: Playback, wish: Wish, language: str) -> bytes:
    """Return a picture as the content of a file.

    Args:
        document: whose graph it shows.
        playback: how far its numbers are shown.
        wish: what it is to be like.
        language: one of `FORMATS`.

    Raises:
        GradStudioError: there is nothing to show, or it would be too large.
    """
    plate = Plate(document, playback, wish)
    try:
        return FORMATS[language](plate)
    finally:
        plate.close()


def _texts(figures: tuple[Figure | None, Figure | None]) -> tuple[str, str]:
    value, gradient = figures
    return value.text if value else "", gradient.text if gradient else ""


def picture_of(graph: Graph, language: str, wish: Wish) -> bytes:
    """Return a picture of a graph that no window shows, as the content of a file.

    Args:
        graph: shown with all its numbers.
        language: one of `FORMATS`.
        wish: what it is to be like.

    Raises:
        GradStudioError: there is nothing to show, or it would be too large.
    """
    # Kept until the picture is drawn: fonts live as long as the application.
    application = QApplication.instance() or QApplication(["gradstudio"])
    document = Document(application)
    try:
        document.commit("", graph)
        document.settle()
        return shot(document, Playback(document), wish, language)
    finally:
        document.close()
        document.deleteLater()


def _rect(rect: QRectF) -> tuple[float, float, float, float]:
    return rect.x(), rect.y(), rect.width(), rect.height()


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
