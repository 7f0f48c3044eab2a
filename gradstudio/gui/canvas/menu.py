"""The menus of the right mouse button: on a node, on an edge, on nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QActionGroup, QContextMenuEvent, QKeySequence
from PySide6.QtWidgets import QMenu

from gradstudio.gui.canvas.board_menu import BoardMenu
from gradstudio.gui.canvas.boards import Handle
from gradstudio.gui.canvas.commands import entry, paste_at
from gradstudio.gui.canvas.pins import toggle_pin
from gradstudio.gui.canvas.scrub import is_scalar_leaf
from gradstudio.gui.canvas.under import edge_under, node_under
from gradstudio.ops import op_named
from gradstudio.ops.leaves import LEAF_KINDS

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

_OF_NODES = (
    *("copy", "copy_formula", "duplicate", "duplicate_linked"),
    *("delete", "bridge", "arrange_selection"),
)


class CanvasMenu(QMenu):
    """The menu for what lies at a point of the canvas; it goes away by itself once closed.

    Args:
        canvas: the canvas.
        at: the point, in the viewport's coordinates.
    """

    def __init__(self, canvas: Canvas, at: QPoint) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._canvas = canvas
        where = canvas.mapToScene(at)
        sketch = canvas.picture.sketch
        node = node_under(sketch, where)
        edge = None if node is not None else edge_under(sketch, where, 6 / canvas.zoom)
        block = canvas.boards.block_at(where)
        if block is not None:
            handle = Handle("frame", block[0])
            canvas.boards.reach(handle)
            BoardMenu(self, canvas).fill(handle)
        elif node is not None:
            self._for_node(sketch.names[node])
        elif edge is not None:
            link = sketch.edges[edge]
            pinned = self.addAction(self.tr("Pin its numbers"))
            pinned.setCheckable(True)
            pinned.setChecked(edge in sketch.pins)
            pinned.triggered.connect(lambda: toggle_pin(canvas, link))
            remove = self.addAction(self.tr("Remove link"))
            remove.triggered.connect(lambda: canvas.edits.move_link(link, None))
            reroute = self.addAction(self.tr("Add reroute"))
            reroute.triggered.connect(lambda: canvas.rewiring.add_dots({link: where}))
        elif (board := canvas.boards.under(where)) is not None:
            canvas.boards.reach(board)
            BoardMenu(self, canvas).fill(board)
        else:
            self._for_nothing(where)

    def _for_node(self, name: str) -> None:
        canvas, edits = self._canvas, self._canvas.edits
        node = canvas.document.graph.nodes[name]
        rename = self.addAction(self.tr("Rename…"))
        rename.setShortcut(QKeySequence(Qt.Key.Key_F2))
        rename.triggered.connect(lambda: canvas.overlays.rename(name))
        if node.is_leaf:
            edit = self.addAction(self.tr("Edit value…"))
            edit.triggered.connect(lambda: canvas.overlays.edit_value(name))
            if is_scalar_leaf(canvas, name):
                slider = self.addAction(self.tr("Slider"))
                slider.triggered.connect(lambda: canvas.overlays.open_slider(name))
            kinds = self.addMenu(self.tr("Kind"))
            group = QActionGroup(kinds)
            for op in LEAF_KINDS:
                title = QCoreApplication.translate("ops", op_named(op).title)
                kind = kinds.addAction(title.replace("&", "&&"))
                kind.setCheckable(True)
                kind.setChecked(node.op == op)
                group.addAction(kind)
                kind.triggered.connect(lambda _=False, op=op: edits.set_kind(name, op))
            kinds.addSeparator()
            data = kinds.addAction(self.tr("Named as data"))
            data.setToolTip(self.tr("Its first axis counts samples"))
            data.setCheckable(True)
            data.setEnabled(node.op == "input")
            data.setChecked(bool(node.settings.get("data", False)))
            data.triggered.connect(lambda on: edits.set_data(name, on))
        output = self.addAction(self.tr("Make it the output"))
        output.setEnabled(canvas.document.graph.output != name)
        output.triggered.connect(lambda: edits.set_output(name))
        if not node.is_leaf:
            mute = entry(self, "mute", canvas, self.tr("Muted"))
            mute.setCheckable(True)
            mute.setChecked(node.muted)
            entry(self, "swap", canvas)
        self._for_pieces(name)
        self.addSeparator()
        for command in _OF_NODES:
            entry(self, command, canvas)
        BoardMenu(self, canvas).fill_for_nodes()

    def _for_pieces(self, name: str) -> None:
        composing = self._canvas.composing
        if self._canvas.document.graph.nodes[name].rules.expansion:
            entry(self, "expand", self._canvas)
        for at, match in enumerate(composing.matches(name)):
            title = QCoreApplication.translate("ops", op_named(match.op).title)
            text = self.tr("Collapse to {op}").format(op=title.replace("&", "&&"))
            collapse = partial(composing.collapse_to, match)
            action = entry(self, "collapse", self._canvas, text, collapse)
            if at:
                # The key is for the first of them.
                action.setShortcuts([])

    def _for_nothing(self, where: QPointF) -> None:
        canvas, at = self._canvas, self._canvas.lens.seen(where)
        entry(self, "add_node", canvas, run=lambda: canvas.overlays.find_node(at))
        entry(self, "paste", canvas, run=lambda: paste_at(canvas, where))
        entry(self, "select_all", canvas)
        self.addSeparator()
        add = self.addMenu(self.tr("Add leaf"))
        for op in LEAF_KINDS:
            title = QCoreApplication.translate("ops", op_named(op).title)
            add.addAction(title.replace("&", "&&")).triggered.connect(
                lambda _=False, op=op: canvas.edits.add(op, where)
            )
        BoardMenu(self, canvas).fill_for_nothing(where)
        self.addSeparator()
        entry(self, "arrange", canvas)
        entry(self, "fit", canvas)


def pop_up(canvas: Canvas, event: QContextMenuEvent) -> None:
    """Show the menu of what is at a point, and select it; not where a stroke is about to begin."""
    strokes = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    if event.reason() == QContextMenuEvent.Reason.Mouse and event.modifiers() & strokes:
        return
    at, sketch = event.pos(), canvas.picture.sketch
    node = node_under(sketch, canvas.mapToScene(at))
    if node is not None and not canvas.picture.marks.selected[node]:
        canvas.select((sketch.names[node],))
    CanvasMenu(canvas, at).popup(event.globalPos())
