"""What can be asked of a canvas: a table by name, which menus and keys are made from.

Beside each command stands its one predicate, which says what is lacking to give it now: a menu
greys such a command out, and the palette and its key say why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from gradstudio.engine.reach import between, downstream, upstream
from gradstudio.errors import mark
from gradstudio.gui.canvas import places
from gradstudio.gui.canvas.choice import Choice
from gradstudio.gui.canvas.guides import TO_GRID, TO_NEIGHBOURS
from gradstudio.gui.canvas.minimap import SHOWN
from gradstudio.gui.canvas.sketch import indices
from gradstudio.gui.orders import plain
from gradstudio.node import Node
from gradstudio.rewiring import swaps

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas

Standard = QKeySequence.StandardKey
Shortcut = tuple[str, ...] | QKeySequence.StandardKey
EMPTY = mark("Commands", "The graph is empty")
_LEAST = {
    1: mark("Commands", "Select a node"),
    2: mark("Commands", "Select two nodes or more"),
    3: mark("Commands", "Select three nodes or more"),
}


def key_sequences(keys: Shortcut) -> list[QKeySequence]:
    """Return each of the keys."""
    if isinstance(keys, tuple):
        return [QKeySequence(key) for key in keys]
    return QKeySequence.keyBindings(keys)


def _nothing(_: Canvas) -> str:
    return ""


@dataclass(frozen=True)
class Command:
    """One thing that can be asked for.

    Args:
        text: what a menu calls it, marked for translation.
        run: does it, where nothing is lacking.
        keys: its keys, as `QKeySequence` writes them, or a standard key.
        lacking: returns what it lacks to be done now, marked for translation; "" for nothing.
    """

    text: str
    run: Callable[[Canvas], object]
    keys: Shortcut = ()
    lacking: Callable[[Canvas], str] = _nothing

    def lack(self, canvas: Canvas) -> str:
        """Return what it lacks to be done now, in the reader's language; "" for nothing."""
        text = self.lacking(canvas)
        return QCoreApplication.translate("Commands", text) if text else ""

    def give(self, canvas: Canvas) -> None:
        """Do it, or say what it lacks."""
        lack = self.lack(canvas)
        if lack:
            canvas.refuse(lack)
        else:
            self.run(canvas)


# -- what commands lack -----------------------------------------------------------------------


def _some(canvas: Canvas) -> str:
    return "" if canvas.picture.graph.nodes or canvas.boards.annotations else EMPTY


def _nodes(least: int) -> Callable[[Canvas], str]:
    """Return what asks for so many selected nodes."""

    def lacking(canvas: Canvas) -> str:
        if not canvas.picture.graph.nodes:
            return EMPTY
        # Asked of many commands at every change: the names need not be looked up.
        return "" if int(canvas.picture.marks.selected.sum()) >= least else _LEAST[least]

    return lacking


def _anything(canvas: Canvas) -> str:
    if canvas.picture.marks.selected.any() or canvas.boards.chosen_notes:
        return ""
    return _some(canvas) or mark("Commands", "Select a node or a note")


@dataclass(frozen=True)
class _Fitting:
    """What is done with those of the selected nodes that fit, and asks for one.

    Args:
        text: asks for one, marked for translation.
        fits: returns whether a node fits.
    """

    text: str
    fits: Callable[[Node], bool]

    def names(self, canvas: Canvas) -> Iterator[str]:
        """Yield the selected nodes that fit; the others are left alone."""
        nodes = canvas.picture.graph.nodes
        return (name for name in canvas.selection() if name in nodes and self.fits(nodes[name]))

    def lacking(self, canvas: Canvas) -> str:
        if any(self.names(canvas)):
            return ""
        return self.text if canvas.picture.graph.nodes else EMPTY


_COMPUTED = _Fitting(
    mark("Commands", "Select a node that is no leaf"), lambda node: not node.is_leaf
)
_SWAPPING = _Fitting(mark("Commands", "Select a node with two inputs that differ"), swaps)
_COMPOSED = _Fitting(
    mark("Commands", "Select a node that is composed of others, as a sigmoid is"),
    lambda node: bool(node.rules.expansion),
)


def _left(canvas: Canvas) -> str:
    used, text = canvas.picture.graph.consumers, mark("Commands", "Select a node that is used")
    return _nodes(1)(canvas) or ("" if any(map(used.get, canvas.selection())) else text)


def _number(canvas: Canvas) -> str:
    selected, nodes = canvas.selection(), canvas.picture.graph.nodes
    node = nodes.get(selected[0]) if len(selected) == 1 else None
    if node is not None and node.value is not None and node.value.ndim == 0:
        return ""
    return _some(canvas) or mark("Commands", "Select one leaf that holds a number")


def _frames(canvas: Canvas) -> str:
    text = mark("Commands", "Select a frame, or a node in one")
    return "" if canvas.boards.meant else text


def _frame(canvas: Canvas) -> str:
    text = mark("Commands", "Select a single frame, or a node in one")
    return _frames(canvas) or ("" if len(canvas.boards.meant) == 1 else text)


def _outside(canvas: Canvas) -> str:
    text = mark("Commands", "This is the whole graph already")
    return "" if canvas.inside is not None else text


# -- what they do -----------------------------------------------------------------------------


def _select_upstream(canvas: Canvas) -> None:
    canvas.select(upstream(canvas.document.graph, canvas.selection()))


def _select_downstream(canvas: Canvas) -> None:
    canvas.select(downstream(canvas.document.graph, canvas.selection()))


def _select_between(canvas: Canvas) -> None:
    found = between(canvas.document.graph, canvas.selection())
    if found:
        canvas.select(found)
    else:
        text = mark("Commands", "No path leads from one of the selected nodes to another")
        canvas.refuse(QCoreApplication.translate("Commands", text))


def _duplicate(canvas: Canvas) -> None:
    names, notes = canvas.selection(), canvas.boards.chosen_notes
    canvas.edits.duplicate(names, notes, places.copy_offset(canvas, names, notes))
    if canvas.selection():
        canvas.lens.see_selection()


def paste_at(canvas: Canvas, at: QPointF | None = None) -> None:
    """Add the graph or the formula on the clipboard, select that and bring it into sight.

    Args:
        canvas: where.
        at: where on the scene; without it, where the pointer is.
    """
    clear = at is None and canvas.pointer.at is None
    if canvas.edits.paste(canvas.aim() if at is None else at, clear=clear):
        sketch, names = canvas.picture.sketch, canvas.selection()
        if names:
            canvas.lens.keep_in_sight(sketch.bounds(indices(sketch, names)))


COMMANDS: Mapping[str, Command] = {
    "cut": Command(
        mark("Menus", "Cu&t"),
        lambda canvas: canvas.edits.cut(canvas.selection(), canvas.boards.chosen_notes),
        Standard.Cut,
        _anything,
    ),
    "copy": Command(
        mark("Menus", "&Copy"),
        lambda canvas: canvas.edits.copy(canvas.selection(), canvas.boards.chosen_notes),
        Standard.Copy,
        _anything,
    ),
    "copy_formula": Command(
        mark("Menus", "Copy as &formula"),
        lambda canvas: canvas.edits.copy_formula(canvas.selection()),
        (),
        _nodes(1),
    ),
    "paste": Command(mark("Menus", "&Paste"), paste_at, Standard.Paste),
    "duplicate": Command(
        mark("Menus", "&Duplicate"),
        _duplicate,
        ("Ctrl+D",),
        _anything,
    ),
    "duplicate_linked": Command(
        mark("Menus", "Duplicate with &links"),
        lambda canvas: canvas.rewiring.duplicate_linked(),
        ("Ctrl+Shift+D",),
        _nodes(1),
    ),
    "delete": Command(
        mark("Menus", "De&lete"),
        lambda canvas: canvas.edits.delete(canvas.selection(), canvas.boards.chosen_notes),
        ("Del",),
        _anything,
    ),
    "bridge": Command(
        mark("Menus", "Delete and &bridge"),
        lambda canvas: canvas.rewiring.bridge(),
        ("Ctrl+Del", "Ctrl+Backspace"),
        _nodes(1),
    ),
    "select_all": Command(
        mark("Menus", "Select &all"),
        lambda canvas: canvas.select_all(),
        Standard.SelectAll,
        _some,
    ),
    "select_upstream": Command(
        mark("Menus", "Select &upstream"), _select_upstream, ("Ctrl+Shift+Left",), _nodes(1)
    ),
    "select_downstream": Command(
        mark("Menus", "Select do&wnstream"), _select_downstream, ("Ctrl+Shift+Right",), _nodes(1)
    ),
    "select_between": Command(
        mark("Menus", "Select paths &between"), _select_between, ("Ctrl+Shift+B",), _nodes(2)
    ),
    "add_node": Command(
        mark("Menus", "Add &node…"), lambda canvas: canvas.overlays.find_node(), ("Shift+A",)
    ),
    "find": Command(
        mark("Menus", "&Find in the graph…"),
        lambda canvas: canvas.find_bar.open(),
        Standard.Find,
        _some,
    ),
    "zoom_in": Command(
        mark("Menus", "Zoom &in"), lambda canvas: canvas.lens.zoom_in(), ("Ctrl++", "Ctrl+=")
    ),
    "zoom_out": Command(
        mark("Menus", "Zoom &out"), lambda canvas: canvas.lens.zoom_out(), ("Ctrl+-",)
    ),
    "zoom_reset": Command(
        mark("Menus", "&100 %"), lambda canvas: canvas.lens.zoom_reset(), ("Ctrl+0",)
    ),
    "fit": Command(mark("Menus", "&Fit all"), lambda canvas: canvas.lens.fit(), ("Home",), _some),
    "fit_selection": Command(
        mark("Menus", "Fit &selection"),
        lambda canvas: canvas.lens.fit_selection(),
        ("Shift+Home",),
        _anything,
    ),
    "mute": Command(
        mark("Menus", "&Mute or unmute"),
        lambda canvas: canvas.rewiring.toggle_muted(tuple(_COMPUTED.names(canvas))),
        ("M",),
        _COMPUTED.lacking,
    ),
    "swap": Command(
        mark("Menus", "S&wap inputs"),
        lambda canvas: canvas.rewiring.swap(tuple(_SWAPPING.names(canvas))),
        ("S",),
        _SWAPPING.lacking,
    ),
    "slider": Command(
        mark("Menus", "S&lider of the leaf"),
        lambda canvas: canvas.overlays.open_slider(canvas.selection()[0]),
        (),
        _number,
    ),
    "reroute": Command(
        mark("Menus", "Add &reroute"),
        lambda canvas: canvas.rewiring.add_dots_after(),
        ("R",),
        _left,
    ),
    "expand": Command(
        mark("Menus", "&Expand into its parts"),
        lambda canvas: canvas.composing.expand(tuple(_COMPOSED.names(canvas))),
        ("Ctrl+Shift+E",),
        _COMPOSED.lacking,
    ),
    "collapse": Command(
        mark("Menus", "Co&llapse into one node"),
        lambda canvas: canvas.composing.collapse(),
        ("Ctrl+Shift+C",),
        _nodes(1),
    ),
    "frame": Command(
        mark("Menus", "&Frame the selection"),
        lambda canvas: canvas.annotating.frame(),
        ("Ctrl+G",),
        _nodes(1),
    ),
    "unframe": Command(
        mark("Menus", "&Remove frame"),
        lambda canvas: canvas.annotating.unframe(),
        ("Ctrl+Shift+G",),
        _frames,
    ),
    "fold": Command(
        mark("Menus", "F&old or unfold the frame"),
        lambda canvas: canvas.annotating.fold(),
        ("Ctrl+E",),
        _frames,
    ),
    "enter_frame": Command(
        mark("Menus", "Go &into the frame"),
        lambda canvas: canvas.annotating.enter(),
        ("Ctrl+U",),
        _frame,
    ),
    "leave_frame": Command(
        mark("Menus", "Go o&ut of the frame"),
        lambda canvas: canvas.levels.go_out(),
        ("Ctrl+Shift+U",),
        _outside,
    ),
    "add_note": Command(
        mark("Menus", "Add &note"), lambda canvas: canvas.annotating.add_note(), ("Ctrl+M",)
    ),
    "arrange": Command(
        mark("Menus", "Lay out &all"), lambda canvas: canvas.tidying.lay_out(), ("Ctrl+L",), _some
    ),
    "arrange_selection": Command(
        mark("Menus", "Lay out &selection"),
        lambda canvas: canvas.tidying.lay_out_selection(),
        ("Ctrl+Shift+L",),
        _nodes(2),
    ),
    "align_left": Command(
        mark("Menus", "Align &left"),
        lambda canvas: canvas.tidying.align("left"),
        ("Ctrl+J, L",),
        _nodes(2),
    ),
    "align_centre": Command(
        mark("Menus", "Align &centres"),
        lambda canvas: canvas.tidying.align("centre"),
        ("Ctrl+J, C",),
        _nodes(2),
    ),
    "align_right": Command(
        mark("Menus", "Align &right"),
        lambda canvas: canvas.tidying.align("right"),
        ("Ctrl+J, R",),
        _nodes(2),
    ),
    "align_top": Command(
        mark("Menus", "Align &top"),
        lambda canvas: canvas.tidying.align("top"),
        ("Ctrl+J, T",),
        _nodes(2),
    ),
    "align_middle": Command(
        mark("Menus", "Align &middles"),
        lambda canvas: canvas.tidying.align("middle"),
        ("Ctrl+J, M",),
        _nodes(2),
    ),
    "align_bottom": Command(
        mark("Menus", "Align &bottom"),
        lambda canvas: canvas.tidying.align("bottom"),
        ("Ctrl+J, B",),
        _nodes(2),
    ),
    "distribute_across": Command(
        mark("Menus", "Distribute &horizontally"),
        lambda canvas: canvas.tidying.distribute(0),
        ("Ctrl+J, H",),
        _nodes(3),
    ),
    "distribute_down": Command(
        mark("Menus", "Distribute &vertically"),
        lambda canvas: canvas.tidying.distribute(1),
        ("Ctrl+J, V",),
        _nodes(3),
    ),
}

SWITCHES: Mapping[str, Choice] = {
    "minimap": SHOWN,
    "snap_grid": TO_GRID,
    "snap_neighbours": TO_NEIGHBOURS,
}
"""What can be switched on and off, for all canvases."""


def entry(
    menu: QMenu,
    name: str,
    canvas: Canvas,
    text: str = "",
    run: Callable[[], object] | None = None,
) -> QAction:
    """Add a command to a menu of the right mouse button, and return its entry.

    Args:
        menu: which.
        name: of the command.
        canvas: whose menu it is.
        text: what it is called here, if that is not what the menu bar calls it.
        run: does it here, if more is known than elsewhere; such an entry lacks nothing.
    """
    command = COMMANDS[name]
    action = menu.addAction(text or plain(QCoreApplication.translate("Menus", command.text)))
    action.setShortcuts(key_sequences(command.keys)[:1])
    action.setEnabled(run is not None or not command.lacking(canvas))
    action.triggered.connect(lambda _=False: command.give(canvas) if run is None else run())
    return action
