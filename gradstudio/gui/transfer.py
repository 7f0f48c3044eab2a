"""What the clipboard carries: a graph as its file and as its formula, and how they are read.

The file stands there as plain text too, so that it can be mailed; a field for formulas takes the
formula. What comes in may be anything: it is bounded by size, and refused with the place.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from gradstudio import storage
from gradstudio.emit.formula import to_formula
from gradstudio.errors import FileError, FormulaError, GradStudioError, Phrase, mark
from gradstudio.formula import parse
from gradstudio.formula.phrase import begun
from gradstudio.formula.source import LONGEST_TEXT
from gradstudio.graph import Graph

GRAPH_MIME = "application/x-gradstudio"
FORMULA_MIME = "application/x-gradstudio-formula"
_TEXT = Phrase(mark("core", "the text"))
MOST_IN_A_FORMULA = 10_000
"""How many numbers of leaves a formula writes out; with more there is none."""


def packed(graph: Graph) -> QMimeData:
    """Return what the clipboard holds of `graph`."""
    data = QMimeData()
    file = storage.dumps(graph)
    data.setData(GRAPH_MIME, file)
    data.setText(file.decode())
    numbers = sum(node.value.size for node in graph.nodes.values() if node.value is not None)
    if numbers <= MOST_IN_A_FORMULA:
        try:
            data.setData(FORMULA_MIME, to_formula(graph, leaves=True).encode())
        except GradStudioError:
            # An op of the graph's own: no formula says it, and the file does.
            data.removeFormat(FORMULA_MIME)
    return data


def formula_text(data: QMimeData | None) -> str:
    """Return what a field for formulas takes of the clipboard; Qt has None for an empty one."""
    if data is None:
        return ""
    if data.hasFormat(FORMULA_MIME):
        return bytes(data.data(FORMULA_MIME).data()).decode(errors="replace")
    return data.text()


def is_file(text: str) -> bool:
    """Return whether a text is meant as the content of a file, not as a formula."""
    return text.lstrip("\ufeff \t\r\n").startswith("{")


def unpacked(data: QMimeData | None, known: Graph) -> tuple[Graph, tuple[str, ...]]:
    """Return the graph that the clipboard holds, and its leaves that are given a first value.

    It holds a file's content, of which nothing is changed, or a formula.

    Args:
        data: what it holds; None where there is no clipboard, or nothing was ever on it.
        known: the graph whose own ops a formula may use.

    Raises:
        GradStudioError: it holds neither; the message says what is wrong, and where.
    """
    if data is None or not (data.hasFormat(GRAPH_MIME) or data.hasText()):
        raise GradStudioError(mark("core", "there is no graph and no formula on the clipboard"))
    file = bytes(data.data(GRAPH_MIME).data()) if data.hasFormat(GRAPH_MIME) else b""
    text = "" if file else data.text()
    if max(len(file), len(text)) > storage.LARGEST_FILE:
        raise GradStudioError(
            mark("core", "what is pasted is too large: more than {most} MB"),
            most=storage.LARGEST_FILE // 2**20,
        )
    if not file and not text.strip():
        raise GradStudioError(mark("core", "there is no graph and no formula on the clipboard"))
    try:
        return graph_in(file or text, known)
    except FormulaError as wrong:
        raise GradStudioError(
            mark("core", "what is pasted is no graph, and as a formula: {reason}"), reason=wrong
        ) from None
    except FileError as wrong:
        raise GradStudioError(
            mark("core", "nothing was pasted: no graph can be read from {reason}"), reason=wrong
        ) from None
    except GradStudioError as wrong:
        raise GradStudioError(
            mark("core", "what is pasted is no graph: {reason}"), reason=wrong
        ) from None


def graph_in(text: str | bytes, known: Graph) -> tuple[Graph, tuple[str, ...]]:
    """Return the graph of a file's content or of a formula, and leaves given a first value.

    Args:
        text: a file's content, as bytes or as text, or a formula.
        known: the graph whose own ops a formula may use.

    Raises:
        FormulaError: it is no formula; the message says where.
        GradStudioError: it holds no graph; the message says why.
    """
    if isinstance(text, bytes) or is_file(text):
        data = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
        return storage.loads(data, file=_TEXT), ()
    if len(text) > LONGEST_TEXT:
        raise GradStudioError(
            mark("core", "it is too long for a formula: more than {most} MB"),
            most=LONGEST_TEXT // 2**20,
        )
    return begun(parse(text, known=Graph(definitions=known.definitions)))
