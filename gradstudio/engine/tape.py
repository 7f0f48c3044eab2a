"""A recording bound to memory: a flat tape of NumPy calls over arrays that are allocated once.

Every value that may be read afterwards has its own buffer. A result is written over an operand
only where the tape itself computed the operand and nothing else reads it. The trained leaves lie
side by side in one array and their gradients in another, so an update is two NumPy calls. Calls
that do not depend on what changes from step to step are run when the leaves are loaded, not in the
tape. (Rejected: generated code over the same calls, 0 to 6 % quicker than the loop.)

Where there are layers (`engine.affine`), matrices are kept column by column: the ones beside a
layer's x are then one row at the end of its memory, and x still is one piece.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from gradstudio.engine.affine import Layer
from gradstudio.engine.recording import VIEWS, Call, Recording
from gradstudio.ops import Array, Op, Shape
from gradstudio.ops.settings import parse_index

Tape: TypeAlias = list[tuple[Callable[..., Any], tuple[Any, ...]]]
_LARGEST_DOT_SUM = 4096
"""Longer sums keep NumPy's pairwise order, which loses fewer digits than a dot product with 1s."""
_ALIGNED = 64
_PIECE = 2**23
"""Bytes of memory asked for at once: enough for the system to use its large pages."""
_UPDATED_AT_ONCE = 2**19
"""Bytes of one stretch of an update: few calls, and three arrays of that many stay in a cache."""


def run(tape: Tape) -> None:
    """Run every call of a tape; the caller holds `np.errstate`."""
    for function, arguments in tape:
        function(*arguments)


class Descent:
    """Gradient descent on one array by another, in place, as a tape.

    With momentum as PyTorch has it: v ← μ·v + g, w ← w − η·v.
    """

    def __init__(self, parameters: Array, gradients: Array) -> None:
        self._parameters, self._gradients = parameters, gradients
        self.velocities = np.zeros_like(parameters)
        self.tape: Tape = []

    def begin(self, learning_rate: float, momentum: float) -> None:
        """Make the tape; the velocities begin at zero."""
        self.velocities[...] = 0.0
        rate = np.asarray(learning_rate, self.velocities.dtype)
        decay = np.asarray(momentum, self.velocities.dtype)
        at_once = _UPDATED_AT_ONCE // self.velocities.itemsize
        scratch = np.empty(min(at_once, self.velocities.size), self.velocities.dtype)
        self.tape = []
        for start in range(0, self.velocities.size, at_once):
            part = slice(start, start + at_once)
            w, g = self._parameters[part], self._gradients[part]
            v, moved = self.velocities[part], scratch[: w.size]
            if momentum:
                self.tape += [(np.multiply, (v, decay, v)), (np.add, (v, g, v))]
                g = v
            self.tape += [(np.multiply, (g, rate, moved)), (np.subtract, (w, moved, w))]


class Flat:
    """Arrays of given shapes side by side in one.

    Each begins on a cache line, but for those of `below`, which begin where another one ends.

    Args:
        shapes: of each array.
        dtype: of all.
        below: for some matrices (d, k) the name of a row (k) that lies right below.
    """

    def __init__(
        self, shapes: Mapping[str, Shape], dtype: np.dtype[Any], below: Mapping[str, str]
    ) -> None:
        step = _ALIGNED // dtype.itemsize
        starts, size = {}, 0
        for name in (one for one in shapes if one not in below.values()):
            for one in (name, below[name]) if name in below else (name,):
                starts[one] = size
                size += math.prod(shapes[one])
            size = math.ceil(size / step) * step
        room = np.zeros(size + step, dtype)
        skipped = -room.ctypes.data % _ALIGNED // dtype.itemsize
        self.array = room[skipped : skipped + size]

        def view(name: str, shape: Shape) -> Array:
            return self.array[starts[name] : starts[name] + math.prod(shape)].reshape(shape)

        self.views = {name: view(name, shape) for name, shape in shapes.items()}
        self.stacked = {name: view(name, (shapes[name][0] + 1, shapes[name][1])) for name in below}
        """The matrices of `below` with the row as their last."""


class _Room:
    """Memory for many small arrays: in one piece, they cost the processor fewer page lookups."""

    def __init__(self) -> None:
        self._left = np.empty(0, np.uint8)

    def array(self, shape: Shape, dtype: np.dtype[Any]) -> Array:
        """Return an array that begins on a cache line; its numbers are not set."""
        size = math.prod(shape) * dtype.itemsize
        step = math.ceil(size / _ALIGNED) * _ALIGNED
        if step > _PIECE:
            return np.empty(shape, dtype)
        if step > self._left.size:
            piece = np.empty(_PIECE + _ALIGNED, np.uint8)
            self._left = piece[-piece.ctypes.data % _ALIGNED :]
        array = self._left[:size].view(dtype).reshape(shape)
        self._left = self._left[step:]
        return array


def computes(recording: Recording, slot: int) -> bool:
    """Return whether a call writes `slot` as numbers into a buffer of its own."""
    call = recording.definition(slot)
    return call is not None and call.kind not in VIEWS and slot not in recording.booleans


class Binding:
    """The calls `results` need, bound to buffers.

    Args:
        recording: what to compute.
        leaves: the slot of every leaf.
        results: the slots asked for.
        kept: slots that are read afterwards, so no call may be fused away that writes them.
        changing: the leaf slots that change from step to step; the rest is the prologue.
        homes: buffers that are given: for leaves, and for results that must lie somewhere.
        dtype: of all numbers.
        layers: those that are one product, with the memory of weight and bias as one matrix, and
            of their gradients.
    """

    def __init__(
        self,
        recording: Recording,
        leaves: Iterable[int],
        results: Iterable[int],
        kept: Iterable[int],
        changing: Iterable[int],
        homes: Mapping[int, Array],
        dtype: np.dtype[Any],
        layers: Mapping[Layer, tuple[Array, Array]] = MappingProxyType({}),
    ) -> None:
        self._recording, self._homes, self._dtype = recording, dict(homes), dtype
        self._columns = bool(layers)
        self._arrays: dict[int, Array] = {}
        self._dense: dict[int, Array] = {}
        self._full: dict[tuple[int, Shape, bool], Array] = {}
        self._moving = set(changing)
        self._room = _Room()
        self.prologue: Tape = []
        self.tape: Tape = []
        self.written: list[int] = []
        """The slot each call of the tape belongs to."""
        self._ones: dict[int, Array] = {}
        self._planned: dict[int, Callable[[int], None]] = {}
        for layer, memory in layers.items():
            self._plan(layer, *memory)
        for slot in leaves:
            self._buffer(slot)[...] = 0.0
        calls = recording.needed(results)
        self._uses = Counter(slot for call in calls for slot in call.inputs)
        self._kept = {*results, *kept}
        fused = self._fused(calls)
        for call in calls:
            if not self._moving.isdisjoint(call.inputs):
                self._moving.add(call.output)
            if call.output in self._planned:
                self._planned[call.output](call.output)
            elif call.output not in fused:
                self._bind(call, fused)

    def array(self, slot: int) -> Array:
        """Return the array a slot is read from; never write to it."""
        array = self._arrays.get(slot)
        if array is None:
            literal = self._recording.literals[slot]
            array = literal if literal.dtype == bool else literal.astype(self._dtype)
            self._arrays[slot] = array
        return array

    def _fused(self, calls: list[Call]) -> dict[int, Call]:
        """Return the products that only a sum over everything reads: it becomes a dot product."""
        fused: dict[int, Call] = {}
        for call in calls:
            if call.kind != "reduce" or call.detail[0] is not np.add:
                continue
            (x,) = call.inputs
            product = self._recording.definition(x)
            if (
                product is not None
                and product.kind in (np.multiply, np.square)
                and self._uses[x] == 1
                and x not in self._kept
                and self._is_dot(product, call)
            ):
                fused[x] = product
        return fused

    def _is_dot(self, product: Call, total: Call) -> bool:
        recording = self._recording
        shape = recording.shapes[product.output]
        calls = [recording.definition(slot) for slot in product.inputs]
        return (
            len(total.detail[1]) == len(shape)
            and 0 < math.prod(shape) <= _LARGEST_DOT_SUM
            and all(recording.shapes[slot] == shape for slot in product.inputs)
            and recording.booleans.isdisjoint(product.inputs)
            and not any(call is not None and call.kind in VIEWS for call in calls)
        )

    def _emit(self, slot: int, function: Callable[..., Any], *arguments: Any) -> None:
        if slot in self._moving:
            self.tape.append((function, arguments))
            self.written.append(slot)
        else:
            self.prologue.append((function, arguments))

    def _buffer(self, slot: int, operands: Iterable[Array] = ()) -> Array:
        """Return the array a leaf lies in, or a call writes its result to.

        It lies row by row where an operand of its shape does, for NumPy is slow with both ways.
        """
        array = self._homes.get(slot)
        if array is None:
            shape = self._recording.shapes[slot]
            dtype = np.dtype(bool) if slot in self._recording.booleans else self._dtype
            by_row = any(x.shape == shape and not x.flags.f_contiguous for x in operands)
            if self._columns and len(shape) == 2 and not by_row:
                array = self._room.array(shape[::-1], dtype).T
            else:
                array = self._room.array(shape, dtype)
        self._arrays[slot] = array
        return array

    def _plan(self, layer: Layer, stacked: Array, stacked_grad: Array) -> None:
        """Put one product in place of the calls of a layer, and one in place of its gradients'."""
        ones = self._ones.get(layer.x)
        if ones is None:
            rows, columns = self._recording.shapes[layer.x]
            ones = self._ones[layer.x] = self._room.array((columns + 1, rows), self._dtype)
            ones[...] = 1.0
            self._homes[layer.x] = ones[:-1].T

        def forward(slot: int) -> None:
            self._emit(slot, stacked.T.dot, ones, self._buffer(layer.out).T)

        def backward(slot: int) -> None:
            """Compute both gradients where the second of them is due, when x is there for sure."""
            self._buffer(slot)
            if layer.weight_grad in self._arrays and layer.bias_grad in self._arrays:
                upstream = self._as_dense(layer.upstream or 0)
                self._emit(layer.weight_grad, ones.dot, upstream, stacked_grad)

        self._planned[layer.product] = lambda slot: None
        self._planned[layer.out] = forward
        if layer.upstream is not None:
            self._planned[layer.weight_grad] = self._planned[layer.bias_grad] = backward

    def _bind(self, call: Call, fused: Mapping[int, Call]) -> None:
        emit = partial(self._emit, call.output)
        kind = call.kind
        if kind in VIEWS:
            self._bind_view(call, emit)
            return
        operands = [self.array(slot) for slot in call.inputs if slot not in fused]
        out = self._buffer(call.output, operands) if (over := self._over(call)) is None else over
        if isinstance(kind, np.ufunc):
            inputs = self._operands(call, out.shape)
            if kind in (np.maximum, np.minimum):  # a third positional argument of these warns
                inputs = [
                    self._filled(slot, out, x) for slot, x in zip(call.inputs, inputs, strict=True)
                ]
                emit(partial(kind, *inputs, out=out))
            else:
                emit(kind, *inputs, out)
        elif kind == "matmul":
            x, y = (self._as_dense(slot) for slot in call.inputs)
            if x.ndim > 2 or y.ndim > 2 or not x.size or not y.size:
                emit(np.matmul, x, y, out)
            elif out.flags.c_contiguous:
                emit(x.dot, y, out)
            else:
                emit(y.T.dot, x.T, out.T)
        elif kind == "reduce":
            product = fused.get(call.inputs[0])
            if product is None:
                self._bind_reduction(call, out, emit)
            else:
                self._bind_dot(product, call, out, emit)
        elif kind == "where":
            emit(_where, out, *(self.array(slot) for slot in call.inputs))
        elif kind == "concatenate":
            emit(np.concatenate, [self.array(slot) for slot in call.inputs], call.detail, out)
        else:
            op, settings = call.detail
            inputs = [self.array(slot) for slot in call.inputs]
            emit(_op, out, op, inputs, dict(settings))

    def _over(self, call: Call) -> Array | None:
        """Return the operand the result may be written over, and let it be the result's buffer."""
        out = call.output
        recording = self._recording
        if not isinstance(call.kind, np.ufunc) or out in self._homes:
            return None
        if math.prod(recording.shapes[out]) == 1:  # NumPy takes three times as long in place
            return None
        for slot in call.inputs:
            if (
                self._uses[slot] == 1
                and slot in self._moving
                and slot not in self._kept
                and computes(recording, slot)
                and out not in recording.booleans
                and recording.shapes[slot] == recording.shapes[out]
            ):
                self._arrays[out] = self._arrays[slot]
                return self._arrays[slot]
        return None

    def _operands(self, call: Call, shape: Shape) -> list[Array]:
        """Return the inputs of a call entry by entry: NumPy is quickest with numbers as 0-d."""
        inputs = [self.array(slot) for slot in call.inputs]
        if math.prod(shape) == 1:
            return [x.reshape(shape) for x in inputs]
        return [x.reshape(()) if x.size == 1 else x for x in inputs]

    def _filled(self, slot: int, out: Array, x: Array) -> Array:
        """Return `x`, or where it is a number that never changes an array like `out` full of it.

        NumPy finds the greater of two arrays three times as fast as that of an array and a number.
        """
        number = self._recording.number(slot)
        if number is None or out.size == 1:
            return x
        key = (slot, out.shape, out.flags.f_contiguous)
        if key not in self._full:
            self._full[key] = np.full_like(out, number)
        return self._full[key]

    def _bind_view(self, call: Call, emit: Callable[..., None]) -> None:
        x, detail = self.array(call.inputs[0]), call.detail
        if call.kind == "transpose":
            view = x.transpose(detail)
        elif call.kind == "broadcast":
            view = np.broadcast_to(x, detail)
        elif call.kind == "index":
            view = x[(*parse_index(detail), ...)]
        else:
            view = x.reshape(detail)
            if view.size and not np.may_share_memory(view, x):
                view = np.empty(detail, x.dtype)
                emit(np.copyto, view.reshape(x.shape), x)
        self._arrays[call.output] = view

    def _as_dense(self, slot: int) -> Array:
        """Return an array BLAS can read as it is; a broadcast one is written out first."""
        x = self.array(slot)
        if x.dtype == self._dtype and (0 not in x.strides or x.size <= 1):
            return x
        dense = self._dense.get(slot)
        if dense is None:
            dense = self._dense[slot] = np.empty(x.shape, self._dtype)
            self._emit(slot, np.copyto, dense, x)
        return dense

    def _bind_dot(self, product: Call, total: Call, out: Array, emit: Callable[..., None]) -> None:
        first, last = (self.array(product.inputs[i]) for i in (0, -1))
        if first.flags.f_contiguous and last.flags.f_contiguous:
            first, last = first.T, last.T
        if first.flags.c_contiguous and last.flags.c_contiguous:
            emit(first.reshape(-1).dot, last.reshape(-1), out)
        else:
            self._bind(product, {})
            self._bind_reduction(total, out, emit)

    def _bind_reduction(self, call: Call, out: Array, emit: Callable[..., None]) -> None:
        ufunc, axes = call.detail
        x = self.array(call.inputs[0])
        if x.ndim == 2 and x.flags.f_contiguous and not x.flags.c_contiguous:
            x, axes = x.T, tuple(sorted(1 - axis for axis in axes))
        count = math.prod(x.shape[axis] for axis in axes)
        summable = (
            ufunc is np.add
            and x.dtype == self._dtype
            and x.flags.c_contiguous
            and out.flags.c_contiguous
            and x.size > 0
            and count <= _LARGEST_DOT_SUM
        )
        ones = np.ones(count, self._dtype)
        rest = x.size // max(count, 1)
        if summable and not out.ndim:
            emit(ones.dot, x.reshape(count), out)
        elif summable and axes == tuple(range(len(axes))):
            emit(ones.dot, x.reshape(count, rest), out.reshape(rest))
        elif summable and axes == tuple(range(x.ndim - len(axes), x.ndim)):
            emit(x.reshape(rest, count).dot, ones, out.reshape(rest))
        elif ufunc is np.add:
            emit(np.add.reduce, x, axes, self._dtype, out)
        else:
            emit(ufunc.reduce, x, axes, None, out)


def _where(out: Array, condition: Array, x: Array, y: Array) -> None:
    out[...] = np.where(condition, x, y)


def _op(out: Array, op: type[Op], inputs: list[Array], settings: Mapping[str, Any]) -> None:
    """Compute an op whose rule could not be written down."""
    out[...] = op.forward(*(x if x.ndim else x[()] for x in inputs), **settings)
