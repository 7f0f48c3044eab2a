"""What the menus can ask of a canvas: a table by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from gradstudio.engine.reach import between, downstream, upstream
from gradstudio.gui.canvas.choice import Choice
from gradstudio.gui.canvas.guides import TO_GRID, TO_NEIGHBOURS
from gradstudio.gui.canvas.minimap import SHOWN

if TYPE_CHECKING:
    from gradstudio.gui.canvas.view import Canvas


class Command(NamedTuple):
    """One thing that can be asked for.

    Args:
        run: does it.
        least: so many nodes must be selected for it, of a graph that has some; with None it can be
            asked for at any time, and says itself what is missing.
        notes: whether it does as well for notes that are selected.
    """

    run: Callable[[Canvas], None]
    least: int | None = 0
    notes: bool = False

    def can(self, canvas: Canvas) -> bool:
        """Return whether it can be asked for now."""
        if self.least is None:
            return True
        selected = len(canvas.selection())
        if self.notes:
            selected += len(canvas.boards.chosen_notes)
        return selected >= self.least and bool(selected or canvas.document.graph.nodes)


def _select_upstream(canvas: Canvas) -> None:
    canvas.select(upstream(canvas.document.graph, canvas.selection()))


def _select_downstream(canvas: Canvas) -> None:
    canvas.select(downstream(canvas.document.graph, canvas.selection()))


def _select_between(canvas: Canvas) -> None:
    found = between(canvas.document.graph, canvas.selection())
    if found:
        canvas.select(found)
    else:
        canvas.status.emit(
            QCoreApplication.translate(
                "Canvas", "No path leads from one of the selected nodes to another"
            )
        )


COMMANDS: Mapping[str, Command] = {
    "cut": Command(lambda canvas: canvas.cut(), 1, notes=True),
    "copy": Command(lambda canvas: canvas.copy(), 1, notes=True),
    "copy_formula": Command(lambda canvas: canvas.copy_formula(), None),
    "paste": Command(lambda canvas: canvas.paste(), None),
    "duplicate": Command(lambda canvas: canvas.duplicate(), 1, notes=True),
    "duplicate_linked": Command(lambda canvas: canvas.rewiring.duplicate_linked(), None),
    "bridge": Command(lambda canvas: canvas.rewiring.bridge(), None),
    "mute": Command(lambda canvas: canvas.rewiring.toggle_muted(), None),
    "swap": Command(lambda canvas: canvas.rewiring.swap(), None),
    "slider": Command(lambda canvas: canvas.overlays.open_slider(), None),
    "reroute": Command(lambda canvas: canvas.rewiring.add_dots_after(), None),
    "delete": Command(lambda canvas: canvas.delete_selection(), 1, notes=True),
    "select_all": Command(lambda canvas: canvas.select_all()),
    "add_node": Command(lambda canvas: canvas.overlays.find_node(), None),
    "zoom_in": Command(lambda canvas: canvas.lens.zoom_in(), None),
    "zoom_out": Command(lambda canvas: canvas.lens.zoom_out(), None),
    "zoom_reset": Command(lambda canvas: canvas.lens.zoom_reset(), None),
    "fit": Command(lambda canvas: canvas.lens.fit()),
    "fit_selection": Command(lambda canvas: canvas.lens.fit_selection(), 1, notes=True),
    "frame": Command(lambda canvas: canvas.annotating.frame(), None),
    "unframe": Command(lambda canvas: canvas.annotating.unframe(), None),
    "fold": Command(lambda canvas: canvas.annotating.fold(), None),
    "enter_frame": Command(lambda canvas: canvas.annotating.enter(), None),
    "leave_frame": Command(lambda canvas: canvas.go_out(), None),
    "add_note": Command(lambda canvas: canvas.annotating.add_note(), None),
    "find": Command(lambda canvas: canvas.find_bar.open()),
    "select_upstream": Command(_select_upstream, 1),
    "select_downstream": Command(_select_downstream, 1),
    "select_between": Command(_select_between, 2),
    "arrange": Command(lambda canvas: canvas.tidying.lay_out()),
    "arrange_selection": Command(lambda canvas: canvas.tidying.lay_out_selection(), 2),
    "align_left": Command(lambda canvas: canvas.tidying.align("left"), 2),
    "align_centre": Command(lambda canvas: canvas.tidying.align("centre"), 2),
    "align_right": Command(lambda canvas: canvas.tidying.align("right"), 2),
    "align_top": Command(lambda canvas: canvas.tidying.align("top"), 2),
    "align_middle": Command(lambda canvas: canvas.tidying.align("middle"), 2),
    "align_bottom": Command(lambda canvas: canvas.tidying.align("bottom"), 2),
    "distribute_across": Command(lambda canvas: canvas.tidying.distribute(0), 3),
    "distribute_down": Command(lambda canvas: canvas.tidying.distribute(1), 3),
    "expand": Command(lambda canvas: canvas.composing.expand(), 1),
    "collapse": Command(lambda canvas: canvas.composing.collapse(), 1),
}

SWITCHES: Mapping[str, Choice] = {
    "minimap": SHOWN,
    "snap_grid": TO_GRID,
    "snap_neighbours": TO_NEIGHBOURS,
}
"""What can be switched on and off, for all canvases."""
