"""What a node is called in LaTeX: a letter or a word with indices, and each of them once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import cast

_GREEK = frozenset(
    """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau
    upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    """.split()  # noqa: SIM905
)
_LATIN = dict(
    zip(
        "Alpha Beta Epsilon Zeta Eta Iota Kappa Mu Nu Omicron Rho Tau Chi".split(),  # noqa: SIM905
        "ABEZHIKMNOPTX",
        strict=True,
    )
)


def symbols_of(names: Sequence[str]) -> dict[str, str]:
    """Return what each node is called: `w_0` and `w0` are both w with an index, if only one is."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        symbol = _symbol(name)
        if symbol is None or symbol in taken:
            symbol = rf"\mathtt{{{escaped(name)}}}" if name.isascii() else None
        number = len(found) + 1
        while symbol is None or symbol in taken:
            symbol, number = rf"v_{{({number})}}", number + 1
        taken.add(symbol)
        found[name] = symbol
    return found


def _symbol(name: str) -> str | None:
    """Return a name as a letter or a word with indices, or None where it is neither."""
    match = re.fullmatch(r"([^\W\d_]+)((?:_[^\W\d_]+)*)_?(\d*)((?:_[^\W_]+)*)", name)
    if match is None:
        return None
    first, words, digits, rest = match.groups()
    base = _word(first)
    if base is not None and base.startswith(r"\mathit") and words.isascii():
        # cross_entropy1 is one word with an index; w_out is a letter with one.
        base, words = rf"\mathit{{{escaped(first + words)}}}", ""
    indices = [_word(one) for one in [*words.split("_"), digits, *rest.split("_")] if one]
    if base is None or None in indices:
        return None
    return f"{base}_{{{','.join(cast('list[str]', indices))}}}" if indices else base


def _word(text: str) -> str | None:
    """Return letters and digits as mathematics writes them; None for letters it has no word for."""
    if text in _GREEK:
        return rf"\{text}"
    if len(text) == 1 and not text.isascii():
        return greek(text)
    if not text.isascii():
        return None
    return text if len(text) == 1 or text.isdigit() else rf"\mathit{{{text}}}"


def greek(letter: str) -> str | None:
    """Return a Greek letter as mathematics writes it; None for any other sign."""
    kind, _, called = unicodedata.name(letter, "").rpartition(" ")
    name = called.lower() if "SMALL" in kind else called.title()
    if not kind.startswith("GREEK"):
        return None
    # LaTeX writes those that look like a Latin letter with it.
    alike = _LATIN if "CAPITAL" in kind else {"Omicron": "o"}
    name = {"Lamda": "Lambda", "lamda": "lambda"}.get(name, name)
    return rf"\{name}" if name in _GREEK else alike.get(name.title())


def escaped(text: str) -> str:
    """Return text without what LaTeX has a meaning for."""
    known = {"_": r"\_", "&": r"\&", "%": r"\%", "#": r"\#", "$": r"\$", "{": r"\{", "}": r"\}"}
    return "".join(
        known.get(one, one if one.isascii() and one not in "\\^~" else "?") for one in text
    )
