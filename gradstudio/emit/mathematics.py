"""One value in the signs of mathematics: a number, a recorded call, or an op.

An op is written as it says in `latex`, or as the one call it makes, or by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from gradstudio.emit.calls import (
    GETITEM,
    TRANSPOSED,
    Call,
    KnownShape,
    Recorded,
    forward,
    plain,
)
from gradstudio.emit.symbols import escaped
from gradstudio.ops import Op, SettingValue

LONGEST = 300
"""How many characters a product of the chain rule may have to be written out."""
DEEPEST = 12
"""How many calls may stand inside of one another there."""

SUM, _MINUS, _PRODUCT, _FRACTION, _POWER, _ATOM = range(6)
"""How tightly a piece of mathematics holds together, the loosest first."""

_COMPARISONS: Mapping[Any, str] = {
    np.greater: ">",
    np.greater_equal: r"\ge",
    np.less: "<",
    np.less_equal: r"\le",
    np.equal: "=",
}
_FUNCTIONS: Mapping[Any, str] = {
    np.exp: r"\exp",
    np.log: r"\log",
    np.sin: r"\sin",
    np.cos: r"\cos",
    np.tanh: r"\tanh",
    np.sign: r"\operatorname{sign}",
    np.maximum: r"\max",
    np.minimum: r"\min",
}
_FOLDS: Mapping[Any, str] = {
    np.sum: r"\sum",
    np.mean: r"\operatorname{mean}",
    np.max: r"\max",
    np.min: r"\min",
}


class Math(NamedTuple):
    """A piece of mathematics, and how tightly it holds together."""

    text: str
    precedence: int = _ATOM

    def held(self, precedence: int) -> str:
        """Return the text, in brackets where it holds together less than `precedence`."""
        enough = self.precedence >= precedence
        return self.text if enough else rf"\left({self.text}\right)"


class TooLongError(Exception):
    """What was to be written is no help to a reader any more."""


def number_written(value: Any) -> Math:
    """Return a number: without a point where it is whole, with a power of ten where it has one."""
    number = float(value)
    if not np.isfinite(number):
        text = r"\mathrm{nan}" if np.isnan(number) else r"\infty"
        return Math(f"-{text}", _MINUS) if number < 0 else Math(text)
    digits, _, exponent = repr(number).removesuffix(".0").partition("e")
    text = rf"{digits} \cdot 10^{{{int(exponent)}}}" if exponent else digits
    return Math(text, _MINUS if number < 0 else _PRODUCT if exponent else _ATOM)


def op_written(
    op: type[Op],
    inputs: Sequence[Math],
    values: Sequence[Any],
    settings: Mapping[str, SettingValue],
) -> Math:
    """Write the value of an op.

    Args:
        op: its rules.
        inputs: its inputs, as they are written.
        values: their values, whose shapes the written call depends on.
        settings: those that differ from the defaults.
    """
    if op.latex:
        ports = op.ports(len(inputs))
        return Math(op.latex.format(**dict(zip(ports, (one.text for one in inputs), strict=True))))
    if not op.numpy_code:
        out = forward(op, values, [None] * len(values), settings)
        origin = out.origin if isinstance(out, Recorded) else None
        if isinstance(origin, Call) and _is_one_call(origin):
            return written(out, {str(port): one for port, one in enumerate(inputs)})
    return _named(op.name, [one.text for one in inputs], settings)


def _is_one_call(call: Call) -> bool:
    """Return whether a call takes inputs as they are, and is written with a sign of its own."""
    return _sign(call.function) is not None and not any(
        isinstance(one, Recorded) and isinstance(one.origin, Call) for one in call.args
    )


def _named(name: str, inputs: Sequence[str], settings: Mapping[str, Any]) -> Math:
    """Write a call by name, the settings as an index."""
    said = ", ".join(f"{key}={value}" for key, value in settings.items())
    index = rf"_{{\mathrm{{{escaped(said)}}}}}" if said else ""
    return Math(rf"\operatorname{{{escaped(name)}}}{index}\left({', '.join(inputs)}\right)", _POWER)


def written(value: Any, symbols: Mapping[str, Math], depth: int = 0) -> Math:
    """Write what was recorded.

    Args:
        value: a recorded value, or a plain one.
        symbols: what the inputs of the recording are written as, by their names there.
        depth: inside of how many calls it stands.

    Raises:
        TooLongError: it is too long to read.
    """
    if isinstance(value, Recorded):
        if isinstance(value.origin, str):
            return symbols[value.origin]
        if depth == DEEPEST:
            raise TooLongError
        found = _call(value.origin, symbols, depth + 1)
    elif isinstance(value, KnownShape | tuple | list) or np.ndim(value):
        found = Math(rf"\left({', '.join(map(str, plain(value)))}\right)")
    else:
        found = number_written(value)
    if len(found.text) > LONGEST:
        raise TooLongError
    return found


def _call(call: Call, symbols: Mapping[str, Math], depth: int) -> Math:
    args = [
        written(one, symbols, depth)
        if isinstance(one, Recorded | int | float | np.generic | np.ndarray)
        else None
        for one in call.args
    ]
    sign = _sign(call.function)
    if sign is not None:
        return sign(call, [one for one in args if one is not None])
    if isinstance(call.function, type):
        values = [plain(one) for one in call.args]
        op = cast("type[Op]", call.function)
        return op_written(op, [one for one in args if one is not None], values, call.keywords)
    name = call.function if isinstance(call.function, str) else call.function.__name__
    given = [
        escaped(str(plain(raw))) if one is None else one.text
        for raw, one in zip(call.args, args, strict=True)
    ]
    return _named(name, given, {key: plain(value) for key, value in call.keywords.items()})


_Sign = Callable[[Call, list[Math]], Math]


def _sign(function: Any) -> _Sign | None:
    """Return what writes a call of `function`, where mathematics has a sign for it."""
    if function in _COMPARISONS:
        return _comparison
    if function in _FUNCTIONS:
        return _function
    if function in _FOLDS:
        return _fold
    return _SIGNS.get(function)


def _comparison(call: Call, args: list[Math]) -> Math:
    x, y = args
    return Math(rf"\left[{x.text} {_COMPARISONS[call.function]} {y.text}\right]")


def _function(call: Call, args: list[Math]) -> Math:
    inside = ", ".join(one.text for one in args)
    return Math(rf"{_FUNCTIONS[call.function]}\left({inside}\right)", _POWER)


def _fold(call: Call, args: list[Math]) -> Math:
    sign, axis = _FOLDS[call.function], call.keywords.get("axis")
    if axis is not None:
        sign += rf"_{{\mathrm{{axis}}\,{escaped(str(axis))}}}"
    if call.function is np.sum:
        return Math(f"{sign} {args[0].held(_PRODUCT)}", SUM)
    return Math(rf"{sign}\left({args[0].text}\right)", _POWER)


def _add(call: Call, args: list[Math]) -> Math:
    x, y = args
    return Math(f"{x.held(SUM)} + {_right(y, SUM)}", SUM)


def _subtract(call: Call, args: list[Math]) -> Math:
    x, y = args
    return Math(f"{x.held(SUM)} - {_right(y, _MINUS)}", SUM)


def _right(y: Math, least: int) -> str:
    """Return what stands right of a sign that holds what is at least so tight.

    A minus there wants brackets.
    """
    return y.held(_ATOM if y.text.startswith("-") else least)


def _multiply(call: Call, args: list[Math]) -> Math:
    sign = r"\odot" if all(np.ndim(plain(one)) for one in call.args) else r"\cdot"
    x, y = args
    precedence = _MINUS if x.precedence == _MINUS else _PRODUCT
    return Math(f"{x.held(_MINUS)} {sign} {_right(y, _FRACTION)}", precedence)


def _divide(call: Call, args: list[Math]) -> Math:
    x, y = args
    return Math(rf"\frac{{{x.text}}}{{{y.text}}}", _FRACTION)


def _matmul(call: Call, args: list[Math]) -> Math:
    x, y = args
    return Math(rf"{x.held(_PRODUCT)}\,{_right(y, _FRACTION)}", _PRODUCT)


def _negative(call: Call, args: list[Math]) -> Math:
    (x,) = args
    return Math(f"-{_right(x, _PRODUCT)}", _MINUS)


def _positive(call: Call, args: list[Math]) -> Math:
    return args[0]


def _power(call: Call, args: list[Math]) -> Math:
    x, y = args
    return Math(f"{_base(x)}^{{{y.text}}}", _POWER)


def _square(call: Call, args: list[Math]) -> Math:
    return Math(f"{_base(args[0])}^{{2}}", _POWER)


def _base(x: Math) -> str:
    """Return what may carry an exponent: a derivative must not take it for its own."""
    return x.held(_ATOM) if not x.text.startswith(r"\frac") else rf"\left({x.text}\right)"


def _sqrt(call: Call, args: list[Math]) -> Math:
    return Math(rf"\sqrt{{{args[0].text}}}")


def _absolute(call: Call, args: list[Math]) -> Math:
    return Math(rf"\left|{args[0].text}\right|")


def _where(call: Call, args: list[Math]) -> Math:
    condition, x, y = args
    return Math(
        rf"\begin{{cases}} {x.text} & \text{{if }} {condition.text} \\ {y.text} & "
        r"\text{otherwise} \end{cases}",
        SUM,
    )


def _transposed(call: Call, args: list[Math]) -> Math:
    return Math(rf"{_base(args[0])}^{{\top}}", _POWER)


def _broadcast_to(call: Call, args: list[Math]) -> Math:
    size = r" \times ".join(map(str, call.args[1]))
    sign = r"\odot" if np.ndim(plain(call.args[0])) else r"\cdot"
    return Math(rf"\mathbf{{1}}_{{{size}}} {sign} {args[0].held(_FRACTION)}", _PRODUCT)


def _item(call: Call, args: list[Math]) -> Math:
    index = call.args[1]
    items = index if isinstance(index, tuple) else (index,)
    said = ", ".join(
        f"{one.start if one.start is not None else ''}:{one.stop if one.stop is not None else ''}"
        + (f":{one.step}" if one.step is not None else "")
        if isinstance(one, slice)
        else r"\ldots"
        if one is Ellipsis
        else str(one)
        for one in items
    )
    return Math(rf"{{{args[0].held(_ATOM)}}}_{{[{said}]}}", _POWER)


_SIGNS: Mapping[Any, _Sign] = {
    np.add: _add,
    np.subtract: _subtract,
    np.multiply: _multiply,
    np.true_divide: _divide,
    np.matmul: _matmul,
    np.negative: _negative,
    np.positive: _positive,
    np.power: _power,
    np.square: _square,
    np.sqrt: _sqrt,
    np.absolute: _absolute,
    np.where: _where,
    np.broadcast_to: _broadcast_to,
    TRANSPOSED: _transposed,
    GETITEM: _item,
}
