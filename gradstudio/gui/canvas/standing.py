"""Which labels stay where they stand when something else changes, and which look for a place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gradstudio.gui.canvas import badges
from gradstudio.gui.canvas.sketch import Floats, Ints, Sketch
from gradstudio.looks import Look


def uncover(sketch: Sketch, nodes: Ints) -> None:
    """Forget where labels stand that `nodes` now lie upon."""
    nodes = nodes if sketch.lead is None else np.unique(sketch.lead[nodes])
    for node in nodes.tolist():
        off = np.abs(sketch.label_at - sketch.centres[node]) - sketch.half[node]
        sketch.label_at[(off < sketch.label_half).all(axis=1)] = np.nan
    sketch.seek_room()


def inherit(sketch: Sketch, other: Sketch) -> None:
    """Let the labels of edges that lie as in `other` stand where they stand there."""
    known = [other.edge_index.get((edge.target, edge.port), -1) for edge in sketch.edges]
    old = np.array(known, np.int64)
    both = np.flatnonzero(old >= 0)
    old = old[both]
    same = (sketch.start[both] == other.start[old]) & (sketch.end[both] == other.end[old])
    same_place = same.all(axis=1) & (sketch.way[both] == other.way[old])
    sketch.text_scale = other.text_scale
    sketch.put_labels(both[same_place], other.labels_of(old[same_place]))
    sketch.seek_room()


def take_looks(sketch: Sketch, looks: Mapping[str, Look]) -> bool:
    """Take over which labels are pinned; return whether any other is than before."""
    pins = {
        sketch.edge_index[name, port]: at
        for name, look in looks.items()
        for port, at in look.pins.items()
        if (name, port) in sketch.edge_index
    }
    changed = [edge for edge in {*pins, *sketch.pins} if pins.get(edge) != sketch.pins.get(edge)]
    for edge in changed:
        sketch.pin(edge, pins.get(edge))
    if changed:
        sketch.seek_room()
    return bool(changed)


def block(sketch: Sketch, rects: Floats) -> None:
    """Keep labels away from `rects`; those that stand there look for another place."""
    sketch.blocked = rects
    _clear(sketch, rects)


def flaw(sketch: Sketch, nodes: Ints) -> None:
    """Keep labels away from the badges of `nodes`, and of no others."""
    fresh = np.setdiff1d(nodes, sketch.flawed)
    if len(fresh) + len(sketch.flawed) > len(nodes):
        sketch.seek_room()
    sketch.flawed = nodes
    _clear(sketch, badges.boxes(sketch, fresh))


def _clear(sketch: Sketch, rects: Floats) -> None:
    """Let labels that stand on `rects` look for another place."""
    low, high = sketch.label_at - sketch.label_half, sketch.label_at + sketch.label_half
    for left, top, right, bottom in rects.tolist():
        upon = (low < (right, bottom)) & (high > (left, top))
        sketch.label_at[upon.all(axis=1)] = np.nan
