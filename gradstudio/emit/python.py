"""Recorded calls as Python: which are written into one another, and which get a line of their own.

What is used twice gets a line. An op whose value takes several lines becomes a function that is
defined above, so that a node of it is one line wherever it stands.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

import numpy as np

from gradstudio.emit.calls import (
    GETITEM,
    TRANSPOSED,
    Call,
    KnownShape,
    Recorded,
    forward,
    inputs,
    plain,
    uses,
)
from gradstudio.emit.literals import array_text, number_text
from gradstudio.emit.names import Names
from gradstudio.ops import Op, SettingValue
from gradstudio.ops.settings import index_text, parse_index

_COMPARE, _SUM, _PRODUCT, _UNARY, _POWER, CALL, _ATOM = 1, 2, 3, 4, 5, 8, 9

_INFIX: Mapping[Any, tuple[str, int]] = {
    np.add: ("+", _SUM),
    np.subtract: ("-", _SUM),
    np.multiply: ("*", _PRODUCT),
    np.true_divide: ("/", _PRODUCT),
    np.matmul: ("@", _PRODUCT),
    np.power: ("**", _POWER),
    np.greater: (">", _COMPARE),
    np.greater_equal: (">=", _COMPARE),
    np.less: ("<", _COMPARE),
    np.less_equal: ("<=", _COMPARE),
    np.equal: ("==", _COMPARE),
    np.not_equal: ("!=", _COMPARE),
}
_PREFIX: Mapping[Any, str] = {np.negative: "-", np.positive: "+"}
_METHODS: Mapping[Any, str] = {np.sum: "sum", np.mean: "mean", np.reshape: "reshape"}
_SHORT_NAMES: Mapping[Any, str] = {np.absolute: "np.abs"}
_MAKE_ARRAYS = (np.where, np.sum, np.mean)
LONGEST = 60
"""How many characters are written in place."""


class Text(NamedTuple):
    """An expression.

    Args:
        text: as Python reads it.
        precedence: how tightly it holds together.
        fresh: whether its value is an array that nothing else can reach, so that it may be added
            to in place.
    """

    text: str
    precedence: int = _ATOM
    fresh: bool = False

    def held(self, precedence: int) -> str:
        """Return the text, in brackets where it holds together less than `precedence`."""
        return self.text if self.precedence >= precedence else f"({self.text})"


class PythonWriter:
    """Writes recorded calls; collects the functions they need.

    Args:
        names: the identifiers of the text.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._functions: dict[tuple[str, str], str] = {}
        self._known: dict[Any, Any] = {}

    @property
    def definitions(self) -> list[str]:
        """The functions that what was written so far calls, each after those it calls itself."""
        return [f"def {name}({head}{body}" for (head, body), name in self._functions.items()]

    def lines(
        self, results: Sequence[Any], symbols: Mapping[str, str], temporary: Callable[[], str]
    ) -> tuple[list[str], list[Text]]:
        """Write what was recorded.

        Args:
            results: recorded values, or numbers.
            symbols: what each symbol is called.
            temporary: a name for what is used twice.

        Returns:
            Lines that come first, and for each result the expression.
        """
        counts: dict[int, int] = {}
        order: list[Recorded] = []
        _count(results, counts, order)
        texts: dict[int, Text] = {}
        lines = []
        last = {id(one) for one in results}
        for one in order:
            text = self._text(one.origin, symbols, texts)
            long = len(text.text) > LONGEST and id(one) not in last
            if (long or counts[id(one)] > 1) and text.precedence < _ATOM:
                name = temporary()
                lines.append(f"{name} = {text.text}")
                text = Text(name)
            texts[id(one)] = text
        return lines, [self._result(one, symbols, texts) for one in results]

    def value(
        self,
        op: type[Op],
        inputs: Sequence[Text],
        values: Iterable[Any],
        literals: Iterable[float | None],
        settings: Mapping[str, SettingValue],
    ) -> Text:
        """Write the value of an op, in one expression.

        Args:
            op: the op.
            inputs: how each input is written.
            values: what each is.
            literals: the numbers among the inputs.
            settings: the op's settings.
        """
        if op.numpy_code:
            return self._stated(op, inputs, settings)
        given = tuple(values)
        known = tuple(literals)
        key = (op, tuple(settings.items()), tuple(map(np.shape, given)), known)
        if key not in self._known:
            self._known[key] = forward(op, given, known, settings)
        out = self._known[key]
        symbols = {str(port): text.text for port, text in enumerate(inputs)}
        held = {str(port): text for port, text in enumerate(inputs)}
        counts: dict[int, int] = {}
        order: list[Recorded] = []
        _count([out], counts, order)
        simple = all(
            counts[id(one)] == 1
            for one in order
            if isinstance(one.origin, Call) or held[one.origin].precedence < _ATOM
        )
        if simple:
            texts: dict[int, Text] = {}
            for one in order:
                if isinstance(one.origin, str):
                    texts[id(one)] = held[one.origin]
                else:
                    texts[id(one)] = self._text(one.origin, symbols, texts)
            found = self._result(out, symbols, texts)
            if len(found.text) <= LONGEST:
                return found
        return self._defined(op, out, inputs, known)

    def local(
        self, ports: Iterable[str], results: Sequence[Any], taken: Iterable[str] = ()
    ) -> tuple[Names, list[str]]:
        """Return the identifiers inside a function: none hides a function that is called there.

        Args:
            ports: names asked for, for the symbols 0, 1, …
            results: what is computed there.
            taken: identifiers that are used there anyway.
        """
        wanted = tuple(ports)
        symbols = {"g": "g", "out": "out"} | {str(port): "x" for port in range(len(wanted))}
        self.lines(results, symbols, lambda: "part")  # defines the functions
        names = Names(["np", *taken, *self._functions.values()])
        return names, [names.fresh(port) for port in wanted]

    def _defined(
        self, op: type[Op], out: Any, inputs: Sequence[Text], literals: Sequence[float | None]
    ) -> Text:
        """Return a call of the function that computes `out`."""
        names, ports = self.local(op.ports(len(inputs)), [out])
        lines, (result,) = self.lines(
            [out],
            {str(port): name for port, name in enumerate(ports)},
            lambda: names.fresh("part"),
        )
        asked = [name for name, number in zip(ports, literals, strict=True) if number is None]
        head = f"{', '.join(asked)}):\n"
        body = "".join(f"    {line}\n" for line in [*lines, f"return {result.text}"])
        name = self._functions.get((head, body))
        if name is None:
            name = self._functions[head, body] = self._names.fresh(op.name)
        given = [text.text for text, number in zip(inputs, literals, strict=True) if number is None]
        return Text(f"{name}({', '.join(given)})", CALL)

    def _stated(
        self, op: type[Op], inputs: Sequence[Text], settings: Mapping[str, SettingValue]
    ) -> Text:
        """Return what the op itself says: an expression, or a call of the function it states."""
        code = textwrap.dedent(op.numpy_code).strip()
        every = {one.name: settings.get(one.name, one.default) for one in op.settings}
        kinds = {one.name: one.kind for one in op.settings}
        said = {
            key: f"np.s_[{index_text(parse_index(str(value)))}]"
            if kinds[key] == "index"
            else repr(value)
            for key, value in every.items()
        }
        if not code.startswith("def "):
            ports = dict(
                zip(op.ports(len(inputs)), (one.held(CALL) for one in inputs), strict=True)
            )
            return Text(code.format(**ports, **said), CALL)
        opening, _, rest = code.partition("(")
        key = (rest.partition("\n")[0] + "\n", rest.partition("\n")[2] + "\n")
        if key not in self._functions:
            self._functions[key] = self._names.fresh(opening.removeprefix("def "))
        given = [one.text for one in inputs] + [f"{name}={text}" for name, text in said.items()]
        return Text(f"{self._functions[key]}({', '.join(given)})", CALL)

    def _text(
        self, origin: Call | str, symbols: Mapping[str, str], texts: Mapping[int, Text]
    ) -> Text:
        if isinstance(origin, str):
            return Text(symbols[origin])
        function = origin.function

        def argument(value: Any) -> Text:
            return self._argument(value, symbols, texts)

        if isinstance(function, type):
            return self._applied(cast("type[Op]", function), origin, argument)
        if function in _INFIX:
            sign, own = _INFIX[function]
            x, y = (argument(one) for one in origin.args)
            left = own + (own in (_COMPARE, _POWER))
            right = _UNARY if own == _POWER and y.precedence == _UNARY else own + 1
            return Text(f"{x.held(left)} {sign} {y.held(right)}", own, fresh=True)
        if function in _PREFIX:
            (x,) = (argument(one) for one in origin.args)
            inner = _POWER if x.text[0] in "+-" else _UNARY
            return Text(f"{_PREFIX[function]}{x.held(inner)}", _UNARY, fresh=True)
        if function == TRANSPOSED:
            return Text(f"{argument(origin.args[0]).held(CALL)}.T", CALL)
        if function == GETITEM:
            x = argument(origin.args[0])
            return Text(f"{x.held(CALL)}[{_index_text(origin.args[1])}]", CALL)
        words = [
            f"{key}={argument(value).text}" for key, value in _telling(function, origin.keywords)
        ]
        args = _needed(function, origin.args)
        fresh = isinstance(function, np.ufunc) or function in _MAKE_ARRAYS
        if function in _METHODS and isinstance(args[0], Recorded):
            inside = ", ".join([argument(one).text for one in args[1:]] + words)
            x = argument(args[0])
            return Text(f"{x.held(CALL)}.{_METHODS[function]}({inside})", CALL, fresh)
        inside = ", ".join([argument(one).text for one in args] + words)
        return Text(f"{_called(function)}({inside})", CALL, fresh)

    def _applied(self, op: type[Op], call: Call, argument: Callable[[Any], Text]) -> Text:
        """Write that a rule applies an op."""
        given = [plain(one) for one in call.args]
        literals = [
            None if isinstance(one, Recorded) or np.ndim(one) or op.numpy_code else float(one)
            for one in call.args
        ]
        texts = [
            _numpy_number(one)
            if op.numpy_code and not isinstance(one, Recorded) and not np.ndim(one)
            else argument(one)
            for one in call.args
        ]
        return self.value(op, texts, given, literals, call.keywords)

    def _result(self, value: Any, symbols: Mapping[str, str], texts: Mapping[int, Text]) -> Text:
        """Write what a rule gives: a number, too, is one of NumPy's."""
        if value is None or isinstance(value, Recorded) or np.ndim(value):
            return self._argument(value, symbols, texts)
        return _numpy_number(value)

    def _argument(self, value: Any, symbols: Mapping[str, str], texts: Mapping[int, Text]) -> Text:
        """Write what a call is given."""
        if isinstance(value, Recorded):
            return texts[id(value)]
        if isinstance(value, KnownShape):
            return Text(f"{symbols[value.of]}.shape")
        if isinstance(value, list | tuple):
            inside = ", ".join(self._argument(one, symbols, texts).text for one in value)
            if isinstance(value, list):
                return Text(f"[{inside}]")
            return Text(f"({inside},)" if len(value) == 1 else f"({inside})")
        if isinstance(value, np.ndarray) and value.ndim:
            return Text(array_text(value))
        if isinstance(value, bool | int | float | np.generic | np.ndarray):
            text = number_text(value)
            return Text(text, _UNARY if text.startswith("-") else _ATOM)
        if value is None or isinstance(value, str):
            return Text(repr(value))
        raise TypeError(f"{value!r} has no writing: state `numpy_code`")


def _numpy_number(value: Any) -> Text:
    return Text(f"np.float64({number_text(float(value))})", CALL)


def _count(results: Iterable[Any], counts: dict[int, int], order: list[Recorded]) -> None:
    """Count how often each recorded value is used; list them, inputs before what takes them."""
    pending: list[tuple[Recorded, bool]] = [(one, False) for one in uses(list(results))][::-1]
    while pending:
        one, done = pending.pop()
        if done:
            order.append(one)
            continue
        counts[id(one)] = counts.get(id(one), 0) + 1
        if counts[id(one)] == 1:
            pending.append((one, True))
            pending += [(inner, False) for inner in reversed(inputs(one))]


def _index_text(index: Any) -> str:
    items = index if isinstance(index, tuple) else (index,)
    if not items:
        return "()"
    return ", ".join(
        "..." if item is Ellipsis else "None" if item is None else index_text((item,))
        for item in items
    )


@cache
def _defaults(function: Any) -> Mapping[str, Any]:
    """Return what a function takes where nothing is said; nothing is known of those in C."""
    try:
        parameters = inspect.signature(function).parameters
    except ValueError:
        return {}
    return {name: one.default for name, one in parameters.items()}


def _telling(function: Any, keywords: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the keywords that say something the function does not assume anyway."""
    defaults = _defaults(function)
    return [
        (key, value)
        for key, value in keywords.items()
        if not (
            (value is None and key in defaults and defaults[key] is None)
            or (value is False and key == "keepdims")
        )
    ]


def _needed(function: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments without a None at the end that the function assumes anyway."""
    defaults = list(_defaults(function).values())
    while args and args[-1] is None and len(args) <= len(defaults):
        if defaults[len(args) - 1] is not None:
            break
        args = args[:-1]
    return args


@cache
def _called(function: Any) -> str:
    """Return where a function of NumPy is found."""
    if function in _SHORT_NAMES:
        return _SHORT_NAMES[function]
    if isinstance(function, np.ufunc):
        return f"np.{function.__name__}"
    module = function.__module__.removeprefix("numpy").lstrip(".")
    return f"np.{module}.{function.__name__}" if module else f"np.{function.__name__}"
