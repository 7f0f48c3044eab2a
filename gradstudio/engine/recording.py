"""What an op's rules make NumPy do, written down call by call.

A rule of an op is run on recorders instead of arrays; each NumPy function it uses becomes a call
in a recording. So every op reaches every executor without stating anything: the executors know
NumPy's functions, not ops. A rule that asks for what a recorder has no answer to (a number, a
`dtype`, an array to fill) is kept as one call of the op's own forward rule.

What needs no arithmetic is settled while it is written down: equal calls are one call, numbers are
folded, and a number that stands for a whole array stays a number until an array is needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from gradstudio.ops import REGISTRY, Array, Op, Shape
from gradstudio.ops.base import Traceable
from gradstudio.ops.linalg import Matmul
from gradstudio.ops.settings import index_text, parse_index
from gradstudio.ops.shaping import axes_of

Kind: TypeAlias = np.ufunc | str
VIEWS = frozenset({"reshape", "transpose", "index", "broadcast"})
"""The kinds that only look at an array in another way."""
_LARGEST_FOLDED = 4096


class RecordingError(TypeError):
    """A rule asked a recorder for what only an array has."""


class Call(NamedTuple):
    """One NumPy call.

    Args:
        kind: a ufunc, or `reduce`, `matmul`, `where`, `concatenate`, `op`, or one of `VIEWS`.
        inputs: the slots it reads.
        output: the slot it writes.
        detail: what else it takes: (ufunc, axes) of `reduce`, the shape, axes, index or axis, or
            the op and its settings.
    """

    kind: Kind
    inputs: tuple[int, ...]
    output: int
    detail: Any = None


class Recording:
    """Calls over numbered slots, with the shape of every slot."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.calls: list[Call] = []
        self.literals: dict[int, Array] = {}
        self.booleans: set[int] = set()
        self._defined: dict[int, Call] = {}
        self._known: dict[Any, int] = {}

    def leaf(self, shape: Shape) -> Recorder:
        """Return a recorder for an array that is given later."""
        return Recorder(self, self._slot(shape))

    def literal(self, value: Any) -> int:
        """Return the slot of a number or array that is known now."""
        array = np.asarray(value)
        if array.dtype != bool:
            array = array.astype(np.float64)
        if array.ndim and array.size:
            first = array.flat[0]
            if (array == first).all():
                return self.spread(self.literal(first), array.shape)
        key = (array.shape, array.dtype.char, array.tobytes())
        slot = self._known.get(key)
        if slot is None:
            slot = self._known[key] = self._slot(array.shape)
            self.literals[slot] = array
            if array.dtype == bool:
                self.booleans.add(slot)
        return slot

    def recorder(self, value: Any) -> Recorder:
        """Return `value` as a recorder."""
        return Recorder(self, self.slot_of(value))

    def slot_of(self, value: Any) -> int:
        """Return the slot that stands for a recorder, an array or a number."""
        return value.at if isinstance(value, Recorder) else self.literal(value)

    def apply(self, op: type[Op], inputs: Iterable[Any], settings: Mapping[str, Any]) -> Recorder:
        """Write down what the forward rule of `op` does, or the rule itself as one call."""
        recorders = [self.recorder(one) for one in inputs]
        try:
            return self.recorder(op.forward(*recorders, **settings))
        except (TypeError, AttributeError, ValueError):  # what NumPy says of what is no array
            slots = tuple(one.at for one in recorders)
            return Recorder(self, self.write("op", slots, (op, tuple(sorted(settings.items())))))

    def spread(self, slot: int, shape: Shape) -> int:
        """Return the slot of `slot` repeated to `shape`."""
        return self.write("broadcast", (slot,), shape)

    def number(self, slot: int) -> float | None:
        """Return the number a slot is known to hold, in all its entries; None if it is not."""
        literal = self.literals.get(self._unspread(slot))
        return float(literal) if literal is not None and literal.ndim == 0 else None

    def definition(self, slot: int) -> Call | None:
        """Return the call that writes `slot`; None for leaves and literals."""
        return self._defined.get(slot)

    def needed(self, results: Iterable[int]) -> list[Call]:
        """Return the calls the results depend on, in order."""
        wanted = set(results)
        kept = []
        for call in reversed(self.calls):
            if call.output in wanted:
                wanted.update(call.inputs)
                kept.append(call)
        return kept[::-1]

    def write(self, kind: Kind, inputs: tuple[int, ...], detail: Any = None) -> int:
        """Write down a call, or find that nothing needs computing; return the slot of its result.

        Raises:
            OpError: the shapes do not fit.
            RecordingError: NumPy means something else than arithmetic there.
        """
        slot = self._settled(kind, inputs, detail)
        if slot is not None:
            return slot
        key = (kind, inputs, detail)
        slot = self._known.get(key)
        if slot is None:
            slot = self._slot(self._shape(kind, inputs, detail))
            if self._is_boolean(kind, inputs):
                self.booleans.add(slot)
            call = Call(kind, inputs, slot, detail)
            self.calls.append(call)
            self._defined[slot] = call
            self._known[key] = slot
        return slot

    # -- what is known of a slot -------------------------------------------------------------

    def _slot(self, shape: Shape) -> int:
        self.shapes.append(shape)
        return len(self.shapes) - 1

    def _shape(self, kind: Kind, inputs: tuple[int, ...], detail: Any) -> Shape:
        shapes = [self.shapes[slot] for slot in inputs]
        if kind == "reduce":
            return tuple(n for axis, n in enumerate(shapes[0]) if axis not in detail[1])
        if kind == "matmul":
            return Matmul.shape(*shapes)
        if kind in ("reshape", "broadcast"):
            return tuple(detail)
        if kind == "transpose":
            return tuple(shapes[0][axis] for axis in detail)
        if kind == "index":
            return tuple(REGISTRY["slice"].shape(shapes[0], index=detail))
        if kind == "concatenate":
            return tuple(REGISTRY["concat"].shape(*shapes, axis=detail))
        if kind == "op":
            op, settings = detail
            return tuple(op.shape(*shapes, **dict(settings)))
        return np.broadcast_shapes(*shapes)

    def _is_boolean(self, kind: Kind, inputs: tuple[int, ...]) -> bool:
        flags = tuple(slot in self.booleans for slot in inputs)
        if isinstance(kind, np.ufunc):
            return _gives_boolean(kind, flags)
        return (kind in VIEWS and flags[0]) or (kind == "where" and all(flags[1:]))

    def _unspread(self, slot: int) -> int:
        call = self._defined.get(slot)
        return call.inputs[0] if call is not None and call.kind == "broadcast" else slot

    def _uniform(self, slot: int) -> int | None:
        """Return the slot of the one number that fills `slot`, if it was spread from one."""
        source = self._unspread(slot)
        return source if self.shapes[source] == () else None

    # -- what needs no call ------------------------------------------------------------------

    def _settled(self, kind: Kind, inputs: tuple[int, ...], detail: Any) -> int | None:
        if isinstance(kind, np.ufunc) or kind == "where":
            return self._settled_by_entry(kind, inputs)
        if kind == "reduce":
            return self._settled_reduction(inputs[0], *detail)
        if kind in VIEWS:
            return self._settled_view(str(kind), inputs[0], detail)
        return inputs[0] if kind == "concatenate" and len(inputs) == 1 else None

    def _settled_by_entry(self, kind: Kind, inputs: tuple[int, ...]) -> int | None:
        sources = tuple(self._unspread(slot) for slot in inputs)
        if sources != inputs:
            shape = np.broadcast_shapes(*(self.shapes[slot] for slot in inputs))
            return self.spread(self.write(kind, sources), shape)
        known = [self.literals.get(slot) for slot in inputs]
        if all(one is not None and one.size <= _LARGEST_FOLDED for one in known):
            function: Any = np.where if kind == "where" else kind
            with np.errstate(all="ignore"):
                return self.literal(function(*known))
        shape = np.broadcast_shapes(*(self.shapes[slot] for slot in inputs))
        chosen = self._identity(kind, inputs)
        return None if chosen is None else self.spread(chosen, shape)

    def _identity(self, kind: Kind, inputs: tuple[int, ...]) -> int | None:
        """Return what a call comes to where that is exact, or `x * x` for a power."""
        numbers = [self.number(slot) for slot in inputs]
        if kind == "where":
            return None if numbers[0] is None else inputs[1] if numbers[0] else inputs[2]
        x, y = inputs[0], inputs[-1]
        if kind is np.multiply:
            if numbers[0] == 1.0 and y not in self.booleans:
                return y
            if numbers[1] == 1.0 and x not in self.booleans:
                return x
        elif kind is np.true_divide and numbers[1] == 1.0 and x not in self.booleans:
            return x
        elif kind is np.negative:
            return self._negated(x)
        elif kind is np.add:
            if (minus := self._negated(y, found=True)) is not None:
                return self.write(np.subtract, (x, minus))
            if (minus := self._negated(x, found=True)) is not None:
                return self.write(np.subtract, (y, minus))
        elif kind is np.power and numbers[1] is not None:
            return self._power(x, numbers[1])
        return None

    def _negated(self, x: int, *, found: bool = False) -> int | None:
        """Return the slot of -x if there is a simpler way to it; `found`: only if x is a -y."""
        call = self._defined.get(x)
        if call is not None and call.kind is np.negative:
            return call.inputs[0]
        if call is not None and call.kind is np.multiply and not found:
            a, b = call.inputs
            for factor, other in ((a, b), (b, a)):
                number = self.number(factor)
                if number is not None:
                    return self.write(np.multiply, (other, self.literal(-number)))
        return None

    def _power(self, x: int, exponent: float) -> int | None:
        if exponent == 0.0:
            return self.literal(1.0)
        if exponent == 1.0:
            return x
        if exponent == 2.0:
            return self.write(np.square, (x,))
        if exponent == 3.0:
            return self.write(np.multiply, (self.write(np.square, (x,)), x))
        if exponent == 4.0:
            return self.write(np.square, (self.write(np.square, (x,)),))
        return None

    def _settled_reduction(self, x: int, ufunc: np.ufunc, axes: Shape) -> int | None:
        shape = self.shapes[x]
        count = math.prod(shape[axis] for axis in axes)
        kept = tuple(n for axis, n in enumerate(shape) if axis not in axes)
        if count == 1 and x not in self.booleans:
            return self.write("reshape", (x,), kept)
        number = self._uniform(x)
        if number is None or not count:
            return None
        if ufunc is np.add:
            number = self.write(np.multiply, (number, self.literal(count)))
        return self.spread(number, kept)

    def _settled_view(self, kind: str, x: int, detail: Any) -> int | None:
        shape = self._shape(kind, (x,), detail)
        if shape == self.shapes[x] and (kind != "transpose" or list(detail) == sorted(detail)):
            return x if kind != "index" else None
        number = self._uniform(x)
        if number is not None and number != x:
            return self.spread(number, shape)
        call = self._defined.get(x)
        if kind == "broadcast":
            if call is not None and call.kind == "broadcast":
                return self.spread(call.inputs[0], shape)
            if self.shapes[x] and math.prod(self.shapes[x]) == 1:
                return self.spread(self.write("reshape", (x,), ()), shape)
        if kind == "reshape" and call is not None and call.kind == "reshape":
            return self.write("reshape", call.inputs, shape)
        if kind == "transpose" and call is not None and call.kind == "transpose":
            return self.write("transpose", call.inputs, tuple(call.detail[a] for a in detail))
        return None


class Recorder(Traceable):
    """Stands for an array whose numbers are not known yet, and writes down what is done to it."""

    def __init__(self, of: Recording, at: int) -> None:
        self.of = of
        self.at = at
        self.shape = of.shapes[at]

    def trace(self, op: type[Op], inputs: tuple[Any, ...], settings: dict[str, Any]) -> Recorder:
        """Write down `op` on `inputs`."""
        return self.of.apply(op, inputs, settings)

    def __array__(self, *_: Any, **__: Any) -> Array:
        raise RecordingError("a recorder has no numbers")

    def __bool__(self) -> bool:
        raise RecordingError("a recorder has no numbers")

    def call(self, function: Any, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Recorder:
        """Write down a NumPy function."""
        if function in _FUNCTIONS:
            return Recorder(self.of, _FUNCTIONS[function](self.of, *args, **keywords))
        if not isinstance(function, np.ufunc) or function.nout != 1:
            raise RecordingError(function.__name__)
        slots = tuple(self.of.slot_of(one) for one in args)
        if function in (np.add, np.subtract) and self.of.booleans.issuperset(slots):
            raise RecordingError("a sum of conditions is no sum of numbers")
        return Recorder(
            self.of, self.of.write("matmul" if function is np.matmul else function, slots)
        )

    def __getitem__(self, index: int | slice | tuple[int | slice, ...]) -> Recorder:
        """Write down a slice."""
        items = index if isinstance(index, tuple) else (index,)
        if not items:
            return self
        if not all(isinstance(item, int | slice) for item in items):
            raise RecordingError("an index that is no number and no slice")
        parse_index(index_text(items))
        return Recorder(self.of, self.of.write("index", (self.at,), index_text(items)))


@cache
def _gives_boolean(ufunc: np.ufunc, flags: tuple[bool, ...]) -> bool:
    given = tuple(np.dtype(bool if flag else float) for flag in flags)
    return bool(ufunc.resolve_dtypes((*given, None))[-1].kind == "b")


def _reduction(ufunc: np.ufunc) -> Callable[..., int]:
    def write(of: Recording, x: Any, axis: Any = None, *, keepdims: bool = False) -> int:
        slot = of.slot_of(x)
        shape = of.shapes[slot]
        axes = axes_of(axis, shape)
        reduced = of.write("reduce", (slot,), (ufunc, axes))
        if not keepdims:
            return reduced
        kept = tuple(1 if i in axes else n for i, n in enumerate(shape))
        return of.write("reshape", (reduced,), kept)

    return write


def _mean(of: Recording, x: Any, axis: Any = None, *, keepdims: bool = False) -> int:
    total = _reduction(np.add)(of, x, axis, keepdims=keepdims)
    shape = of.shapes[of.slot_of(x)]
    count = math.prod(shape[one] for one in axes_of(axis, shape))
    return of.write(np.true_divide, (total, of.literal(count)))


def _where(of: Recording, condition: Any, x: Any, y: Any) -> int:
    return of.write("where", (of.slot_of(condition), of.slot_of(x), of.slot_of(y)))


def _reshape(of: Recording, x: Any, shape: int | Shape) -> int:
    slot = of.slot_of(x)
    sizes = shape if isinstance(shape, tuple) else (shape,)
    return of.write("reshape", (slot,), REGISTRY["reshape"].shape(of.shapes[slot], shape=sizes))


def _squeeze(of: Recording, x: Any, axis: Any = None) -> int:
    slot = of.slot_of(x)
    return of.write("reshape", (slot,), REGISTRY["squeeze"].shape(of.shapes[slot], axis=axis))


def _transpose(of: Recording, x: Any, axes: Shape | None = None) -> int:
    slot = of.slot_of(x)
    ndim = len(of.shapes[slot])
    order = range(ndim)[::-1] if axes is None else (axis % ndim for axis in axes)
    return of.write("transpose", (slot,), tuple(order))


def _swapaxes(of: Recording, x: Any, first: int, second: int) -> int:
    slot = of.slot_of(x)
    order = list(range(len(of.shapes[slot])))
    order[first], order[second] = order[second], order[first]
    return of.write("transpose", (slot,), tuple(order))


def _broadcast_to(of: Recording, x: Any, shape: Shape) -> int:
    return of.spread(of.slot_of(x), shape)


def _concatenate(of: Recording, xs: Iterable[Any], axis: int = 0) -> int:
    return of.write("concatenate", tuple(of.slot_of(x) for x in xs), axis)


_FUNCTIONS: dict[Any, Callable[..., int]] = {
    np.sum: _reduction(np.add),
    np.max: _reduction(np.maximum),
    np.min: _reduction(np.minimum),
    np.mean: _mean,
    np.where: _where,
    np.reshape: _reshape,
    np.squeeze: _squeeze,
    np.transpose: _transpose,
    np.swapaxes: _swapaxes,
    np.broadcast_to: _broadcast_to,
    np.concatenate: _concatenate,
}
