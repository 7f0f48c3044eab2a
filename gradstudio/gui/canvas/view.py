"""The canvas widget: what is seen of the picture, and which gesture each press begins."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QToolTip, QWidget

from gradstudio.engine.problems import Problem
from gradstudio.graph import Graph
from gradstudio.gui.canvas import accessible, places, touch
from gradstudio.gui.canvas.annotating import Annotating
from gradstudio.gui.canvas.badges import WARNED
from gradstudio.gui.canvas.blanks import Blanks
from gradstudio.gui.canvas.boards import Boards
from gradstudio.gui.canvas.breadcrumbs import Breadcrumbs
from gradstudio.gui.canvas.caret import Caret
from gradstudio.gui.canvas.composing import Composing
from gradstudio.gui.canvas.cycle import CycleMark
from gradstudio.gui.canvas.edits import Edits
from gradstudio.gui.canvas.find_bar import FindBar
from gradstudio.gui.canvas.flash import Flash
from gradstudio.gui.canvas.folding import View
from gradstudio.gui.canvas.following import Following
from gradstudio.gui.canvas.gestures import Gesture, Pan
from gradstudio.gui.canvas.glide import Glide
from gradstudio.gui.canvas.keys import Keys
from gradstudio.gui.canvas.layers import Layers, painted
from gradstudio.gui.canvas.legibility import TEXT_SCALE
from gradstudio.gui.canvas.lens import Lens
from gradstudio.gui.canvas.levels import Levels
from gradstudio.gui.canvas.menu import pop_up
from gradstudio.gui.canvas.minimap import Minimap
from gradstudio.gui.canvas.mirror import Mirror
from gradstudio.gui.canvas.narrator import Narrator
from gradstudio.gui.canvas.overlays import Overlays
from gradstudio.gui.canvas.picture import Picture
from gradstudio.gui.canvas.pointer import Pointer
from gradstudio.gui.canvas.rewiring import Rewiring
from gradstudio.gui.canvas.scrub import Trial
from gradstudio.gui.canvas.sketch import Ints
from gradstudio.gui.canvas.splice import drag_over, drop
from gradstudio.gui.canvas.stroke import Stroke
from gradstudio.gui.canvas.tidying import Tidying
from gradstudio.gui.canvas.toast import Toast
from gradstudio.gui.document import Document
from gradstudio.gui.lab_session import LabSession
from gradstudio.gui.playback import Playback
from gradstudio.gui.theme import LIGHT, Theme

KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class Canvas(QGraphicsView):
    """The graph as a drawing that can be edited.

    The wheel zooms at the pointer, two fingers pan; the left button moves nodes, draws links from
    port to port and selects; the middle button, or Space with the left, pans.

    Args:
        document: whose graph is shown and edited.
        playback: how far its numbers are shown.
        parent: the window.
    """

    selection_changed = Signal(object)
    """The names selected now."""
    status = Signal(str)
    """What was done besides, or is about to be."""
    refused = Signal(str)
    """Why something was not done; it stands on the canvas."""
    node_activated = Signal(str)
    settings_wanted = Signal(str)
    """The keyboard is to go where a node that is no leaf can be edited."""
    caret_moved = Signal(str)
    """The keyboard has come to a node."""
    leaf_edit_requested = Signal(str)
    """A leaf with an array is to be edited in a grid."""

    def __init__(
        self, document: Document, playback: Playback, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.document = document
        self._mirror = Mirror(document, playback, LIGHT, self.font())
        self.edits: Edits = Edits(document, self._mirror, self._adopt, self)
        self.edits.refused.connect(self.refuse)
        self.edits.reported.connect(self.status)
        self.edits.made.connect(self.select)
        self.edits.annotated.connect(lambda notes: self.select(self.selection(), notes=notes))
        self.rewiring: Rewiring = Rewiring(self)
        self.levels: Levels = Levels(self, self._mirror)
        self.cycle: CycleMark = CycleMark(self)
        self._gesture: Gesture | None = None
        self.modifiers = Qt.KeyboardModifier.NoModifier
        """The keys held when the mouse last said something."""
        self.overlays: Overlays = Overlays(self)
        self.blanks: Blanks | None = None
        """Where the answers of a lab are typed into."""
        self.lens: Lens = Lens(self)
        self.caret: Caret = Caret(self)
        self.flash = Flash(self)
        self.trial: Trial | None = None
        """The number that is tried out in a leaf."""
        self.boards: Boards = Boards(self)
        self.crumbs = Breadcrumbs(self)
        self.annotating: Annotating = Annotating(self)
        self.pointer = Pointer(self)
        self._keys = Keys(self)
        self._announced: tuple[str, ...] = ()
        self._layers = Layers(self)
        self.glide = Glide(self)
        self.tidying: Tidying = Tidying(self)
        self.composing: Composing = Composing(self)
        self.minimap = Minimap(self)
        self.find_bar: FindBar = FindBar(self)
        self.toast = Toast(self)

        scene = QGraphicsScene(self)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._layers.add_to(scene)
        self.setScene(scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retranslate()

        self.following = Following(self, self._mirror, playback)
        accessible.install(Canvas)
        self.narrator = Narrator(self, playback)

    # -- what others use --------------------------------------------------------------------

    @property
    def picture(self) -> Picture:
        """What is painted."""
        return self._mirror.picture

    @property
    def theme(self) -> Theme:
        """The colours it is painted in."""
        return self._mirror.theme

    @property
    def zoom(self) -> float:
        """The scale: 1 at 100 %."""
        return self.lens.zoom

    @property
    def shows_text(self) -> bool:
        """Whether the scale allows text."""
        return self.zoom >= TEXT_SCALE

    def warn(self, found: Iterable[Problem]) -> None:
        """Mark those nodes of the problems of the graph where gradients end or are wrong."""
        kinds = (one for one in found if one.kind in WARNED)
        self._mirror.warn({one.node: one.message for one in kinds if one.node is not None})
        self.repaint_all()

    def set_theme(self, theme: Theme) -> None:
        """Paint in other colours."""
        self.following.restyle(theme)

    def selection(self) -> tuple[str, ...]:
        """Return the names of the selected nodes, in the order of the graph."""
        return self._mirror.selection

    def select(
        self, names: Iterable[str], *, frames: Iterable[str] = (), notes: Iterable[str] = ()
    ) -> None:
        """Select these nodes, frames and notes and no others."""
        before = self.picture.marks.selected.copy()
        self._mirror.select(tuple(names))
        changed = np.flatnonzero(before != self.picture.marks.selected)
        if len(changed):
            none = np.zeros(0, np.int64)
            self.scene().update(self.picture.sketch.dirty(changed, none))
        if self.view is not None and not frames:
            chosen = set(self.selection())
            frames = [one.frame for one in self.view.blocks if one.lead in chosen]
        self.refocus()
        if self.boards.choose(frames, notes):
            self.selection_changed.emit(self.selection())
        self.announce()

    @property
    def view(self) -> View | None:
        """What is drawn of the graph, where that is not simply all of it."""
        return self._mirror.view

    @property
    def inside(self) -> str | None:
        """The frame whose inside alone is drawn."""
        return self._mirror.inside

    def select_all(self) -> None:
        """Select every node and every note."""
        self.select(self.picture.sketch.names, notes=self.boards.notes)

    def aim(self) -> QPointF:
        """Return where new things go: at the pointer, or where it is elsewhere in the middle."""
        if self.pointer.at is not None:
            return self.lens.scene(self.pointer.at)
        return self.mapToScene(self.viewport().rect().center())

    def add_node(self, op: str, at: QPointF | None = None) -> str:
        """Add a node and return its name.

        Args:
            op: the op's name.
            at: where its centre goes, in scene coordinates; without it, where there is room after
                the node that is selected, or near the middle of what is seen.
        """
        return self.edits.add(op, places.for_next(self, op) if at is None else at)

    def edge_text(self, target: str, port: int) -> tuple[str, str]:
        """Return the value and the gradient painted at an edge, "" for what is not painted."""
        edge = self.picture.sketch.edge_index[target, port]
        value, gradient = self.picture.edge_figures(edge)
        return (value.text if value else "", gradient.text if gradient else "")

    def node_center(self, name: str) -> QPointF:
        """Return where a node's centre is seen, in the viewport's coordinates."""
        sketch = self.picture.sketch
        return self.lens.seen(QPointF(*sketch.centres[sketch.index[name]].tolist()))

    def port_position(self, name: str, port: int) -> QPointF:
        """Return where an input port is seen, in the viewport's coordinates."""
        sketch = self.picture.sketch
        return self.lens.seen(QPointF(*sketch.port_at(sketch.index[name], port)))

    def output_position(self, name: str) -> QPointF:
        """Return where an output port is seen, in the viewport's coordinates."""
        sketch = self.picture.sketch
        return self.lens.seen(QPointF(*sketch.output_at(sketch.index[name])))

    def refuse(self, why: str) -> None:
        """Say why something was not done, beside where it was tried."""
        self.toast.say(why)
        self.refused.emit(why)

    def _adopt(self, before: Graph, after: Graph) -> Graph:
        return self.annotating.adopt(before, after)

    # -- what is painted anew ---------------------------------------------------------------

    def refocus(self) -> None:
        """Let the numbers be seen of what is looked at now, if need be instead of others."""
        dirty = self._mirror.focus.follow(self.picture)
        if not dirty.isEmpty():
            self.scene().update(dirty)

    def repaint_all(self) -> None:
        """Paint anew what is marked otherwise now."""
        self._layers.stale()
        self.viewport().update()

    def announce(self) -> None:
        """Say what is selected, if that is not what was said last."""
        now = self.selection()
        if now != self._announced:
            self._announced = now
            if now and (len(now) == 1 or self.boards.sole is not None):
                self.caret.follow(now[0])
            self.selection_changed.emit(now)

    def retranslate(self) -> None:
        """Take texts from the present language."""
        self.setAccessibleName(self.tr("Canvas"))
        if self.blanks is not None:
            self.blanks.retranslate()
        self.crumbs.refresh()
        self.viewport().update()

    # -- gestures ---------------------------------------------------------------------------

    @property
    def gesture(self) -> Gesture | None:
        """The gesture that is under way."""
        return self._gesture

    def lift(self, nodes: Ints, edges: Ints, *, hide: bool = False) -> None:
        """Paint `nodes` and `edges` (or nothing of them) above a still picture of all else."""
        self._layers.lift(nodes, edges, hide=hide)

    def land(self) -> None:
        """Paint everything as one again."""
        self._layers.land()

    def cancel_gesture(self) -> None:
        """Leave the gesture under way without a trace, and what glides in its place."""
        self.glide.finish()
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
            self.viewport().update()
            self.minimap.follow()

    def begin_gesture(self, gesture: Gesture) -> None:
        """Let `gesture` have the pointer until it ends."""
        self.cancel_gesture()
        self._gesture = gesture

    def end_gesture(self, at: QPoint) -> None:
        """Do what the gesture under way is for."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.end(at)
            self.viewport().update()
            self.minimap.follow()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        QToolTip.hideText()
        self.overlays.close_finder()
        self.modifiers = event.modifiers()
        self._keys.interrupt()
        self.caret.show(on=False)
        self.glide.finish()
        if self._gesture is not None:
            return
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._keys.pans()):
            self._gesture = Pan(self, event.position().toPoint())
        elif left:
            self.setFocus()
            self._gesture = self.pointer.press(event.position(), event.modifiers())
        elif event.button() == Qt.MouseButton.RightButton:
            self.setFocus()
            self._gesture = self.pointer.press_right(event.position(), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.modifiers = event.modifiers()
        self.pointer.at = event.position()
        if self._gesture is not None:
            self.minimap.avoid(event.position().toPoint())
            self._gesture.move(event.position().toPoint())
            self.follow_blanks()
        elif not self._keys.space_held:
            self.pointer.hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.modifiers = event.modifiers()
        right = event.button() == Qt.MouseButton.RightButton
        if not right or isinstance(self._gesture, Stroke):
            self.end_gesture(event.position().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.cancel_gesture()
        if event.button() == Qt.MouseButton.LeftButton:
            self.pointer.double_click(event.position(), event.modifiers())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()
        if self._gesture is None:
            pop_up(self, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        self.modifiers = event.modifiers()
        self.pointer.wheel(event)

    # -- keys -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self._keys.press(event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.setAccepted(self._keys.release(event))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in KEYBOARD_REASONS:
            self.caret.enter()
        self.narrator.arrive()
        self.caret.repaint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._keys.let_go()
        self.caret.repaint()
        super().focusOutEvent(event)

    # -- dropping ---------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        drag_over(self, event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        drag_over(self, event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.cancel_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        drop(self, event)

    # -- other events -----------------------------------------------------------------------

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Tab is a key of the canvas, which Shift+Tab leaves.
        return False if forward and self.hasFocus() else super().focusNextPrevChild(forward)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.pointer.at = None
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(
                event.globalPos(), self.pointer.tool_tip(event.pos()), self.viewport()
            )
            return True
        if isinstance(event, QNativeGestureEvent) and touch.heed(self, event):
            return True
        return super().viewportEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self.following.restyle(self.theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.lens.appear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.follow_lens()
        self.find_bar.place()
        self.overlays.keep_inside()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if not self.picture.sketch.names:
            # Qt moves what is painted; the hint stays in the middle.
            self.viewport().update()
        self.follow_lens()

    def follow_lens(self) -> None:
        """Let everything follow what is seen now of the scene."""
        self._layers.stale()
        self.overlays.follow()
        self.follow_blanks()
        self.minimap.follow()
        self.toast.follow()

    def work_on(self, lab: LabSession | None) -> None:
        """Let the blanks of a lab be filled in here; with None there are none any more."""
        if self.blanks is not None:
            self.blanks.end()
        self.blanks = None if lab is None else Blanks(self, lab)

    def follow_blanks(self) -> None:
        """Let the blanks of a lab be where they belong."""
        if self.blanks is not None:
            self.blanks.follow()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painted(self._layers.paint_ground, painter, QRectF(rect))

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if not self.picture.sketch.names:
            hint = self.tr("Press Tab to find a node, drag one here, or type a formula above")
            self._layers.paint_hint(painter, hint)
