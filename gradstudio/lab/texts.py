"""Texts in both languages, side by side, and the core's messages said in either without Qt."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal, TypeAlias
from xml.etree import ElementTree

import msgspec

from gradstudio import resources
from gradstudio.errors import GradStudioError, mark

Language: TypeAlias = Literal["en", "zh"]
NOT_IN_BOTH = mark("core", "a text must be there in both languages, en and zh")
LANGUAGES: tuple[Language, ...] = ("en", "zh")
LONGEST = 200


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in English and in Chinese."""

    en: str
    zh: str

    def __post_init__(self) -> None:
        """Refuse a text that says nothing in one of the languages."""
        if not self.en.strip() or not self.zh.strip():
            raise ValueError(NOT_IN_BOTH)

    def of(self, language: Language) -> str:
        """Return it in `language`."""
        return self.zh if language == "zh" else self.en


def number(value: float, digits: int = 4) -> str:
    """Return points as tables and pages show them: with no more digits than they have."""
    return format(round(value, digits) + 0.0, ".10g")


def said(message: GradStudioError) -> Text:
    """Return `message` in both languages, what it names out of a file cut to a readable length."""
    return Text(message.say(longest=LONGEST), message.say(translator("zh"), LONGEST))


@lru_cache
def translator(language: Language) -> Callable[[str], str]:
    """Return what turns a marked text of the program into `language`.

    The texts are the window's own, read from the file they are translated in, so that a report and
    the window say the same. (Rejected: Qt's compiled file, which only Qt reads.)
    """
    if language == "en":
        return str
    found: dict[str, str] = {}
    # A file of the program's own, not of a user's.
    tree = ElementTree.parse(resources.path("i18n", "gradstudio_zh_CN.ts"))
    for context in tree.iter("context"):
        if context.findtext("name") in ("core", "ops"):
            for message in context.iter("message"):
                source, target = message.findtext("source"), message.findtext("translation")
                if source and target:
                    found.setdefault(source, target)
    return lambda text: found.get(text, text)
