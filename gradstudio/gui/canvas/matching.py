"""Which nodes answer to what is typed: by name, op, title in any language, or value; no widgets."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from gradstudio.graph import Graph
from gradstudio.gui.vocabulary import Titles, known_as
from gradstudio.numbers import value_text
from gradstudio.ops import Array, Op

EXACT, BEGINNING, ELSEWHERE = range(3)


def matching(
    graph: Graph, values: Mapping[str, Array], query: str, titles: Titles
) -> Mapping[str, int]:
    """Return the nodes that answer to a query, in the order of the graph, and how well each does.

    A value is found by how it is written on the canvas, from its first digit on.

    Args:
        graph: the graph.
        values: of its nodes, as far as they are known.
        query: what was typed; nothing answers to an empty one.
        titles: gives a text in every language.
    """
    wanted = _folded(query.strip())
    if not wanted:
        return {}
    number = is_number(query)
    of_op: dict[type[Op], int | None] = {}
    found: dict[str, int] = {}
    for name, node in graph.nodes.items():
        rules = node.rules
        if rules not in of_op:
            of_op[rules] = _of_op(wanted, rules, titles)
        ways = [of_op[rules], _how(wanted, _folded(name))]
        if number and name in values:
            text = _folded(value_text(values[name]))
            ways.append(EXACT if text == wanted else ELSEWHERE if text.startswith(wanted) else None)
        hits = [way for way in ways if way is not None]
        if hits:
            found[name] = min(hits)
    return found


def is_number(query: str) -> bool:
    """Return whether values answer to what was typed, too."""
    wanted = _folded(query.strip())
    return wanted.lstrip("-(")[:1].isdigit() or wanted.lstrip("-") in ("inf", "nan")


def _of_op(wanted: str, rules: type[Op], titles: Titles) -> int | None:
    names, others = known_as(rules, titles)
    # The sign of a leaf is but what its names begin with.
    texts = [_folded(text) for text in (*names, *others) if not rules.leaf or text != rules.symbol]
    if wanted in texts:
        return BEGINNING
    # One letter lies in nearly every title; one Chinese character says something.
    enough = len(wanted) > 1 or not wanted.isascii()
    return ELSEWHERE if enough and any(wanted in text for text in texts) else None


def _how(wanted: str, text: str) -> int | None:
    if wanted not in text:
        return None
    return EXACT if wanted == text else BEGINNING if text.startswith(wanted) else ELSEWHERE


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("−", "-")
