"""The executor of scalars on Python floats: interpreted at first, then one generated function."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from gradstudio.engine.forms import FAILS
from gradstudio.engine.generated import generated, pieces
from gradstudio.engine.interpreted import Interpreted, exact
from gradstudio.engine.scalars import ScalarCode
from gradstudio.ops import Array

PAYS_AFTER = 200
"""Steps after which a generated function has earned back the time it takes to compile."""
LARGEST_FUNCTION = 15000
"""Calls of the largest code that becomes one function: some 5,000 nodes, a tenth of a second."""
LARGEST_GENERATED = 100000
"""Calls of the largest code that is compiled at all, in pieces."""


class FloatExecutor:
    """Runs steps of a graph of single numbers.

    Args:
        code: forward and backward.
        wrt: the leaves that are trained.
        record: whether every node's value and gradient is asked for.
    """

    def __init__(self, code: ScalarCode, wrt: tuple[str, ...], record: bool) -> None:
        self._code = code
        self._wrt = wrt
        self._record = record
        self._values: list[float] = [0.0] * code.size
        for slot, number in code.literals.items():
            self._values[slot] = number
        self._trained = {code.leaves[name]: code.grads[name] for name in wrt}
        asked = {*self._trained.values(), code.values[code.end]}
        if record:
            asked |= {*code.values.values(), *code.grads.values()}
        self._kept = tuple(sorted(asked))
        self._index = {slot: i for i, slot in enumerate(self._kept)}
        self._rate, self._decay = 0.0, 0.0
        self.velocities = [0.0] * len(wrt)
        self._interpreted: Interpreted | None = None
        self._functions: dict[str, Callable[..., None]] = {}
        self._pieces: list[Callable[[list[float]], None]] = []
        self._seen: list[float] = []
        self._done = 0
        self._generated = self._is_one_function = False

    @property
    def name(self) -> str:
        """How the next steps are run."""
        return "generated" if self._generated else "interpreted"

    def load(self, values: Mapping[str, Array]) -> None:
        """Take over the values of leaves; names that are not read are passed over."""
        for name, value in values.items():
            slot = self._code.leaves.get(name)
            if slot is not None:
                self._values[slot] = float(np.reshape(value, ()))

    def descend(self, learning_rate: float, momentum: float) -> None:
        """Say how `steps` updates; the velocity begins at zero."""
        self._rate, self._decay = learning_rate, momentum
        self.velocities = [0.0] * len(self._wrt)

    def gradients(self) -> float:
        """Run forward and backward once; return the loss."""
        self.prepare(1)
        self._done += 1
        if self._is_one_function:
            losses: list[float] = []
            self._function("gradients")(self._values, (), 1, 0.0, 0.0, losses.append, self._seen)
            if losses:
                return losses[0]
        return self._pass()

    def steps(self, count: int) -> list[float]:
        """Run steps; return the loss of each, before its update."""
        self.prepare(count)
        self._done += count
        losses: list[float] = []
        while len(losses) < count:
            if self._is_one_function:
                left = count - len(losses)
                self._function("momentum" if self._decay else "descent")(
                    self._values,
                    self.velocities,
                    left,
                    self._rate,
                    self._decay,
                    losses.append,
                    self._seen,
                )
                if len(losses) == count:
                    break
            losses.append(self._pass())
            self._update()
        return losses

    def prepare(self, coming: int) -> None:
        """Compile, if that pays for the steps done and those coming."""
        if self._generated or self._done + coming < PAYS_AFTER:
            return
        size = len(self._code.calls)
        self._generated = size <= LARGEST_GENERATED
        self._is_one_function = size <= LARGEST_FUNCTION
        if self._generated and not self._is_one_function:
            self._pieces = pieces(self._code, self._kept)
            self._interpreted = None

    @property
    def parameters(self) -> Mapping[str, Array]:
        """The trained leaves."""
        return {
            name: self._array(name, self._values[self._code.leaves[name]]) for name in self._wrt
        }

    def grad(self, name: str) -> Array:
        """Return the gradient of a node after the latest step."""
        return self._array(name, self._seen[self._index[self._code.grads[name]]])

    def value(self, name: str) -> Array:
        """Return the value of a node in the latest step."""
        return self._array(name, self._seen[self._index[self._code.values[name]]])

    def _array(self, name: str, number: float) -> Array:
        return np.full(self._code.shapes[name], number)

    def _function(self, name: str) -> Callable[..., None]:
        function = self._functions.get(name)
        if function is None:
            trained = {} if name == "gradients" else self._trained
            function = generated(
                self._code,
                trained,
                self._kept,
                momentum=name == "momentum",
                every=self._record,
            )
            self._functions[name] = function
        return function

    def _pass(self) -> float:
        """Run forward and backward once on the list of calls."""
        try:
            if self._pieces:
                for piece in self._pieces:
                    piece(self._values)
            else:
                if self._interpreted is None:
                    self._interpreted = Interpreted(self._code)
                self._interpreted.run(self._values)
        except FAILS:
            exact(self._code, self._values)
        self._seen[:] = [self._values[slot] for slot in self._kept]
        return float(self._values[self._code.values[self._code.end]])

    def _update(self) -> None:
        values, velocities, decay = self._values, self.velocities, self._decay
        moves = [values[grad] for grad in self._trained.values()]
        if decay:
            moves = [decay * v + g for v, g in zip(velocities, moves, strict=True)]
            velocities[:] = moves
        for leaf, move in zip(self._trained, moves, strict=True):
            values[leaf] -= self._rate * move
