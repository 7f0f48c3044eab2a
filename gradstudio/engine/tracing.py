"""Programs made from programs: the rules of the ops, run on tracers instead of arrays.

A tracer answers to NumPy's protocols by writing down an equation. So one `vjp` rule, written once
for arrays, also gives the adjoint program; and since that is made of registered ops again, it can
be traced again: second and higher derivatives need no further rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

import numpy as np

from gradstudio.engine.program import Equation, Program
from gradstudio.errors import GraphError, mark
from gradstudio.naming import LONGEST_NAME
from gradstudio.ops import REGISTRY, Array, Op, Shape, unbroadcast
from gradstudio.ops.base import Traceable, checked_shape
from gradstudio.ops.settings import index_text
from gradstudio.ops.shaping import axes_of


class Trace:
    """The equations written down so far, and the shape of every slot."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.constants: dict[int, Array] = {}
        self.equations: list[Equation] = []

    def slot(self, shape: Shape) -> int:
        """Return a new slot for values of `shape`."""
        self.shapes.append(shape)
        return len(self.shapes) - 1

    def constant(self, value: Any) -> Tracer:
        """Return a tracer for a fixed array."""
        array = np.asarray(value, dtype=float)
        slot = self.slot(array.shape)
        self.constants[slot] = array
        return Tracer(self, slot)

    def write(self, op: type[Op], inputs: tuple[Any, ...], settings: Mapping[str, Any]) -> Tracer:
        """Write down `op` on `inputs` (tracers, arrays or numbers).

        Raises:
            OpError: the shapes do not fit.
        """
        traced = [one if isinstance(one, Tracer) else self.constant(one) for one in inputs]
        shape = checked_shape(op, (one.shape for one in traced), settings)
        slot = self.slot(shape)
        inputs_at = tuple(one.at for one in traced)
        kept = op.checked_settings(settings)
        self.equations.append(Equation(op, inputs_at, slot, kept))
        return Tracer(self, slot)


class Tracer(Traceable):
    """Stands for an array whose numbers are not known yet; its shape is."""

    def __init__(self, of: Trace, at: int) -> None:
        self.of = of
        self.at = at
        self.shape = of.shapes[at]

    def trace(self, op: type[Op], inputs: tuple[Any, ...], settings: dict[str, Any]) -> Tracer:
        """Write down `op` on `inputs`."""
        return self.of.write(op, inputs, settings)

    def call(self, function: Any, args: tuple[Any, ...], keywords: Mapping[str, Any]) -> Tracer:
        """Write down the op that stands for a NumPy function."""
        if function in _FUNCTIONS:
            return self.of.write(*_FUNCTIONS[function](*args, **keywords))
        if function in _UFUNCS:
            return self.of.write(_UFUNCS[function], args, keywords)
        raise TypeError(f"no op stands for numpy.{function.__name__} here")

    def __getitem__(self, index: int | slice | tuple[int | slice, ...]) -> Tracer:
        """Write down a slice."""
        items = index if isinstance(index, tuple) else (index,)
        return self.of.write(REGISTRY["slice"], (self,), {"index": index_text(items)})


_UFUNCS: dict[Any, type[Op]] = {
    op.numpy: op for op in REGISTRY.values() if isinstance(op.numpy, np.ufunc)
}
_Call = tuple[type[Op], tuple[Any, ...], dict[str, Any]]


def _reduction(name: str) -> Callable[..., _Call]:
    def call(x: Any, axis: Any = None, *, keepdims: bool = False) -> _Call:
        return REGISTRY[name], (x,), {"axis": axis, "keepdims": keepdims}

    return call


def _where(condition: Any, x: Any, y: Any) -> _Call:
    return REGISTRY["where"], (condition, x, y), {}


def _reshape(x: Any, shape: int | Shape) -> _Call:
    sizes = shape if isinstance(shape, tuple) else (shape,)
    return REGISTRY["reshape"], (x,), {"shape": sizes}


def _transpose(x: Any, axes: Shape | None = None) -> _Call:
    return REGISTRY["transpose"], (x,), {"axes": axes}


def _swapaxes(x: Any, first: int, second: int) -> _Call:
    axes = list(range(x.ndim))
    (a,), (b,) = axes_of(first, x.shape), axes_of(second, x.shape)
    axes[a], axes[b] = axes[b], axes[a]
    return _transpose(x, tuple(axes))


def _broadcast_to(x: Any, shape: Shape) -> _Call:
    return REGISTRY["broadcast_to"], (x,), {"shape": shape}


_FUNCTIONS: dict[Any, Callable[..., _Call]] = {
    np.sum: _reduction("sum"),
    np.mean: _reduction("mean"),
    np.max: _reduction("amax"),
    np.min: _reduction("amin"),
    np.where: _where,
    np.reshape: _reshape,
    np.transpose: _transpose,
    np.swapaxes: _swapaxes,
    np.broadcast_to: _broadcast_to,
}


def _replayed(
    program: Program, shapes: Mapping[str, Shape]
) -> tuple[Trace, dict[str, Tracer], dict[int, Any]]:
    """Write the program's own equations into a new trace; return its slots as tracers."""
    trace = Trace()
    arguments = {name: Tracer(trace, trace.slot(shapes[name])) for name in program.arguments}
    at: dict[int, Any] = {slot: arguments[name] for name, slot in program.arguments.items()}
    at |= {slot: trace.constant(value) for slot, value in program.constants.items()}
    for equation in program.equations:
        inputs = tuple(at[slot] for slot in equation.inputs)
        at[equation.output] = trace.write(equation.op, inputs, equation.settings)
    return trace, arguments, at


def _differentiable(program: Program, wrt: Iterable[str]) -> set[int]:
    """Return the slots that depend on one of `wrt`."""
    reached = {program.arguments[name] for name in wrt}
    for equation in program.equations:
        if not reached.isdisjoint(equation.inputs):
            reached.add(equation.output)
    return reached


def adjoint(
    program: Program,
    wrt: tuple[str, ...],
    shapes: Mapping[str, Shape],
    *,
    seed: str | None = None,
) -> Program:
    """Return the program that computes the result of `program` and its gradient by each of `wrt`.

    The result must hold one number, unless the upstream gradient is an argument too, `seed`.
    Equations nothing depends on are dropped. What is the adjoint of a named slot is named after it
    (`adjoint_name`), where it has no name already: an addition hands the same adjoint to both its
    inputs.

    Args:
        program: with one result.
        wrt: arguments of the program.
        shapes: the shape of every argument.
        seed: what the argument that holds the upstream gradient is called; where nothing is said
            it is 1.

    Raises:
        OpError: the shapes do not fit.
        GraphError: the result holds more than one number, and there is no `seed`.
    """
    trace, arguments, at = _replayed(program, shapes)
    (result,) = program.results
    if seed is not None:
        upstream = arguments[seed] = Tracer(trace, trace.slot(at[result].shape))
    elif math.prod(at[result].shape) == 1:
        upstream = trace.constant(np.ones(at[result].shape))
    else:
        raise GraphError(mark("core", "only an output of one number has a gradient"))
    wanted = _differentiable(program, wrt)
    named = {name: at[slot] for name, slot in program.names.items()}
    taken = {tracer.at for tracer in named.values()}
    name_of = {slot: name for name, slot in program.names.items()}
    cotangents: dict[int, list[Any]] = {}

    def complete(slot: int) -> Any:
        g = summed(cotangents[slot])
        if slot in name_of and result in name_of and g.at not in taken:
            named[adjoint_name(name_of[result], name_of[slot], named)] = g
            taken.add(g.at)
        return g

    if result in wanted:
        cotangents[result] = [upstream]
    for equation in reversed(program.equations):
        if equation.output not in cotangents:
            continue
        g = complete(equation.output)
        inputs = [at[slot] for slot in equation.inputs]
        pulled = equation.op.vjp(g, at[equation.output], *inputs, **equation.settings)
        for slot, part in zip(equation.inputs, pulled, strict=True):
            if part is not None and slot in wanted:
                cotangents.setdefault(slot, []).append(unbroadcast(part, at[slot].shape))
    grads = []
    for name in wrt:
        slot = program.arguments[name]
        grads.append(
            complete(slot) if slot in cotangents else trace.constant(np.zeros(shapes[name]))
        )
    return _finished(trace, arguments, named, (at[result], *grads))


def adjoint_name(output: str, name: str, taken: Container[str] = ()) -> str:
    """Return what the adjoint of `name` is called: `df_dx`, numbered where that is taken."""
    base = f"d{output}_d{name}"[:LONGEST_NAME]
    number, found = 2, base
    while found in taken:
        suffix = f"_{number}"
        found, number = base[: LONGEST_NAME - len(suffix)] + suffix, number + 1
    return found


def tangent(program: Program, wrt: tuple[str, ...], shapes: Mapping[str, Shape]) -> Program:
    """Return the program that computes the results of `program`, then their tangents.

    Its arguments are those of `program` and, for each name of `wrt`, the direction `d_name`.

    Args:
        program: any program.
        wrt: the arguments that move.
        shapes: the shape of every argument of `program`.

    Raises:
        OpError: the shapes do not fit.
    """
    trace, arguments, at = _replayed(program, shapes)
    tangents: dict[int, Any] = {}
    for name in wrt:
        direction = Tracer(trace, trace.slot(shapes[name]))
        arguments[f"d_{name}"] = direction
        tangents[program.arguments[name]] = direction
    for equation in program.equations:
        moved = pushed(
            equation.op,
            [tangents.get(slot) for slot in equation.inputs],
            at[equation.output],
            [at[slot] for slot in equation.inputs],
            equation.settings,
        )
        if moved is not None:
            tangents[equation.output] = moved
    results = [at[slot] for slot in program.results]
    results += [
        tangents[slot] if slot in tangents else trace.constant(np.zeros(at[slot].shape))
        for slot in program.results
    ]
    named = {name: at[slot] for name, slot in program.names.items()}
    return _finished(trace, arguments, named, tuple(results))


def summed(parts: list[Any]) -> Any:
    """Return the sum of what comes back along several edges, the first to come first."""
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def pushed(
    op: type[Op],
    tangents: list[Any],
    out: Any,
    inputs: list[Any],
    settings: Mapping[str, Any],
) -> Any:
    """Return the tangent of `out` for the tangents of the inputs (None: it does not move)."""
    parts = []
    for port, t in enumerate(tangents):
        if t is not None:
            part = op.jvp(port, t, out, *inputs, **settings)
            if part is not None:
                parts.append(unbroadcast(part, out.shape))
    return summed(parts) if parts else None


def _finished(
    trace: Trace,
    arguments: Mapping[str, Tracer],
    named: Mapping[str, Tracer],
    results: tuple[Any, ...],
) -> Program:
    """Return what was traced, without the equations and constants no result needs."""
    return Program(
        arguments={name: tracer.at for name, tracer in arguments.items()},
        constants=trace.constants,
        equations=tuple(trace.equations),
        results=tuple(result.at for result in results),
        names={name: tracer.at for name, tracer in named.items()},
    ).pruned()
