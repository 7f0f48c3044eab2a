"""Every text of the program has its Chinese one, and a window in Chinese shows no other."""

import ast
import re
import shutil
import string
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QTranslator

from gradstudio.gui.menus import example_files, example_titles
from gradstudio.ops import REGISTRY

CHECKOUT = Path(__file__).parents[2]
TEXTS = CHECKOUT / "resources" / "i18n" / "gradstudio_zh_CN.ts"
TRANSLATE = CHECKOUT / ".ci" / "translate"

HAN = r"[\u3400-\u9fff]"
LOST_SPACE = re.compile(rf"{HAN}[A-Za-z0-9{{+=<>−×÷]|[A-Za-z0-9}}+=<>−×÷%]{HAN}")
HALF_WIDTH = re.compile(rf"{HAN}[,;:!?.]|[,;:!?] ?{HAN}")


class Message(NamedTuple):
    """One text, where it belongs, and how it is said in Chinese."""

    context: str
    source: str
    chinese: str
    state: str


def read(path: Path) -> list[Message]:
    return [
        Message(
            context.findtext("name", ""),
            message.findtext("source", ""),
            message.findtext("translation", ""),
            next(iter(message.iter("translation"))).get("type", "finished"),
        )
        for context in ElementTree.parse(path).getroot().iter("context")
        for message in context.iter("message")
    ]


MESSAGES = read(TEXTS)
TRANSLATED = [message for message in MESSAGES if message.chinese]
COMMITTED = {(message.context, message.source) for message in MESSAGES}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The texts that are in the code now, collected into a copy."""
    if not TRANSLATE.exists():
        pytest.skip("a source distribution has no .ci/translate")
    path = tmp_path_factory.mktemp("i18n") / TEXTS.name
    shutil.copy(TEXTS, path)
    subprocess.run([sys.executable, TRANSLATE, path], check=False, capture_output=True)
    return path


@pytest.fixture(scope="module")
def chinese() -> QTranslator:
    translator = QTranslator()
    assert translator.load(str(TEXTS.with_suffix(".qm")))
    return translator


# -- completeness -----------------------------------------------------------------------------


def test_the_committed_texts_are_those_in_the_code(collected: Path) -> None:
    # After a failure: run .ci/translate and translate what it says is waiting.
    found = {(message.context, message.source) for message in read(collected)}
    assert found - COMMITTED == set()
    assert COMMITTED - found == set()


def test_every_text_is_translated() -> None:
    assert [message for message in MESSAGES if message.state != "finished"] == []
    assert [message for message in MESSAGES if not message.chinese] == []


def test_the_program_loads_what_is_written(chinese: QTranslator) -> None:
    for message in MESSAGES:
        assert chinese.translate(message.context, message.source) == message.chinese


@pytest.mark.parametrize("op", REGISTRY.values(), ids=REGISTRY)
def test_every_op_is_explained_in_chinese(op: type, chinese: QTranslator) -> None:
    for field in ("title", "group", "teaching", "pattern", "tie_rule"):
        text = getattr(op, field)
        assert not text or chinese.translate("ops", text), f"{field}: {text!r}"
    text = REGISTRY[op.name].undefined
    assert not text or chinese.translate("core", text), f"undefined: {text!r}"


# -- what the code hands over -----------------------------------------------------------------


class Call(NamedTuple):
    """One call that names a text."""

    file: str
    function: str
    context: str
    text: ast.expr


def calls(tree: ast.AST, file: str, inside: str = "") -> Iterator[Call]:
    for node in ast.iter_child_nodes(tree):
        yield from calls(node, file, node.name if isinstance(node, ast.ClassDef) else inside)
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name == "tr" and node.args:
            yield Call(file, name, inside, node.args[0])
        elif name in ("mark", "translate") and len(node.args) == 2:
            context = node.args[0]
            if isinstance(context, ast.Constant) and isinstance(context.value, str):
                yield Call(file, name, context.value, node.args[1])


CALLS = [
    call
    for path in sorted((CHECKOUT / "gradstudio").rglob("*.py"))
    for call in calls(ast.parse(path.read_text(encoding="utf-8")), path.name)
]


def test_texts_are_written_out_where_they_are_marked() -> None:
    formatted = [
        f"{call.file}: {ast.unparse(call.text)}"
        for call in CALLS
        if isinstance(call.text, ast.JoinedStr | ast.BinOp)
        or (call.function == "mark" and not isinstance(call.text, ast.Constant))
        or (isinstance(call.text, ast.Call) and "format" in ast.unparse(call.text.func))
    ]
    assert formatted == []


def test_the_collector_misses_nothing() -> None:
    written = {
        (call.context, call.text.value) for call in CALLS if isinstance(call.text, ast.Constant)
    }
    assert len(written) > 500
    assert written - COMMITTED == set()


def test_every_example_has_a_title() -> None:
    assert all({"en", "zh"} <= set(example_titles(path)) for path in example_files())


# -- how it is said ---------------------------------------------------------------------------


def fields(text: str) -> list[tuple[str, str]]:
    parsed = string.Formatter().parse(text)
    return sorted((name, form or "") for _, name, form, _ in parsed if name is not None)


def test_placeholders_stay() -> None:
    for message in TRANSLATED:
        assert fields(message.source) == fields(message.chinese), message


def test_keys_of_menus_stay() -> None:
    for message in TRANSLATED:
        if message.context not in ("core", "ops"):
            assert message.source.count("&") == message.chinese.count("&"), message


def test_tags_stay() -> None:
    tag = re.compile(r"</?\w+>")
    for message in TRANSLATED:
        assert tag.findall(message.source) == tag.findall(message.chinese), message


def test_chinese_is_set_as_chinese() -> None:
    for message in TRANSLATED:
        # A placeholder may stand for Chinese words, and then takes no space.
        text = re.sub(r"\{\w+[^}]*\}|</?\w+>|\(&\w\)", "", message.chinese)
        assert not LOST_SPACE.search(text), message
        assert not HALF_WIDTH.search(text), message
        assert not re.search(rf"\({HAN}|{HAN}\)", text), message
        assert message.chinese == message.chinese.strip(), message
