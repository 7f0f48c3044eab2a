"""Text of an exercise as the window shows it: Markdown, and formulas as readable characters.

It comes from a file, so no HTML in it is read, and nothing it names is opened. (Rejected: formulas
as pictures. They would not grow with the text, be selected, or be read aloud.)
"""

from __future__ import annotations

import re

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument

_WORDS = {
    "cdot": "·",
    "times": "×",
    "partial": "∂",
    "nabla": "∇",
    "sum": "Σ",
    "prod": "Π",
    "sqrt": "√",
    "infty": "∞",
    "le": "≤",
    "leq": "≤",
    "ge": "≥",
    "geq": "≥",
    "ne": "≠",
    "neq": "≠",
    "approx": "≈",
    "in": "∈",
    "to": "→",
    "rightarrow": "→",
    "leftarrow": "←",
    "odot": "⊙",
    "top": "ᵀ",
    "pm": "±",
    "ldots": "…",
    "dots": "…",
    "quad": " ",
    "qquad": "  ",
}
_GREEK = """
alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ
pi π rho ρ sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ
Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω
"""
_WORDS |= dict(re.findall(r"(\w+) (\w)", _GREEK))
_HIGH = dict(zip("0123456789+-−=()nTkidx", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿᵀᵏⁱᵈˣ", strict=True))
_LOW = dict(
    zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$([^$\n]+?)\$", re.DOTALL)
_BOLD = re.compile(r"\*\*([（“《]*)([^*\n]+?)([。，：；！？、）”》]*)\*\*")
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")
_DEEPEST = 12
MOST_LETTERS = 20_000


class SafeText(QTextDocument):
    """A document that opens nothing."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        return None


def show_markdown(document: QTextDocument, text: str) -> None:
    """Put `text`, Markdown with formulas between dollar signs, into a document; HTML stays text."""
    features = QTextDocument.MarkdownFeature
    document.setMarkdown(with_formulas(text[:MOST_LETTERS]), features.MarkdownNoHTML)


def with_formulas(text: str) -> str:
    """Return Markdown with its formulas as characters that mean nothing else in it."""

    def written(found: re.Match[str]) -> str:
        return _MARKS.sub(r"\\\1", formula_text(found[1] or found[2]))

    # By CommonMark's rules what ends in a Chinese full stop would not end being bold there. Every
    # pair is looked at: the end of one, and the beginning of the next, are none.
    text = _BOLD.sub(r"\1**\2**\3", text)
    return _FORMULA.sub(written, text)


def formula_text(formula: str) -> str:
    """Return a formula of LaTeX in one line of readable characters."""
    text = formula.strip()
    for _ in range(_DEEPEST):
        before = text
        text = re.sub(r"\\[dt]?frac\s*{([^{}]*)}\s*{([^{}]*)}", _fraction, text)
        text = re.sub(r"\\(?:text|mathrm|mathbf|mathit|operatorname)\s*{([^{}]*)}", r"\1", text)
        text = re.sub(r"\\sqrt\s*{([^{}]*)}", r"√(\1)", text)
        text = re.sub(r"([\^_])\s*{([^{}]*)}", _script, text)
        if text == before:
            break
    text = re.sub(r"([\^_])([A-Za-z0-9])", _script, text)
    text = re.sub(r"\\(?:left|right|big|Big)\b", "", text)
    text = re.sub(r"\\([A-Za-z]+)\s?", _word, text)
    text = re.sub(r"\\[,;:! ]", " ", text)
    text = text.replace("^ᵀ", "ᵀ").replace("-", "−").replace("{", "").replace("}", "")
    return re.sub(" +", " ", text).strip()


def _word(found: re.Match[str]) -> str:
    word = found[1]
    known = _WORDS.get(word, word)
    # An operator with a letter for its sign stands apart from what follows.
    spaced = found[0].endswith(" ") and (
        word not in _WORDS or word in ("cdot", "times", "sum", "top")
    )
    return known + (" " if spaced else "")


def _fraction(found: re.Match[str]) -> str:
    above, below = (_grouped(found[at]) for at in (1, 2))
    return f"{above}/{below}"


def _grouped(text: str) -> str:
    text = text.strip()
    return text if re.fullmatch(r"(\\partial *)?\\?[\w∂ᵀ]+( *[_^]\w)?", text) else f"({text})"


def _script(found: re.Match[str]) -> str:
    marks, text = (_HIGH, "^") if found[1] == "^" else (_LOW, "_"), found[2]
    table, sign = marks
    if text and all(letter in table for letter in text):
        return "".join(table[letter] for letter in text)
    return sign + (text if len(text) == 1 else f"({text})")
