"""The palette that opens at the pointer: type what is wanted, Enter puts it there.

The keyboard stays in the search field, and the keys that move go through the list below it.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
)
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from gradstudio.gui import style
from gradstudio.gui.canvas.curves import curve
from gradstudio.gui.canvas.offers import Loose, Offer, Offers
from gradstudio.gui.floating import is_left, put_away
from gradstudio.gui.panels.facts import label
from gradstudio.gui.recent import Recent
from gradstudio.gui.theme import Theme

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

Index = QModelIndex | QPersistentModelIndex

WIDTH_PX = 390
ROWS = 8
MARGIN_PX = 8
"""What stays free between it and the border of the canvas."""
AWAY_PX = QPoint(6, 6)
SYMBOL_PX = 46
LINK_PX = 2.2
ROW_PADDING_PX = 5
SMALLEST_SYMBOL = 0.72
_RECENT = Recent("finder/recent", 12)
"""The ops chosen lately."""
_ROLE = Qt.ItemDataRole.UserRole


class _Found(QAbstractListModel):
    """What the query found, as rows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.offers: list[Offer] = []

    def show(self, offers: list[Offer]) -> None:
        self.beginResetModel()
        self.offers = offers
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.offers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        offer = self.offers[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return offer.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(offer)
        if role == Qt.ItemDataRole.ToolTipRole and offer.about:
            # As rich text it wraps; what is escaped cannot be read as anything but text.
            return f"<p>{html.escape(offer.about)}</p>"
        return offer if role == _ROLE else None


def spoken(offer: Offer) -> str:
    """Return what a screen reader says of an offer."""
    return ", ".join(part for part in (offer.title, offer.group, offer.about) if part)


class _Rows(QStyledItemDelegate):
    """Paints an offer: its sign, its title with the letters that matched, what it does."""

    def __init__(self, theme: Theme, font: QFont, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = QFont(font)
        self._marked = QFont(font)
        self._marked.setBold(True)
        self._symbol = QFont(self._marked)
        self._small = style.scaled(font, style.SMALL_PT)
        # Chinese letters are higher than the font's own.
        high = [
            QFontMetrics(one).size(Qt.TextFlag.TextSingleLine, "x矩").height()
            for one in (self._title, self._small)
        ]
        self._high = high[0], high[1]
        self.row_px = sum(high) + 2 * ROW_PADDING_PX

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.row_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        offer = index.data(_ROLE)
        theme, rect = self._theme, QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(rect)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(rect, 5, 5)
        text = QColor(theme.on_accent if chosen else theme.text)
        muted = QColor(theme.on_accent if chosen else theme.muted)
        accent = QColor(theme.on_accent if chosen else theme.accent)
        self._paint_symbol(
            painter, QRect(rect.left(), rect.top(), SYMBOL_PX, rect.height()), offer, text
        )
        inside = rect.adjusted(SYMBOL_PX, ROW_PADDING_PX, -10, -ROW_PADDING_PX)
        upper = QRect(inside.topLeft(), QSize(inside.width(), self._high[0]))
        lower = QRect(inside.left(), upper.bottom() + 1, inside.width(), self._high[1])
        self._paint_group(painter, upper, offer, muted)
        self._paint_title(painter, upper, offer, (text, muted, accent), underline=chosen)
        painter.setFont(self._small)
        painter.setPen(muted)
        said = painter.fontMetrics().elidedText(
            offer.about, Qt.TextElideMode.ElideRight, lower.width()
        )
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, said)
        painter.restore()

    def _paint_symbol(self, painter: QPainter, rect: QRect, offer: Offer, ink: QColor) -> None:
        room = rect.width() - 10
        wide = QFontMetrics(self._symbol).horizontalAdvance(offer.symbol)
        font = QFont(self._symbol)
        if wide > room:
            scale = room / wide
            if scale < SMALLEST_SYMBOL:
                # A word that long stands beside it anyway.
                return
            font = style.scaled(font, scale)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, offer.symbol)

    def _paint_group(self, painter: QPainter, rect: QRect, offer: Offer, ink: QColor) -> None:
        painter.setFont(self._small)
        painter.setPen(ink)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect, right, offer.group)
        rect.setRight(rect.right() - painter.fontMetrics().horizontalAdvance(offer.group) - 12)

    def _paint_title(
        self,
        painter: QPainter,
        rect: QRect,
        offer: Offer,
        inks: tuple[QColor, QColor, QColor],
        *,
        underline: bool,
    ) -> None:
        text, muted, accent = inks
        hit, x = offer.hit, rect.left()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        same = hit is not None and hit.text == offer.title
        parts = [(offer.title, hit.at if hit is not None and same else (), text)]
        if hit is not None and not same and hit.at:
            # What was typed is none of the letters of the title: say what it was found by.
            parts.append((f"  {hit.text}", tuple(at + 2 for at in hit.at), muted))
        for said, marked, ink in parts:
            for letter, run in _runs(said, marked):
                font = QFont(self._marked if run else self._title)
                font.setUnderline(run and underline)
                painter.setFont(font)
                painter.setPen(QPen(accent if run else ink))
                wide = painter.fontMetrics().horizontalAdvance(letter)
                place = QRect(x, rect.top(), wide + 2, rect.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, letter)
                x += wide
        painter.setClipping(False)


def _runs(text: str, marked: tuple[int, ...]) -> list[tuple[str, bool]]:
    """Cut `text` into pieces that are marked, or are not."""
    runs: list[tuple[str, bool]] = []
    for at, letter in enumerate(text):
        if runs and runs[-1][1] == (at in marked):
            runs[-1] = runs[-1][0] + letter, runs[-1][1]
        else:
            runs.append((letter, at in marked))
    return runs


class Finder(QFrame):
    """The palette at one place of a canvas; it goes away by itself.

    Args:
        canvas: the canvas.
        at: the place, in the viewport's coordinates.
        link: a link of which one end was dropped there.
    """

    def __init__(self, canvas: Canvas, at: QPointF, link: Loose) -> None:
        super().__init__(canvas)
        self.setProperty("box", "popup")
        self.setObjectName("finder")
        # What happens on it is not meant for the canvas below.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self._canvas, self._at, self._link = canvas, at.toPoint(), link
        self._done = False
        where = self._where = canvas.lens.scene(at)
        document = canvas.document
        self._offers = Offers(
            document.graph,
            document.evaluation.shapes,
            (where.x(), where.y()),
            link,
            (canvas.picture.sketch.centres, canvas.picture.sketch.half),
            _RECENT.names(),
            None if canvas.blanks is None else canvas.blanks.lab.allowed,
        )
        self.field = QLineEdit(self)
        self.field.setObjectName("finder_search")
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        # A click beside the rows would give the keyboard to the canvas.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self.field)
        self._model = _Found(self)
        self.list = QListView(self)
        self.list.setModel(self._model)
        rows = _Rows(canvas.theme, self.font(), self.list)
        self.list.setItemDelegate(rows)
        self._row_px = rows.row_px
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Not `entered`, which a list that scrolls below a resting mouse sends, too.
        self.list.setMouseTracking(True)
        self.list.viewport().installEventFilter(self)
        self.list.clicked.connect(lambda index: self.choose(index.row()))
        self.list.selectionModel().currentChanged.connect(self._say)
        self._nothing = label("muted", self)
        self._nothing.setContentsMargins(8, 6, 8, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(5)
        column.addWidget(self.field)
        column.addWidget(self._nothing)
        column.addWidget(self.list)
        self.retranslate()
        self._place()
        self._search("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self._repaint_link()

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        if self._link.source is not None and not self._link.only:
            text = self.tr("What follows {node}? Or a number, a formula")
            text = text.format(node=self._link.source)
        elif self._link.source is not None:
            text = self.tr("What takes {node}?").format(node=self._link.source)
        elif self._link.target is not None:
            text = self.tr("What feeds {node}?").format(node=self._link.target[0])
        else:
            text = self.tr("Name, sign, number or formula")
        self.field.setPlaceholderText(text)
        self.field.setAccessibleName(self.tr("Add node"))
        self.list.setAccessibleName(self.tr("Nodes to add"))

    # -- reading ----------------------------------------------------------------------------

    @property
    def offers(self) -> list[Offer]:
        """What is in the list."""
        return self._model.offers

    @property
    def row(self) -> int:
        """Which of them Enter would choose; -1 for none."""
        return self.list.currentIndex().row()

    # -- searching --------------------------------------------------------------------------

    def _search(self, query: str) -> None:
        self._model.show(self._offers.found(query))
        some = bool(self.offers)
        self._nothing.setText("" if some else self._offers.refusal(query))
        self._nothing.setVisible(not some)
        self.list.setVisible(some)
        self._go_to(0)
        self._fit()

    def _go_to(self, row: int) -> None:
        if self.offers:
            row = min(max(row, 0), len(self.offers) - 1)
            self.list.setCurrentIndex(self._model.index(row))

    def _say(self, now: QModelIndex) -> None:
        """Let a screen reader, which is at the field, hear what is chosen."""
        offer = now.data(_ROLE)
        self.field.setAccessibleDescription(spoken(offer) if isinstance(offer, Offer) else "")

    def choose(self, row: int) -> None:
        """Put what is in a row of the list onto the canvas, and go away."""
        if self._done or not 0 <= row < len(self.offers):
            return
        offer = self.offers[row]
        self.close_finder()
        if self._canvas.edits.put(offer.label, offer.put):
            if offer.key:
                _RECENT.remember(offer.key)
            if not offer.key or not self._link.only:
                # Where there was room for it may be out of sight.
                self._canvas.lens.see_selection()
            if offer.leaves:
                text = self.tr("New leaves begin at 1: {names}")
                names = ", ".join(offer.leaves[:6]) + (", …" if len(offer.leaves) > 6 else "")
                self._canvas.status.emit(text.format(names=names))

    def close_finder(self) -> None:
        """Go away, changing nothing."""
        if not self._done:
            self._done = True
            put_away(self, self._canvas)
            self._repaint_link()

    # -- the link that waits ----------------------------------------------------------------

    def _curve(self) -> QPainterPath:
        """Return the link as it was dropped; an empty path without one."""
        sketch = self._canvas.picture.sketch
        if not self._link.only:
            return QPainterPath()
        if self._link.source is not None:
            held = sketch.output_at(sketch.index[self._link.source])
            return curve(QPointF(*held), self._where)
        if self._link.target is not None:
            name, port = self._link.target
            return curve(self._where, QPointF(*sketch.port_at(sketch.index[name], port)))
        return QPainterPath()

    def _repaint_link(self) -> None:
        rect = self._curve().controlPointRect()
        self._canvas.scene().update(rect.adjusted(-LINK_PX, -LINK_PX, LINK_PX, LINK_PX))

    def paint_link(self, painter: QPainter) -> None:
        """Paint the link that waits for a node, in scene coordinates."""
        if self._done:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._canvas.theme.accent), LINK_PX))
        painter.drawPath(self._curve())

    # -- place ------------------------------------------------------------------------------

    def keep_inside(self) -> None:
        """Lie within the canvas again after that became another size."""
        self._place()
        self._fit()

    def _room(self) -> QRect:
        inside = QRect(self._canvas.viewport().geometry())
        return inside.adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)

    def _place(self) -> None:
        """Go as near to the pointer as the whole list has room."""
        room = self._room()
        wide = min(WIDTH_PX, room.width())
        high = min(self._needed_px(self._rows()), room.height())
        corner = self._at + AWAY_PX
        left = max(room.left(), min(corner.x(), room.right() + 1 - wide))
        top = max(room.top(), min(corner.y(), room.bottom() + 1 - high))
        self.setGeometry(left, top, wide, high)

    def _fit(self) -> None:
        """Be as high as what is in it, from the top down: the field stays where it is."""
        room = self._room()
        high = self._needed_px(min(self._rows(), len(self.offers)))
        if not self.offers:
            high += self._nothing.heightForWidth(self.width() - 14) + 8
        self.resize(self.width(), min(high, room.bottom() + 1 - self.y()))

    def _rows(self) -> int:
        """Return how many rows are shown at most: whole ones."""
        most = (self._room().height() - self._needed_px(1)) // self._row_px + 1
        return max(1, min(ROWS, most))

    def _needed_px(self, rows: int) -> int:
        return self.field.sizeHint().height() + 14 + (rows * self._row_px + 5 if rows else 0)

    # -- keys -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # What the field has no use for is not meant for the canvas below.
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field:
            if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
                index = self.list.indexAt(event.position().toPoint())
                if index.isValid():
                    self.list.setCurrentIndex(index)
            return False
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            if is_left(event):
                self.close_finder()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if self._does(event):
                event.accept()
                return True
        elif (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._does(event)
        ):
            self._press(Qt.Key(event.key()), back=event.key() == Qt.Key.Key_Backtab)
            return True
        return False

    def _does(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Backtab:
            return True
        return plain == Qt.KeyboardModifier.NoModifier and event.key() in _KEYS

    def _press(self, key: Qt.Key, *, back: bool) -> None:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self.row)
        elif key == Qt.Key.Key_Escape:
            self.close_finder()
        elif key == Qt.Key.Key_Home:
            self._go_to(0)
        elif key == Qt.Key.Key_End:
            self._go_to(len(self.offers) - 1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            page = max(1, self.list.viewport().height() // self._row_px)
            self._go_to(self.row + (page if key == Qt.Key.Key_PageDown else -page))
        elif self.offers:
            step = -1 if back or key == Qt.Key.Key_Up else 1
            self._go_to((self.row + step) % len(self.offers))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._search(self.field.text())
        super().changeEvent(event)


_KEYS = frozenset(
    {
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Escape,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Tab,
    }
)
