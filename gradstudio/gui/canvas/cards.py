"""How frames and notes are painted: soft fills, titles, and Markdown that can do no harm.

A title is plain text. A note's Markdown is read without HTML, and whatever it refers to (pictures,
style sheets) is not loaded; its links lead nowhere, as it is only painted.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QBrush,
    QColor,
    QFont,
    QPainter,
    QPalette,
    QPen,
    QPolygonF,
    QTextDocument,
)

from gradstudio.annotations import Frame, Note
from gradstudio.gui.canvas.face import Fonts
from gradstudio.gui.canvas.legibility import PLAIN_SCALE, TEXT_SCALE, text_scale
from gradstudio.gui.theme import Theme, named_colour

ROUND_PX = 8.0
NOTE_ROUND_PX = 4.0
NOTE_MARGIN_PX = 8.0
MORE = "⋯"
"""Stands below a text that goes on."""
MOST_KEPT = 256
MOST_LARGER = 1.6
"""How much larger a title is drawn at most in a small picture."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colours, the fonts and the scale something is painted in."""

    theme: Theme
    fonts: Fonts
    zoom: float


class Paper(QTextDocument):
    """A note's text, laid out; it asks for nothing from outside."""

    def __init__(self, note: Note, font: QFont, theme: Theme) -> None:
        super().__init__()
        self.setDocumentMargin(0)
        self.setUndoRedoEnabled(False)
        self.setIndentWidth(18)
        self.setDefaultFont(font)
        # The colours of links and quotes are taken from the style sheet while the text is read.
        self.setDefaultStyleSheet(f"a {{ color: {theme.accent}; }}")
        features = QTextDocument.MarkdownFeature
        self.setMarkdown(note.text, features.MarkdownDialectGitHub | features.MarkdownNoHTML)
        self.setTextWidth(max(1.0, note.rect[2] - 2 * NOTE_MARGIN_PX))

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Nothing: a note shows no picture from the disk or the net."""
        return None


def needed_px(note: Note, fonts: Fonts, theme: Theme) -> float:
    """Return how high a note must be for all of its text."""
    return math.ceil(Paper(note, fonts.caption, theme).size().height() + 2 * NOTE_MARGIN_PX)


class Papers:
    """The texts of notes, laid out once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], Paper] = OrderedDict()

    def paper(self, note: Note, look: Look) -> Paper:
        """Return the text of `note` as it is painted."""
        key = (note.text, note.rect[2], look.theme.name, look.fonts.base.key())
        paper = self._kept.get(key)
        if paper is None:
            paper = self._kept[key] = Paper(note, look.fonts.caption, look.theme)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return paper


def paint_frame(
    painter: QPainter, rect: QRectF, frame: Frame, title_px: float, look: Look, chosen: bool
) -> None:
    """Paint a frame: a soft fill, its border, and its title where the scale allows text."""
    colour = QColor(named_colour(look.theme, frame.colour))
    fill = QColor(colour)
    fill.setAlphaF(0.10 if look.theme.dark else 0.07)
    if look.zoom < PLAIN_SCALE:
        painter.fillRect(rect, fill)
        return
    line = QColor(look.theme.accent) if chosen else QColor(colour)
    line.setAlphaF(1.0 if chosen else 0.55)
    painter.setPen(QPen(line, (2.0 if chosen else 1.2) * min(text_scale(look.zoom), 1.4)))
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, ROUND_PX, ROUND_PX)
    if look.zoom < TEXT_SCALE:
        return
    title = QRectF(rect.left(), rect.top(), rect.width(), title_px)
    paint_triangle(painter, QPointF(title.left() + 13, title.center().y()), colour)
    fonts = look.fonts.at(min(text_scale(look.zoom), MOST_LARGER))
    painter.setFont(fonts.label)
    painter.setPen(QPen(QColor(look.theme.text)))
    room = title.adjusted(24, 0, -8, 0)
    painter.drawText(
        room,
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine,
        fonts.elided("label", frame.title, room.width()),
    )


def paint_triangle(painter: QPainter, at: QPointF, colour: QColor, *, folded: bool = False) -> None:
    """Paint what a click on folds a frame, or unfolds it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if folded:
        corners = (QPointF(-3, -4.5), QPointF(-3, 4.5), QPointF(3.5, 0))
    else:
        corners = (QPointF(-4.5, -3), QPointF(4.5, -3), QPointF(0, 3.5))
    painter.drawPolygon(QPolygonF([at + one for one in corners]))


def paint_target(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Mark the frame that what is dragged would fall into."""
    accent = QColor(theme.accent)
    painter.setPen(QPen(accent, 2.4))
    accent.setAlphaF(0.08)
    painter.setBrush(accent)
    painter.drawRoundedRect(rect, ROUND_PX, ROUND_PX)


def paint_note(
    painter: QPainter, rect: QRectF, note: Note, look: Look, chosen: bool, papers: Papers
) -> None:
    """Paint a note: its card, and its text as far as it has room."""
    theme = look.theme
    colour = QColor(named_colour(theme, note.colour))
    card = _mixed(QColor(theme.card), colour, 0.22 if theme.dark else 0.16)
    if look.zoom < PLAIN_SCALE:
        painter.fillRect(rect, card)
        return
    line = QColor(theme.accent) if chosen else _mixed(card, colour, 0.45)
    painter.setPen(QPen(line, 2.0 if chosen else 1.0))
    painter.setBrush(QBrush(card))
    painter.drawRoundedRect(rect, NOTE_ROUND_PX, NOTE_ROUND_PX)
    if look.zoom < TEXT_SCALE:
        return
    room = rect.adjusted(NOTE_MARGIN_PX, NOTE_MARGIN_PX, -NOTE_MARGIN_PX, -NOTE_MARGIN_PX)
    paper = papers.paper(note, look)
    painter.save()
    painter.setClipRect(room, Qt.ClipOperation.IntersectClip)
    painter.translate(room.topLeft())
    context = QAbstractTextDocumentLayout.PaintContext()
    context.palette.setColor(QPalette.ColorRole.Text, QColor(theme.text))
    context.clip = QRectF(0, 0, room.width(), room.height())
    paper.documentLayout().draw(painter, context)
    painter.restore()
    if paper.size().height() > room.height() + NOTE_MARGIN_PX:
        painter.setFont(look.fonts.caption)
        painter.setPen(QColor(theme.text))
        corner = rect.adjusted(0, 0, -NOTE_MARGIN_PX, -1)
        painter.drawText(corner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, MORE)


def _mixed(first: QColor, second: QColor, part: float) -> QColor:
    def mixed(one: int, other: int) -> int:
        return round(one * (1 - part) + other * part)

    return QColor(
        mixed(first.red(), second.red()),
        mixed(first.green(), second.green()),
        mixed(first.blue(), second.blue()),
    )
