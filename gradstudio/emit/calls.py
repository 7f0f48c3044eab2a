"""What an op asks of NumPy, as a tree: its rules are run on stand-ins that write the calls down.

So the code that is emitted for a node is, call by call, what the engine computes for it, and an op
that is added later is emitted without another word. (Rejected: templates of forward and backward
code in every op, a second truth beside its rules; and the adjoint program of `engine.tracing`,
which is made of registered ops: there a comparison is already a product with 1.) A rule that writes
into an array it made cannot be recorded; such an op says in `numpy_code` how its value is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

import numpy as np

from gradstudio.ops import Op, SettingValue, Shape, unbroadcast
from gradstudio.ops.base import Traceable

GETITEM = "getitem"
TRANSPOSED = "transposed"
Function: TypeAlias = Callable[..., Any] | type[Op] | str
"""A function of NumPy, an op that a rule applies, or one of the words above."""


class KnownShape(tuple[int, ...]):
    """The shape of an input, which remembers whose it is."""

    of: str = ""


@dataclass(frozen=True)
class Call:
    """One call.

    Args:
        function: what is called.
        args: what it is given: recorded values, numbers, shapes, tuples of such.
        keywords: what it is given by name.
    """

    function: Function
    args: tuple[Any, ...]
    keywords: Mapping[str, Any] = field(default_factory=dict)


class Recorded(Traceable):
    """Stands for an array, which it also holds, and knows by what call it came to be.

    Args:
        value: the array.
        origin: the call, or the symbol of an input.
    """

    def __init__(self, value: Any, origin: Call | str) -> None:
        self.value = value
        self.origin = origin
        self.shape = np.shape(value)
        if isinstance(origin, str):
            self.shape = KnownShape(self.shape)
            self.shape.of = origin

    def trace(self, op: type[Op], inputs: tuple[Any, ...], settings: dict[str, Any]) -> Any:
        """Record that a rule applies an op."""
        return recorded(op, inputs, op.checked_settings(settings))

    def call(self, function: Any, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        """Record a call of a NumPy function."""
        return recorded(function, args, keywords)

    def __getitem__(self, index: Any) -> Any:
        """Record an index."""
        return recorded(GETITEM, (self, index), {})


def recorded(function: Function, args: Iterable[Any], keywords: Mapping[str, Any]) -> Any:
    """Return what stands for a call: a number where it says nothing that was not known before."""
    given = tuple(args)
    counts, short = _SHORTER.get(function, ((), None))
    if short is not None and len(given) in counts and not keywords:
        found = short(*given)
        if found is not None:
            return found
    with np.errstate(all="ignore"):
        value = _computed(function, [plain(one) for one in given], keywords)
    return Recorded(value, Call(function, given, keywords))


def _computed(function: Function, args: list[Any], keywords: Mapping[str, Any]) -> Any:
    if function == GETITEM:
        return args[0][args[1]]
    if function == TRANSPOSED:
        return args[0].T
    if isinstance(function, type):
        return cast("type[Op]", function).forward(*args, **keywords)
    if isinstance(function, str):
        raise TypeError(f"no call is {function!r}")
    return function(*args, **{key: plain(one) for key, one in keywords.items()})


def plain(value: Any) -> Any:
    """Return `value` with the arrays that stand-ins hold in their place."""
    if isinstance(value, Recorded):
        return value.value
    if isinstance(value, list | tuple) and not isinstance(value, KnownShape):
        return type(value)(plain(one) for one in value)
    return value


def uses(value: Any) -> Iterator[Recorded]:
    """Yield the stand-ins a call's argument holds."""
    if isinstance(value, Recorded):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from uses(one)


def inputs(value: Recorded) -> list[Recorded]:
    """Return the stand-ins a value was computed from; none for an input of the op."""
    origin = value.origin
    if isinstance(origin, str):
        return []
    return list(uses((*origin.args, *origin.keywords.values())))


def symbols(results: Iterable[Any]) -> set[str]:
    """Return the inputs that recorded values are computed from, or whose shapes are used."""
    found: set[str] = set()
    seen: set[int] = set()
    pending: list[Any] = list(results)
    while pending:
        one = pending.pop()
        if isinstance(one, KnownShape):
            found.add(one.of)
        elif isinstance(one, list | tuple):
            pending += one
        elif isinstance(one, Recorded) and id(one) not in seen:
            seen.add(id(one))
            if isinstance(one.origin, str):
                found.add(one.origin)
            else:
                pending += [*one.origin.args, *one.origin.keywords.values()]
    return found


def forward(
    op: type[Op], values: Iterable[Any], literals: Iterable[float | None], settings: Settings
) -> Any:
    """Record the value of an op; its inputs are the symbols 0, 1, …, or numbers."""
    with np.errstate(all="ignore"):
        return op.forward(*_stand_ins(values, literals), **settings)


def backward(
    op: type[Op],
    out: Any,
    values: Iterable[Any],
    literals: Iterable[float | None],
    settings: Settings,
    *,
    fitted: bool,
) -> list[Any]:
    """Record what flows back to each input from the upstream gradient `g`; the output is `out`.

    Args:
        op: the op.
        out: its value.
        values: those of its inputs, the symbols 0, 1, …
        literals: the numbers that stand in place of inputs.
        settings: the op's settings.
        fitted: whether to sum over what broadcasting repeated.
    """
    inputs = _stand_ins(values, literals)
    g = Recorded(np.ones(np.shape(out))[()], "g")
    with np.errstate(all="ignore"):
        parts = op.vjp(g, Recorded(out, "out"), *inputs, **settings)
    if not fitted:
        return list(parts)
    return [
        None if part is None else unbroadcast(_arrayed(part), one.shape)
        for part, one in zip(parts, inputs, strict=True)
    ]


Settings: TypeAlias = Mapping[str, SettingValue]


def _stand_ins(values: Iterable[Any], literals: Iterable[float | None]) -> list[Any]:
    return [
        Recorded(value, str(port)) if number is None else np.float64(number)
        for port, (value, number) in enumerate(zip(values, literals, strict=True))
    ]


def _arrayed(part: Any) -> Any:
    return part if isinstance(part, Recorded) else np.asarray(part)


# -- calls that say what was known before --------------------------------------------------------


def _is_number(value: Any) -> bool:
    return not isinstance(value, Recorded) and np.ndim(value) == 0


def _called(value: Any, function: Any) -> Call | None:
    """Return the call that made `value`, if it is one of `function`."""
    origin = value.origin if isinstance(value, Recorded) else None
    return origin if isinstance(origin, Call) and origin.function is function else None


def _where(condition: Any, x: Any, y: Any) -> Any:
    """Choose now where the condition is a number that does not change."""
    if not _is_number(condition):
        return None
    chosen = x if condition else y
    shape = np.broadcast_shapes(np.shape(plain(x)), np.shape(plain(y)))
    return chosen if np.shape(plain(chosen)) == shape else None


def _power(x: Any, y: Any) -> Any:
    return x if _is_number(y) and y == 1 and isinstance(x, Recorded) else None


def _reshape(x: Any, shape: Any) -> Any:
    """Leave out what changes no shape, and sum without keeping axes that are dropped at once."""
    value = plain(x)
    wanted = np.reshape(value, shape).shape
    if wanted == np.shape(value):
        return x
    call = _called(x, np.sum)
    if call is None or not call.keywords.get("keepdims") or len(call.args) != 1:
        return None
    axes = call.keywords["axis"]
    (summed,) = call.args
    without = tuple(n for i, n in enumerate(np.shape(plain(summed))) if i not in axes)
    if without != wanted:
        return None
    if not wanted:
        return recorded(np.sum, (summed,), {})
    return recorded(np.sum, (summed,), {"axis": axes[0] if len(axes) == 1 else axes})


def _broadcast_to(x: Any, shape: Shape) -> Any:
    """Leave out what changes no shape, and axes of size 1 that broadcasting adds anyway."""
    if np.shape(plain(x)) == tuple(shape):
        return x
    call = _called(x, np.reshape)
    if call is not None:
        inner = call.args[0]
        before, after = np.shape(plain(inner)), np.shape(plain(x))
        if (1,) * (len(after) - len(before)) + before == after:
            return recorded(np.broadcast_to, (inner, shape), {})
    return None


def _transpose(x: Any, axes: Any = None) -> Any:
    every = tuple(range(np.ndim(plain(x))))
    if axes is not None and tuple(axes) != every[::-1]:
        return None
    return x if len(every) < 2 else recorded(TRANSPOSED, (x,), {})


def _swapaxes(x: Any, first: int, second: int) -> Any:
    ndim = np.ndim(plain(x))
    if ndim != 2 or (first - second) % 2 == 0:
        return None
    return recorded(TRANSPOSED, (x,), {})


_SHORTER: dict[Any, tuple[tuple[int, ...], Callable[..., Any]]] = {
    np.where: ((3,), _where),
    np.power: ((2,), _power),
    np.reshape: ((2,), _reshape),
    np.broadcast_to: ((2,), _broadcast_to),
    np.transpose: ((1, 2), _transpose),
    np.swapaxes: ((3,), _swapaxes),
}
"""For each function how many arguments it must be given, and what then may stand for the call."""
