"""How the window says what the core says in English."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph
from gradstudio.lab.texts import Language
from gradstudio.numbers import EntryError
from gradstudio.ops import Shape
from gradstudio.rewiring import stand_in


def core_text(text: str) -> str:
    """Return a text of the core in the reader's language."""
    return QCoreApplication.translate("core", text)


def language() -> Language:
    """Return the reader's language, as files call it."""
    # As it is the translation of its own name, it changes with all other texts.
    return "zh" if QCoreApplication.translate("Wording", "en") == "zh" else "en"


def error_text(wrong: GradStudioError) -> str:
    """Return an error in the reader's language."""
    return wrong.say(core_text)


def sentence(wrong: GradStudioError) -> str:
    """Return an error as a box says it, which stands alone; a name at its beginning stays."""
    text = error_text(wrong)
    return text[:1].upper() + text[1:] if wrong.template[:1].islower() else text


def value_refusal(wrong: EntryError) -> str:
    """Return why what was typed is no value, and how to give one."""
    text = QCoreApplication.translate(
        "Wording", "{reason}. An array is typed as [[1, 2], [3, 4]], or edited with Table…"
    )
    return text.format(reason=error_text(wrong))


def passing_text(graph: Graph, name: str, shapes: Mapping[str, Shape]) -> str:
    """Return which input passes through a muted node, and what feeds it: x ← q."""
    port = stand_in(graph, name, shapes)
    return "–" if port is None else f"{graph.ports(name)[port]} ← {graph.nodes[name].inputs[port]}"
