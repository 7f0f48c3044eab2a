"""What keeps an exercise from being handed out: answers of its key in it, or solved in advance.

Answers are looked for in what the file says once it is read, however it was escaped, and in every
text of it, notes on the canvas among them. Written in another way (`(1 - out) * out`) they are not
found: a teacher who does not want to give an answer away is helped, not watched.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from gradstudio import storage
from gradstudio.decoding import parsed
from gradstudio.errors import GradStudioError, mark
from gradstudio.lab.exercise import Exercise, Key
from gradstudio.lab.items.choice import Choice
from gradstudio.lab.judging import judge
from gradstudio.lab.session import begin
from gradstudio.numbers import plain_signs

FEWEST_DIGITS = 3
"""Numbers with fewer stand in many a text by chance."""
_TOKEN = re.compile(r"\w+(?:\.\w+)*|\S")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_SIGNS = str.maketrans({"×": "*", "·": "*", "⋅": "*", "\\": None})


def given_away(exercise: Exercise, key: Key | None, data: bytes) -> Iterator[GradStudioError]:
    """Yield what gives a solution away in an exercise as it would be handed out.

    Args:
        exercise: as it was read.
        key: the teacher's; None where no item needs one.
        data: the content of the exercise's file.
    """
    yield from leftovers(exercise)
    if key is not None:
        yield from secrets(exercise, key, data)
    session, graph = begin(exercise, "release")
    for item in judge(exercise, key, session.student, storage.dumps(graph)).items:
        if item.points > 0:
            template = mark("core", "item {item}: it is solved in what is handed out")
            yield GradStudioError(template, item=item.id)


def leftovers(exercise: Exercise) -> Iterator[GradStudioError]:
    """Yield what a graph carries along that no exercise has a use for, such as answers."""
    graph = exercise.graph
    carried = [graph.extra, *(one.extra for one in graph.nodes.values())]
    carried += [one.extra for one in graph.definitions.values()]
    carried += [one.extra for one in graph.annotations.frames.values()]
    carried += [one.extra for one in graph.annotations.notes.values()]
    for field in dict.fromkeys(field for extra in carried for field in extra):
        template = mark("core", "its graph carries “{field}” along: take that out")
        yield GradStudioError(template, field=field[:80])


def secrets(exercise: Exercise, key: Key, data: bytes) -> Iterator[GradStudioError]:
    """Yield what of the key can be read in the content `data` of the exercise file."""
    raw = parsed(data, exercise.id)
    found = list(_values(raw))
    texts = [_plain(one) for one in found if isinstance(one, str)]
    numbers = {float(one) for text in texts for one in _NUMBER.findall(text)}
    nodes = raw["graph"].get("nodes", {}).values()
    numbers |= {abs(one["value"]) for one in nodes if isinstance(one.get("value"), int | float)}
    for id, own in key.items.items():
        item = exercise.items[id]
        if isinstance(item, Choice) and _tells_the_choice(item, own.right):
            template = mark("core", "item {item}: a hint names the right option and no other")
            yield GradStudioError(template, item=id)
        for secret in item.secrets(own):
            if isinstance(secret, str):
                stands = _stands(secret, texts)
            elif isinstance(secret, int | float):
                stands = _digits(secret) >= FEWEST_DIGITS and abs(float(secret)) in numbers
            else:
                stands = secret in found or _stands(json.dumps(secret), texts)
            if stands:
                text = secret if isinstance(secret, str) else json.dumps(secret, ensure_ascii=False)
                yield GradStudioError(
                    mark("core", "item {item}: the answer “{text}” of the key stands in it"),
                    item=id,
                    text=text[:80],
                )


def _tells_the_choice(item: Choice, right: Sequence[str]) -> bool:
    for hint in item.hints:
        for told in (hint.text.en, hint.text.zh):
            named = {
                id
                for id, option in item.options.items()
                if any(_stands(one, [_plain(told)], fewest=1) for one in (option.en, option.zh))
            }
            if named and named <= set(right):
                return True
    return False


def _values(raw: Any) -> Iterator[Any]:
    """Yield all that JSON holds, at any depth: texts, numbers, lists, objects and their names."""
    waiting = [raw]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


def _plain(text: str) -> str:
    """Return a text as people read it: in plain signs, without what cannot be seen."""
    known = plain_signs(unicodedata.normalize("NFKC", text)).translate(_SIGNS)
    return "".join(one for one in known if one.isprintable() or one.isspace())


def _stands(secret: str, texts: list[str], *, fewest: int = 2) -> bool:
    """Return whether a formula stands in a text, with any spaces; a lone name or number is none."""
    tokens = _TOKEN.findall(_plain(secret))
    if len(tokens) < fewest:
        return False
    pattern = r"\s*".join(map(re.escape, tokens))
    if tokens[0][0].isalnum():
        # Names of formulas are ASCII; in Chinese nothing stands between them and the next word.
        pattern = rf"(?<![\w.]){pattern}(?!\w|\.\w)"
    wanted = re.compile(pattern, re.ASCII)
    return any(wanted.search(text) for text in texts)


def _digits(number: float) -> int:
    """Return how many digits a number has that say something."""
    mantissa = repr(abs(float(number))).partition("e")[0]
    return len(mantissa.replace(".", "").strip("0"))
