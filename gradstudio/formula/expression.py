"""What each kind of expression means: the closed list of what the formula language takes.

Expressions are read by generators that yield the parts they need read first, so that depth costs
no Python stack.
"""

from __future__ import annotations

import ast
import difflib
import math
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from gradstudio.errors import FormulaError, GradStudioError, mark
from gradstudio.formula.plain import Plain
from gradstudio.formula.sketch import MUTED, Sketch, Source
from gradstudio.formula.source import Passage
from gradstudio.graph import checked_name
from gradstudio.ops import REGISTRY, Array, Op, Setting, SettingValue

Steps: TypeAlias = Generator[ast.expr, Source, Source]

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Eq: "equal",
}
PREFIXES = frozenset(
    ("np", "numpy", "torch", "math", "F", "nn.functional", "torch.nn.functional", "torch.special")
)
_NUMBERS = {"pi": math.pi, "e": math.e}
_KEYWORDS = {"dim": "axis", "keepdim": "keepdims", "dims": "axes"}
# Methods and functions of PyTorch and NumPy that have another name here.
_OTHER_NAMES = {"t": "transpose", "permute": "transpose"}
_OVER_AXES = {"max": "amax", "min": "amin"}
_TENSORS = frozenset(("array", "asarray", "tensor"))

# What means something else in the library it is written for, and how to say it here.
_NUMPY = frozenset(("np", "numpy"))
_FUNCTIONAL = PREFIXES - _NUMPY
_MEANS_OTHERWISE: dict[str, tuple[frozenset[str], str]] = {
    "var": (
        _NUMPY,
        mark("core", "NumPy divides by n here and PyTorch by n − 1: write var(x, correction=0)"),
    ),
    "embedding": (
        _FUNCTIONAL,
        mark("core", "PyTorch takes the indices first: write embedding(table, indices)"),
    ),
    "dropout": (
        _FUNCTIONAL,
        mark("core", "here the mask is an input, so that it can be seen: write dropout(x, mask)"),
    ),
}

_QUOTES = mark("core", "text in quotes is not part of a formula")
_FOR = mark("core", "for is not part of a formula: an op works on all entries of an array")
_REFUSED: dict[type[ast.AST], str] = {
    ast.Lambda: mark("core", "functions cannot be defined in a formula"),
    ast.FunctionDef: mark("core", "functions cannot be defined in a formula"),
    ast.Import: mark("core", "nothing can be imported here: the functions are all there"),
    ast.ImportFrom: mark("core", "nothing can be imported here: the functions are all there"),
    ast.JoinedStr: _QUOTES,
    ast.For: _FOR,
    ast.ListComp: _FOR,
    ast.GeneratorExp: _FOR,
    ast.Dict: mark("core", "{{ }} is not part of a formula"),
    ast.Set: mark("core", "{{ }} is not part of a formula"),
    ast.IfExp: mark("core", "if … else is not part of a formula: use where(condition, x, y)"),
    ast.BoolOp: mark("core", "and, or are not part of a formula: multiply conditions, or use max"),
    ast.Tuple: mark("core", "numbers in round brackets with commas are no array: use [ ]"),
    ast.Starred: mark("core", "* in front of an argument is not part of a formula"),
}
NO_POWER = mark("core", "^ is not a power here: write **")
_REFUSED_OPERATORS: dict[type[ast.AST], str] = {
    ast.BitXor: NO_POWER,
    ast.Mod: mark("core", "% is not part of a formula"),
    ast.FloorDiv: mark("core", "// is not part of a formula"),
}


class _Call(NamedTuple):
    """A call, taken apart."""

    at: ast.Call
    name: str
    receiver: ast.expr | None
    prefix: str = ""

    @property
    def positional(self) -> list[ast.expr]:
        """The arguments without a name, the receiver first."""
        return self.at.args if self.receiver is None else [self.receiver, *self.at.args]


class Stated(NamedTuple):
    """A leaf as the text writes it out."""

    op: str | None
    value: Array | None
    settings: dict[str, SettingValue]


class Reader:
    """Reads the expressions of one passage into a sketch.

    Args:
        sketch: what is built.
        passage: where the expressions stand.
    """

    def __init__(self, sketch: Sketch, passage: Passage) -> None:
        self._sketch = sketch
        self._passage = passage
        self._plain = Plain(passage)
        self._kinds: dict[type[ast.expr], Callable[..., Steps]] = {
            ast.Constant: self._constant,
            ast.List: self._list,
            ast.Name: self._name,
            ast.BinOp: self._binary,
            ast.UnaryOp: self._unary,
            ast.Compare: self._compare,
            ast.Subscript: self._subscript,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
        }

    def error(self, template: str, at: ast.AST, **parts: object) -> FormulaError:
        """Return the error that says `template` of the place of `at`."""
        return self._passage.error(template, at, **parts)

    def refusal(self, at: ast.AST) -> FormulaError:
        """Return the error that says that `at` is nothing a formula takes."""
        template = _REFUSED.get(type(at))
        if template is None:
            template = mark("core", "{what} is not part of a formula")
        return self.error(template, at, what=type(at).__name__)

    def read(self, expression: ast.expr) -> Source:
        """Add the nodes of `expression`, its parts first, and return the number of the last.

        Raises:
            FormulaError: there is something in it that the language does not take.
        """
        open_: list[Steps] = [self._visit(expression)]
        result: Source = None
        while open_:
            try:
                part = open_[-1].send(result)
            except StopIteration as done:
                open_.pop()
                result = done.value
            else:
                open_.append(self._visit(part))
                result = None
        return result

    def named(self, at: ast.Name) -> str:
        """Return the name at `at`, checked."""
        try:
            return checked_name(at.id)
        except GradStudioError as wrong:
            raise self.error("{wrong}", at, wrong=wrong) from None

    def stated(self, expression: ast.expr) -> Stated | None:
        """Return the leaf that `expression` writes out; None if it is something else."""
        value = self._plain.literal(expression)
        if value is not None:
            return Stated(None, value, {})
        if not isinstance(expression, ast.Call):
            return None
        call = self._taken_apart(expression)
        if call.receiver is not None:
            return None
        if call.name in _TENSORS:
            return self._tensor(call)
        if call.name in REGISTRY and REGISTRY[call.name].leaf:
            return self._leaf(call)
        return None

    def _visit(self, at: ast.expr) -> Steps:
        kind = self._kinds.get(type(at))
        if kind is None:
            raise self.refusal(at)
        return kind(at)

    # -- numbers and names ------------------------------------------------------------------

    def _constant(self, at: ast.Constant) -> Steps:
        yield from ()
        if at.value is Ellipsis:
            return None
        number = self._plain.number(at)
        if number is None:
            if isinstance(at.value, str | bytes):
                raise self.error(_QUOTES, at)
            raise self.error(mark("core", "{value} is no number"), at, value=at.value)
        return self._sketch.add("constant", value=np.array(number))

    def _list(self, at: ast.List) -> Steps:
        yield from ()
        return self._sketch.add("constant", value=self._plain.array(at))

    def _name(self, at: ast.Name) -> Steps:
        yield from ()
        return self._sketch.read(self.named(at))

    # -- operators --------------------------------------------------------------------------

    def _binary(self, at: ast.BinOp) -> Steps:
        op = self._operator(at.op, at.left)
        left = yield at.left
        right = yield at.right
        return self._sketch.add(op, (left, right))

    def _operator(self, operator: ast.operator, left: ast.AST) -> str:
        """Return the op that `operator` stands for, which follows `left`."""
        try:
            return _BINARY[type(operator)]
        except KeyError:
            template = _REFUSED_OPERATORS.get(type(operator))
            if template is None:
                template = mark("core", "{what} is not part of a formula")
            what = type(operator).__name__
            raise self._passage.error_behind(template, left, what=what) from None

    def _unary(self, at: ast.UnaryOp) -> Steps:
        if not isinstance(at.op, ast.USub | ast.UAdd):
            raise self.error(mark("core", "not and ~ are not part of a formula"), at)
        number = self._plain.number(at)
        if number is not None:
            return self._sketch.add("constant", value=np.array(number))
        operand = yield at.operand
        return operand if isinstance(at.op, ast.UAdd) else self._sketch.add("neg", (operand,))

    def _compare(self, at: ast.Compare) -> Steps:
        if len(at.ops) > 1:
            template = mark("core", "compare two at a time: (a < b) * (b < c)")
            raise self.error(template, at.comparators[1])
        op = _COMPARE.get(type(at.ops[0]))
        if op is None:
            template = mark("core", "only > >= < <= == compare")
            raise self.error(template, at)
        left = yield at.left
        right = yield at.comparators[0]
        return self._sketch.add(op, (left, right))

    def _subscript(self, at: ast.Subscript) -> Steps:
        parts = at.slice.elts if isinstance(at.slice, ast.Tuple) else [at.slice]
        index = ", ".join(self._index(part) for part in parts)
        rules = REGISTRY["slice"]
        index = str(self._plain.normal(rules, "index", index, at.slice))
        operand = yield at.value
        return self._sketch.add("slice", (operand,), rules.checked_settings({"index": index}))

    def _index(self, at: ast.expr) -> str:
        if not isinstance(at, ast.Slice):
            return str(self._plain.whole(at))
        ends = ["" if end is None else str(self._plain.whole(end)) for end in (at.lower, at.upper)]
        step = "" if at.step is None else f":{self._plain.whole(at.step)}"
        return f"{ends[0]}:{ends[1]}{step}"

    def _attribute(self, at: ast.Attribute) -> Steps:
        path = _path(at)
        if path is not None and self._is_prefix(path[:-1]) and path[-1] in _NUMBERS:
            return self._sketch.add("constant", value=np.array(_NUMBERS[path[-1]]))
        if at.attr != "T":
            template = mark("core", "“.{name}” is not part of a formula; .T transposes")
            raise self.error(template, at, name=at.attr)
        operand = yield at.value
        return self._sketch.add("transpose", (operand,))

    # -- calls ------------------------------------------------------------------------------

    def _is_prefix(self, path: Sequence[str]) -> bool:
        return ".".join(path) in PREFIXES and path[0] not in self._sketch.meaning

    def _taken_apart(self, at: ast.Call) -> _Call:
        if isinstance(at.func, ast.Name):
            return _Call(at, at.func.id, None)
        if not isinstance(at.func, ast.Attribute):
            raise self.error(mark("core", "only functions and methods can be called"), at.func)
        path = _path(at.func)
        if path is not None and self._is_prefix(path[:-1]):
            return _Call(at, path[-1], None, ".".join(path[:-1]))
        return _Call(at, at.func.attr, at.func.value)

    def _call(self, at: ast.Call) -> Steps:
        call = self._taken_apart(at)
        stated = None if call.receiver is not None else self.stated(at)
        if stated is not None:
            op = stated.op or "constant"
            return self._sketch.add(op, (), stated.settings, stated.value)
        if call.name == MUTED and call.receiver is None and self._sketch.rules(MUTED) is None:
            number = yield self._muted(call)
            self._sketch.mute(number)
            return number
        rules = self._function(call)
        positional, variadic = list(call.positional), rules.variadic
        for argument in positional:
            if isinstance(argument, ast.Starred):
                raise self.refusal(argument)
        if variadic and positional and isinstance(positional[0], ast.List | ast.Tuple):
            fed, rest = list(positional[0].elts), positional[1:]
        elif variadic:
            fed, rest = positional, []
        else:
            fed, rest = positional[: len(rules.inputs)], positional[len(rules.inputs) :]
        sources: dict[str, Source] = {}
        for port, argument in zip(rules.ports(len(fed)), fed, strict=False):
            sources[port] = yield argument
        settings = self._positional_settings(rules, rest, call)
        for keyword in at.keywords:
            name = _KEYWORDS.get(keyword.arg or "", keyword.arg)
            if name in rules.inputs and not variadic:
                self._once(name, sources, keyword)
                sources[name] = yield keyword.value
            elif name is not None and name in {setting.name for setting in rules.settings}:
                self._once(name, settings, keyword)
                value = self._plain.setting(keyword.value)
                settings[name] = self._plain.normal(rules, name, value, keyword.value)
            else:
                raise self._no_setting(call, keyword, (one.name for one in rules.settings))
        missing = not sources if variadic else set(rules.inputs) - set(sources)
        if missing:
            raise self._wrong_count(call, rules, len(sources))
        ports = rules.ports(len(sources))
        return self._sketch.add(
            rules.name,
            tuple(sources[port] for port in ports),
            rules.checked_settings(settings),
        )

    def _muted(self, call: _Call) -> ast.expr:
        """Return what is muted: an op of its own, which no other name can mean."""
        given = call.at.args
        computes = (ast.BinOp, ast.Compare, ast.Call, ast.Subscript, ast.Attribute, ast.UnaryOp)
        if (
            len(given) != 1
            or call.at.keywords
            or not isinstance(given[0], computes)
            or self.stated(given[0]) is not None
            or (isinstance(given[0], ast.UnaryOp) and isinstance(given[0].op, ast.UAdd))
            or (isinstance(given[0], ast.Attribute) and given[0].attr != "T")
        ):
            template = mark("core", "{op} takes one operation, as in {op}(x + y)")
            raise self.error(template, call.at, op=MUTED)
        return given[0]

    def _once(self, name: str, given: object, at: ast.keyword) -> None:
        if isinstance(given, dict) and name in given:
            raise self.error(mark("core", "{name} is given twice"), at, name=name)

    def _wrong_count(self, call: _Call, rules: type[Op], given: int) -> FormulaError:
        if rules.variadic:
            template = mark("core", "{op} takes a list of inputs, as in {op}([x, y])")
            return self.error(template, call.at, op=call.name)
        return self.error(
            mark("core", "{op} is given {given} inputs and takes {count}: {inputs}"),
            call.at,
            op=call.name,
            count=len(rules.inputs),
            inputs=", ".join(rules.inputs),
            given=given,
        )

    def _function(self, call: _Call) -> type[Op]:
        """Return the op that the function or method stands for."""
        libraries, template = _MEANS_OTHERWISE.get(call.name, (frozenset(), ""))
        if call.prefix in libraries:
            raise self.error(template, call.at)
        name = _OTHER_NAMES.get(call.name, call.name)
        if name in _OVER_AXES:
            name = _OVER_AXES[name] if self._is_over_axes(call) else name
        names = {alias: op for op in REGISTRY.values() for alias in op.aliases}
        rules = self._sketch.rules(name) or names.get(name)
        if rules is None or rules.leaf:
            known = [*(op for op in REGISTRY if not REGISTRY[op].leaf), *names]
            near = difflib.get_close_matches(call.name, known, n=3) if len(call.name) < 99 else []
            template = (
                mark("core", "there is no function “{name}”; did you mean {near}?")
                if near
                else mark("core", "there is no function “{name}”")
            )
            raise self.error(template, call.at, name=call.name[:99], near=", ".join(near))
        return rules

    def _is_over_axes(self, call: _Call) -> bool:
        """Return whether `max` means the largest entry of one array, not the larger of two."""
        words = {_KEYWORDS.get(word.arg or "", word.arg) for word in call.at.keywords}
        if words & {"axis", "keepdims"}:
            return True
        if len(call.positional) < 2:
            return "y" not in words
        # NumPy and PyTorch take an axis second; max(x, 0) alone is the larger of two, as Python's.
        borrowed = bool(call.prefix) or call.receiver is not None
        return borrowed and type(self._plain.setting_or_none(call.positional[1])) is int

    # -- settings ---------------------------------------------------------------------------

    def _positional_settings(
        self, rules: type[Op], rest: list[ast.expr], call: _Call
    ) -> dict[str, SettingValue]:
        """Return the settings given without a name, after the inputs."""
        known: tuple[Setting, ...] = rules.settings
        if not rest:
            return {}
        if not known:
            raise self._wrong_count(call, rules, len(call.positional))
        values = [self._plain.setting(one) for one in rest]
        if known[0].kind in ("axes", "shape") and all(type(value) is int for value in values):
            # x.reshape(2, 3) as well as x.reshape((2, 3))
            values = [tuple(value for value in values if type(value) is int)]
        if len(values) > len(known):
            raise self._wrong_count(call, rules, len(call.positional))
        if call.name == "transpose" and len(rest) == 2 and values in ([(0, 1)], [(-2, -1)]):
            template = mark(
                "core",
                "PyTorch swaps axes here, NumPy keeps them: write .T or transpose(x, axes=(1, 0))",
            )
            raise self.error(template, call.at)
        return {
            setting.name: self._plain.normal(rules, setting.name, value, at)
            for setting, value, at in zip(known, values, rest, strict=False)
        }

    # -- leaves -----------------------------------------------------------------------------

    def _leaf(self, call: _Call) -> Stated:
        """Read `parameter(2.0)`, `input([1, 2], data=True)`, `constant(4.3)`, `input()`."""
        rules = REGISTRY[call.name]
        value = self._given_value(call)
        settings: dict[str, SettingValue] = {}
        for keyword in call.at.keywords:
            plain = self._plain.setting(keyword.value)
            if keyword.arg == "shape" and value is not None:
                value = self._plain.shaped(value, plain, keyword)
            elif keyword.arg in {setting.name for setting in rules.settings}:
                settings[keyword.arg] = self._plain.normal(rules, keyword.arg, plain, keyword.value)
            else:
                known = [*(one.name for one in rules.settings), "shape"]
                raise self._no_setting(call, keyword, known)
        return Stated(call.name, value, rules.checked_settings(settings))

    def _no_setting(self, call: _Call, keyword: ast.keyword, known: Iterable[str]) -> FormulaError:
        return self.error(
            mark("core", "{op} has no setting “{setting}”; it has: {known}"),
            keyword,
            op=call.name,
            setting=keyword.arg or "**",
            known=", ".join(known) or "–",
        )

    def _tensor(self, call: _Call) -> Stated:
        """Read `torch.tensor([1, 2], requires_grad=True)` and `np.array([1, 2])`."""
        value = self._given_value(call)
        learned: SettingValue = None
        for keyword in call.at.keywords:
            if keyword.arg != "requires_grad":
                template = mark("core", "{op} takes its numbers and requires_grad only")
                raise self.error(template, keyword, op=call.name)
            learned = self._plain.setting(keyword.value)
        return Stated("parameter" if learned is True else None, value, {})

    def _given_value(self, call: _Call) -> Array | None:
        if not call.at.args and call.name not in _TENSORS:
            return None
        value = self._plain.literal(call.at.args[0]) if len(call.at.args) == 1 else None
        if value is None:
            template = mark("core", "{op} takes one number or one list of numbers")
            raise self.error(template, call.at, op=call.name)
        return value


def _path(at: ast.expr) -> list[str] | None:
    """Return `a.b.c` as its parts; None if there is anything but names in it."""
    parts: list[str] = []
    while isinstance(at, ast.Attribute):
        parts.append(at.attr)
        at = at.value
        if len(parts) > 4:
            return None
    if not isinstance(at, ast.Name):
        return None
    return [at.id, *reversed(parts)]
