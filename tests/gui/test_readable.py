"""Formulas of LaTeX as one readable line, and Markdown out of a file that opens nothing."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFont, QTextDocument
from pytestqt.qtbot import QtBot
from solving import LABS, lab

from gradstudio.gui.readable import SafeText, formula_text, show_markdown


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (r"f = (x + y) \cdot z", "f = (x + y) · z"),
        (r"\partial f / \partial x_2", "∂f / ∂x₂"),
        (r"\sigma(x) = \frac{1}{1 + e^{-x}}", "σ(x) = 1/(1 + e⁻ˣ)"),
        (r"\frac{1}{n} \sum (p - y)^2", "1/n Σ (p − y)²"),
        (r"\frac{\partial L}{\partial w_0}", "∂L/∂w₀"),
        (r"e^{-(w_0 x_0 + b)}", "e^(−(w₀ x₀ + b))"),
        (r"h_1 = \sin f_0", "h₁ = sin f₀"),
        (r"Y = X W^\top + \text{bias}", "Y = X Wᵀ + bias"),
        (r"2\,(x y + \max(z, w))", "2 (x y + max(z, w))"),
        (r"\frac{", "frac"),
        ("{" * 200 + "}" * 200, ""),
    ],
)
def test_formulas_are_readable(formula: str, text: str) -> None:
    assert formula_text(formula) == text


def test_markdown_keeps_its_marks_apart_from_formulas(qtbot: QtBot) -> None:
    document = SafeText()
    show_markdown(document, "**前向。**写出 $a_*b$ 和 $x_1$；costs $5 and `a_b`.\n\n1. one\n2. two")
    assert document.toPlainText().split("\n") == [
        "前向。写出 a_*b 和 x₁；costs $5 and a_b.",
        "one",
        "two",
    ]
    assert "font-weight" in document.toHtml().split("前向")[0].rsplit("<span", 1)[1]


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        (
            "**加法**、**复制**（$x$ 用了两次）、**乘法**和 **max**。",
            ["加法", "复制", "乘法", "max"],
        ),
        ("它是**“上游”**的**梯度，**不是", ["上游", "梯度"]),
        ("an **add**, a **copy** (twice), `2**x`", ["add", "copy"]),
    ],
)
def test_what_is_bold_between_chinese_letters_is_bold(
    qtbot: QtBot, text: str, bold: list[str]
) -> None:
    document = SafeText()
    show_markdown(document, text)
    block = document.begin()
    parts = [one for one in block.textFormats() if one.format.fontWeight() > QFont.Weight.Normal]
    assert [block.text()[one.start : one.start + one.length] for one in parts] == bold


@pytest.mark.parametrize("name", LABS)
def test_the_labs_show_no_marks_of_markdown(qtbot: QtBot, name: str) -> None:
    exercise, _ = lab(name)
    texts = [exercise.instructions, *(item.text for item in exercise.items.values())]
    texts += [hint.text for item in exercise.items.values() for hint in item.hints]
    document = SafeText()
    for text in filter(None, texts):
        for said in (text.en, text.zh):
            show_markdown(document, said)
            assert not set("$`") & set(document.toPlainText())
            assert "**" not in document.toPlainText()


def test_what_a_text_names_is_not_opened(qtbot: QtBot) -> None:
    document = SafeText()
    show_markdown(document, "![p](file:///etc/hostname) <img src='file:///etc/hostname'> <b>x</b>")
    image = QTextDocument.ResourceType.ImageResource.value
    assert document.resource(image, QUrl("file:///etc/hostname")) is None
    assert "<b>x</b>" in document.toPlainText()
