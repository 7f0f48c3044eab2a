"""Which labels stay where they stand when something else changes, and which look for a place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QRectF

from gradstudio.gui.canvas import badges, labels, results
from gradstudio.gui.canvas.sketch import LABEL_PX, Floats, Ints, Sketch
from gradstudio.looks import Look


def uncover(sketch: Sketch, nodes: Ints) -> None:
    """Forget where labels stand that `nodes`, their names or results now lie upon."""
    placed = sketch.label_at[np.isfinite(sketch.label_at[:, 0])]
    if not len(placed) or not len(nodes):
        return
    nodes = nodes if sketch.lead is None else np.unique(sketch.lead[nodes])
    # Labels have places where they have been seen: of a large graph, a small part.
    reach = 2 * np.array(LABEL_PX)
    low, high = placed.min(axis=0) - reach, placed.max(axis=0) + reach
    nodes = np.intersect1d(nodes, sketch.nodes_in(QRectF(*low.tolist(), *(high - low).tolist())))
    bodies, _ = results.own_bodies(sketch, nodes)
    _clear(sketch, np.concatenate([bodies, results.rects(sketch, nodes)]))


def inherit(sketch: Sketch, other: Sketch) -> None:
    """Let the labels of edges that lie as in `other` stand where they stand there.

    Those excepted that a node has come upon which lies, looks or ends otherwise.
    """
    known = [other.edge_index.get((edge.target, edge.port), -1) for edge in sketch.edges]
    old = np.array(known, np.int64)
    both = np.flatnonzero(old >= 0)
    old = old[both]
    same = (sketch.start[both] == other.start[old]) & (sketch.end[both] == other.end[old])
    same_place = same.all(axis=1) & (sketch.way[both] == other.way[old])
    sketch.text_scale = other.text_scale
    labels.put(sketch, both[same_place], labels.standing_of(other, old[same_place]))
    uncover(sketch, _changed(sketch, other))
    sketch.seek_room()


def _changed(sketch: Sketch, other: Sketch) -> Ints:
    """Return the nodes that take another place than in `other`, with all that belongs to them."""
    known = np.array([other.index.get(name, -1) for name in sketch.names], np.int64)
    changed = known < 0
    here, there = np.flatnonzero(~changed), known[~changed]
    for one, two in zip(_takes(sketch, here), _takes(other, there), strict=True):
        changed[here] |= (one != two).any(axis=1)
    return np.flatnonzero(changed)


def _takes(sketch: Sketch, nodes: Ints) -> tuple[Floats, ...]:
    ends = sketch.is_end[nodes] | (nodes == sketch.output)
    return sketch.centres[nodes], sketch.half[nodes], sketch.pads[nodes], ends[:, None] * 1.0


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
    if not np.array_equal(rects, sketch.blocked):
        sketch.seek_room()
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
    sketch.label_at[labels.upon(sketch, rects)] = np.nan
