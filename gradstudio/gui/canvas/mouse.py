"""What the mouse does on the canvas, in words: `pointer` and the gestures do it."""

from __future__ import annotations

from gradstudio.errors import mark

MOUSE: tuple[tuple[str, str], ...] = (
    (mark("CanvasMouse", "Click"), mark("CanvasMouse", "Select a node")),
    (mark("CanvasMouse", "Shift+click"), mark("CanvasMouse", "Select it as well")),
    (mark("CanvasMouse", "Ctrl+click"), mark("CanvasMouse", "Select it as well, or no longer")),
    (
        mark("CanvasMouse", "Drag a node"),
        mark("CanvasMouse", "Move what is selected; dropped on an edge, insert it there"),
    ),
    (
        mark("CanvasMouse", "Alt while a node is dragged"),
        mark("CanvasMouse", "Snap to no neighbour and to no grid"),
    ),
    (
        mark("CanvasMouse", "Drag on nothing"),
        mark("CanvasMouse", "Select what the box touches; with Shift as well"),
    ),
    (
        mark("CanvasMouse", "Drag from a port"),
        mark("CanvasMouse", "Draw a link; onto nothing, find a node for it"),
    ),
    (
        mark("CanvasMouse", "Drag a link off its port"),
        mark("CanvasMouse", "Move the link; onto nothing, remove it"),
    ),
    (
        mark("CanvasMouse", "Shift+drag a link off its port"),
        mark("CanvasMouse", "Copy the link; the old one stays"),
    ),
    (
        mark("CanvasMouse", "Ctrl+right drag, Alt+Shift+drag"),
        mark("CanvasMouse", "Cut the links that the line crosses"),
    ),
    (
        mark("CanvasMouse", "Shift+right drag"),
        mark("CanvasMouse", "Lead the links that the line crosses through a dot"),
    ),
    (
        mark("CanvasMouse", "Ctrl+double click on a link"),
        mark("CanvasMouse", "Lead the link through a dot there"),
    ),
    (
        mark("CanvasMouse", "Double click"),
        mark("CanvasMouse", "Type a value, or a name; of an operation, inspect it"),
    ),
    (mark("CanvasMouse", "Double click on nothing"), mark("CanvasMouse", "Find a node to add")),
    (mark("CanvasMouse", "Right click"), mark("CanvasMouse", "What can be done there")),
    (mark("CanvasMouse", "Wheel"), mark("CanvasMouse", "Zoom at the pointer")),
    (mark("CanvasMouse", "Shift+wheel"), mark("CanvasMouse", "Look to the side")),
    (mark("CanvasMouse", "Pinch"), mark("CanvasMouse", "Zoom at the fingers")),
    (
        mark("CanvasMouse", "Double tap with two fingers"),
        mark("CanvasMouse", "Show it at 100 %, or all of it again"),
    ),
    (
        mark("CanvasMouse", "Drag in the minimap"),
        mark("CanvasMouse", "Look at another part of the graph"),
    ),
    (
        mark("CanvasMouse", "Drag a leaf's number, or Alt+wheel over it"),
        mark("CanvasMouse", "Change its value; Shift: finely, Ctrl: in round steps"),
    ),
    (
        mark("CanvasMouse", "Click the numbers of a link, or drag them"),
        mark("CanvasMouse", "Pin them, so that they are always shown; again: let them go"),
    ),
    (
        mark("CanvasMouse", "Drag a frame or a note, or its edge"),
        mark("CanvasMouse", "Move it with what is in it; make it larger or smaller"),
    ),
    (
        mark("CanvasMouse", "Middle drag, Space+drag, two fingers"),
        mark("CanvasMouse", "Look elsewhere"),
    ),
)
"""How the mouse is used, and what for."""
