"""A graph as a LaTeX document: its forward equations, and the chain rule for each gradient.

The factors of the chain rule are the recorded rules of the ops, as in the code, where they are
short enough to be read; else the rule stands there with its symbols alone. An op is written as it
says in `latex`, or as the one call it makes, or by its name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from gradstudio.emit.calls import (
    GETITEM,
    TRANSPOSED,
    Call,
    KnownShape,
    Recorded,
    backward,
    forward,
    plain,
)
from gradstudio.emit.outline import Outline
from gradstudio.graph import Graph
from gradstudio.ops import Op, SettingValue

LONGEST = 300
"""How many characters a product of the chain rule may have to be written out."""
DEEPEST = 12
"""How many calls may stand inside of one another there."""
ROWS_OF_A_BLOCK = 20
_GREEK = frozenset(
    """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau
    upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    """.split()  # noqa: SIM905
)

_SUM, _MINUS, _PRODUCT, _FRACTION, _POWER, _ATOM = range(6)

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

_DOCUMENT = r"""\documentclass{article}
\usepackage{amsmath,amssymb}
\allowdisplaybreaks
%s\begin{document}

%s

\end{document}
"""


def to_latex(graph: Graph, *, numbers: bool = True) -> str:
    """Return a document that LaTeX compiles as it is.

    Args:
        graph: its output may be an array, and then has no gradient.
        numbers: whether to write the value of what is one number.

    Raises:
        GradStudioError: there is no one output, or it has no value; the message names the node.
    """
    return _Document(Outline.of(graph), numbers).text()


class _Math(NamedTuple):
    """A piece of mathematics, and how tightly it holds together."""

    text: str
    precedence: int = _ATOM

    def held(self, precedence: int) -> str:
        """Return the text, in brackets where it holds together less than `precedence`."""
        enough = self.precedence >= precedence
        return self.text if enough else rf"\left({self.text}\right)"


class _TooLongError(Exception):
    """What was to be written is no help to a reader any more."""


class _Document:
    """One document in the making.

    Args:
        outline: of the graph.
        numbers: whether values are written.
    """

    def __init__(self, outline: Outline, numbers: bool) -> None:
        self._outline = outline
        self._numbers = numbers
        self._symbols = symbols_of(outline.order)

    def text(self) -> str:
        """Return the text."""
        outline = self._outline
        rows = [self._leaf(name) for name in outline.leaves if outline.literal(name) is None]
        rows += [self._forward(name) for name in outline.steps]
        blocks = [r"\section*{Forward pass}", *_aligned(rows)]
        if outline.found.backward:
            blocks += [r"\section*{Backward pass}", *_aligned(self._backward())]
        return _DOCUMENT % (self._legend(), "\n\n".join(blocks))

    def _legend(self) -> str:
        """Return comments that say what stands for names LaTeX cannot write."""
        return "".join(
            f"% {symbol} is {name}\n"
            for name, symbol in self._symbols.items()
            if not name.isascii()
        )

    def _leaf(self, name: str) -> str:
        value = self._outline.value(name)
        shape = np.shape(value)
        if not shape and self._numbers:
            return f"{self._symbols[name]} &= {_number(value).text}"
        space = r" \times ".join(map(str, shape))
        return rf"{self._symbols[name]} &\in \mathbb{{R}}" + f"^{{{space}}}" * bool(shape)

    def _value(self, value: Any) -> str:
        if not self._numbers or np.shape(value):
            return ""
        text = f"{float(value):.4g}"
        sign = "=" if float(text) == float(value) else r"\approx"
        return f" {sign} {_number(text).text}"

    def _inputs(self, name: str) -> list[_Math]:
        outline = self._outline
        return [
            _Math(self._symbols[source]) if number is None else _number(number)
            for source in outline.inputs(name)
            for number in [outline.literal(source)]
        ]

    def _forward(self, name: str) -> str:
        outline = self._outline
        node = outline.node(name)
        values = [outline.value(source) for source in outline.inputs(name)]
        written = _op(node.rules, self._inputs(name), values, node.settings)
        return f"{self._symbols[name]} &= {written.text}{self._value(outline.value(name))}"

    def _partial(self, of: str, by: str) -> str:
        return rf"\frac{{\partial {self._symbols[of]}}}{{\partial {self._symbols[by]}}}"

    def _backward(self) -> list[str]:
        """Write the gradient of every node, the output's first."""
        outline = self._outline
        output = outline.output
        terms: dict[str, dict[str, None]] = {}
        factors: dict[str, list[_Math | None]] = {}
        rows = [f"{self._partial(output, output)} &= 1"]
        for name in outline.found.backward:
            if name != output:
                rows.append(self._gradient(name, tuple(terms[name]), factors[name]))
            inputs = outline.inputs(name)
            ports = [
                port for port in range(len(inputs)) if (name, port) in outline.found.edge_grads
            ]
            for port, factor in zip(ports, self._factors(name, ports), strict=True):
                source = inputs[port]
                chain = rf"{self._partial(output, name)}\,{self._partial(name, source)}"
                # Of an op that takes a node twice the total derivative holds both ways.
                terms.setdefault(source, {})[chain] = None
                factors.setdefault(source, []).append(factor)
        return rows

    def _gradient(self, name: str, terms: Sequence[str], factors: Sequence[_Math | None]) -> str:
        row = f"{self._partial(self._outline.output, name)} &= {' + '.join(terms)}"
        known = [factor for factor in factors if factor is not None]
        if len(known) == len(factors) and sum(len(one.text) for one in known) <= LONGEST:
            total = known[0].text
            for factor in known[1:]:
                minus = factor.text.startswith("-")
                total += f" {factor.text}" if minus else f" + {factor.held(_SUM)}"
            row += f" \\\\\n&= {total}"
        return row + self._value(self._outline.found.grads[name])

    def _factors(self, name: str, ports: Sequence[int]) -> list[_Math | None]:
        """Return what flows back to each port, or None where that is too long to read."""
        outline = self._outline
        node = outline.node(name)
        if node.is_leaf:
            return []
        inputs = outline.inputs(name)
        parts = backward(
            node.rules,
            outline.value(name),
            [outline.value(source) for source in inputs],
            [outline.literal(source) for source in inputs],
            node.settings,
            fitted=True,
        )
        symbols = {str(port): piece for port, piece in enumerate(self._inputs(name))}
        symbols["g"] = _Math(self._partial(outline.output, name))
        symbols["out"] = _Math(self._symbols[name])
        found: list[_Math | None] = []
        for port in ports:
            try:
                found.append(_written(parts[port], symbols))
            except _TooLongError:
                found.append(None)
        return found


def _aligned(rows: Sequence[str]) -> list[str]:
    """Return the rows in environments of a length that LaTeX can hold."""
    return [
        "\\begin{align*}\n"
        + " \\\\\n".join(rows[start : start + ROWS_OF_A_BLOCK])
        + "\n\\end{align*}"
        for start in range(0, len(rows), ROWS_OF_A_BLOCK)
    ]


# -- names ---------------------------------------------------------------------------------------


def symbols_of(names: Sequence[str]) -> dict[str, str]:
    """Return what each node is called: `w_0` and `w0` are both w with an index, if only one is."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        symbol = _symbol(name)
        if symbol is None or symbol in taken:
            symbol = rf"\mathtt{{{_escaped(name)}}}" if name.isascii() else None
        number = len(found) + 1
        while symbol is None or symbol in taken:
            symbol, number = rf"v_{{({number})}}", number + 1
        taken.add(symbol)
        found[name] = symbol
    return found


def _symbol(name: str) -> str | None:
    """Return a name as a letter or a word with indices, or None where it is neither."""
    match = re.fullmatch(r"([^\W\d_]+)((?:_[^\W\d_]+)*)_?(\d*)((?:_[^\W_]+)*)", name)
    if match is None:
        return None
    first, words, digits, rest = match.groups()
    base = _word(first)
    if base is not None and base.startswith(r"\mathit") and words.isascii():
        # cross_entropy1 is one word with an index; w_out is a letter with one.
        base, words = rf"\mathit{{{_escaped(first + words)}}}", ""
    indices = [_word(one) for one in [*words.split("_"), digits, *rest.split("_")] if one]
    if base is None or None in indices:
        return None
    return f"{base}_{{{','.join(cast('list[str]', indices))}}}" if indices else base


def _word(text: str) -> str | None:
    """Return letters and digits as mathematics writes them; None for letters it has no word for."""
    if text in _GREEK:
        return rf"\{text}"
    if len(text) == 1 and not text.isascii():
        kind, _, letter = unicodedata.name(text, "").rpartition(" ")
        greek = letter.lower() if "SMALL" in kind else letter.title()
        return rf"\{greek}" if kind.startswith("GREEK") and greek in _GREEK else None
    if not text.isascii():
        return None
    return text if len(text) == 1 or text.isdigit() else rf"\mathit{{{text}}}"


def _escaped(text: str) -> str:
    """Return text without what LaTeX has a meaning for."""
    known = {"_": r"\_", "&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "{": r"\{", "}": r"\}"}
    return "".join(
        known.get(one, one if one.isascii() and one not in "\\^~" else "?") for one in text
    )


def _number(value: Any) -> _Math:
    """Return a number: without a point where it is whole, with a power of ten where it has one."""
    number = float(value)
    if not np.isfinite(number):
        text = r"\mathrm{nan}" if np.isnan(number) else r"\infty"
        return _Math(f"-{text}", _MINUS) if number < 0 else _Math(text)
    digits, _, exponent = repr(number).removesuffix(".0").partition("e")
    text = rf"{digits} \cdot 10^{{{int(exponent)}}}" if exponent else digits
    return _Math(text, _MINUS if number < 0 else _PRODUCT if exponent else _ATOM)


# -- calls ---------------------------------------------------------------------------------------


def _op(
    op: type[Op],
    inputs: Sequence[_Math],
    values: Sequence[Any],
    settings: Mapping[str, SettingValue],
) -> _Math:
    """Write the value of an op."""
    if op.latex:
        ports = op.ports(len(inputs))
        return _Math(op.latex.format(**dict(zip(ports, (one.text for one in inputs), strict=True))))
    if not op.numpy_code:
        out = forward(op, values, [None] * len(values), settings)
        origin = out.origin if isinstance(out, Recorded) else None
        if isinstance(origin, Call) and _is_one_call(origin):
            return _written(out, {str(port): one for port, one in enumerate(inputs)})
    return _named(op.name, [one.text for one in inputs], settings)


def _is_one_call(call: Call) -> bool:
    """Return whether a call takes inputs as they are, and is written with a sign of its own."""
    return _sign(call.function) is not None and not any(
        isinstance(one, Recorded) and isinstance(one.origin, Call) for one in call.args
    )


def _named(name: str, inputs: Sequence[str], settings: Mapping[str, Any]) -> _Math:
    """Write a call by name, the settings as an index."""
    said = ", ".join(f"{key}={value}" for key, value in settings.items())
    index = rf"_{{\mathrm{{{_escaped(said)}}}}}" if said else ""
    return _Math(
        rf"\operatorname{{{_escaped(name)}}}{index}\left({', '.join(inputs)}\right)", _POWER
    )


def _written(value: Any, symbols: Mapping[str, _Math], depth: int = 0) -> _Math:
    """Write what was recorded, `depth` calls inside of others.

    Raises:
        _TooLongError: it is too long to read.
    """
    if isinstance(value, Recorded):
        if isinstance(value.origin, str):
            return symbols[value.origin]
        if depth == DEEPEST:
            raise _TooLongError
        found = _call(value.origin, symbols, depth + 1)
    elif isinstance(value, KnownShape | tuple | list) or np.ndim(value):
        found = _Math(rf"\left({', '.join(map(str, plain(value)))}\right)")
    else:
        found = _number(value)
    if len(found.text) > LONGEST:
        raise _TooLongError
    return found


def _call(call: Call, symbols: Mapping[str, _Math], depth: int) -> _Math:
    args = [
        _written(one, symbols, depth)
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
        return _op(op, [one for one in args if one is not None], values, call.keywords)
    name = call.function if isinstance(call.function, str) else call.function.__name__
    given = [
        _escaped(str(plain(raw))) if one is None else one.text
        for raw, one in zip(call.args, args, strict=True)
    ]
    return _named(name, given, {key: plain(value) for key, value in call.keywords.items()})


_Sign = Callable[[Call, list[_Math]], _Math]


def _sign(function: Any) -> _Sign | None:
    """Return what writes a call of `function`, where mathematics has a sign for it."""
    if function in _COMPARISONS:
        return _comparison
    if function in _FUNCTIONS:
        return _function
    if function in _FOLDS:
        return _fold
    return _SIGNS.get(function)


def _comparison(call: Call, args: list[_Math]) -> _Math:
    x, y = args
    return _Math(rf"\left[{x.text} {_COMPARISONS[call.function]} {y.text}\right]")


def _function(call: Call, args: list[_Math]) -> _Math:
    inside = ", ".join(one.text for one in args)
    return _Math(rf"{_FUNCTIONS[call.function]}\left({inside}\right)", _POWER)


def _fold(call: Call, args: list[_Math]) -> _Math:
    sign, axis = _FOLDS[call.function], call.keywords.get("axis")
    if axis is not None:
        sign += rf"_{{\mathrm{{axis}}\,{_escaped(str(axis))}}}"
    if call.function is np.sum:
        return _Math(f"{sign} {args[0].held(_PRODUCT)}", _SUM)
    return _Math(rf"{sign}\left({args[0].text}\right)", _POWER)


def _add(call: Call, args: list[_Math]) -> _Math:
    x, y = args
    return _Math(f"{x.held(_SUM)} + {_right(y)}", _SUM)


def _subtract(call: Call, args: list[_Math]) -> _Math:
    x, y = args
    return _Math(f"{x.held(_SUM)} - {_right(y, strict=True)}", _SUM)


def _right(y: _Math, *, strict: bool = False) -> str:
    """Return what stands right of + or −: a minus there wants brackets."""
    if y.text.startswith("-"):
        return y.held(_ATOM)
    return y.held(_MINUS if strict else _SUM)


def _multiply(call: Call, args: list[_Math]) -> _Math:
    sign = r"\odot" if all(np.ndim(plain(one)) for one in call.args) else r"\cdot"
    x, y = args
    right = y.held(_ATOM) if y.text.startswith("-") else y.held(_FRACTION)
    precedence = _MINUS if x.precedence == _MINUS else _PRODUCT
    return _Math(f"{x.held(_MINUS)} {sign} {right}", precedence)


def _divide(call: Call, args: list[_Math]) -> _Math:
    x, y = args
    return _Math(rf"\frac{{{x.text}}}{{{y.text}}}", _FRACTION)


def _matmul(call: Call, args: list[_Math]) -> _Math:
    x, y = args
    right = y.held(_ATOM) if y.text.startswith("-") else y.held(_FRACTION)
    return _Math(rf"{x.held(_PRODUCT)}\,{right}", _PRODUCT)


def _negative(call: Call, args: list[_Math]) -> _Math:
    (x,) = args
    inner = x.held(_ATOM) if x.text.startswith("-") else x.held(_PRODUCT)
    return _Math(f"-{inner}", _MINUS)


def _positive(call: Call, args: list[_Math]) -> _Math:
    return args[0]


def _power(call: Call, args: list[_Math]) -> _Math:
    x, y = args
    return _Math(f"{_base(x)}^{{{y.text}}}", _POWER)


def _square(call: Call, args: list[_Math]) -> _Math:
    return _Math(f"{_base(args[0])}^{{2}}", _POWER)


def _base(x: _Math) -> str:
    """Return what may carry an exponent: a derivative must not take it for its own."""
    return x.held(_ATOM) if not x.text.startswith(r"\frac") else rf"\left({x.text}\right)"


def _sqrt(call: Call, args: list[_Math]) -> _Math:
    return _Math(rf"\sqrt{{{args[0].text}}}")


def _absolute(call: Call, args: list[_Math]) -> _Math:
    return _Math(rf"\left|{args[0].text}\right|")


def _where(call: Call, args: list[_Math]) -> _Math:
    condition, x, y = args
    return _Math(
        rf"\begin{{cases}} {x.text} & \text{{if }} {condition.text} \\ {y.text} & "
        r"\text{otherwise} \end{cases}",
        _SUM,
    )


def _transposed(call: Call, args: list[_Math]) -> _Math:
    return _Math(rf"{_base(args[0])}^{{\top}}", _POWER)


def _broadcast_to(call: Call, args: list[_Math]) -> _Math:
    size = r" \times ".join(map(str, call.args[1]))
    sign = r"\odot" if np.ndim(plain(call.args[0])) else r"\cdot"
    return _Math(rf"\mathbf{{1}}_{{{size}}} {sign} {args[0].held(_FRACTION)}", _PRODUCT)


def _item(call: Call, args: list[_Math]) -> _Math:
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
    return _Math(rf"{{{args[0].held(_ATOM)}}}_{{[{said}]}}", _POWER)


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
