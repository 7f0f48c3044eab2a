"""Blanks to type into where the numbers would stand: values above an edge, gradients below it.

They are fields that move with the picture, so that typing, selecting and reading aloud are as
everywhere. A number that has a blank is not painted beside it, and keeps its place all the same.
Those of other items than the current one are small, and have their full size again as one comes to
them. Where an answer was kept and its numbers are shown, these stand there in place of the blanks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit

from gradstudio.gui import style
from gradstudio.gui.canvas import labels, results
from gradstudio.gui.canvas.blank_places import Wish, placed
from gradstudio.gui.canvas.figures import RESULT
from gradstudio.gui.canvas.sketch import Floats, indices
from gradstudio.gui.lab_session import MOST_LETTERS, SIGNS, LabSession
from gradstudio.gui.panels.facts import restyle
from gradstudio.lab.items import Blank, Verdict
from gradstudio.ops import shape_text

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

NUMBER_PX, ARRAY_PX = 54.0, 92.0
WIDE_PX = 230.0
"""How wide the field of an array becomes while one types into it."""
MOST_WIDE_PX = 110.0
ROOM_PX = 16.0
"""What a field takes beside its text."""
HIGH_PX = 19.0
SMALLER = 0.88
"""How much smaller blanks of other items than the current one are."""
SMALL_PX, SMALL_HIGH_PX = 25.0, 14.0
"""What an empty one of these takes."""
OFF_PX = 11.0
"""From the middle of a label to the middle of a blank above or below it."""
BESIDE_PX = 8.0
LEAST_SCALE, MOST_SCALE = 0.8, 2.5
LOCK_PX = (7.0, 5.0)
_AT_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class BlankField(QLineEdit):
    """One blank.

    Args:
        item: the item it belongs to.
        blank: what is asked.
        gradient: whether that is a gradient.
        blanks: all of them.
    """

    def __init__(self, item: str, blank: Blank, gradient: bool, blanks: Blanks) -> None:
        super().__init__(blanks.canvas.viewport())
        self.item, self.blank, self.gradient = item, blank, gradient
        self.sign = ""
        self.wide = self.high = 0.0
        self._blanks = blanks
        self.setProperty("blank", "gradient" if gradient else "value")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMaxLength(MOST_LETTERS)
        self.textEdited.connect(lambda text: blanks.lab.type(item, blank.id, text))
        self.editingFinished.connect(lambda: self.setCursorPosition(0))

    @property
    def is_array(self) -> bool:
        """Whether an array is asked."""
        return bool(self.blank.shape)

    @property
    def needed_px(self) -> float:
        """How wide it must be for its text and its sign to be seen whole."""
        return self.fontMetrics().horizontalAdvance(f"{self.text()}{self.sign}") + ROOM_PX

    def mark(self, verdict: Verdict | None) -> None:
        """Show what is said of it, by a sign and by colour."""
        self.sign = "" if verdict is None else SIGNS.get(verdict, "")
        room = self.fontMetrics().horizontalAdvance(self.sign) if self.sign else 0
        self.setTextMargins(0, 0, room, 0)
        restyle(self, "verdict", "" if verdict is None else verdict.value)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.sign:
            painter = QPainter(self)
            painter.setPen(self.palette().color(self.foregroundRole()))
            where = self.rect().adjusted(0, 0, -3, 0)
            painter.drawText(where, int(_AT_RIGHT), self.sign)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._blanks.enter(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._blanks.follow()

    def focusNextPrevChild(self, forward: bool) -> bool:
        self._blanks.step(self, 1 if forward else -1)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self._blanks.check_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self._blanks.canvas.setFocus()
        else:
            super().keyPressEvent(event)
            return
        event.accept()


class Blanks(QObject):
    """The blanks of one canvas, and the small locks on what must stay as it is.

    Args:
        canvas: where they lie.
        lab: what they are filled in for.
    """

    check_wanted = Signal()
    """Enter was pressed in one of them."""

    def __init__(self, canvas: Canvas, lab: LabSession) -> None:
        super().__init__(canvas)
        self.canvas, self.lab = canvas, lab
        self.fields: dict[tuple[str, str], BlankField] = {}
        for id, item in lab.exercise.items.items():
            for blank in lab.blanks(id) if lab.on_canvas(id) else ():
                field = BlankField(id, blank, item.kind == "gradients", self)
                self.fields[id, blank.id] = field
        lab.changed.connect(self.refresh)
        self._sketch: object = None
        self._shown: tuple[str, ...] = ()
        """The items whose numbers are shown in place of their blanks."""
        self.retranslate()
        self.refresh()

    def retranslate(self) -> None:
        """Say what each of them is, in the present language."""
        for field in self.fields.values():
            of_value, of_gradient = self.tr("value of {place}"), self.tr("gradient at {place}")
            template = of_gradient if field.gradient else of_value
            field.setAccessibleName(template.format(place=field.blank.label))

    # -- which number stands where ----------------------------------------------------------

    def _keep_room(self) -> None:
        """Let labels keep away from blanks, and numbers not be painted where one stands."""
        if self._sketch is self.canvas.picture.sketch:
            return
        self._sketch = self.canvas.picture.sketch
        found = {}
        for field in self.fields.values():
            target, port = self._edge_of(field) or (str(field.blank.node), RESULT)
            if not self._gone(field):
                found[target, port, field.gradient] = ARRAY_PX if field.is_array else NUMBER_PX
        self.canvas.picture.figures.blanks = found

    def _gone(self, field: BlankField) -> bool:
        """Return whether the number itself is painted where a blank stood."""
        # The gradient of a node is painted nowhere, so its field is where it is to be read.
        return field.item in self._shown and not (field.gradient and field.blank.port is None)

    def _show_numbers(self) -> None:
        """Let numbers that are shown now take the place of their blanks."""
        shown = tuple(id for id in self.lab.exercise.items if self.lab.uncovered(id))
        if shown == self._shown:
            return
        self._shown, self._sketch = shown, None
        sketch = self.canvas.picture.sketch
        for field in self.fields.values():
            edge = self._edge_of(field)
            if self._gone(field) and edge is not None and edge in sketch.edge_index:
                sketch.label_at[sketch.edge_index[edge]] = np.nan
            if self._gone(field) and field.hasFocus():
                self.canvas.setFocus()
        self.canvas.repaint_all()

    def _edge_of(self, field: BlankField) -> tuple[str, int] | None:
        """Return the edge a blank stands at; None for one at a node."""
        blank = field.blank
        if blank.node is None or blank.port is not None:
            return None if blank.node is None or blank.port is None else (blank.node, blank.port)
        if field.gradient:
            return None
        # The nearest of the edges its value goes along.
        graph, sketch = self.canvas.document.graph, self.canvas.picture.sketch
        edges = [
            (edge.target, edge.port)
            for edge in graph.consumers.get(blank.node, ())
            if (edge.target, edge.port) in sketch.edge_index
        ]
        return edges[0] if edges else None

    # -- showing ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what stands in each, and what was said of it."""
        self._show_numbers()
        for (item, id), field in self.fields.items():
            text, verdict = self.lab.text(item, id), self.lab.verdict(item, id)
            if item in self._shown:
                text, verdict = self.lab.truth(field.blank), None
            if field.text() != text:
                field.setText(text)
            field.mark(verdict)
            field.setReadOnly(self.lab.finished(item))
            restyle(field, "current", item == self.lab.current)
            shape = field.blank.shape
            field.setPlaceholderText(
                shape_text(shape) if shape and item == self.lab.current else ""
            )
            said = "" if not field.sign else f" {field.sign}"
            field.setAccessibleDescription(f"{text}{said}")
        self.follow()
        self.canvas.viewport().update()

    def follow(self) -> None:
        """Lie where the picture is now."""
        self._keep_room()
        # As it will be painted: what blanks make way for depends on it.
        self.canvas.picture.scale_texts(self.canvas.lens.zoom)
        zoom = self.canvas.lens.zoom * self.canvas.picture.sketch.text_scale
        scale = min(max(zoom, LEAST_SCALE), MOST_SCALE)
        names = self.canvas.picture.sketch.index
        shown = []
        for field in self.fields.values():
            seen = field.blank.node in names and not self._gone(field)
            if seen:
                self._size(field, scale)
                shown.append(field)
            if field.isHidden() == seen:
                field.setVisible(seen)
        # Those of the current item stay where they belong; the others make way.
        shown.sort(key=lambda one: one.item != self.lab.current)
        wishes = [self._wish(field, scale) for field in shown]
        view = self.canvas.viewport().size()
        found = placed(wishes, self._obstacles(), (view.width(), view.height()))
        for field, (x, y) in zip(shown, found.tolist(), strict=True):
            wide = field.wide
            if field.is_array and field.hasFocus():
                # Over what is beside it: one looks at nothing else meanwhile.
                wide = WIDE_PX * scale
            rect = QRectF(x - wide / 2, y - field.high / 2, wide, field.high).toRect()
            if field.geometry() != rect:
                field.setGeometry(rect)

    def _size(self, field: BlankField, scale: float) -> None:
        small = field.item != self.lab.current
        scale *= SMALLER if small else 1.0
        font, before = style.scaled(self.canvas.font(), scale), field.font()
        moved_px = font.pixelSize() - before.pixelSize()
        if moved_px or abs(font.pointSizeF() - before.pointSizeF()) > 0.05:
            field.setFont(font)
        full = ARRAY_PX if field.is_array else NUMBER_PX
        field.high = HIGH_PX * scale
        if small:
            empty = not field.text()
            full = SMALL_PX
            field.high = (SMALL_HIGH_PX if empty else HIGH_PX) * scale
        field.wide = full * scale
        if small or not field.is_array:
            field.wide = min(max(field.wide, field.needed_px), MOST_WIDE_PX * scale)

    def _wish(self, field: BlankField, scale: float) -> Wish:
        middle = self._middle(field, scale)
        return Wish(middle.x(), middle.y(), field.wide, field.high, field.gradient)

    def _obstacles(self) -> Floats:
        """Return what blanks do not cover: nodes, their names, and the numbers that are painted."""
        picture, lens = self.canvas.picture, self.canvas.lens
        sketch = picture.sketch
        bodies, _ = results.own_bodies(sketch, np.arange(len(sketch.names)))
        ends = [at for at in range(len(sketch.names)) if any(picture.result(at))]
        found = [bodies, results.rects(sketch, np.array(ends, int))]
        view = self.canvas.viewport().rect()
        exposed = QRectF(lens.scene(QPointF(0, 0)), lens.scene(QPointF(view.bottomRight())))
        every = sketch.drawn_edges(np.arange(len(sketch.edges)))
        picture.place_labels(labels.searched_in(sketch, every, exposed))
        edges = np.flatnonzero(np.isfinite(sketch.label_at[:, 0]))
        boxes = labels.label_boxes(sketch, edges)
        painted = [picture.edge_figures(edge) for edge in edges.tolist()]
        shown = np.array([[one is not None for one in pair] for pair in painted], bool)
        found.append(boxes[shown.reshape(-1, 2)])
        whole = np.concatenate(found)
        origin = lens.seen(QPointF(0, 0))
        return np.asarray(whole * lens.zoom + np.tile([origin.x(), origin.y()], 2))

    def _middle(self, field: BlankField, scale: float) -> QPointF:
        """Return where the middle of a blank is seen where nothing is in its way."""
        wide = field.wide
        picture, lens = self.canvas.picture, self.canvas.lens
        sketch, edge = picture.sketch, self._edge_of(field)
        if edge is None:
            rect = sketch.rect(sketch.index[str(field.blank.node)])
            if not field.gradient:
                right = lens.seen(QPointF(rect.right(), rect.center().y()))
                return right + QPointF(BESIDE_PX + wide / 2, -OFF_PX * scale)
            captioned = 18.0 if sketch.faces[sketch.index[str(field.blank.node)]].caption else 2.0
            below = lens.seen(QPointF(rect.center().x(), rect.bottom() + captioned))
            return below + QPointF(0, HIGH_PX * scale / 2)
        index = sketch.edge_index[edge]
        picture.place_labels(np.array([index]))
        at, apart = sketch.label_at[index], float(sketch.label_apart[index])
        if not np.isfinite(at).all():
            at, apart = sketch.along(np.array([index]), np.array([0.5]))[0, 0], 0.0
        off = apart * self.canvas.lens.zoom + OFF_PX * scale
        return lens.seen(QPointF(*at.tolist())) + QPointF(0, off if field.gradient else -off)

    # -- the keyboard -----------------------------------------------------------------------

    def of(self, item: str) -> list[BlankField]:
        """Return the blanks of an item, in the order one works in."""
        return [field for (one, _), field in self.fields.items() if one == item]

    def enter(self, field: BlankField) -> None:
        """The keyboard has come to a blank: its item is the current one."""
        self.lab.select(field.item)
        field.selectAll()
        field.raise_()
        self.follow()

    def step(self, field: BlankField, by: int) -> None:
        """Go to the next blank of the same item, or the one before."""
        row = [one for one in self.of(field.item) if not one.isHidden()]
        self.go_to(row[(row.index(field) + by) % len(row)])

    def go_to(self, field: BlankField) -> None:
        """Put the keyboard into a blank and bring it to sight."""
        edge, sketch = self._edge_of(field), self.canvas.picture.sketch
        names = [str(field.blank.node)] if edge is None else [edge[0], str(field.blank.node)]
        self.canvas.lens.keep_in_sight(sketch.bounds(indices(sketch, names)))
        self.follow()
        field.setFocus(Qt.FocusReason.TabFocusReason)

    def first(self, item: str) -> BlankField | None:
        """Return the first blank of an item with nothing in it, else with nothing right."""
        row = [one for one in self.of(item) if not one.isReadOnly()]
        empty = next((one for one in row if not one.text().strip()), None)
        wrong = next((one for one in row if one.sign == "✗"), None)
        return empty or wrong or next(iter(row), None)

    # -- painting ---------------------------------------------------------------------------

    def paint(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint a small lock at what must stay as it is, where anything else may be changed."""
        lab = self.lab
        if not lab.builds and not lab.exercise.editable:
            return
        sketch, locked = self.canvas.picture.sketch, set(lab.locked)
        colour = QColor(self.canvas.theme.muted)
        for node in sketch.nodes_in(exposed).tolist():
            if sketch.names[node] not in locked:
                continue
            rect = sketch.rect(node)
            wide, high = LOCK_PX
            body = QRectF(rect.left() - 1, rect.top() - 1, wide, high)
            painter.setPen(QPen(colour, 1.3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            arch = QRectF(body.left() + 1.5, body.top() - 4, wide - 3, 8)
            painter.drawArc(arch, 0, 180 * 16)
            painter.fillRect(body, colour)

    def end(self) -> None:
        """Go away."""
        self.canvas.picture.figures.blanks = {}
        for field in self.fields.values():
            field.hide()
            field.deleteLater()
        self.fields.clear()
