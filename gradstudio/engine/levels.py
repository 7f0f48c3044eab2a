"""The executor of wide graphs of scalars: NumPy over all nodes of a level at once.

All numbers lie in one array. A level is what depends only on earlier levels; its calls of one
kind are one NumPy call over numbers gathered by index, and their results lie side by side. Sums,
differences and products take part as sums of products: in a graph of neurons, and in every
backward pass, that is most of the work and half of the depth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from gradstudio.engine.forms import SHARE, numpy_of
from gradstudio.engine.scalars import ScalarCode
from gradstudio.engine.tape import Descent, Tape, run
from gradstudio.ops import Array

_Terms: TypeAlias = list[tuple[int, int]]
"""A sum of products of two slots each."""
_APART = 300
"""Terms from which sums without products are worth calls of their own."""
_MANY_SUMS = 64
_LONGEST_COLUMN = 16
_SYMMETRIC = (np.maximum, np.minimum, np.equal)
_LESSER = "lesser share"
"""[x < y] + ½ [x = y]."""
_HALF = np.array(0.5)
_CALL_US = 0.45
_TERM_US = 0.0007


@dataclass
class _Step:
    """One computed slot: a sum of products, or a call of `kind` on `inputs`."""

    slot: int
    kind: Any
    inputs: tuple[int, ...] = ()
    terms: _Terms | None = None

    @property
    def reads(self) -> Iterable[int]:
        """The slots it reads."""
        return self.inputs if self.terms is None else [x for pair in self.terms for x in pair]


def _steps(code: ScalarCode, asked: set[int], one: int, minus: int) -> list[_Step]:
    """Return the calls with sums and products gathered into sums of products."""
    uses = dict.fromkeys(range(code.size + 2), 0)
    for call in code.calls:
        for slot in call[2:]:
            uses[slot] += 1
    lone = {slot for slot, count in uses.items() if count == 1} - asked
    sums: dict[int, _Terms] = {}
    products: dict[int, tuple[int, int]] = {}
    found: dict[int, _Step] = {}

    def positive(slot: int) -> _Terms:
        if slot in lone and slot in sums:
            del found[slot]
            return sums.pop(slot)
        if slot in lone and slot in products:
            del found[slot]
            return [products.pop(slot)]
        return [(slot, one)]

    for kind, out, *inputs in code.calls:
        if kind is np.add:
            terms, more = positive(inputs[0]), positive(inputs[1])
            if len(more) > len(terms):
                terms, more = more, terms
            terms += more
        elif kind is np.multiply and inputs[0] == inputs[1]:
            found[out] = _Step(out, np.square, (inputs[0],))
            continue
        elif kind in (np.subtract, np.multiply) and not code.literals.keys().isdisjoint(inputs):
            found[out] = _Step(out, kind, tuple(inputs))
            continue
        elif kind is np.subtract:
            terms = [*positive(inputs[0]), (inputs[1], minus)]
        elif kind is np.negative:
            terms = [(inputs[0], minus)]
        elif kind is np.multiply:
            products[out] = (inputs[0], inputs[1])
            found[out] = _Step(out, np.add, terms=[products[out]])
            continue
        else:
            found[out] = _Step(out, kind, tuple(inputs))
            continue
        sums[out] = terms
        found[out] = _Step(out, np.add, terms=terms)
    return list(found.values())


def depth_of(code: ScalarCode) -> int:
    """Return how many levels a code has, about: the terms of a sum count as one level."""
    uses = [0] * code.size
    for call in code.calls:
        for slot in call[2:]:
            uses[slot] += 1
    level = [0] * code.size
    within: list[bool] = [False] * code.size
    for kind, out, *inputs in code.calls:
        is_sum = kind is np.add
        within[out] = is_sum and uses[out] == 1
        level[out] = max(level[slot] + (not (is_sum and within[slot])) for slot in inputs)
    return max(level, default=0) or 1


class LevelCode:
    """The tape of a code, level by level.

    Args:
        code: forward and backward.
        asked: the slots that are read afterwards.
    """

    def __init__(self, code: ScalarCode, asked: Iterable[int]) -> None:
        self._literals = {**code.literals, code.size: 1.0, code.size + 1: -1.0}
        self._one = code.size
        wanted = set(asked)
        steps = _steps(code, wanted, code.size, code.size + 1)
        fixed = [*code.leaves.values(), *self._literals]
        self._at = np.full(code.size + 2, -1, dtype=np.intp)
        self._at[fixed] = np.arange(len(fixed))
        self.values = np.zeros(len(fixed) + len(steps))
        self.values[self._at[list(self._literals)]] = list(self._literals.values())
        self._end = len(fixed)
        self.tape: Tape = []
        self.terms = 0
        for level in _levelled(steps, fixed, code.values[code.end]):
            self._add(level)

    def places(self, slots: Iterable[int]) -> Array:
        """Return where in `values` the slots lie."""
        return self._at[list(slots)]

    @property
    def cost_us(self) -> float:
        """About how long the tape takes."""
        return _CALL_US * len(self.tape) + _TERM_US * self.terms

    def _add(self, level: list[_Step]) -> None:
        """Add the calls of one level."""
        groups: dict[Any, list[_Step]] = {}
        for step in level:
            groups.setdefault(self._group(step), []).append(step)
        plain = groups.get("sum", [])
        if "terms" in groups and sum(len(step.terms or ()) for step in plain) < _APART:
            groups["terms"] += groups.pop("sum", [])
        gathered: list[Array] = []
        after: list[Callable[[Callable[[int], Array]], None]] = []
        for key, steps in groups.items():
            if key in ("sum", "terms"):
                self._add_sums(steps, key == "terms", gathered, after)
            else:
                self._add_calls(key, steps, gathered, after)
        read = self._gather(gathered)
        for bind in after:
            bind(read)

    def _group(self, step: _Step) -> Any:
        if step.terms is not None:
            return "sum" if all(b == self._one for _, b in step.terms) else "terms"
        if step.kind in _SYMMETRIC or step.kind == SHARE:
            x, y = self._at[list(step.inputs)]
            if x > y:  # so that max and its shares read the same gathered numbers
                kind = _LESSER if step.kind == SHARE else step.kind
                step.kind, step.inputs = kind, step.inputs[::-1]
        return step.kind, tuple(slot if slot in self._literals else None for slot in step.inputs)

    def _place(self, steps: list[_Step]) -> Array:
        """Give the results of `steps` their places; return the stretch of values."""
        start, self._end = self._end, self._end + len(steps)
        self._at[[step.slot for step in steps]] = np.arange(start, self._end)
        return self.values[start : self._end]

    def _gather(self, indices: list[Array]) -> Callable[[int], Array]:
        """Add one call that reads all `indices`; return what reads number i of them."""
        keys = [index.tobytes() for index in indices]
        arrays: dict[bytes, Array] = {}
        scattered: dict[bytes, Array] = {}
        for key, index in zip(keys, indices, strict=True):
            first = int(index[0])
            if np.array_equal(index, np.arange(first, first + index.size)):
                arrays[key] = self.values[first : first + index.size]
            else:
                scattered[key] = index
        if scattered:
            index = np.concatenate(list(scattered.values()))
            room = np.empty(index.size)
            self.terms += index.size
            self.tape.append((self.values.take, (index, None, room, "clip")))
            pieces = np.split(room, np.cumsum([one.size for one in scattered.values()])[:-1])
            arrays |= zip(scattered, pieces, strict=True)
        return lambda i: arrays[keys[i]]

    def _add_calls(
        self,
        key: Any,
        steps: list[_Step],
        gathered: list[Array],
        after: list[Callable[[Callable[[int], Array]], None]],
    ) -> None:
        kind, literals = key
        steps.sort(key=lambda step: self._at[list(step.inputs)].tolist())
        operands: list[Array | int] = []
        for i, literal in enumerate(literals):
            if literal is None:
                operands.append(len(gathered))
                gathered.append(self.places(step.inputs[i] for step in steps))
            else:
                operands.append(np.array(self._literals[literal]))
        out = self._place(steps)

        def bind(read: Callable[[int], Array]) -> None:
            inputs = [read(one) if isinstance(one, int) else one for one in operands]
            self.tape.append(_bound(kind, inputs, out))

        after.append(bind)

    def _add_sums(
        self,
        steps: list[_Step],
        products: bool,
        gathered: list[Array],
        after: list[Callable[[Callable[[int], Array]], None]],
    ) -> None:
        """Add sums of products.

        Short sums are laid out column by column, the longest first: then row i of the products is
        added to the beginning of the results, at full speed. Long sums lie one after another.
        """
        steps.sort(key=lambda step: -len(step.terms or ()))
        counts = [len(step.terms or ()) for step in steps]
        columns = len(steps) >= _MANY_SUMS or counts[0] == 1
        first_short = next((i for i, n in enumerate(counts) if n <= _LONGEST_COLUMN), len(steps))
        first_short = first_short if columns else len(steps)
        rows = [step.terms or [] for step in steps]
        pairs = [pair for row in rows[:first_short] for pair in row]
        widths = []
        for i in range(counts[first_short] if first_short < len(steps) else 0):
            row = [terms[i] for terms in rows[first_short:] if len(terms) > i]
            widths.append(len(row))
            pairs += row
        read_at = len(gathered)
        table = self._at[np.array(pairs, dtype=np.intp)]
        gathered.append(table[:, 0])
        if products:
            gathered.append(table[:, 1])
        out = self._place(steps)

        def bind(read: Callable[[int], Array]) -> None:
            terms = read(read_at)
            if products:
                factors = read(read_at + 1)
                product = out if counts[0] == 1 else np.empty(terms.size)
                self.tape.append((np.multiply, (terms, factors, product)))
                terms = product
                self.terms += terms.size
            if terms is not out:
                long = sum(counts[:first_short])
                self._add_long(terms[:long], counts[:first_short], out[:first_short])
                self._add_columns(terms[long:], widths, out[first_short:])

        after.append(bind)

    def _add_long(self, terms: Array, counts: list[int], out: Array) -> None:
        if not counts:
            return
        if counts[0] == counts[-1]:
            block = terms.reshape(len(counts), counts[0])
            self.tape.append((np.add.reduce, (block, 1, None, out)))
        else:
            starts = np.cumsum([0, *counts[:-1]])
            self.tape.append((np.add.reduceat, (terms, starts, 0, None, out)))

    def _add_columns(self, terms: Array, widths: list[int], out: Array) -> None:
        if not widths:
            return
        rows = np.split(terms, np.cumsum(widths)[:-1])
        second = widths[1] if len(widths) > 1 else 0
        if second < out.size:
            self.tape.append((np.copyto, (out[second:], rows[0][second:])))
        if second:
            self.tape.append((np.add, (rows[0][:second], rows[1], out[:second])))
        for row, width in zip(rows[2:], widths[2:], strict=True):
            self.tape.append((np.add, (out[:width], row, out[:width])))


def _levelled(steps: list[_Step], fixed: list[int], end: int) -> list[list[_Step]]:
    """Return the steps level by level: each after everything it reads.

    What only the backward pass needs, local derivatives above all, waits until the forward pass is
    done: there it is one call for all levels.
    """
    needed = {end}
    for step in reversed(steps):
        if step.slot in needed:
            needed.update(step.reads)
    level = dict.fromkeys(fixed, -1)
    depth = 0
    for step in steps:
        if step.slot in needed:
            level[step.slot] = 1 + max([level[slot] for slot in step.reads])
            depth = max(depth, level[step.slot])
    levels: list[list[_Step]] = [[] for _ in range(depth + 1)]
    for step in steps:
        own = level.get(step.slot)
        if own is None:
            own = max(depth, *[level[slot] for slot in step.reads]) + 1
            level[step.slot] = own
            levels += [[] for _ in range(own + 1 - len(levels))]
        levels[own].append(step)
    return [one for one in levels if one]


def _bound(
    kind: Any, inputs: list[Array], out: Array
) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    if kind in (SHARE, _LESSER):
        flags = [np.empty(out.shape, bool) for _ in range(2)]
        inputs = inputs[::-1] if kind == _LESSER else inputs
        return _share, (*inputs, *flags, *(one.view(np.int8) for one in flags), out)
    if kind in (np.maximum, np.minimum):  # a third positional argument of these warns
        return partial(kind, *inputs, out=out), ()
    if isinstance(kind, np.ufunc):
        return kind, (*inputs, out)
    return _through, (numpy_of(kind), inputs, out)


def _through(function: Callable[..., Any], inputs: list[Array], out: Array) -> None:
    out[...] = function(*inputs)


def _share(
    x: Array, y: Array, more: Array, least: Array, one: Array, two: Array, out: Array
) -> None:
    """Write ([x > y] + [x >= y]) / 2; `one` and `two` are `more` and `least` as small numbers."""
    np.greater(x, y, more)
    np.greater_equal(x, y, least)
    np.add(one, two, one)
    np.copyto(out, one)
    np.multiply(out, _HALF, out)


class LevelExecutor:
    """Runs steps of a wide graph of single numbers.

    Args:
        code: forward and backward.
        wrt: the leaves that are trained.
        record: whether every node's value and gradient is asked for.
    """

    name = "levels"

    def __init__(self, code: ScalarCode, wrt: tuple[str, ...], record: bool) -> None:
        self._code, self._wrt = code, wrt
        asked = {code.values[code.end], *(code.grads[name] for name in wrt)}
        if record:
            asked |= {*code.values.values(), *code.grads.values()}
        self._levels = LevelCode(code, asked)
        values = self._levels.values
        self._tape = list(self._levels.tape)
        self._gradients = np.empty(len(wrt))
        places = self._levels.places(code.grads[name] for name in wrt)
        self._tape.append((values.take, (places, None, self._gradients, "clip")))
        self._loss = int(self._levels.places([code.values[code.end]])[0])
        self._descent = Descent(values[: len(wrt)], self._gradients)

    @property
    def cost_us(self) -> float:
        """About how long one forward and backward pass takes."""
        return self._levels.cost_us

    def load(self, values: Mapping[str, Array]) -> None:
        """Take over the values of leaves; names that are not read are passed over."""
        for name, value in values.items():
            slot = self._code.leaves.get(name)
            if slot is not None:
                self._levels.values[self._levels.places([slot])] = np.reshape(value, ())

    def descend(self, learning_rate: float, momentum: float) -> None:
        """Say how `steps` updates; the velocity begins at zero."""
        self._descent.begin(learning_rate, momentum)

    @property
    def velocities(self) -> Array:
        """What momentum remembers, one number a trained leaf."""
        return self._descent.velocities

    def gradients(self) -> float:
        """Run forward and backward once; return the loss."""
        with np.errstate(all="ignore"):
            run(self._tape)
        return float(self._levels.values[self._loss])

    def steps(self, count: int) -> list[float]:
        """Run steps; return the loss of each, before its update."""
        losses = []
        tape = self._tape + self._descent.tape
        item, loss = self._levels.values.item, self._loss
        with np.errstate(all="ignore"):
            for _ in range(count):
                for function, arguments in tape:
                    function(*arguments)
                losses.append(item(loss))
        return losses

    @property
    def parameters(self) -> Mapping[str, Array]:
        """The trained leaves."""
        return {name: self._read(name, self._code.leaves[name]) for name in self._wrt}

    def grad(self, name: str) -> Array:
        """Return the gradient of a node after the latest step."""
        return self._read(name, self._code.grads[name])

    def value(self, name: str) -> Array:
        """Return the value of a node in the latest step."""
        return self._read(name, self._code.values[name])

    def _read(self, name: str, slot: int) -> Array:
        number = self._levels.values[self._levels.places([slot])]
        return number.reshape(self._code.shapes[name])
