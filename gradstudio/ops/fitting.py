"""Which ports of an op can take a value of a given shape, asked of its shape rule alone.

An op of several inputs takes a shape at a port if the others can have shapes that go with it. Those
are tried: the same, none, and the few that products, biases, masks and labels have next to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from gradstudio.errors import GradStudioError
from gradstudio.ops.base import Elementwise, Op, Shape, checked_shape

USUAL = 0.3
"""The part of an op's samples that makes a number of axes usual for it."""
USUAL_SHAPES: tuple[Shape, ...] = ((3,), (2, 3), (2, 2), (1, 1, 4, 4), (1, 1, 1, 1))


def partners(shape: Shape) -> tuple[Shape, ...]:
    """Return shapes that often stand beside `shape` at the other ports of an op."""
    tried = [shape, (), shape[-1:], shape[:-1], shape[:1], (1,)]
    if shape:
        tried += [(*shape[-1:], shape[-1]), (*shape[-1:], 1), shape[::-1], (*shape[:-1], 1)]
    return tuple(dict.fromkeys(tried))


def results(
    op: type[Op], known: Sequence[Shape | None], candidates: Sequence[Shape]
) -> Iterator[Shape]:
    """Yield the shapes of the result for what is known of the inputs.

    Args:
        op: the op, with its settings at their defaults, or a shape it asks for at a candidate.
        known: for each port its shape, or None for one that may have any of `candidates`.
        candidates: the shapes tried.
    """
    defaults = {setting.name: setting.default for setting in op.settings}
    asked = [setting.name for setting in op.settings if setting.kind == "shape"]
    given = [defaults, *({**defaults, name: one} for name in asked for one in candidates)]
    for shapes in product(*(candidates if one is None else (one,) for one in known)):
        for settings in given:
            try:
                yield checked_shape(op, shapes, settings)
            except GradStudioError:
                continue


def accepts(op: type[Op], port: int, shape: Shape, known: Sequence[Shape | None] = ()) -> bool:
    """Return whether port number `port` can take a value of `shape`.

    Args:
        op: the op.
        port: the port.
        shape: the value's shape.
        known: for each port the shape it has already, or None; none is known if it is left out.
    """
    count = max(len(op.inputs), port + 1)
    shapes = [known[at] if at < len(known) else None for at in range(count)]
    shapes[port] = shape
    near = [one for one in shapes if one is not None]
    tried = dict.fromkeys(one for each in near for one in partners(each))
    candidates = tuple(tried | dict.fromkeys(USUAL_SHAPES))
    return next(results(op, shapes, candidates), None) is not None


def accepting(op: type[Op], shape: Shape) -> tuple[int, ...]:
    """Return the ports of a new node of `op` that can take a value of `shape`."""
    return tuple(port for port in range(len(op.inputs)) if accepts(op, port, shape))


def closeness(op: type[Op], port: int, shape: Shape) -> int:
    """Return how usual a value of `shape` is at a port, 0 the most usual.

    What an op is for, its samples say: one whose port never has so many axes there can compute with
    the value, but nobody would ask for it; one that takes no scalar is made for arrays.
    """
    if issubclass(op, Elementwise):
        return 1 if shape else 0
    axes = [len(shapes[port]) for shapes, _ in op.samples if port < len(shapes)]
    usual = sum(one == len(shape) for one in axes) / max(len(axes), 1)
    if not shape or not usual:
        return 2
    return 0 if usual >= USUAL and not accepts(op, port, ()) else 1


def wanted(op: type[Op], port: int, known: Sequence[Shape | None] = ()) -> tuple[Shape, ...]:
    """Return shapes that port number `port` can take next to what the others have, some of many.

    Args:
        op: the op.
        port: the port.
        known: for each port the shape it has already, or None.
    """
    near = [one for at, one in enumerate(known) if one is not None and at != port]
    tried = [(), *(one for each in near for one in partners(each)), *USUAL_SHAPES]
    return tuple(one for one in dict.fromkeys(tried) if accepts(op, port, one, known))


def can_give(op: type[Op], shapes: Sequence[Shape]) -> bool:
    """Return whether `op` gives as many axes as one of `shapes` has, with one setting or another.

    Its sizes are those of its inputs, and of these nothing is known yet.
    """
    axes = {len(shape) for shape in shapes}
    return issubclass(op, Elementwise) or any(
        len(checked_shape(op, inputs, settings)) in axes for inputs, settings in op.samples
    )
