"""Parameters drawn from a student's id: each student has numbers of their own, the same for ever.

Drawn by SHA-256 of the lab, its seed, the id and the leaf, so that any machine, offline and in any
year, draws the same. (Rejected: NumPy's generators, whose streams may change with its version.)
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Mapping
from itertools import count

import msgspec
import numpy as np

from gradstudio.errors import LabError, mark
from gradstudio.ops import Array

MOST_ENTRIES = 4096
MOST_CHOICES = 1_000_000
_TRIES = 1000
_DECIMALS = 10


class Draw(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the value of one leaf is drawn.

    Args:
        values: what it is chosen from; or else
        low: the least it can be, and
        high: the most, in steps of
        step: which begin at `low`.
        avoid: numbers it is not.
        unlike: leaves drawn before it, each one number, that it does not equal.
        shape: of an array, whose entries are drawn one by one; nothing for a number.
    """

    values: tuple[float, ...] = ()
    low: float | None = None
    high: float | None = None
    step: float = 1.0
    avoid: tuple[float, ...] = ()
    unlike: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """How many numbers are drawn; negative or 0 for a shape that is none."""
        return min((math.prod(self.shape), *self.shape))

    def choices(self) -> tuple[float, ...]:
        """Return every number it can be.

        Raises:
            LabError: there is none, or too many.
        """
        numbers = self.values
        if not numbers:
            if self.low is None or self.high is None or not self.step > 0:
                raise LabError(mark("core", "a draw needs values, or low, high and a step above 0"))
            steps = math.floor((self.high - self.low) / self.step + 1e-9)
            if not 0 <= steps < MOST_CHOICES:
                raise LabError(mark("core", "a draw from low to high needs 1 to a million steps"))
            numbers = tuple(self.low + at * self.step for at in range(steps + 1))
        rounded = [round(one, _DECIMALS) for one in numbers]
        kept = tuple(one for one in rounded if one not in self.avoid)
        if not kept:
            raise LabError(mark("core", "a draw must leave at least one number"))
        return kept


def student_key(student: str) -> str:
    """Return an id as variants see it: the same however it was typed."""
    return unicodedata.normalize("NFKC", student).strip().casefold()


def number_from(*words: object) -> int:
    """Return 64 bits that depend on all `words` and nothing else."""
    text = "\x1f".join(map(str, words))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def generator(*words: object) -> np.random.Generator:
    """Return a generator seeded by `words`: for hidden inputs, not for variants."""
    return np.random.default_rng(number_from(*words))


def drawn(draws: Mapping[str, Draw], lab: str, seed: int, student: str) -> dict[str, Array]:
    """Return the values of all drawn leaves for one student.

    Raises:
        LabError: two leaves cannot differ as they are asked to.
    """
    key = student_key(student)
    found: dict[str, Array] = {}
    for name, draw in draws.items():
        choices = draw.choices()
        others = {float(found[one]) for one in draw.unlike if one in found}
        entries = []
        for entry in range(math.prod(draw.shape)):
            for attempt in count():
                if attempt == _TRIES:
                    raise LabError(
                        mark("core", "the leaf {node} cannot be drawn unlike {others}"),
                        node=name,
                        others=", ".join(draw.unlike),
                    )
                bits = number_from(lab, seed, key, name, entry, attempt)
                number = choices[bits % len(choices)]
                if number not in others:
                    entries.append(number)
                    break
        found[name] = np.array(entries).reshape(draw.shape)
    return found
