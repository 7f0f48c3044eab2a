"""Pictures of a graph: what the canvas shows, and nothing of the window."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QEvent, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from gradstudio.annotations import Annotations, Frame
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.gui.canvas.plate import FORMATS, Plate, Wish, picture_of, shot
from gradstudio.gui.theme import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"


def taken(hand, language: str, **wishes) -> bytes:
    wish = Wish(**{"theme": LIGHT, **wishes})
    return shot(hand.document, hand.playback, wish, language)


def pixels(content: bytes) -> QImage:
    image = QImage.fromData(content)
    assert not image.isNull()
    return image


def texts(content: bytes) -> list[str]:
    root = ET.fromstring(content)
    return ["".join(one.itertext()).strip() for one in root.iter(f"{SVG}text")]


def test_every_number_of_the_canvas_is_in_the_svg(hand, circuit: Graph) -> None:
    hand.give(circuit)
    said = texts(taken(hand, "svg"))
    for edge in circuit.edges():
        for text in hand.canvas.edge_text(edge.target, edge.port):
            assert text in said
    assert {"x", "y", "z", "+", "×", "−12"} <= set(said)


def test_a_png_is_as_large_as_asked_and_in_the_colours_asked(hand, circuit: Graph) -> None:
    hand.give(circuit)
    once, twice = (pixels(taken(hand, "png", scale=scale)) for scale in (1.0, 2.0))
    assert abs(twice.width() - 2 * once.width()) <= 1
    assert once.pixelColor(0, 0) == QColor(LIGHT.canvas)
    dark = pixels(taken(hand, "png", theme=DARK))
    assert dark.pixelColor(0, 0) == QColor(DARK.canvas)
    clear = pixels(taken(hand, "png", transparent=True))
    assert clear.pixelColor(0, 0).alpha() == 0
    assert clear.size() == twice.size()


def test_no_warning_is_printed(hand) -> None:
    hand.give(
        Graph()
        .add("x", "input", value=-40.0, at=(0, 0))
        .add("r", "relu", ("x",), at=(160, 0))
        .add("s", "sigmoid", ("r",), at=(320, 0))
        .add("l", "log", ("r",), at=(320, 120))
    )
    assert hand.canvas.picture.badges
    image = pixels(taken(hand, "png", scale=3.0))
    marks = {QColor(LIGHT.warning).rgb(), QColor(LIGHT.error).rgb()}
    count = sum(
        image.pixel(x, y) in marks for x in range(image.width()) for y in range(image.height())
    )
    assert count == 0


def test_nothing_is_cut_off(hand, circuit: Graph) -> None:
    hand.give(circuit)
    image = pixels(taken(hand, "png", scale=1.0))
    ground = QColor(LIGHT.canvas)
    wide, high = image.width(), image.height()
    border = [(x, y) for x in range(wide) for y in (0, 1, high - 2, high - 1)]
    border += [(x, y) for y in range(high) for x in (0, 1, wide - 2, wide - 1)]
    assert all(image.pixelColor(*at) == ground for at in border)


def test_no_selection_and_no_pointer_are_in_it(hand, circuit: Graph) -> None:
    hand.give(circuit)
    before = taken(hand, "png")
    hand.canvas.select_all()
    hand.move(hand.node("f"))
    assert taken(hand, "png") == before


def test_the_screen_is_left_as_it_was(hand, circuit: Graph) -> None:
    hand.give(circuit)
    hand.canvas.lens.zoom_at(hand.node("q"), 0.6)
    before = hand.canvas.viewport().grab().toImage()
    for language in FORMATS:
        taken(hand, language)
    assert hand.canvas.viewport().grab().toImage() == before


def test_a_selection_is_shown_alone(hand, circuit: Graph) -> None:
    hand.give(circuit)
    said = texts(taken(hand, "svg", names=("x", "y", "q")))
    assert {"x", "y", "+"} <= set(said)
    assert not {"z", "×", "−12"} & set(said)
    whole = Plate(hand.document, hand.playback, Wish(LIGHT))
    part = Plate(hand.document, hand.playback, Wish(LIGHT, names=("x", "y", "q")))
    assert part.bounds.width() < whole.bounds.width()
    for plate in (whole, part):
        plate.close()


def test_the_svg_and_the_pdf_show_what_the_png_shows(hand, circuit: Graph) -> None:
    hand.give(circuit)
    image = pixels(taken(hand, "png", scale=1.0))
    drawn = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    drawn.fill(QColor(LIGHT.canvas))
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(taken(hand, "svg"))).render(painter, QRectF(drawn.rect()))
    painter.end()
    assert _difference(image, drawn) < 4.0
    pdf = taken(hand, "pdf")
    assert pdf.startswith(b"%PDF-")
    assert b"/Subtype /Image" not in pdf


def _difference(one: QImage, other: QImage) -> float:
    """Return how far two pictures are apart, in levels of 255 on average."""
    arrays = []
    for image in (one, other):
        plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
        arrays.append(np.frombuffer(plain.constBits(), np.uint8).astype(float))
    return float(np.abs(arrays[0] - arrays[1]).mean())


def test_arrays_frames_and_notes_are_in_it(hand, arrays: Graph) -> None:
    hand.give(arrays)
    hand.canvas.select(("W", "matmul1"))
    hand.canvas.annotating.frame()
    hand.document.settle()
    title = next(iter(hand.graph.annotations.frames.values())).title
    said = texts(taken(hand, "svg"))
    assert "(5, 3)" in said
    assert title in said
    assert title not in texts(taken(hand, "svg", names=("X",)))


def test_what_would_be_too_large_is_refused(hand, circuit: Graph) -> None:
    hand.give(circuit.move({"f": (40_000.0, 0.0)}))
    with pytest.raises(GradStudioError, match="choose a smaller scale"):
        taken(hand, "png", scale=4.0)
    assert taken(hand, "svg")


def test_an_empty_graph_has_no_picture(hand) -> None:
    for language in FORMATS:
        with pytest.raises(GradStudioError, match="nothing to make a picture of"):
            taken(hand, language)


def test_the_steps_of_the_playback_are_in_it(hand, circuit: Graph) -> None:
    hand.give(circuit)
    hand.playback.first()
    assert "−12" not in texts(taken(hand, "svg"))
    hand.playback.last()
    assert "−12" in texts(taken(hand, "svg"))


def test_a_graph_without_a_window_can_be_drawn(qapp, circuit: Graph) -> None:
    content = picture_of(circuit, "png", Wish(LIGHT, 1.0))
    assert pixels(content).width() > 300


def test_a_folded_frame_and_the_inside_of_a_frame_are_shown_as_on_the_canvas(
    hand, circuit: Graph
) -> None:
    hand.give(circuit)
    hand.canvas.select(("x", "y", "q"))
    hand.canvas.annotating.frame()
    hand.document.settle()
    (frame,) = hand.graph.annotations.frames
    hand.canvas.annotating.choose(frame)
    hand.canvas.annotating.fold()
    hand.document.settle()
    said = texts(taken(hand, "svg"))
    assert "x" not in said
    assert "−12" in said
    code = taken(hand, "tikz").decode()
    assert code.count(r"\node[input") == code.count(r"\node[frame") == 1
    assert code.count(r"\draw[edge]") == 2
    inside = texts(taken(hand, "svg", inside=frame))
    assert {"x", "y", "+"} <= set(inside)


def test_a_picture_of_the_inside_of_a_frame_leaves_nothing_behind(hand, circuit: Graph) -> None:
    framed = Annotations().with_frame("frame1", Frame("Sum", nodes=("q",)))
    hand.give(circuit.annotate(framed))
    wish = Wish(LIGHT, inside="frame1")
    assert shot(hand.document, hand.playback, wish, "png")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    hand.document.new()
    assert not hand.graph.nodes
