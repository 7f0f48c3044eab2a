"""The second executor of scalars: Python functions, made for a code, over Python floats.

Every slot is a local variable, or no variable at all where one call reads it. Compiling takes some
18 µs a node, so it pays after some hundred steps. A small code becomes one function that loops
over the steps; a large one several, which hand numbers on in a list, so that no compilation holds
the interpreter for long.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from gradstudio.engine.forms import FAILS, FORMS, NAMES, function_of
from gradstudio.engine.scalars import ScalarCall, ScalarCode

_PIECE = 2000
"""Calls of one function of a large code: some 10 ms to compile."""
_DEEPEST = 20
"""How deep an expression may nest: Python's compiler recurses, so a long sum is split."""


def _parts_read_twice(expression: str, count: int) -> tuple[bool, ...]:
    return tuple(expression.count(f"{{{i}}}") > 1 for i in range(count))


@dataclass
class _Text:
    """The text of a slot: a variable, a number, or an expression nobody else reads."""

    text: str
    depth: int = 0


class Generator:
    """Writes the statements that compute the slots `asked` by some of a code's calls.

    Args:
        code: where the calls are from.
        calls: those to write, in order.
        asked: the slots that must be variables.
        given: what stands for a slot that other statements wrote; `v1` for slot 1 unless said.
    """

    def __init__(
        self,
        code: ScalarCode,
        calls: list[ScalarCall],
        asked: Iterable[int],
        given: str = "v{}",
    ) -> None:
        self._code, self._calls, self._given = code, calls, given
        self._asked = set(asked)
        self.names: dict[str, Any] = {**NAMES, "repeat": repeat, "FAILS": FAILS}
        self._texts: dict[int, _Text] = {}
        self.statements = self._written()

    def text(self, slot: int) -> str:
        """Return what stands for an asked slot after the statements."""
        return self._read(slot).text

    def _read(self, slot: int) -> _Text:
        text = self._texts.get(slot)
        if text is None:
            number = self._code.literals.get(slot)
            given = self._given.format(slot) if number is None else self._number(slot, number)
            text = self._texts[slot] = _Text(given)
        return text

    def _number(self, slot: int, number: float) -> str:
        if math.isfinite(number):
            return repr(number) if math.copysign(1.0, number) > 0 else f"({number!r})"
        self.names[f"c{slot}"] = number
        return f"c{slot}"

    def _written(self) -> list[str]:
        named = self._named()
        functions: dict[Any, str] = {}
        statements = []
        for kind, out, *inputs in self._calls:
            form = FORMS.get(kind)
            if form is not None:
                expression = form.expression
            else:
                if kind not in functions:
                    functions[kind] = f"f{len(functions)}"
                    self.names[functions[kind]] = function_of(kind)
                expression = (
                    f"{functions[kind]}({', '.join(f'{{{i}}}' for i in range(len(inputs)))})"
                )
            fed = [self._read(slot) for slot in inputs]
            text = expression.format(*[one.text for one in fed])
            depth = 1 + max(one.depth for one in fed)
            if out in named or depth >= _DEEPEST:
                statements.append(f"v{out} = {text}")
                self._texts[out] = _Text(f"v{out}")
            else:
                self._texts[out] = _Text(f"({text})", depth)
        return statements

    def _named(self) -> set[int]:
        """Return the slots that become variables: asked for, or read more than once."""
        named, seen = set(self._asked), set()
        twice: dict[Any, tuple[bool, ...]] = {}
        for kind, _, *inputs in self._calls:
            if kind not in twice:
                form = FORMS.get(kind)
                twice[kind] = _parts_read_twice(form.expression if form else "", len(inputs))
            for slot, again in zip(inputs, twice[kind], strict=True):
                if again or slot in seen:
                    named.add(slot)
                seen.add(slot)
        return named


def generated(
    code: ScalarCode,
    trained: Mapping[int, int],
    kept: tuple[int, ...],
    *,
    momentum: bool,
    every: bool,
) -> Callable[..., None]:
    """Return `steps(values, velocities, count, rate, decay, losses, seen)`.

    It does up to `count` steps of gradient descent on the trained leaves in `values` (all leaves
    of the code, by slot), and calls `losses` with the loss of each. A step that raises where NumPy
    would go on with inf or nan is not begun: fewer losses than steps tell. Nothing else raises.

    Args:
        code: what one step computes.
        trained: the gradient's slot of every trained leaf's slot; empty for no update.
        kept: slots whose numbers are put into the list `seen`.
        momentum: whether there are velocities.
        every: whether `seen` is filled at each step, and not only after the last.
    """
    loss = code.values[code.end]
    writer = Generator(code, code.calls, {loss, *trained.values(), *kept})
    body = [*writer.statements, f"losses({writer.text(loss)})"]
    texts = {slot: writer.text(slot) for slot in (*kept, *trained.values())}
    for slot in set(trained).intersection(trained.values()):  # a gradient that is another leaf
        body.append(f"g{slot} = v{slot}")
        texts[slot] = f"g{slot}"
    seen = f"seen[:] = [{', '.join(texts[slot] for slot in kept)}]"
    if every:
        body.append(seen)
    for i, (leaf, grad) in enumerate(trained.items()):
        moved = texts[grad]
        if momentum:
            body.append(f"u{i} = decay * u{i} + {moved}")
            moved = f"u{i}"
        body.append(f"v{leaf} -= rate * {moved}")
    lines = ["def steps(values, velocities, count, rate, decay, losses, seen):"]
    lines += [f"    v{slot} = values[{slot}]" for slot in code.leaves.values()]
    if momentum:
        lines += [f"    u{i} = velocities[{i}]" for i in range(len(trained))]
    lines += ["    try:", "        for _ in repeat(None, count):"]
    lines += [f"            {statement}" for statement in body]
    lines += ["    except FAILS:", "        pass"]
    if not every:
        lines += ["    else:", f"        {seen}"]
    lines += [f"    values[{slot}] = v{slot}" for slot in trained]
    if momentum:
        lines += [f"    velocities[{i}] = u{i}" for i in range(len(trained))]
    return _compiled("\n".join(lines), writer.names)


def pieces(code: ScalarCode, kept: Iterable[int]) -> list[Callable[[list[float]], None]]:
    """Return functions that together fill in the list of all slots, as far as it is `kept`.

    They raise one of `FAILS` where NumPy would return inf or nan.
    """
    last: dict[int, int] = {}
    for i, (_, _, *inputs) in enumerate(code.calls):
        last.update(dict.fromkeys(inputs, i))
    last.update(dict.fromkeys(kept, len(code.calls) + _PIECE))
    functions = []
    for start in range(0, len(code.calls), _PIECE):
        calls = code.calls[start : start + _PIECE]
        handed_on = [call[1] for call in calls if last.get(call[1], -1) >= start + _PIECE]
        writer = Generator(code, calls, handed_on, "values[{}]")
        lines = ["def steps(values):", *(f"    {one}" for one in writer.statements)]
        lines += [f"    values[{slot}] = {writer.text(slot)}" for slot in handed_on]
        functions.append(_compiled("\n".join(lines), writer.names))
    return functions


def _compiled(source: str, names: dict[str, Any]) -> Callable[..., None]:
    """Compile what this module wrote: forms of NumPy's functions, slot numbers, literal floats.

    No text of a user or a file is in it: names of nodes do not occur, and a number is written by
    `repr` of a float.
    """
    exec(compile(source, "<gradstudio plan>", "exec"), names)  # noqa: S102  # see above
    function: Callable[..., None] = names["steps"]
    return function
