"""The command palette: every order of the menus, found by any of its names and given with Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPalette,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from gradstudio.gui.floating import is_left
from gradstudio.gui.orders import Order
from gradstudio.gui.recent import Recent
from gradstudio.gui.search import ranked

WIDTH_PX = 580
TOP_PX = 32
ROWS = 11
ROW_PX = 30
MARGIN_PX = 10
RECENT = Recent("orders/recent", 12)
"""The orders given last."""
_ORDER = Qt.ItemDataRole.UserRole
_WHY = Qt.ItemDataRole.UserRole + 1
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QFrame):
    """Floats over the window until an order was given, or the keyboard goes elsewhere.

    Args:
        orders: all there are.
        why: says why an order cannot be given now; "" where that is not known.
        window: what it floats over.
        otherwise: gets the keyboard at the end, where what had it is gone by then.
    """

    def __init__(
        self,
        orders: Sequence[Order],
        why: Callable[[Order], str],
        window: QWidget,
        otherwise: QWidget,
    ) -> None:
        super().__init__(window)
        self._orders = orders
        self._why = why
        self._otherwise = otherwise
        self._before = QApplication.focusWidget()
        self.setProperty("box", "floating")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(self.tr("Commands"))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Type what you want to do"))
        self.field.setAccessibleName(self.tr("Type what you want to do"))
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._search)
        self.list = QListWidget(self)
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self.list.currentRowChanged.connect(self._say)
        self.list.itemClicked.connect(lambda _: self._run())
        self._nothing = QLabel(self.tr("No command is called that."), self)
        self._nothing.setProperty("role", "muted")
        self._nothing.setContentsMargins(MARGIN_PX, 4, MARGIN_PX, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self._nothing)
        window.installEventFilter(self)
        self._search("")
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def shown(self) -> list[Order]:
        """Return the orders that were found, the best first."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return [cast("Order", item.data(_ORDER)) for item in items]

    # -- searching --------------------------------------------------------------------------

    def _search(self, text: str) -> None:
        self.list.clear()
        found = ranked(
            text,
            self._orders,
            lambda order: (order.names, order.others),
            lambda order: order.key,
            RECENT.names(),
            weight=lambda order: bool(text.strip()) and not order.action.isEnabled(),
        )
        for order, _ in found:
            item = QListWidgetItem(order.text)
            why = "" if order.action.isEnabled() else self._why(order)
            item.setData(_ORDER, order)
            item.setData(_WHY, why)
            said = (order.text, order.where, order.first_key, why)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, said)))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(min(len(found), ROWS) * ROW_PX)
        self.list.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._place()

    def _say(self, row: int) -> None:
        """Let a screen reader, which is at the field, hear what is chosen."""
        said = self.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole) if row >= 0 else ""
        self.field.setAccessibleDescription(said)

    def _run(self) -> None:
        row = self.list.currentRow()
        if row < 0 or not (order := self.shown()[row]).action.isEnabled():
            # Its reason stands beside it.
            return
        RECENT.remember(order.key)
        # Closed first: what it does is done to where the keyboard was.
        self._leave()
        order.action.trigger()

    # -- keys -------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self.field:
            if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
            if (
                isinstance(event, QFocusEvent)
                and event.lostFocus()
                and self.isVisible()
                and is_left(event)
            ):
                self._close()
        elif kind == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        elif key == Qt.Key.Key_Escape:
            self._leave()
        elif key in _MOVES:
            rows = self.list.count()
            by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: 1 - ROWS}
            row = self.list.currentRow() + by.get(Qt.Key(key), ROWS - 1)
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                row %= max(rows, 1)
            self.list.setCurrentRow(min(max(row, 0), rows - 1))
        else:
            # Elsewhere there is nothing to tab to.
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def _leave(self) -> None:
        """Go away, and give the keyboard back."""
        self._close()
        # A finder or an editor on the canvas goes away when it loses the keyboard.
        before = self._before
        if before is None or not isValid(before) or not before.isVisible():
            before = self._otherwise
        before.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _close(self) -> None:
        self.field.removeEventFilter(self)
        self.close()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.window().removeEventFilter(self)

    def _place(self) -> None:
        over = self.window()
        wide = min(WIDTH_PX, over.width() - 2 * MARGIN_PX)
        self.setFixedWidth(wide)
        self.adjustSize()
        self.move((over.width() - wide) // 2, TOP_PX)


class _Rows(QStyledItemDelegate):
    """Paints an order: its name, where it stands or why it cannot be given, and its keys."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(100, ROW_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        order, why = cast("Order", index.data(_ORDER)), str(index.data(_WHY))
        able = order.action.isEnabled()
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        rect: QRect = option.rect
        palette: QPalette = option.palette
        role = QPalette.ColorRole
        if current or hovered:
            painter.fillRect(rect, palette.color(role.Highlight if current else role.Light))
        faint = palette.color(role.PlaceholderText)
        ink = palette.color(role.HighlightedText if current else role.Text)
        quiet = ink if current else faint
        font: QFont = option.font
        metrics = QFontMetrics(font)
        inside = rect.adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font)
        painter.setPen(quiet)
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, order.first_key)
        inside.setRight(inside.right() - metrics.horizontalAdvance(order.first_key) - MARGIN_PX)
        painter.setPen(ink if able else quiet)
        text = metrics.elidedText(order.text, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, middle, text)
        inside.setLeft(inside.left() + metrics.horizontalAdvance(text) + MARGIN_PX)
        painter.setPen(quiet)
        aside = why if why and not able else order.where
        painter.drawText(
            inside,
            middle,
            metrics.elidedText(aside, Qt.TextElideMode.ElideRight, max(inside.width(), 0)),
        )
