"""JSON nobody vouches for: how large, deep and clean it must be before anyone looks into it."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from gradstudio.errors import FileError, GradStudioError, Phrase, mark

_DEEPEST = 64

# Possessive, so that a string of many megabytes takes no memory for ways back.
_TYPE_MESSAGE = re.compile(
    r"Expected `(?P<expected>[^`]+)`(?P<length> of length \d+)?, got `?(?P<given>[^` ]+)`?"
    r"(?: - at `\$\.?(?P<field>[^`]*)`)?"
)
_FIELD_MESSAGES = {
    "Object contains unknown field": mark("core", "there is an unknown field “{field}”{place}"),
    "Object missing required field": mark("core", "the field “{field}” is missing{place}"),
    "Invalid enum value": mark("core", "“{field}” is no word that can stand there{place}"),
}
_FIELD_MESSAGE = re.compile(rf"(?P<said>{'|'.join(_FIELD_MESSAGES)}) [`'](?P<field>.*)[`']")
_KINDS = {
    "str": mark("core", "text"),
    "float": mark("core", "a number"),
    "int": mark("core", "a whole number"),
    "bool": mark("core", "true or false"),
    "null": mark("core", "nothing"),
    "object": mark("core", "an object"),
    "array": mark("core", "a list"),
}
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_BRACKET = re.compile(rb"[\[\]{}]")


class _RefusedError(ValueError):
    """A value that JSON allows and no file of ours does."""


def decoded(data: bytes, file: str, *, kind: str, newest: int, most: int) -> dict[str, Any]:
    """Return the JSON object in `data`, after all checks that need no knowledge of what is in it.

    Args:
        data: the content of a file.
        file: what the messages call it.
        kind: what its field `format` must say.
        newest: the newest version of that format that is read.
        most: how many bytes it may have.

    Raises:
        FileError: it is no such file; the message says where.
    """
    if len(data) > most:
        raise FileError(
            mark("core", "{file}: too large: more than {most} MB"),
            file=file,
            most=most // 2**20,
        )
    raw = parsed(data, file)
    if not isinstance(raw, dict) or raw.get("format") != kind:
        raise FileError(
            mark("core", "{file}: this is no GradStudio file (no “format”: “{format}”)"),
            file=file,
            format=kind,
        )
    version = raw.get("version")
    if type(version) is not int or version < 1:
        raise FileError(mark("core", "{file}: its format version is missing"), file=file)
    if version > newest:
        raise FileError(
            mark(
                "core",
                "{file}: made by a newer GradStudio (format version {version}; this one reads "
                "{ours})",
            ),
            file=file,
            version=version,
            ours=newest,
        )
    return raw


def parsed(data: bytes, file: str) -> Any:
    """Return the JSON in `data`: UTF-8, of bounded depth, with finite numbers and no key twice.

    Args:
        data: the content of a file.
        file: what the messages call it.

    Raises:
        FileError: it is not that; the message says where.
    """
    if not data.strip():
        raise FileError(mark("core", "{file}: the file is empty"), file=file)
    depth = deepest = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", data)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise FileError(mark("core", "{file}: nested too deeply"), file=file)
    try:
        raw = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
        )
        if _SURROGATE.search(data):
            json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeDecodeError as wrong:
        raise FileError(
            mark("core", "{file}: byte {byte} is not UTF-8"),
            file=file,
            byte=wrong.start + 1,
        ) from None
    except json.JSONDecodeError as wrong:
        raise FileError(
            mark("core", "{file}: damaged or cut off at line {line}, column {column}"),
            file=file,
            line=wrong.lineno,
            column=wrong.colno,
        ) from None
    except UnicodeEncodeError:
        raise FileError(mark("core", "{file}: a text holds half a character"), file=file) from None
    except ValueError as wrong:
        digits = Phrase(mark("core", "a number has too many digits"))
        reason = wrong.args[0] if isinstance(wrong, _RefusedError) else digits
        raise FileError(mark("core", "{file}: {reason}"), file=file, reason=reason) from None
    return raw


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                template = mark("core", "“{key}” stands twice in one object")
                raise _RefusedError(GradStudioError(template, key=key[:80]))
            seen.add(key)
    return found


def _constant(text: str) -> Any:
    template = mark("core", "{number} is not a finite number")
    raise _RefusedError(GradStudioError(template, number=text))


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        template = mark("core", "{number} is too large for a number")
        raise _RefusedError(GradStudioError(template, number=text[:40]))
    return number


def type_error(message: str, whole: str) -> GradStudioError:
    """Return in plain words what `msgspec` found wrong.

    Args:
        message: its own words.
        whole: what is wrong where that is no field.
    """
    found = _TYPE_MESSAGE.fullmatch(message)
    if found is None:
        said, _, field = message.partition(" - at `$")
        place: GradStudioError | str = ""
        if field:
            field = field.removeprefix(".").removesuffix("`")
            place = GradStudioError(mark("core", " in “{field}”"), field=field)
        about = _FIELD_MESSAGE.fullmatch(said)
        if about is not None:
            return GradStudioError(
                _FIELD_MESSAGES[about["said"]], field=about["field"], place=place
            )
        # Said by a type of the program's own.
        return GradStudioError(mark("core", "{said}{place}"), said=Phrase(said), place=place)
    kinds = [Phrase(_KINDS.get(kind, kind)) for kind in found["expected"].split(" | ")[:1]]
    return GradStudioError(
        mark("core", "“{field}” must be {expected}{length}, not {given}"),
        field=found["field"] or whole,
        expected=kinds[0],
        length=found["length"] or "",
        given=Phrase(_KINDS.get(found["given"], found["given"])),
    )
