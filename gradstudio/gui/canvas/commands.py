"""What the menus can ask of a canvas beyond its plain edits: a table by name."""

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
        least: so many nodes must be selected for it.
    """

    run: Callable[[Canvas], None]
    least: int = 0


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
