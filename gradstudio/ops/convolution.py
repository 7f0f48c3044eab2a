"""Convolution and pooling of images: windows that slide over rows and columns.

An image batch is (n, c, h, w): samples, channels, rows, columns. Every rule is made of two moves
that undo each other, `unfold2d` (each window laid out) and `fold2d` (windows added up where they
came from), and of a product or a reduction between them; so a convolution's gradient is one more
product (LeCun and others 1989; Chellapilla, Puri, Simard 2006, for the layout).
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from gradstudio.errors import OpError, mark
from gradstudio.ops.base import LARGEST_RESULT_BYTES, Op, Shape, apply, shape_text
from gradstudio.ops.contraction import Einsum
from gradstudio.ops.lookup import GROUP
from gradstudio.ops.measures import Cumsum
from gradstudio.ops.settings import Setting
from gradstudio.ops.shaping import Moving

IMAGES = mark("core", "x is {shape}: it must be (n, c, h, w): samples, channels, rows, columns")


def places(x: Shape, kernel: tuple[int, ...], stride: int, padding: int) -> tuple[int, int]:
    """Return at how many rows and columns a window of the size `kernel` fits.

    Raises:
        OpError: x is no batch of images, no window fits, or padding it or laying the windows out
            would take more memory than a result may.
    """
    if len(x) != 4:
        raise OpError(IMAGES, shape=shape_text(x))
    if len(kernel) != 2 or min(kernel) < 1:
        raise OpError(
            mark("core", "kernel_size must be at least 1, and is {size}"),
            size=" × ".join(map(str, kernel)),
        )
    if stride < 1:
        raise OpError(mark("core", "stride must be at least 1, and is {stride}"), stride=stride)
    if padding < 0:
        raise OpError(
            mark("core", "padding must not be negative, and is {padding}"), padding=padding
        )
    padded = tuple(size + 2 * padding for size in x[2:])
    if any(have < want for have, want in zip(padded, kernel, strict=True)):
        raise OpError(
            mark("core", "x is {shape}: with its padding it is smaller than a window of {kernel}"),
            shape=shape_text(x),
            kernel=" × ".join(map(str, kernel)),
        )
    rows, columns = ((have - want) // stride + 1 for have, want in zip(padded, kernel, strict=True))
    laid_out, with_padding = (*x[:2], rows, columns, *kernel), (*x[:2], *padded)
    size = max(math.prod(laid_out), math.prod(with_padding)) * 8
    if size > LARGEST_RESULT_BYTES:
        raise OpError(
            mark(
                "core",
                "x is {shape}: with its padding, its windows of {kernel} would take {size:.1f} "
                "GiB; at most {most:.0f} are allowed",
            ),
            shape=shape_text(x),
            kernel=" × ".join(map(str, kernel)),
            size=size / 2**30,
            most=LARGEST_RESULT_BYTES / 2**30,
        )
    return rows, columns


def windows(x: Any, kernel: tuple[int, ...], stride: int, padding: int) -> Any:
    """Return a view of the windows of an array: (n, c, rows, columns, *kernel)."""
    if padding:
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    every = np.lib.stride_tricks.sliding_window_view(x, kernel, axis=(2, 3))
    return every[:, :, ::stride, ::stride]


class Unfold2d(Moving):
    """The windows of images, each laid out.

    x: (n, c, h, w); the result is (n, c, rows, columns, kh, kw).
    """

    name, symbol = "unfold2d", "⊞"
    title = mark("ops", "unfold")
    listed = False
    pattern = mark("ops", "gradient adder")
    settings: ClassVar = (
        Setting("kernel_size", "shape", default=(2, 2)),
        Setting("stride", "int", default=1),
        Setting("padding", "int", default=0),
    )
    teaching = mark("ops", "A pixel is in several windows: the gradients of all its copies add up.")
    downstream = ("fold2d(g)",)
    numpy_code = """
def unfold2d(x, *, kernel_size, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=(2, 3))
    return windows[:, :, ::stride, ::stride]
"""
    samples: ClassVar = (
        (((1, 2, 3, 4),), {}),
        (((2, 1, 3, 5),), {"kernel_size": (3, 2), "stride": 2, "padding": 1}),
        (((1, 1, 5, 5),), {"stride": 3}),
        (((0, 1, 2, 2),), {}),
    )

    @staticmethod
    def shape(
        x: Shape, *, kernel_size: tuple[int, ...] = (2, 2), stride: int = 1, padding: int = 0
    ) -> Shape:
        at = places(x, kernel_size, stride, padding)
        return (*x[:2], *at, *kernel_size)

    @staticmethod
    def forward(
        x: Any, *, kernel_size: tuple[int, ...] = (2, 2), stride: int = 1, padding: int = 0
    ) -> Any:
        return windows(x, kernel_size, stride, padding)

    @staticmethod
    def vjp(
        g: Any,
        out: Any,
        x: Any,
        *,
        kernel_size: tuple[int, ...] = (2, 2),
        stride: int = 1,
        padding: int = 0,
    ) -> Any:
        return (apply(Fold2d, g, size=x.shape[2:], stride=stride, padding=padding),)


class Fold2d(Moving):
    """Windows added up where they came from: what brings the gradients of windows home."""

    name, symbol = "fold2d", "⊟"
    title = mark("ops", "fold")
    listed = False
    settings: ClassVar = (
        Setting("size", "shape", default=(2, 2)),
        Setting("stride", "int", default=1),
        Setting("padding", "int", default=0),
    )
    teaching = mark("ops", "Each copy of a pixel gets the gradient of the pixel.")
    downstream = ("unfold2d(g)",)
    numpy_code = """
def fold2d(x, *, size, stride, padding):
    n, c, rows, columns, high, wide = x.shape
    out = np.zeros((n, c, size[0] + 2 * padding, size[1] + 2 * padding))
    down, across = stride * (rows - 1) + 1, stride * (columns - 1) + 1
    for i in range(high):
        for j in range(wide):
            out[:, :, i : i + down : stride, j : j + across : stride] += x[..., i, j]
    return out[:, :, padding : padding + size[0], padding : padding + size[1]]
"""
    samples: ClassVar = (
        (((1, 2, 2, 3, 2, 2),), {"size": (3, 4)}),
        (((1, 1, 2, 3, 3, 2),), {"size": (3, 5), "stride": 2, "padding": 1}),
        (((1, 1, 2, 2, 2, 2),), {"size": (5, 5), "stride": 3}),
        (((0, 1, 1, 1, 2, 2),), {}),
    )

    @staticmethod
    def shape(
        x: Shape, *, size: tuple[int, ...] = (2, 2), stride: int = 1, padding: int = 0
    ) -> Shape:
        if (
            len(x) != 6
            or len(size) != 2
            or places((*x[:2], *size), x[4:], stride, padding) != (x[2:4])
        ):
            raise OpError(
                mark("core", "x {shape} are not the windows of images of {size}"),
                shape=shape_text(x),
                size=" × ".join(map(str, size)),
            )
        return (*x[:2], *size)

    @staticmethod
    def forward(
        x: Any, *, size: tuple[int, ...] = (2, 2), stride: int = 1, padding: int = 0
    ) -> Any:
        n, c, rows, columns, high, wide = x.shape
        out = np.zeros((n, c, *(one + 2 * padding for one in size)), x.dtype)
        down, across = stride * (rows - 1) + 1, stride * (columns - 1) + 1
        for i in range(high):
            for j in range(wide):
                out[:, :, i : i + down : stride, j : j + across : stride] += x[..., i, j]
        return out[:, :, padding : padding + size[0], padding : padding + size[1]]

    @staticmethod
    def vjp(
        g: Any,
        out: Any,
        x: Any,
        *,
        size: tuple[int, ...] = (2, 2),
        stride: int = 1,
        padding: int = 0,
    ) -> Any:
        return (apply(Unfold2d, g, kernel_size=x.shape[4:], stride=stride, padding=padding),)


class Conv2d(Op):
    """The convolution of images with kernels (the cross-correlation, as in all frameworks).

    x: (n, c, h, w); kernel: (o, c, kh, kw); the result is (n, o, rows, columns). A bias is an
    addition of an array (o, 1, 1).
    """

    name, symbol, group, inputs = "conv2d", "∗", GROUP, ("x", "kernel")
    title = mark("ops", "conv2d")
    keywords = ("convolution", "cnn", "filter", "correlate", "卷积", "卷积层", "滤波")
    pattern = mark("ops", "gradient swapper")
    settings: ClassVar = (
        Setting("stride", "int", default=1),
        Setting("padding", "int", default=0),
    )
    teaching = mark(
        "ops",
        "A matrix product of every window with the same kernel: the kernel's gradient is a sum "
        "over all places, and a pixel's over all windows it is in.",
    )
    downstream = ("fold2d(g @ kernel)", "gᵀ @ unfold2d(x)")
    torch = "torch.nn.functional.conv2d({x}, {kernel}, stride={stride}, padding={padding})"
    samples: ClassVar = (
        (((1, 2, 3, 4), (2, 2, 2, 2)), {}),
        (((2, 1, 4, 4), (1, 1, 3, 3)), {"stride": 2, "padding": 1}),
        (((1, 1, 5, 4), (2, 1, 2, 1)), {"stride": 3}),
        (((1, 3, 2, 2), (1, 3, 1, 1)), {}),
        (((0, 1, 3, 3), (1, 1, 2, 2)), {}),
    )

    @staticmethod
    def operations(
        out: Shape, x: Shape, kernel: Shape, *, stride: int = 1, padding: int = 0
    ) -> int:
        return 2 * math.prod(out) * math.prod(kernel[1:])

    @staticmethod
    def shape(x: Shape, kernel: Shape, *, stride: int = 1, padding: int = 0) -> Shape:
        if len(x) != 4:
            raise OpError(IMAGES, shape=shape_text(x))
        if len(kernel) != 4 or kernel[1] != x[1] or 0 in kernel:
            raise OpError(
                mark(
                    "core",
                    "kernel is {kernel} and x is {x}: kernel must be (o, {channels}, kh, kw): "
                    "results, channels of x, rows, columns",
                ),
                kernel=shape_text(kernel),
                x=shape_text(x),
                channels=x[1],
            )
        return (x[0], kernel[0], *places(x, kernel[2:], stride, padding))

    @staticmethod
    def forward(x: Any, kernel: Any, *, stride: int = 1, padding: int = 0) -> Any:
        found = windows(x, kernel.shape[2:], stride, padding)
        return np.moveaxis(np.tensordot(found, kernel, ((1, 4, 5), (1, 2, 3))), -1, 1)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, kernel: Any, *, stride: int = 1, padding: int = 0) -> Any:
        spread = apply(Einsum, g, kernel, equation="noyx,ockl->ncyxkl")
        found = apply(Unfold2d, x, kernel_size=kernel.shape[2:], stride=stride, padding=padding)
        return (
            apply(Fold2d, spread, size=x.shape[2:], stride=stride, padding=padding),
            apply(Einsum, g, found, equation="noyx,ncyxkl->ockl"),
        )

    @staticmethod
    def jvp(
        port: int, t: Any, out: Any, x: Any, kernel: Any, *, stride: int = 1, padding: int = 0
    ) -> Any:
        inputs = (t, kernel) if port == 0 else (x, t)
        return apply(Conv2d, *inputs, stride=stride, padding=padding)


class Pooling(Op):
    """One number for each window of each channel; windows of kernel_size × kernel_size.

    x: (n, c, h, w). With stride 0 the windows lie side by side, as PyTorch has it by default;
    rows and columns that fill no whole window are left out.
    """

    group, inputs = GROUP, ("x",)
    settings: ClassVar = (
        Setting("kernel_size", "int", default=2),
        Setting("stride", "int", default=0),
    )
    samples: ClassVar = (
        (((1, 2, 4, 4),), {}),
        (((1, 1, 4, 5),), {"kernel_size": 3, "stride": 1}),
        (((2, 1, 5, 4),), {}),
        (((1, 1, 3, 3),), {"kernel_size": 1, "stride": 2}),
        (((0, 1, 2, 2),), {}),
    )

    @staticmethod
    def shape(x: Shape, *, kernel_size: int = 2, stride: int = 0) -> Shape:
        if stride < 0:
            raise OpError(
                mark("core", "stride must be at least 0 (side by side), and is {stride}"),
                stride=stride,
            )
        at = places(x, (kernel_size, kernel_size), stride or kernel_size, 0)
        return (*x[:2], *at)

    @staticmethod
    def unfolded(x: Any, kernel_size: int, stride: int) -> Any:
        """Return the windows of x, each as one row: (n, c, rows, columns, kernel_size²)."""
        found = apply(
            Unfold2d, x, kernel_size=(kernel_size, kernel_size), stride=stride or kernel_size
        )
        return np.reshape(found, (*found.shape[:4], kernel_size * kernel_size))

    @staticmethod
    def folded(g: Any, x: Any, kernel_size: int, stride: int) -> Any:
        """Return the gradient of x for the gradient of its windows, each as one row."""
        square = np.reshape(g, (*g.shape[:4], kernel_size, kernel_size))
        return apply(Fold2d, square, size=x.shape[2:], stride=stride or kernel_size)


class MaxPool2d(Pooling):
    """The largest number of each window of each channel."""

    name, symbol = "max_pool2d", "max ⊞"
    title = mark("ops", "max pool")
    keywords = ("maxpool", "pooling", "downsample", "池化", "下采样")
    pattern = mark("ops", "gradient router")
    teaching = mark(
        "ops", "The gradient of a window goes to its largest entry alone; all others get zero."
    )
    tie_rule = mark(
        "ops",
        "Of equal largest entries the first gets the gradient, row by row, as PyTorch has it.",
    )
    downstream = ("g → the largest of its window",)
    torch = "torch.nn.functional.max_pool2d({x}, {kernel_size}, {stride} or {kernel_size})"

    @staticmethod
    def forward(x: Any, *, kernel_size: int = 2, stride: int = 0) -> Any:
        found = windows(x, (kernel_size, kernel_size), stride or kernel_size, 0)
        return np.max(found, axis=(4, 5))

    @staticmethod
    def first(out: Any, found: Any) -> Any:
        """Return 1 at the first largest entry of each window, and 0 elsewhere."""
        hits = np.equal(found, np.reshape(out, (*out.shape, 1))) * 1.0
        return hits * np.equal(apply(Cumsum, hits), 1.0)

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, kernel_size: int = 2, stride: int = 0) -> Any:
        first = MaxPool2d.first(out, Pooling.unfolded(x, kernel_size, stride))
        spread = first * np.reshape(g, (*g.shape, 1))
        return (Pooling.folded(spread, x, kernel_size, stride),)

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, *, kernel_size: int = 2, stride: int = 0) -> Any:
        first = MaxPool2d.first(out, Pooling.unfolded(x, kernel_size, stride))
        return np.sum(first * Pooling.unfolded(t, kernel_size, stride), axis=-1)

    @staticmethod
    def kink(x: Any, *, kernel_size: int = 2, stride: int = 0) -> Any:
        if kernel_size < 2:
            return None
        entries = np.sort(Pooling.unfolded(x, kernel_size, stride), axis=-1)
        return entries[..., -1] - entries[..., -2]


class AvgPool2d(Pooling):
    """The mean of each window of each channel."""

    name, symbol = "avg_pool2d", "μ ⊞"
    title = mark("ops", "average pool")
    keywords = ("avgpool", "mean pool", "pooling", "downsample", "池化", "下采样")
    pattern = mark("ops", "gradient distributor")
    teaching = mark(
        "ops", "Every entry of a window gets the same gradient, divided by their number."
    )
    downstream = ("g ÷ kernel_size² → each entry of its window",)
    torch = "torch.nn.functional.avg_pool2d({x}, {kernel_size}, {stride} or {kernel_size})"

    @staticmethod
    def forward(x: Any, *, kernel_size: int = 2, stride: int = 0) -> Any:
        found = windows(x, (kernel_size, kernel_size), stride or kernel_size, 0)
        return np.mean(found, axis=(4, 5))

    @staticmethod
    def vjp(g: Any, out: Any, x: Any, *, kernel_size: int = 2, stride: int = 0) -> Any:
        count = kernel_size * kernel_size
        spread = np.broadcast_to(np.reshape(g / count, (*g.shape, 1)), (*g.shape, count))
        return (Pooling.folded(spread, x, kernel_size, stride),)

    @staticmethod
    def jvp(port: int, t: Any, out: Any, x: Any, *, kernel_size: int = 2, stride: int = 0) -> Any:
        return apply(AvgPool2d, t, kernel_size=kernel_size, stride=stride)
