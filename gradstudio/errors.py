"""What can go wrong for a user, as data: a template and its parts, sayable in any language."""

from __future__ import annotations

from collections.abc import Callable


def mark(context: str, text: str) -> str:
    """Mark `text` for translation under `context` and return it unchanged.

    The core speaks English and imports no Qt; `lupdate` collects what is marked here and the
    window looks it up. (Rejected: translated exceptions, which would tie the engine to a locale.)
    """
    return text


class Phrase(str):
    """A word or clause of the program's own inside a message: it is translated with the message.

    A plain `str` there is the user's (a name, a file, a formula) and is shown as it is.
    """

    __slots__ = ()


SYSTEM_REASONS = (
    mark("core", "No such file or directory"),
    mark("core", "Permission denied"),
    mark("core", "Is a directory"),
    mark("core", "No space left on device"),
    mark("core", "Read-only file system"),
)


def system_reason(wrong: Exception) -> Phrase:
    """Return why a file could not be read or written: `SYSTEM_REASONS` or one that is rarer."""
    return Phrase((isinstance(wrong, OSError) and wrong.strerror) or str(wrong))


class GradStudioError(Exception):
    """Something a user did or gave that cannot be done, said in one clear line.

    Args:
        template: the sentence, with `{name}` placeholders, marked for translation.
        node: the node it is about, if it is about one; also usable as `{node}`.
        **parts: what fills the placeholders.
    """

    def __init__(self, template: str, *, node: str | None = None, **parts: object) -> None:
        self.template = template
        self.node = node
        self.parts: dict[str, object] = {"node": node, **parts}
        super().__init__(self.say())

    def say(self, translate: Callable[[str], str] = str, longest: int | None = None) -> str:
        """Return the sentence: its template, and parts that are errors or phrases, translated.

        Args:
            translate: what turns a text of the program into a language.
            longest: how many characters of each name, formula or file are said; all if not given.
        """
        parts = {key: _said(part, translate, longest) for key, part in self.parts.items()}
        return translate(self.template).format(**parts)


def _said(part: object, translate: Callable[[str], str], longest: int | None) -> object:
    if isinstance(part, GradStudioError):
        return part.say(translate, longest)
    if isinstance(part, Phrase):
        return translate(part)
    if longest is not None and isinstance(part, str) and len(part) > longest:
        return f"{part[: longest - 1]}…"
    return part


class GraphError(GradStudioError):
    """An edit that no graph allows: a cycle, a missing node, a wrong setting."""


class OpError(GradStudioError):
    """Inputs an op cannot take: shapes that do not fit, targets out of range."""


class FormulaError(GradStudioError):
    """A formula that cannot be read; `line` and `column` count from 1.

    Args:
        template: as for `GradStudioError`; the place is put in front of it.
        line: the line of the text.
        column: the column in that line.
        node: as for `GradStudioError`.
        **parts: what fills the placeholders.
    """

    def __init__(
        self, template: str, *, line: int, column: int, node: str | None = None, **parts: object
    ) -> None:
        self.line = line
        self.column = column
        super().__init__(template, node=node, line=line, column=column, **parts)

    def say(self, translate: Callable[[str], str] = str, longest: int | None = None) -> str:
        """Return the sentence with its place in front."""
        sentence = translate(mark("core", "line {line}, column {column}: {said}"))
        said = super().say(translate, longest)
        return sentence.format(line=self.line, column=self.column, said=said)


class FileError(GradStudioError):
    """A file that cannot be read or written; the message names the file and the place in it."""


class TrainingError(GradStudioError):
    """A run that cannot start or go on; the message names the step and the node."""


class LabError(GradStudioError):
    """An exercise, a key or a submission that cannot be used; the message names what and where."""
