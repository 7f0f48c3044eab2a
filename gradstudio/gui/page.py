"""A page: one document, and everything to see and change it with."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTime, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from gradstudio.fixes import Fix
from gradstudio.gui.canvas.elbow_room import with_way
from gradstudio.gui.canvas.view import Canvas
from gradstudio.gui.document import Document
from gradstudio.gui.formula_bar import FormulaBar
from gradstudio.gui.lab_session import LabSession
from gradstudio.gui.panels.inspector import Inspector
from gradstudio.gui.panels.lab import LabPanel
from gradstudio.gui.panels.problems import ProblemsPanel
from gradstudio.gui.panels.training import TrainingPanel
from gradstudio.gui.playback import Playback
from gradstudio.gui.playback_bar import PlaybackBar
from gradstudio.gui.problem_finder import ProblemFinder
from gradstudio.gui.theme import Theme
from gradstudio.gui.training_session import TrainingSession
from gradstudio.gui.wording import error_text

LARGEST_LAB = 1.4
"""How large a small graph is shown that is typed into."""


class GraphPage(QWidget):
    """What one tab shows; its `bar` is shown above the tabs.

    A page knows nothing of the window it is in, and can be handed to another one.
    """

    state_changed = Signal()
    """The title, what can be undone, what is selected, or whether a run is under way."""
    said = Signal(object, str)
    """This page has something to say."""
    failed = Signal(object)
    """An evaluation raised: a defect, to be shown."""
    csv_wanted = Signal()
    check_wanted = Signal()
    """The current item of the lab is to be judged."""
    hint_wanted = Signal()
    keep_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.saved_at = ""
        self.document = Document(self)
        self.playback = Playback(self.document, self)
        self.session = TrainingSession(self.document, self)
        self.canvas = Canvas(self.document, self.playback, self)
        self.inspector = Inspector(self.document, self.playback, self)
        self.lab: LabSession | None = None
        """The lab that is worked on here."""
        self._training_shown = False
        self.lab_panel = LabPanel(self)
        self.training = TrainingPanel(self.document, self.session, self)
        self.problems = ProblemFinder(self.document, self)
        self.problems_panel = ProblemsPanel(self.problems, self)
        self.training.drawer.add(self.problems_panel, self.problems_panel.title)
        self.bar = QFrame(parent)
        self.playback_bar = PlaybackBar(self.playback, self.bar)
        self.formula_bar = FormulaBar(self.document, self.bar)
        self._lay_out()
        self._connect()
        self.set_theme(theme)

    def _lay_out(self) -> None:
        self.bar.setProperty("box", "bar")
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(12, 6, 12, 8)
        row.setSpacing(18)
        row.addWidget(self.playback_bar)
        row.addWidget(self.formula_bar, 1)
        right = splitter(Qt.Orientation.Vertical, self.lab_panel, self.inspector)
        right.setSizes([460, 160])
        upper = splitter(Qt.Orientation.Horizontal, self.canvas, right)
        upper.setSizes([800, 300])
        whole = splitter(Qt.Orientation.Vertical, upper, self.training)
        whole.setSizes([520, 240])
        self._splitters = (upper, whole, self.training.splitter)
        self._right = right
        right.setMinimumWidth(220)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(whole)

    def _connect(self) -> None:
        document, canvas, inspector = self.document, self.canvas, self.inspector
        document.state_changed.connect(self._follow_state)
        document.changed.connect(self._follow_state)
        document.restarted.connect(self._begin_document)
        document.failed.connect(self.failed)
        document.refused.connect(lambda wrong: self._say(error_text(wrong)))
        self.lab_panel.check_wanted.connect(self.check_wanted)
        self.lab_panel.hint_wanted.connect(self.hint_wanted)
        self.lab_panel.keep_wanted.connect(self.keep_wanted)
        self.lab_panel.blank_wanted.connect(self.enter_item)
        self.lab_panel.left.connect(lambda: canvas.setFocus())
        self.session.state_changed.connect(self._follow_state)
        self.playback.moved.connect(self._follow_playback)
        canvas.selection_changed.connect(self._inspect)
        canvas.status.connect(self._say)
        canvas.node_activated.connect(inspector.inspect)
        canvas.settings_wanted.connect(inspector.enter)
        canvas.leaf_edit_requested.connect(self._edit_leaf)
        inspector.renamed.connect(lambda name: canvas.select((name,)))
        inspector.left.connect(lambda: canvas.setFocus())
        self.formula_bar.built.connect(canvas.lens.fit)
        self.formula_bar.said.connect(self._say)
        self.problems.failed.connect(self.failed)
        self.problems.changed.connect(self._warn)
        self.problems_panel.retitled.connect(self.training.drawer.retitle)
        self.problems_panel.node_wanted.connect(self.go_to)
        self.problems_panel.fix_wanted.connect(self._mend)
        self.training.csv_wanted.connect(self.csv_wanted)
        self.training.said.connect(self._say)

    # -- what the window asks ---------------------------------------------------------------

    @property
    def name(self) -> str:
        """What its tab is called."""
        path = self.document.path
        return self.document.title if path is None else path.stem

    @property
    def untouched(self) -> bool:
        """Whether it is as it began: empty, of no file, and nothing can be undone."""
        document = self.document
        return (
            document.path is None
            and self.lab is None
            and not document.graph.nodes
            and not document.undo_stack.count()
            and not self.formula_bar.field.text()
        )

    def add_node(self, op: str) -> None:
        """Add a node where there is room, select it and bring it into sight."""
        if name := self.canvas.add_node(op, None):
            self.canvas.select((name,))
            self.canvas.lens.see_selection()

    def go_to(self, name: str | None) -> None:
        """Select a node and bring it to sight; None brings the whole graph."""
        canvas, graph = self.canvas, self.document.graph
        if name is None:
            canvas.lens.fit()
        elif name in graph:
            view = canvas.view
            if view is not None and (name not in view.names or name in view.block_of):
                # It is in a frame that is folded, or outside the one that is drawn alone.
                canvas.levels.go_into(graph.annotations.homes.get(name))
            canvas.caret.put(name, (name,))

    def show_problems(self) -> None:
        """Open the list of problems and give it the keyboard."""
        self.training.drawer.show_panel(self.problems_panel)
        self.problems_panel.enter()

    def show_panel(self, name: str, *, shown: bool) -> None:
        """Show or hide the `inspector` or the `training` panel."""
        panel: QWidget = {"inspector": self.inspector, "training": self.training}[name]
        panel.setVisible(shown)
        # A splitter keeps its room when all that is in it is hidden.
        self._right.setVisible(self.lab is not None or not self.inspector.isHidden())

    # -- a lab ------------------------------------------------------------------------------

    def work_on(self, lab: LabSession) -> None:
        """Let a lab be worked on here; its graph comes next."""
        self.lab = lab
        self.canvas.work_on(lab)
        self.lab_panel.work_on(lab)
        lab.changed.connect(self._follow_lab)
        if self.canvas.blanks is not None:
            self.canvas.blanks.check_wanted.connect(self.check_wanted)

    def _follow_lab(self) -> None:
        lab = self.lab
        if lab is not None and lab.trains and not self._training_shown:
            # Once: who hides it again has seen it.
            self._training_shown = True
            self.training.show()
        self.state_changed.emit()

    def lay_out_lab(self) -> None:
        """Give the lab its room, and the keyboard to its first blank."""
        self.training.hide()
        self.inspector.hide()
        self._splitters[0].setSizes([self.width() - 320, 320])
        self.canvas.lens.fit()
        self.canvas.lens.enlarge(LARGEST_LAB)
        self.enter_item()

    def enter_item(self) -> None:
        """Put the keyboard to where the current item is answered."""
        lab, blanks = self.lab, self.canvas.blanks
        if lab is None or blanks is None:
            return
        field = blanks.first(lab.current)
        if field is not None:
            blanks.go_to(field)
        elif not self.lab_panel.enter():
            self.canvas.setFocus()

    def next_blank(self) -> None:
        """Go to the next empty blank from where the keyboard is; the first comes after the last."""
        lab, blanks = self.lab, self.canvas.blanks
        if lab is None or blanks is None:
            return
        now = self._blank_with_keyboard()
        every = [(id, blank.id) for id in lab.exercise.items for blank in lab.blanks(id)]
        start = every.index(now) + 1 if now in every else 0
        row = every[start:] + every[:start]
        for item, id in row:
            if not lab.text(item, id).strip() and not lab.finished(item):
                lab.select(item)
                if (item, id) in blanks.fields:
                    blanks.go_to(blanks.fields[item, id])
                else:
                    self.lab_panel.enter(id)
                return
        waiting = next(iter(lab.open_items), None)
        if waiting is None:
            self._say(self.tr("No blank is empty"))
        else:
            lab.select(waiting)
            self.enter_item()

    def _blank_with_keyboard(self) -> tuple[str, str] | None:
        lab, blanks = self.lab, self.canvas.blanks
        if lab is None or blanks is None:
            return None
        for key, field in blanks.fields.items():
            if field.hasFocus():
                return key
        for id, one in self.lab_panel.fields.items():
            if any(widget.hasFocus() for widget in one.fields):
                return lab.current, id
        return None

    def set_theme(self, theme: Theme) -> None:
        """Show everything in the colours of `theme`."""
        self.canvas.set_theme(theme)
        self.inspector.set_theme(theme)
        self.training.set_theme(theme)
        self.problems_panel.set_theme(theme)
        self.formula_bar.set_error_colour(theme.error)

    def lay_out_like(self, other: GraphPage) -> None:
        """Give the parts the sizes they have on `other`."""
        for mine, theirs in zip(self._splitters, other._splitters, strict=True):
            mine.restoreState(theirs.saveState())

    def mark_saved(self) -> None:
        """Tell from now on when it was saved, until something is changed."""
        self.saved_at = QTime.currentTime().toString("HH:mm")
        self.state_changed.emit()

    def leave(self) -> None:
        """Leave what only someone who looks can go on with; a training goes on."""
        self.canvas.cancel_gesture()
        if self.playback.playing:
            self.playback.pause()

    def end(self) -> None:
        """Stop all that is under way, and go away with everything that belongs to it."""
        self.stop()
        self.hide()
        self.bar.deleteLater()
        self.deleteLater()

    def stop(self) -> None:
        """Stop all that is under way."""
        self.leave()
        self.session.close()
        self.problems.close()
        self.document.close()

    # -- its parts together -----------------------------------------------------------------

    def _follow_state(self) -> None:
        if self.document.modified:
            self.saved_at = ""
        self.state_changed.emit()

    def _begin_document(self) -> None:
        self.session.close()
        self.session.forget()
        self.saved_at = ""
        self.document.hasten()
        self.inspector.inspect(None)
        self.canvas.lens.fit()
        self.state_changed.emit()

    def _inspect(self, names: tuple[str, ...]) -> None:
        self.inspector.inspect(names[0] if len(names) == 1 else None)
        self.state_changed.emit()

    def _follow_playback(self) -> None:
        current = self.playback.current
        if current is not None and self.canvas.selection() != (current,):
            self.canvas.select((current,))

    def _edit_leaf(self, name: str) -> None:
        self.inspector.inspect(name)
        self.inspector.edit_value()

    def _mend(self, fix: Fix) -> None:
        label = error_text(fix.label)
        self.canvas.edits.attempt(label, lambda graph: with_way(graph, fix.edit(graph)))

    def _warn(self) -> None:
        # What is asked in a lab is not told beside it.
        self.canvas.warn(() if self.lab is not None else self.problems.found)

    def _say(self, text: str) -> None:
        self.said.emit(self, text)


def splitter(orientation: Qt.Orientation, first: QWidget, second: QWidget) -> QSplitter:
    """Return two parts with a hairline between them that can be dragged; the first one grows."""
    made = QSplitter(orientation)
    made.setHandleWidth(1)
    made.setChildrenCollapsible(False)
    made.addWidget(first)
    made.addWidget(second)
    made.setStretchFactor(0, 1)
    made.setStretchFactor(1, 0)
    return made
