"""The menus of the right mouse button: on a node, on an edge, on nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from gradstudio.gui.canvas.board_menu import BoardMenu
from gradstudio.gui.canvas.boards import Handle
from gradstudio.gui.canvas.pins import toggle_pin
from gradstudio.gui.canvas.scrub import is_scalar_leaf
from gradstudio.ops import op_named
from gradstudio.ops.leaves import LEAF_KINDS

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas


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
        node = sketch.node_under(where)
        edge = None if node is not None else sketch.edge_under(where, 6 / canvas.zoom)
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
            mute = self._add(self.tr("Muted"), QKeySequence(Qt.Key.Key_M))
            mute.setCheckable(True)
            mute.setChecked(node.muted)
            mute.triggered.connect(canvas.rewiring.toggle_muted)
            swap = self._add(self.tr("Swap inputs"), QKeySequence(Qt.Key.Key_S))
            swap.setEnabled(len(node.inputs) > 1)
            swap.triggered.connect(canvas.rewiring.swap)
        self._for_pieces(name)
        self.addSeparator()
        self._add(self.tr("Copy"), QKeySequence.StandardKey.Copy).triggered.connect(canvas.copy)
        self.addAction(self.tr("Copy as formula")).triggered.connect(canvas.copy_formula)
        self._add(self.tr("Duplicate"), QKeySequence("Ctrl+D")).triggered.connect(canvas.duplicate)
        linked = self._add(self.tr("Duplicate with links"), QKeySequence("Ctrl+Shift+D"))
        linked.triggered.connect(canvas.rewiring.duplicate_linked)
        self._add(self.tr("Delete"), QKeySequence.StandardKey.Delete).triggered.connect(
            canvas.delete_selection
        )
        bridge = self._add(self.tr("Delete and bridge"), QKeySequence("Ctrl+Del"))
        bridge.triggered.connect(canvas.rewiring.bridge)
        if len(canvas.selection()) > 1:
            lay_out = self._add(self.tr("Lay out selection"), QKeySequence("Ctrl+Shift+L"))
            lay_out.triggered.connect(canvas.tidying.lay_out_selection)
        BoardMenu(self, canvas).fill_for_nodes()

    def _for_pieces(self, name: str) -> None:
        composing = self._canvas.composing
        if self._canvas.document.graph.nodes[name].rules.expansion:
            keys = QKeySequence("Ctrl+Shift+E")
            self._add(self.tr("Expand into its parts"), keys).triggered.connect(composing.expand)
        for at, match in enumerate(composing.matches(name)):
            title = QCoreApplication.translate("ops", op_named(match.op).title)
            text = self.tr("Collapse to {op}").format(op=title.replace("&", "&&"))
            action = self._add(text, QKeySequence("" if at else "Ctrl+Shift+C"))
            action.triggered.connect(lambda _=False, match=match: composing.collapse_to(match))

    def _for_nothing(self, where: QPointF) -> None:
        canvas, at = self._canvas, self._canvas.lens.seen(where)
        find = self._add(self.tr("Add node…"), QKeySequence("Shift+A"))
        find.triggered.connect(lambda: canvas.overlays.find_node(at))
        paste = self._add(self.tr("Paste"), QKeySequence.StandardKey.Paste)
        paste.triggered.connect(lambda: canvas.paste(where))
        self._add(self.tr("Select all"), QKeySequence.StandardKey.SelectAll).triggered.connect(
            canvas.select_all
        )
        self.addSeparator()
        add = self.addMenu(self.tr("Add leaf"))
        for op in LEAF_KINDS:
            title = QCoreApplication.translate("ops", op_named(op).title)
            add.addAction(title.replace("&", "&&")).triggered.connect(
                lambda _=False, op=op: canvas.edits.add(op, where)
            )
        BoardMenu(self, canvas).fill_for_nothing(where)
        self.addSeparator()
        self.addAction(self.tr("Lay out")).triggered.connect(canvas.tidying.lay_out)
        self._add(self.tr("Fit"), QKeySequence(Qt.Key.Key_F)).triggered.connect(canvas.lens.fit)

    def _add(self, text: str, keys: QKeySequence | QKeySequence.StandardKey) -> QAction:
        action = self.addAction(text)
        action.setShortcut(keys)
        return action
