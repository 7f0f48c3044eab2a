"""Ops that only move numbers about: their gradients move the upstream numbers back."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from gradstudio.errors import OpError, mark
from gradstudio.ops.base import Op, Shape, apply, shape_text
from gradstudio.ops.settings import Setting, parse_index

GROUP = mark("ops", "Shapes")


def axes_of(axis: int | tuple[int, ...] | None, shape: Shape, port: str = "x") -> tuple[int, ...]:
    """Return `axis` as sorted non-negative axes of an array of `shape`; None means all.

    Raises:
        OpError: an axis is outside the array or named twice; the message names `port`.
    """
    ndim = len(shape)
    if axis is None:
        return tuple(range(ndim))
    given = axis if isinstance(axis, tuple) else (axis,)
    normal = sorted(one + ndim if one < 0 else one for one in given)
    if any(not 0 <= one < ndim for one in normal) or len(set(normal)) != len(normal):
        raise OpError(
            mark(
                "core",
                "axis {axis} does not fit: {port} is {shape}, with {ndim} axes, counted from 0",
            ),
            axis=axis,
            port=port,
            shape=shape_text(shape),
            ndim=ndim,
        )
    return tuple(normal)


class Moving(Op):
    """A linear op of one array: its tangent rule is its forward rule."""

    group, inputs = GROUP, ("x",)
    pattern = mark("ops", "gradient mover")

    def __init_subclass__(cls) -> None:
        """Derive the tangent rule."""
        super().__init_subclass__()

        def jvp(port: int, t: Any, out: Any, x: Any, **settings: Any) -> Any:
            return apply(cls, t, **settings)

        cls.jvp = staticmethod(jvp)


class Transpose(Moving):
    """The axes in another order; reversed where none is given."""

    name, symbol = "transpose", "Xᵀ"
    title = mark("ops", "transpose")
    keywords = ("T", "permute", "swapaxes", "flip axes", "矩阵转置", "换轴")
    settings: ClassVar = (Setting("axes", "axes", default=None),)
    teaching = mark("ops", "The gradient is transposed back.")
    downstream = ("gᵀ",)
    torch = "{x}.permute({axes})"
    numpy = np.transpose
    samples: ClassVar = (
        (((2, 3),), {}),
        (((3,),), {}),
        (((),), {}),
        (((2, 3, 4),), {"axes": (2, 0, 1)}),
        (((2, 3, 4),), {"axes": (-1, 0, 1)}),
    )

    @staticmethod
    def shape(x: Shape, *, axes: tuple[int, ...] | None = None) -> Shape:
        if axes is None:
            return x[::-1]
        if len(axes_of(axes, x)) != len(x):
            raise OpError(
                mark("core", "axes {axes} must name each axis of x {shape} once"),
                axes=axes,
                shape=shape_text(x),
            )
        return tuple(x[axis] for axis in axes)

    @staticmethod
    def forward(x: Any, *, axes: tuple[int, ...] | None = None) -> Any:
        return np.transpose(x, axes)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, axes: tuple[int, ...] | None = None) -> Any:
        if axes is None:
            return (np.transpose(g),)
        back = sorted(range(len(axes)), key=lambda i: axes[i] % len(axes))
        return (np.transpose(g, tuple(back)),)


class Reshape(Moving):
    """The same numbers, row by row, in another shape; one size may be -1."""

    name, symbol = "reshape", "⇄"
    title = mark("ops", "reshape")
    keywords = ("flatten", "resize", "形状变换", "展平", "重塑", "改变形状")
    settings: ClassVar = (Setting("shape", "shape", default=(-1,)),)
    aliases = ("view",)
    teaching = mark("ops", "The gradient is given the input's shape back.")
    downstream = ("g → x",)
    torch = "{x}.reshape({shape})"
    numpy = np.reshape
    keeps_entries = True
    samples: ClassVar = (
        (((2, 3),), {"shape": (3, 2)}),
        (((2, 3),), {}),
        (((6,),), {"shape": (2, -1)}),
        (((1,),), {"shape": ()}),
        (((),), {"shape": (1, 1)}),
    )

    @staticmethod
    def shape(x: Shape, *, shape: tuple[int, ...] = (-1,)) -> Shape:
        size, known = math.prod(x), math.prod(n for n in shape if n != -1)
        free = shape.count(-1)
        fits = known == size if not free else free == 1 and known > 0 and size % known == 0
        if not fits or any(n < -1 for n in shape):
            raise OpError(
                mark("core", "x {shape} has {size} numbers and cannot become {wanted}"),
                shape=shape_text(x),
                size=size,
                wanted=shape_text(shape),
            )
        return tuple(size // known if n == -1 else n for n in shape)

    @staticmethod
    def forward(x: Any, *, shape: tuple[int, ...] = (-1,)) -> Any:
        return np.reshape(x, shape)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, shape: tuple[int, ...] = (-1,)) -> Any:
        return (np.reshape(g, x.shape),)


class Squeeze(Moving):
    """Without the axes of size 1, or without those named."""

    name, symbol = "squeeze", "⇥⇤"
    title = mark("ops", "squeeze")
    keywords = ("drop axis", "remove axis", "压缩", "挤压", "降维")
    settings: ClassVar = (Setting("axis", "axis", default=None),)
    teaching = mark("ops", "The gradient is given the dropped axes back.")
    downstream = ("g → x",)
    torch = "torch.squeeze({x}, {axis})"
    numpy = np.squeeze
    keeps_entries = True
    samples: ClassVar = (
        (((5, 1),), {}),
        (((1, 3, 1),), {"axis": 0}),
        (((1, 3, 1),), {"axis": (0, -1)}),
        (((),), {}),
    )

    @staticmethod
    def shape(x: Shape, *, axis: int | tuple[int, ...] | None = None) -> Shape:
        if axis is None:
            return tuple(n for n in x if n != 1)
        gone = axes_of(axis, x)
        if any(x[one] != 1 for one in gone):
            raise OpError(
                mark("core", "axis {axis} of x {shape} is not of size 1 and cannot be dropped"),
                axis=axis,
                shape=shape_text(x),
            )
        return tuple(n for i, n in enumerate(x) if i not in gone)

    @staticmethod
    def forward(x: Any, *, axis: int | tuple[int, ...] | None = None) -> Any:
        return np.squeeze(x, axis)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, axis: int | tuple[int, ...] | None = None) -> Any:
        return (np.reshape(g, x.shape),)


class BroadcastTo(Moving):
    """Repeated along new axes and axes of size 1 until it has the shape asked for."""

    name, symbol = "broadcast_to", "⇱"
    title = mark("ops", "broadcast to")
    keywords = ("repeat", "tile", "复制扩展", "扩展")
    pattern = mark("ops", "gradient adder")
    settings: ClassVar = (Setting("shape", "shape", default=()),)
    teaching = mark(
        "ops", "Every copy sends its gradient back, and they add up: copying is the dual of adding."
    )
    downstream = ("Σ g",)
    aliases, torch = ("expand",), "torch.broadcast_to({x}, {shape})"
    numpy = np.broadcast_to
    keeps_entries = True
    samples: ClassVar = (
        (((),), {"shape": (2, 3)}),
        (((3,),), {"shape": (2, 3)}),
        (((2, 1),), {"shape": (4, 2, 3)}),
        (((2,),), {"shape": (2,)}),
        (((1, 3),), {"shape": (0, 3)}),
    )

    @staticmethod
    def shape(x: Shape, *, shape: tuple[int, ...] = ()) -> Shape:
        tail = shape[len(shape) - len(x) :] if len(x) <= len(shape) else None
        if (
            tail is None
            or any(n < 0 for n in shape)
            or any(have not in (1, want) for have, want in zip(x, tail, strict=True))
        ):
            raise OpError(
                mark("core", "x {shape} cannot be broadcast to {wanted}"),
                shape=shape_text(x),
                wanted=shape_text(shape),
            )
        return shape

    @staticmethod
    def forward(x: Any, *, shape: tuple[int, ...] = ()) -> Any:
        return np.broadcast_to(x, shape)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, shape: tuple[int, ...] = ()) -> Any:
        return (g,)


class Concat(Op):
    """Arrays joined end to end along an axis they all have."""

    name, symbol, group, inputs = "concat", "⧺", GROUP, ("x",)
    variadic = True
    title = mark("ops", "concat")
    keywords = ("join", "stack", "append", "合并", "连接", "堆叠")
    pattern = mark("ops", "gradient mover")
    settings: ClassVar = (Setting("axis", "int", default=0),)
    teaching = mark("ops", "The gradient is cut at the seams; each input gets its own piece.")
    downstream = ("g[…]",)
    aliases, torch = ("cat", "concatenate"), "torch.cat([{xs}], {axis})"
    samples: ClassVar = (
        (((2,), (3,)), {}),
        (((2, 3), (2, 1), (2, 2)), {"axis": 1}),
        (((2, 3), (1, 3)), {"axis": -2}),
        (((2, 3),), {}),
        (((0,), (3,), (1,)), {}),
    )

    @staticmethod
    def shape(*xs: Shape, axis: int = 0) -> Shape:
        first = xs[0]
        if not first:
            raise OpError(mark("core", "x1 is a scalar: concat joins arrays that have an axis"))
        (at,) = axes_of(axis, first, "x1")
        for i, x in enumerate(xs):
            if x[:at] + x[at + 1 :] != first[:at] + first[at + 1 :] or len(x) != len(first):
                raise OpError(
                    mark(
                        "core",
                        "x{i} is {shape} and x1 is {first}: they may differ along axis {axis} only",
                    ),
                    i=i + 1,
                    shape=shape_text(x),
                    first=shape_text(first),
                    axis=axis,
                )
        return (*first[:at], sum(x[at] for x in xs), *first[at + 1 :])

    @staticmethod
    def forward(*xs: Any, axis: int = 0) -> Any:
        return np.concatenate(xs, axis)

    @staticmethod
    def vjp(g: Any, out: Any, *xs: Any, axis: int = 0) -> Any:
        at = axis % g.ndim
        pieces, start = [], 0
        for x in xs:
            stop = start + x.shape[at]
            pieces.append(g[(slice(None),) * at + (slice(start, stop),)])
            start = stop
        return tuple(pieces)

    @staticmethod
    def jvp(port: int, t: Any, out: Any, *xs: Any, axis: int = 0) -> Any:
        return apply(
            Concat, *(t if i == port else np.zeros(x.shape) for i, x in enumerate(xs)), axis=axis
        )


class Slice(Moving):
    """Part of an array, in NumPy's index notation: `x[0, 1:3]`."""

    name, symbol = "slice", "x[…]"
    title = mark("ops", "slice")
    keywords = ("index", "getitem", "select", "crop", "[]", "索引", "取值", "裁剪")
    settings: ClassVar = (Setting("index", "index", default=":"),)
    teaching = mark("ops", "The gradient goes back to the entries taken; the others get zero.")
    downstream = ("0[index] ← g",)
    formula, torch = "{x}[{index}]", "{x}[{index}]"
    samples: ClassVar = (
        (((5,),), {"index": "1:3"}),
        (((5,),), {"index": "-1"}),
        (((4, 3),), {"index": "0"}),
        (((4, 3),), {"index": "1:4:2, 0:2"}),
        (((4, 3),), {"index": ":, -1"}),
        (((4, 3),), {"index": "2:2"}),
        (((5,),), {"index": "3::-2"}),
    )

    @staticmethod
    def shape(x: Shape, *, index: str = ":") -> Shape:
        items = parse_index(index)
        if len(items) > len(x):
            raise OpError(
                mark("core", "the index [{index}] has {count} parts and x is {shape}"),
                index=index,
                count=len(items),
                shape=shape_text(x),
            )
        sizes = []
        for axis, (item, size) in enumerate(zip(items, x, strict=False)):
            if isinstance(item, slice):
                sizes.append(len(range(*item.indices(size))))
            elif not -size <= item < size:
                raise OpError(
                    mark("core", "index {item} is outside axis {axis} of x {shape}"),
                    item=item,
                    axis=axis,
                    shape=shape_text(x),
                )
        return tuple(sizes) + x[len(items) :]

    @staticmethod
    def forward(x: Any, *, index: str = ":") -> Any:
        return x[parse_index(index)]

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, index: str = ":") -> Any:
        return (apply(Scatter, g, index=index, shape=x.shape),)


class Scatter(Moving):
    """Zeros of a shape, with x put where the index says: what brings a slice's gradient home."""

    name, symbol = "scatter", "0[…]←x"
    title = mark("ops", "scatter")
    listed = False
    settings: ClassVar = (
        Setting("index", "index", default=":"),
        Setting("shape", "shape", default=()),
    )
    teaching = mark("ops", "The gradient is read back from the places x was put in.")
    downstream = ("g[index]",)
    numpy_code = """
def scatter(x, *, index, shape):
    out = np.zeros(shape)
    out[index] = x
    return out
"""
    samples: ClassVar = (
        (((2,),), {"index": "1:3", "shape": (5,)}),
        (((),), {"index": "-1", "shape": (5,)}),
        (((2, 2),), {"index": "1:4:2, 0:2", "shape": (4, 3)}),
        (((0, 3),), {"index": "2:2", "shape": (4, 3)}),
    )

    @staticmethod
    def shape(x: Shape, *, index: str = ":", shape: tuple[int, ...] = ()) -> Shape:
        if any(n < 0 for n in shape):
            raise OpError(
                mark("core", "shape must not hold negative sizes, and is {shape}"),
                shape=shape_text(shape),
            )
        place = Slice.shape(shape, index=index)
        if place != x:
            raise OpError(
                mark("core", "x {shape} does not fit the place [{index}] of {place}"),
                shape=shape_text(x),
                index=index,
                place=shape_text(place),
            )
        return shape

    @staticmethod
    def forward(x: Any, *, index: str = ":", shape: tuple[int, ...] = ()) -> Any:
        out = np.zeros(shape)
        out[parse_index(index)] = x
        return out

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, index: str = ":", shape: tuple[int, ...] = ()) -> Any:
        return (apply(Slice, g, index=index),)
