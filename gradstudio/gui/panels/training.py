"""The training panel: the controls of a run, and beside them the drawer with the loss."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.gui.document import Document
from gradstudio.gui.panels.drawer import Drawer
from gradstudio.gui.panels.facts import Elided, Words, label, plain_tip
from gradstudio.gui.panels.loss_plot import LossPlot
from gradstudio.gui.theme import Theme
from gradstudio.gui.training_session import TrainingSession
from gradstudio.gui.wording import core_text, error_text
from gradstudio.numbers import EntryError, full_text, read_number
from gradstudio.ops import shape_text
from gradstudio.training.data import data_leaves
from gradstudio.training_settings import LARGEST_WHOLE_NUMBER, MOST_STEPS, TrainingSettings

PLOT_MS = 80
MOST_NAMES = 6


class TrainingPanel(QFrame):
    """Shows a `TrainingSession` and gives it its orders.

    The loss is the first panel of its `drawer`; others can be put beside it.
    """

    csv_wanted = Signal()
    said = Signal(str)
    """What became of a run, in plain words."""

    def __init__(
        self, document: Document, session: TrainingSession, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("box", "panel")
        self._document = document
        self._session = session
        self._shown_training: object = None
        self._was_running = False
        self._step_had_focus = False
        self._kept: tuple[str, ...] = ()
        self._failure: Exception | None = None
        self._misread: Exception | None = None
        self.drawer = Drawer(self)
        self.plot = LossPlot(self.drawer)
        self.drawer.add(self.plot, lambda: self.tr("Loss"))
        self._make_controls()
        self._lay_out()
        self._order_keys()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PLOT_MS)
        self._timer.timeout.connect(self._show_progress)
        session.advanced.connect(self._show_soon)
        session.state_changed.connect(self._show_state)
        session.failed.connect(self._show_failure)
        session.cleared.connect(self._forget_failure)
        session.kept.connect(self._remember_kept)
        document.changed.connect(self._forget_cause)
        document.changed.connect(self._follow)
        document.evaluated.connect(self._show_able)
        self.retranslate()
        self._follow()

    def _make_controls(self) -> None:
        self.train_button = QPushButton(self)
        self.train_button.setObjectName("train")
        self.train_button.setProperty("primary", True)
        self.train_button.setAutoDefault(False)
        self.train_button.clicked.connect(self.train_or_pause)
        self.step_button = QPushButton(self)
        self.step_button.setAutoDefault(False)
        self.step_button.clicked.connect(self.step)
        self.reset_button = QPushButton(self)
        self.reset_button.setAutoDefault(False)
        self.reset_button.clicked.connect(self._session.reset)
        # Elided: what it says may not move the buttons beside it.
        self.progress_text = Elided(self)
        self.progress_text.setProperty("role", "muted")
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.words = Words(self)
        self.optimizer = QComboBox(self)
        self.optimizer.addItem("SGD", "sgd")
        self.learning_rate = QLineEdit(self)
        self.momentum = QLineEdit(self)
        self.steps = QSpinBox(self)
        self.steps.setRange(1, MOST_STEPS)
        self.batch = QSpinBox(self)
        self.batch.setRange(0, LARGEST_WHOLE_NUMBER)
        self.seed = QSpinBox(self)
        self.seed.setRange(0, LARGEST_WHOLE_NUMBER)
        for box in (self.steps, self.batch, self.seed):
            box.lineEdit().setTextMargins(5, 0, 0, 0)
        self.data_text = Elided(self)
        for line in (self.learning_rate, self.momentum):
            line.textEdited.connect(self._forget_failure)
        for box in (self.steps, self.batch, self.seed):
            box.valueChanged.connect(self._forget_failure)
        self.optimizer.activated.connect(self._forget_failure)
        self.csv_button = QPushButton(self)
        self.csv_button.setAutoDefault(False)
        self.csv_button.clicked.connect(self.csv_wanted)
        self._labels = [label("muted", self) for _ in range(7)]
        for one in self._labels:
            one.setWordWrap(False)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.train_button, self.step_button, self.reset_button):
            buttons.addWidget(button)
        buttons.addSpacing(10)
        buttons.addWidget(self.progress_text, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        for at, field in enumerate(self._fields()):
            row, column = divmod(at, 2)
            grid.addWidget(self._labels[at], row, 2 * column)
            grid.addWidget(field, row, 2 * column + 1)
        data = QHBoxLayout()
        data.addWidget(self.data_text, 1)
        data.addWidget(self.csv_button)
        grid.addWidget(self._labels[6], 3, 0)
        grid.addLayout(data, 3, 1, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        controls = QWidget(self)
        column_layout = QVBoxLayout(controls)
        column_layout.setContentsMargins(16, 10, 16, 8)
        column_layout.setSpacing(8)
        column_layout.addLayout(buttons)
        column_layout.addWidget(self.progress)
        column_layout.addLayout(grid)
        column_layout.addWidget(self.words)
        column_layout.addStretch(1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.drawer)
        self.splitter.addWidget(controls)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([600, 480])
        self.splitter.setChildrenCollapsible(False)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.splitter)

    def _order_keys(self) -> None:
        """Let Tab go through the fields row by row, as they are read."""
        for before, after in pairwise((self.reset_button, *self._fields(), self.csv_button)):
            QWidget.setTabOrder(before, after)

    def _fields(self) -> tuple[QWidget, ...]:
        """Return the fields of the settings, row by row."""
        return (
            self.optimizer,
            self.steps,
            self.learning_rate,
            self.batch,
            self.momentum,
            self.seed,
        )

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.setAccessibleName(self.tr("Training"))
        texts = (
            self.tr("Optimizer"),
            self.tr("Steps"),
            self.tr("Learning rate"),
            self.tr("Batch"),
            self.tr("Momentum"),
            self.tr("Seed"),
            self.tr("Data"),
        )
        fields = (*self._fields(), self.data_text)
        for one, field, text in zip(self._labels, fields, texts, strict=True):
            one.setText(text)
            field.setAccessibleName(text)
        self.batch.setSpecialValueText(self.tr("all rows"))
        self.step_button.setText(self.tr("Step"))
        self.step_button.setToolTip(self.tr("Does one step"))
        self.reset_button.setText(self.tr("Reset"))
        self.reset_button.setToolTip(self.tr("Brings back the weights before the first step"))
        self.csv_button.setText(self.tr("Load CSV…"))
        self._fix_width()
        self._show_data()
        self._show_state()
        self._show_words()

    def _fix_width(self) -> None:
        """Make the button as wide as the longer of its texts, so that nothing moves at a click."""
        self.train_button.ensurePolished()
        widths = []
        for text in (self.tr("Pause"), self.tr("▶ Train")):
            self.train_button.setText(text)
            widths.append(self.train_button.sizeHint().width())
        self.train_button.setFixedWidth(max(widths))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fix_width()
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self._fix_width()
            self._show_state()
        super().changeEvent(event)

    def set_theme(self, theme: Theme) -> None:
        """Draw the plot in the colours of `theme`."""
        self.plot.set_theme(theme)

    # -- orders -----------------------------------------------------------------------------

    def train_or_pause(self) -> None:
        """Begin a run, or pause the one under way."""
        if self._session.running:
            self._session.pause()
        else:
            self._begin(self.steps.value())

    def step(self) -> None:
        """Do one step."""
        self._begin(1)

    def settings(self) -> TrainingSettings:
        """Return what the fields say.

        Raises:
            GradStudioError: one of them is wrong; the message names it.
        """
        given: dict[str, Any] = {
            "optimizer": self.optimizer.currentData(),
            "learning_rate": _number(self.learning_rate.text()),
            "momentum": _number(self.momentum.text()),
            "steps": self.steps.value(),
            "batch": self.batch.value() or None,
            "seed": self.seed.value(),
        }
        return TrainingSettings(**given)

    def _begin(self, steps: int) -> None:
        self._forget_failure()
        try:
            settings = self.settings()
        except GradStudioError as wrong:
            self._show_failure(wrong)
            return
        self._session.train(settings, steps)

    # -- showing ----------------------------------------------------------------------------

    def _follow(self) -> None:
        """Show what a changed graph says of its training."""
        graph = self._document.graph
        if graph.training is not self._shown_training:
            self._shown_training = graph.training
            self._misread = None
            try:
                settings = TrainingSettings.of(graph)
            except GradStudioError as wrong:
                self._misread = wrong
                settings = TrainingSettings()
            self.optimizer.setCurrentIndex(max(self.optimizer.findData(settings.optimizer), 0))
            self.learning_rate.setText(full_text(settings.learning_rate))
            self.momentum.setText(full_text(settings.momentum))
            self.steps.setValue(settings.steps)
            self.batch.setValue(settings.batch or 0)
            self.seed.setValue(settings.seed)
            self._show_words()
        self._show_data()
        self._show_state()

    def _show_data(self) -> None:
        graph = self._document.graph
        parts = []
        for name in data_leaves(graph):
            value = graph.nodes[name].value
            shape = "" if value is None else shape_text(value.shape)
            parts.append(f"{name} {core_text(shape)}".strip())
        text = ", ".join(parts) or self.tr("no leaf is named as data")
        self.data_text.setText(text)
        self.data_text.setToolTip("")

    def _show_soon(self) -> None:
        # Drawing a curve costs most of a frame, and the numbers on the canvas want theirs.
        if not self._timer.isActive():
            self._timer.start()

    def _show_progress(self) -> None:
        self._timer.stop()
        session = self._session
        self.plot.show_losses(session.losses)
        self.progress.setRange(0, max(session.target, 1))
        self.progress.setValue(session.steps)
        self._show_words()
        text = self._unable()
        if session.running or (session.steps and not text):
            text = self.tr("step {step} / {count} · {rate} steps/s").format(
                step=f"{session.steps:,}",
                count=f"{session.target:,}",
                rate=f"{session.steps_per_second:,.0f}",
            )
        self.progress_text.setText(text)
        self.progress_text.setToolTip(plain_tip(text))

    def _unable(self) -> str:
        """Return why the graph cannot be trained, as far as its numbers say; "" if it can be."""
        evaluation, graph = self._document.evaluation, self._document.graph
        if not graph.nodes or evaluation.graph.nodes is not graph.nodes:
            return ""
        reason = evaluation.no_gradient
        return "" if reason is None else error_text(reason)

    def _show_able(self) -> None:
        if not self._session.running:
            self._show_state()

    def _show_state(self) -> None:
        running, unable = self._session.running, self._unable()
        some = bool(self._document.graph.nodes) and not unable
        # A button that goes dead would hand the keyboard on to the next field.
        if self.step_button.hasFocus() and running:
            self._step_had_focus = True
        if (
            (self.step_button.hasFocus() and (running or not some))
            or (self.reset_button.hasFocus() and not self._session.can_reset)
            or (running and any(field.hasFocus() for field in self._fields()))
        ):
            self.train_button.setFocus()
        self.train_button.setEnabled(some or running)
        self.train_button.setText(self.tr("Pause") if running else self.tr("▶ Train"))
        self.train_button.setToolTip(plain_tip(unable))
        self.train_button.setAccessibleDescription(unable)
        self.step_button.setEnabled(some and not running)
        for field in self._fields():
            field.setEnabled(not running)
        self.reset_button.setEnabled(self._session.can_reset)
        if self._step_had_focus and not running:
            self._step_had_focus = False
            if self.train_button.hasFocus():
                self.step_button.setFocus()
        self._show_progress()
        if running != self._was_running:
            self._was_running = running
            self.said.emit(self._state_text(running=running))
            self._kept = ()

    def _state_text(self, *, running: bool) -> str:
        if running:
            return self.tr("Training…")
        steps = self._session.steps
        text = self.tr("Training stopped after {count} steps.").format(count=f"{steps:,}")
        if steps == 1:
            text = self.tr("Training stopped after 1 step.")
        if self._kept:
            names = ", ".join(self._kept[:MOST_NAMES])
            names += ", …" if len(self._kept) > MOST_NAMES else ""
            kept = self.tr("What you typed meanwhile stays: {names}.").format(names=names)
            text = f"{text} {kept}"
        return text

    def _forget_failure(self) -> None:
        self._failure = None
        self._show_words()

    def _forget_cause(self, before: Graph, after: Graph) -> None:
        """Take a failure back once its cause may be gone."""
        if before.nodes is not after.nodes or before.output != after.output:
            self._forget_failure()

    def _remember_kept(self, names: tuple[str, ...]) -> None:
        self._kept = names

    def _show_failure(self, error: Exception) -> None:
        self._failure = error
        self._show_words()
        self.said.emit(self.words.text)

    def _show_words(self) -> None:
        wrong = self._failure or self._misread
        if isinstance(wrong, GradStudioError):
            self.words.say(error_text(wrong), "error")
        elif wrong is not None:
            self.words.say(str(wrong) or type(wrong).__name__, "error")
        elif self._session.growing:
            text = self.tr("The loss is growing: the learning rate may be too large.")
            self.words.say(text, "warning")
        else:
            self.words.say("", "error")


def _number(text: str) -> float | str:
    """Return the number in `text`, or the text, which the settings refuse by name."""
    try:
        return read_number(text)
    except EntryError:
        return text
