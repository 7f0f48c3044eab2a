"""The text of a formula: how it is cut into statements, and where in it something stands."""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gradstudio.errors import FormulaError, mark

LONGEST_TEXT = 8 * 2**20
LONGEST_STATEMENT = 2**20
_PASSAGE = 16 * 2**10

# One character for one, so that columns stay: signs as books print them, and the punctuation and
# spaces that Chinese keyboards and web pages give.
_PLAIN = str.maketrans("−×⋅÷（）［］，；：＝＋－＊／＞＜＠\u00a0\u3000\f", "-**/()[],;:=+-*/><@   ")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")

# How Python begins a message, and what to say instead.
_SAID = (
    ("invalid syntax", mark("core", "this cannot be read: is a sign or a bracket missing?")),
    ("invalid decimal", mark("core", "a number ends where letters begin: write 2*x for a product")),
    ("cannot assign", mark("core", "only a name can stand to the left of =")),
    ("expected an indented", mark("core", "blocks (if, for, def, …) are not formulas")),
    ("expected ':'", mark("core", "blocks (if, for, def, …) are not formulas")),
    ("too many nested", mark("core", "nested too deeply: name the parts on lines of their own")),
    ("Exceeds the limit", mark("core", "this number has too many digits")),
    ("source code string", mark("core", "there is a null character in the text")),
    ("unterminated string", mark("core", "text in quotes is not part of a formula")),
    ("unterminated triple", mark("core", "text in quotes is not part of a formula")),
)


@dataclass(frozen=True)
class Passage:
    """Some whole statements of the text.

    Args:
        lines: what is parsed: without the indentation that begins a statement.
        indents: how many characters that took from each line.
        first: the number of the first of the lines in the whole text.
    """

    lines: tuple[str, ...]
    indents: tuple[int, ...]
    first: int

    def error(self, template: str, at: ast.AST, **parts: Any) -> FormulaError:
        """Return the error that says `template` of the place where `at` begins."""
        line: int = getattr(at, "lineno", 1)
        ahead = self.lines[line - 1].encode()[: getattr(at, "col_offset", 0)]
        return self._error(template, line, len(ahead.decode(errors="ignore")), **parts)

    def error_behind(self, template: str, at: ast.AST, **parts: Any) -> FormulaError:
        """Return the error that says `template` of the sign that follows `at`."""
        line: int = getattr(at, "end_lineno", 1)
        text = self.lines[line - 1]
        ahead = len(text.encode()[: getattr(at, "end_col_offset", 0)].decode(errors="ignore"))
        rest = text[ahead:].lstrip(" \t)")
        if not rest or rest[0] in "#\\":
            return self.error(template, at, **parts)
        return self._error(template, line, len(text) - len(rest), **parts)

    def _error(self, template: str, line: int, ahead: int, **parts: Any) -> FormulaError:
        column = self.indents[line - 1] + ahead + 1
        return FormulaError(template, line=self.first + line - 1, column=column, **parts)

    def statements(self) -> list[ast.stmt]:
        """Parse the lines.

        Raises:
            FormulaError: they are no Python, or too long or too deep to be a formula.
        """
        text = "\n".join(self.lines)
        if len(text) > LONGEST_STATEMENT:
            template = mark("core", "this statement is too long: name its parts on other lines")
            raise self._error(template, 1, 0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(text).body
        except SyntaxError as wrong:
            line = min(max(wrong.lineno or 1, 1), len(self.lines))
            ahead = min(max((wrong.offset or 1) - 1, 0), len(self.lines[line - 1]))
            said = wrong.msg or ""
            for beginning, template in _SAID:
                if said.startswith(beginning):
                    raise self._error(template, line, ahead) from None
            template = mark("core", "this cannot be read: {message}")
            raise self._error(template, line, ahead, message=said) from None
        except (RecursionError, MemoryError):
            # Both are how CPython says that its parser ran out of stack; nothing is lost.
            longest = max(range(len(self.lines)), key=lambda i: len(self.lines[i]))
            template = mark("core", "nested too deeply: name the parts on lines of their own")
            raise self._error(template, longest + 1, 0) from None


@dataclass(frozen=True)
class Source:
    """A formula's text.

    Args:
        text: as it was typed.

    Raises:
        FormulaError: it is longer than anything a formula can be.
    """

    text: str

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_TEXT:
            raise FormulaError(
                mark("core", "the text is too long: {size} characters, and {most} are the most"),
                line=1,
                column=1,
                size=len(self.text),
                most=LONGEST_TEXT,
            )

    def lines(self) -> list[str]:
        """Return the lines, in plain signs."""
        plain = self.text.translate(_PLAIN).replace("\r\n", "\n").replace("\r", "\n")
        # A lone surrogate cannot be encoded, and so cannot be parsed; it is no sign of a formula.
        return plain.encode(errors="replace").decode().split("\n")

    def names(self) -> set[str]:
        """Return every word outside comments: no name made up for a node may be one of them."""
        code = "\n".join(line.partition("#")[0] for line in self.lines())
        return set(_IDENTIFIER.findall(unicodedata.normalize("NFKC", code)))

    def passages(self) -> Iterator[Passage]:
        """Yield the statements in passages of a few hundred lines.

        (Rejected: parsing the text in one go. Python's tree of a graph with 100,000 nodes takes
        400 MB; passage by passage it takes one.)
        """
        lines: list[str] = []
        indents: list[int] = []
        first, size = 1, 0
        for number, (line, begins) in enumerate(self._begun(), start=1):
            indent = 0
            if begins:
                if size > _PASSAGE:
                    yield Passage(tuple(lines), tuple(indents), first)
                    lines, indents, first, size = [], [], number, 0
                indent = len(line) - len(line.lstrip(" \t"))
            lines.append(line[indent:])
            indents.append(indent)
            size += len(line) + 1
        yield Passage(tuple(lines), tuple(indents), first)

    def joined(self) -> str:
        """Return the text as one line: comments left out, statements parted by semicolons."""
        statements: list[list[str]] = []
        for line, begins in self._begun():
            if begins:
                statements.append([])
            code = line.partition("#")[0]
            statements[-1].append(code.removesuffix("\\").strip())
        written = (" ".join(filter(None, parts)).rstrip("; ") for parts in statements)
        return "; ".join(filter(None, written))

    def _begun(self) -> Iterator[tuple[str, bool]]:
        """Yield the lines, and whether a statement may begin there: outside of all brackets."""
        depth, continued = 0, False
        for line in self.lines():
            yield line, not depth and not continued
            code = line.partition("#")[0]
            opened = code.count("(") + code.count("[") + code.count("{")
            closed = code.count(")") + code.count("]") + code.count("}")
            depth = max(0, depth + opened - closed)
            continued = "#" not in line and line.endswith("\\")
