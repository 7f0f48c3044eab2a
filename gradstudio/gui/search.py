"""How well what was typed fits a name, letter by letter, in any script; knows no widgets.

A whole name comes before the beginning of one, that before the beginning of a word, that before
letters inside a word, and last come letters in order (`lsm` for log softmax). Every Chinese
character begins a word. (Rejected: an edit distance, as rapidfuzz has it. It finds near misses of
whole names, but not names by their first letters, and cannot say which letters matched.)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

WHOLE, BEGINNING, WORD, INSIDE, SCATTERED = range(5)
"""How a query lies in a text, the best first."""
LEAST_INSIDE, LEAST_SCATTERED = 2, 2
"""So many letters must be typed before they are looked for anywhere but at a word's beginning."""
MOST_SPREAD = 3
"""So many times as long as the query may be what its letters are scattered over, and 4 more."""


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A text that was found; of two hits the smaller one is better.

    Args:
        tier: one of the ways in which a query can lie in a text.
        other: whether the text is not a name but something else it is known by.
        spread: over how many letters more than it has the query is scattered.
        rest: how many letters of the text are not the query's.
        text: the text.
        at: which of its characters matched.
    """

    tier: int
    other: bool
    spread: int
    rest: int
    text: str
    at: tuple[int, ...]


def find(query: str, text: str, *, other: bool = False) -> Hit | None:
    """Return how `query` lies in `text`, or None where it does not.

    Case does not matter, nor the width of characters; several words may stand in any order. An
    empty query lies in every text.
    """
    letters, places = _folded(text)
    words = [_folded(word)[0] for word in query.split()]
    found = [_word(word, letters) for word in words]
    if len(words) > 1:
        together = _word(" ".join(words), letters)
        if together is not None and together[0] < SCATTERED:
            found = [together]
    tier, spread, at = WHOLE if len(found) == 1 else BEGINNING, 0, set[int]()
    for one in found:
        if one is None:
            return None
        tier = max(tier, one[0])
        spread += one[1][-1] - one[1][0] + 1 - len(one[1])
        at.update(places[place] for place in one[1])
    rest = max(0, len(letters) - sum(map(len, words)))
    return Hit(tier, other, spread, rest, text, tuple(sorted(at)))


def best(query: str, names: Iterable[str], others: Iterable[str] = ()) -> Hit | None:
    """Return the best hit among the names of something and what else it is known by."""
    hits = [find(query, text) for text in names]
    hits += [find(query, text, other=True) for text in others]
    return min((hit for hit in hits if hit is not None), default=None)


def ranked(
    query: str,
    things: Iterable[T],
    known_as: Callable[[T], tuple[Iterable[str], Iterable[str]]],
    key: Callable[[T], str],
    recent: Sequence[str] = (),
    weight: Callable[[T], int] = lambda thing: 0,
) -> list[tuple[T, Hit]]:
    """Return those of `things` that the query finds, the best first.

    Among equals those chosen lately come first, then those of which less was left untyped.

    Args:
        query: what was typed.
        things: in their usual order, which holds where nothing else decides.
        known_as: gives the names of a thing, and what else it is known by.
        key: gives what `recent` calls a thing.
        recent: the things chosen lately, the last one first.
        weight: what counts among equals before all else, the least first.
    """
    lately = {name: at for at, name in enumerate(recent)}
    found: list[tuple[tuple[int, bool, int, int, int, int], T, Hit]] = []
    for thing in things:
        hit = best(query, *known_as(thing))
        if hit is not None:
            again = lately.get(key(thing), len(lately))
            rest = hit.rest if query.strip() else 0
            rank = hit.tier, hit.other, weight(thing), again, hit.spread, rest
            found.append((rank, thing, hit))
    found.sort(key=lambda one: one[0])
    return [(thing, hit) for _, thing, hit in found]


@lru_cache(maxsize=8192)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """Return `text` in one case and one width, and from which character each letter comes."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in unicodedata.normalize("NFKC", character):
            # Of Greek letters the case tells: Σ is a sum, σ a sigmoid.
            letters.append("-" if letter == "−" else letter.lower() if letter.isascii() else letter)
            places.append(place)
    return "".join(letters), tuple(places)


def _word(word: str, letters: str) -> tuple[int, tuple[int, ...]] | None:
    if word == letters:
        return WHOLE, tuple(range(len(word)))
    if letters.startswith(word):
        return BEGINNING, tuple(range(len(word)))
    begins = [at for at in range(len(letters)) if _begins(letters, at)]
    for tier, starts in ((WORD, begins), (INSIDE, range(1, len(letters)))):
        if tier == INSIDE and len(word) < LEAST_INSIDE:
            break
        for at in starts:
            if letters.startswith(word, at):
                return tier, tuple(range(at, at + len(word)))
    if len(word) < LEAST_SCATTERED:
        return None
    ways = [_scattered(word, letters, at) for at in begins if letters[at] == word[0]]
    found = [way for way in ways if way and way[-1] - way[0] < MOST_SPREAD * len(word) + 4]
    return (SCATTERED, min(found, key=lambda way: way[-1] - way[0])) if found else None


def _begins(letters: str, at: int) -> bool:
    """Return whether a word begins there."""
    if at == 0 or "\u3400" <= letters[at] <= "\u9fff":
        return True
    before, here = letters[at - 1], letters[at]
    return here.isalnum() and (not before.isalnum() or "\u3400" <= before <= "\u9fff")


def _scattered(word: str, letters: str, start: int) -> tuple[int, ...] | None:
    """Return where the letters of `word` follow one another, from `start` on."""
    places = [start]
    for letter in word[1:]:
        ahead = [at for at in range(places[-1] + 1, len(letters)) if letters[at] == letter]
        if not ahead:
            return None
        # Rather the beginning of the next word than the middle of this one.
        begins = [at for at in ahead if at == places[-1] + 1 or _begins(letters, at)]
        places.append((begins or ahead)[0])
    return tuple(places)
