"""The panel of a lab: what it is about, its tasks and how far they are, and the current one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gradstudio.errors import GradStudioError
from gradstudio.gui.lab_session import NOTED, OPEN, PARTLY, RIGHT, WRONG, LabSession
from gradstudio.gui.panels import lab_words
from gradstudio.gui.panels.facts import Words, heading, label
from gradstudio.gui.panels.lab_fields import ChoiceField, LineField, field_of
from gradstudio.gui.panels.reading import Reading
from gradstudio.gui.wording import error_text, language
from gradstudio.lab.items import Item
from gradstudio.lab.texts import Text
from gradstudio.numbers import number_text

SIGNS = {OPEN: "○", RIGHT: "✓", PARTLY: "◐", WRONG: "✗", NOTED: "●"}
AT_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MOST_ROWS = 7
INSTRUCTIONS_PX = 230
BELOW_PX = 90
"""What is shown below the field one types into: the buttons."""


class LabPanel(QFrame):
    """Shows one lab; hidden where there is none."""

    check_wanted = Signal()
    hint_wanted = Signal()
    keep_wanted = Signal()
    blank_wanted = Signal()
    """The keyboard is to go to the first blank of the current item."""
    left = Signal()
    """Escape was pressed: the keyboard is to go back to the canvas."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lab: LabSession | None = None
        self._shown: str | None = None
        self._fields: list[LineField | ChoiceField] = []
        self.setProperty("box", "panel")
        self._make()
        self.hide()

    def _make(self) -> None:
        inside = QWidget()
        self.title = label("title", inside)
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() * 1.15)
        self.title.setFont(font)
        self.about = label("muted", inside)
        self.late = label("muted", inside)
        self.instructions = Reading(INSTRUCTIONS_PX, inside)
        self._items_heading = heading(inside)
        self.items = QTreeWidget(inside)
        self.items.setObjectName("lab_items")
        self.items.setHeaderHidden(True)
        self.items.setColumnCount(2)
        self.items.setRootIsDecorated(False)
        self.items.setUniformRowHeights(True)
        self.items.setProperty("airy", True)
        self.items.setTabKeyNavigation(False)
        self.items.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.items.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.items.header().setStretchLastSection(False)
        self.items.currentItemChanged.connect(self._choose)
        self.items.itemActivated.connect(lambda *_: self.blank_wanted.emit())
        self.progress = QProgressBar(inside)
        self.progress.setTextVisible(False)
        self._item_heading = heading(inside)
        self._item_heading.setObjectName("lab_item")
        self.text = Reading(INSTRUCTIONS_PX, inside)
        self.how = label("muted", inside)
        self._field_box = QVBoxLayout()
        self._field_box.setSpacing(6)
        self.check_button = QPushButton(inside)
        self.check_button.setProperty("primary", True)
        self.check_button.clicked.connect(self.check_wanted)
        self.hint_button = QPushButton(inside)
        self.hint_button.clicked.connect(self.hint_wanted)
        self.attempts = label("muted", inside)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.check_button, self.hint_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addWidget(self.attempts, 1)
        self.words = Words(inside)
        self.keep_button = QPushButton(inside)
        self.keep_button.setAutoDefault(False)
        self.keep_button.clicked.connect(self.keep_wanted)
        self.teacher = Reading(INSTRUCTIONS_PX, inside)
        self._hints_heading = heading(inside)
        self.hints = Reading(INSTRUCTIONS_PX, inside)
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 12, 12, 12)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.about)
        column.addWidget(self.late)
        column.addWidget(self.instructions)
        column.addWidget(self._items_heading)
        column.addWidget(self.items)
        column.addWidget(self.progress)
        column.addWidget(self._item_heading)
        column.addWidget(self.text)
        column.addWidget(self.how)
        column.addLayout(self._field_box)
        column.addLayout(buttons)
        column.addWidget(self.words)
        column.addWidget(self.keep_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.teacher)
        column.addWidget(self._hints_heading)
        column.addWidget(self.hints)
        column.addStretch(1)
        self._inside = inside
        self._area = area = QScrollArea(self)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def work_on(self, lab: LabSession | None) -> None:
        """Show `lab`; nothing hides the panel."""
        self._lab, self._shown = lab, None
        if lab is not None:
            lab.changed.connect(self.refresh)
            self.retranslate()
        self.setVisible(lab is not None)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and self._lab is not None:
            self._shown = None
            self.retranslate()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        """Show the field that has the keyboard, if one has."""
        now = QApplication.focusWidget()
        if now is not None and any(now in field.fields for field in self._fields):
            self._area.ensureWidgetVisible(now, 0, BELOW_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    # -- showing ----------------------------------------------------------------------------

    def _said(self, text: Text | None) -> str:
        return "" if text is None else text.of(language())

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        lab = self._lab
        if lab is None:
            return
        self.setAccessibleName(self.tr("Lab"))
        self.title.setText(self._said(lab.exercise.title))
        self.about.setText(lab_words.about(lab))
        self.late.setText(lab_words.late(lab))
        self.late.setVisible(bool(self.late.text()))
        self.instructions.show_text(self._said(lab.exercise.instructions))
        self.instructions.setAccessibleName(self.tr("Instructions"))
        self._items_heading.setText(self.tr("TASKS"))
        self.items.setAccessibleName(self.tr("Tasks"))
        self.check_button.setText(self.tr("Check"))
        self.check_button.setToolTip(self.tr("Ctrl+Enter"))
        self.keep_button.setText(self.tr("Keep this answer"))
        self.keep_button.setToolTip(
            self.tr("It cannot be changed any more then, and the numbers it hides are shown.")
        )
        self.refresh()

    def refresh(self) -> None:
        """Show how far everything is."""
        lab = self._lab
        if lab is None:
            return
        self._show_items(lab)
        if self._shown != lab.current:
            self._shown = lab.current
            self._show_item(lab, lab.item)
        for field in self._fields:
            field.refresh()
        self._show_state(lab)

    def _show_items(self, lab: LabSession) -> None:
        blocked = self.items.blockSignals(True)
        every = list(lab.exercise.items.items())
        if self.items.topLevelItemCount() != len(every):
            self.items.clear()
            for id, _ in every:
                made = QTreeWidgetItem(self.items)
                made.setData(0, Qt.ItemDataRole.UserRole, id)
                made.setTextAlignment(1, AT_RIGHT)
            header = self.items.header()
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        done = 0
        for at, (id, item) in enumerate(every):
            row, state = self.items.topLevelItem(at), lab.state(id)
            assert row is not None
            done += lab.done(id)
            title = self._said(item.title)
            row.setText(0, f"{SIGNS[state]}  {title}")
            row.setText(1, number_text(item.points))
            known = self._state_text(state)
            if lab.kept(id):
                known = self.tr("{state}, kept").format(state=known)
            row.setToolTip(0, known)
            said = self.tr("{title}: {state}").format(title=title, state=known)
            row.setData(0, Qt.ItemDataRole.AccessibleTextRole, said)
            if id == lab.current:
                self.items.setCurrentItem(row)
        self.items.blockSignals(blocked)
        row_px = max(self.items.sizeHintForRow(0), self.fontMetrics().height() + 6)
        self.items.setFixedHeight(row_px * min(len(every), MOST_ROWS) + 4)
        self.progress.setMaximum(len(every))
        if done != self.progress.value():
            # It paints at once, whether anything has changed or not.
            self.progress.setValue(done)
        said = self.tr("{done} of {count} done").format(done=done, count=len(every))
        self.progress.setToolTip(said)
        self.progress.setAccessibleName(said)
        self._items_heading.setText(
            self.tr("TASKS · {done} of {count} done").format(done=done, count=len(every))
        )

    def _state_text(self, state: str) -> str:
        return {
            OPEN: self.tr("open"),
            RIGHT: self.tr("right"),
            PARTLY: self.tr("partly right"),
            WRONG: self.tr("not right"),
            NOTED: self.tr("noted"),
        }[state]

    def _show_item(self, lab: LabSession, item: Item) -> None:
        now = QApplication.focusWidget()
        if any(now in field.fields for field in self._fields):
            # When what has the keyboard hides, Qt hands it to whatever widget is next.
            self.items.setFocus()
        for field in self._fields:
            self._field_box.removeWidget(field)
            field.hide()
            field.deleteLater()
        self._fields = []
        # As it was written: in capitals, b would be another variable.
        point, points = self.tr("{title} · 1 point"), self.tr("{title} · {points} points")
        template = point if item.points == 1 else points
        self._item_heading.setText(
            template.format(title=self._said(item.title), points=number_text(item.points))
        )
        self.text.show_text(self._said(item.text))
        self.how.setText(lab_words.how(lab, item))
        self.how.setVisible(bool(self.how.text()))
        for blank in () if lab.on_canvas(item.id) else lab.blanks(item.id):
            field = field_of(lab, item.id, blank, self._inside)
            field.check_wanted.connect(self.check_wanted)
            self._field_box.addWidget(field)
            # Now: what is not to be seen yet cannot have the keyboard.
            field.show()
            self._fields.append(field)
        wide = max(
            (one.label.sizeHint().width() for one in self._fields if isinstance(one, LineField)),
            default=0,
        )
        before: QWidget = self.text
        for one in self._fields:
            if isinstance(one, LineField):
                one.label.setMinimumWidth(wide)
            for widget in one.fields:
                QWidget.setTabOrder(before, widget)
                before = widget
        QWidget.setTabOrder(before, self.check_button)

    def _show_state(self, lab: LabSession) -> None:
        item = lab.current
        checkable, state = lab.checkable(item), lab.state(item)
        self.check_button.setEnabled(checkable)
        self.attempts.setText(lab_words.left(lab, item))
        hint = lab.next_hint(item)
        self.hint_button.setVisible(hint is not None)
        if hint is not None:
            price = number_text(hint.price)
            free = self.tr("Hint (free)")
            costly = self.tr("Hint (−{price})").format(price=price)
            self.hint_button.setText(costly if hint.price else free)
        feedback = lab.feedback(item)
        good = feedback is not None and feedback.judgement.first_wrong is None
        if good and state == OPEN:
            # It was said of what has been changed since.
            feedback = None
        said = () if feedback is None else feedback.said
        text = "\n".join(map(self._line, said))
        keepable = lab.keepable(item)
        if self.keep_button.hasFocus() and not keepable:
            # The next widget Qt would hand the keyboard to is a blank of another item.
            self.items.setFocus()
        self.keep_button.setVisible(keepable)
        if feedback is None and state == RIGHT:
            text = self.tr("All of it is right.")
        elif lab.kept(item):
            kept = self.tr("This answer was kept and is graded as it stands.")
            if lab.on_canvas(item):
                own = self.tr("You answered: {answers}")
                kept += f"\n{own.format(answers=lab.answered(item))}"
            text = "\n".join(filter(None, (text, kept)))
        if text and lab.done(item):
            text += f"\n{lab_words.next_step(lab)}"
        self.words.say(text, {RIGHT: "good", NOTED: "card"}.get(state, "warning"))
        self.teacher.show_text(self._said(feedback.text) if feedback is not None else "")
        taken = lab.hints(item)
        self._hints_heading.setVisible(bool(taken))
        paid = number_text(sum(one.price for one in lab.item.hints[: len(taken)]))
        self._hints_heading.setText(self.tr("HINTS TAKEN · −{price}").format(price=paid))
        self.hints.show_text("\n\n".join(map(self._said, taken)))

    def _line(self, said: GradStudioError) -> str:
        return error_text(said)

    # -- the keyboard -----------------------------------------------------------------------

    def _choose(self, row: QTreeWidgetItem | None) -> None:
        if row is not None and self._lab is not None:
            self._lab.select(str(row.data(0, Qt.ItemDataRole.UserRole)))

    def tell(self) -> None:
        """Bring what was just said to sight."""
        self._inside.adjustSize()
        self._area.ensureWidgetVisible(self.words, 0, 12)

    def tell_hint(self) -> None:
        """Bring the hint that was just taken to sight."""
        self._inside.adjustSize()
        self._area.ensureWidgetVisible(self.hints, 0, 12)

    def enter(self, blank: str = "") -> bool:
        """Put the keyboard into a blank of the item, or its first; return whether there is one."""
        for one in self._fields:
            if blank and one.blank.id != blank:
                continue
            for widget in one.fields:
                if widget.isEnabled():
                    widget.setFocus(Qt.FocusReason.TabFocusReason)
                    self._inside.adjustSize()
                    self._keep_in_sight()
                    return True
        return False

    @property
    def fields(self) -> dict[str, LineField | ChoiceField]:
        """The fields of the current item, by blank."""
        return {one.blank.id: one for one in self._fields}
