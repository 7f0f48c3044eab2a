"""The first executor of scalars: a loop over a list of calls on Python floats, ready at once.

It is also what the other executor of floats falls back to: `exact` does a pass in NumPy, which has
inf and nan where `math` raises.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from gradstudio.engine.forms import function_of, numpy_of
from gradstudio.engine.scalars import ScalarCode


class Interpreted:
    """The calls of a code as entries (function, slot, slot, output slot), each field in a list.

    As tuples they would take three times the memory; like this a call takes a third longer.

    A function of one input is itself put in a slot and called by `operator.call`, so that one loop
    without a branch does them all; one of three inputs takes two of them as a pair.
    """

    def __init__(self, code: ScalarCode) -> None:
        self._extra: list[Any] = []
        self._size = code.size
        slots: dict[Any, int] = {}
        functions: dict[Any, Callable[..., Any]] = {}
        self._fields: tuple[list[Callable[..., Any]], list[int], list[int], list[int]]
        self._fields = [], [], [], []
        for kind, out, *inputs in code.calls:
            function = functions.get(kind)
            if function is None:
                function = functions[kind] = function_of(kind)
            if len(inputs) == 2:
                self._add(function, inputs[0], inputs[1], out)
                continue
            if kind not in slots:
                slots[kind] = self._slot(function)
            if len(inputs) == 1:
                self._add(operator.call, slots[kind], inputs[0], out)
            else:
                fed = self._slot(None)
                self._add(_first, inputs[0], inputs[0], fed)
                for slot in inputs[1:]:
                    fed, before = self._slot(None), fed
                    self._add(_joined, before, slot, fed)
                self._add(_spread, slots[kind], fed, out)

    def _add(self, function: Callable[..., Any], x: int, y: int, out: int) -> None:
        functions, first, second, outputs = self._fields
        functions.append(function)
        first.append(x)
        second.append(y)
        outputs.append(out)

    def _slot(self, value: Any) -> int:
        self._extra.append(value)
        return self._size + len(self._extra) - 1

    def run(self, values: list[Any]) -> None:
        """Compute every slot of `values`, a list as long as the code has slots.

        Raises:
            ArithmeticError, ValueError: NumPy would return inf or nan somewhere.
        """
        values += self._extra
        try:
            for function, x, y, out in zip(*self._fields, strict=True):
                values[out] = function(values[x], values[y])
        finally:
            del values[self._size :]


def _first(x: Any, _: Any) -> tuple[Any, ...]:
    return (x,)


def _joined(some: tuple[Any, ...], x: Any) -> tuple[Any, ...]:
    return (*some, x)


def _spread(function: Callable[..., Any], inputs: tuple[Any, ...]) -> Any:
    return function(*inputs)


def exact(code: ScalarCode, values: list[Any]) -> None:
    """Compute every slot of `values` as NumPy does it, inf and nan included."""
    found = [np.float64(0.0 if value is None else value) for value in values]
    with np.errstate(all="ignore"):
        for kind, out, *inputs in code.calls:
            found[out] = np.float64(numpy_of(kind)(*[found[slot] for slot in inputs]))
    values[:] = map(float, found)
