"""The controls of the playback: to the beginning, back, play, forward, to the end, and a slider."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from gradstudio.gui.panels.facts import restyle
from gradstudio.gui.playback import Playback

FIRST, BACK, PLAY, PAUSE, FORWARD, LAST = "first", "back", "play", "pause", "forward", "last"


class _Button(QToolButton):
    """A button with a drawn sign: the signs of fonts are in colour on some systems."""

    def __init__(self, sign: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.sign = sign
        self.setObjectName(f"playback_{sign}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(36, 28)

    def set_sign(self, sign: str) -> None:
        """Draw another sign."""
        if sign != self.sign:
            self.sign = sign
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        primary = bool(self.property("primary")) and self.isEnabled()
        role = QPalette.ColorRole.HighlightedText if primary else QPalette.ColorRole.ButtonText
        colour = self.palette().color(group, role)
        painter.translate(QRectF(self.rect()).center())
        if self.sign in (FIRST, BACK):
            painter.scale(-1, 1)
        painter.setPen(colour)
        painter.setBrush(colour)
        if self.sign == PAUSE:
            for left in (-4.5, 1.5):
                painter.drawRect(QRectF(left, -5, 3, 10))
            return
        if self.sign in (BACK, FORWARD):
            pen = painter.pen()
            pen.setWidthF(2.0)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([QPointF(-2, -5), QPointF(3, 0), QPointF(-2, 5)]))
            return
        painter.drawPolygon(QPolygonF([QPointF(-3.5, -5), QPointF(4.5, 0), QPointF(-3.5, 5)]))
        if self.sign in (FIRST, LAST):
            painter.drawRect(QRectF(5, -5, 1, 10))


class PlaybackBar(QWidget):
    """Moves the playback and says where it is."""

    def __init__(self, playback: Playback, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playback = playback
        self.first = _Button(FIRST, self)
        self.back = _Button(BACK, self)
        self.play = _Button(PLAY, self)
        self.play.setProperty("primary", True)
        self.forward = _Button(FORWARD, self)
        self.last = _Button(LAST, self)
        self.label = QLabel(self)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setFixedWidth(150)
        self.slider.setPageStep(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for button in (self.first, self.back, self.play, self.forward, self.last):
            row.addWidget(button)
        row.addSpacing(6)
        row.addWidget(self.label)
        row.addSpacing(4)
        row.addWidget(self.slider)
        self.first.clicked.connect(playback.first)
        self.back.clicked.connect(playback.back)
        self.play.clicked.connect(self._toggle)
        self.forward.clicked.connect(playback.forward)
        self.last.clicked.connect(playback.last)
        self.slider.valueChanged.connect(playback.move_to)
        playback.moved.connect(self._refresh)
        self.retranslate()

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        for button, text in (
            (self.first, self.tr("To the beginning: only the leaves are known")),
            (self.back, self.tr("One step back")),
            (self.forward, self.tr("One step forward")),
            (self.last, self.tr("To the end: everything is shown")),
        ):
            button.setToolTip(text)
            button.setAccessibleName(text)
        self.slider.setAccessibleName(self.tr("Step of the walk"))
        # The label keeps its width while the numbers change.
        widest = self.fontMetrics().horizontalAdvance
        texts = (self.tr("Forward {step} / {count}"), self.tr("Backward {step} / {count}"))
        self.label.setMinimumWidth(
            max(widest(text.format(step=88, count=88)) for text in texts) + 12
        )
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _toggle(self) -> None:
        if self._playback.playing:
            self._playback.pause()
        else:
            self._playback.play()

    def _refresh(self) -> None:
        playback = self._playback
        step, count = playback.phase_position
        forward = playback.phase == "forward"
        text = (
            self.tr("Forward {step} / {count}") if forward else self.tr("Backward {step} / {count}")
        )
        self.label.setText(text.format(step=step, count=count) if playback.count else "")
        for widget in (self.label, self.slider):
            restyle(widget, "phase", playback.phase)
        blocked = self.slider.blockSignals(True)
        self.slider.setRange(0, playback.count)
        self.slider.setValue(playback.position)
        self.slider.blockSignals(blocked)
        some = playback.count > 0
        self.slider.setEnabled(some)
        self.play.setEnabled(some)
        for button in (self.first, self.back):
            button.setEnabled(playback.position > 0)
        for button in (self.forward, self.last):
            button.setEnabled(playback.position < playback.count)
        self.play.set_sign(PAUSE if playback.playing else PLAY)
        said = self.tr("Pause") if playback.playing else self.tr("Play the walk, step by step")
        self.play.setToolTip(said)
        self.play.setAccessibleName(said)
