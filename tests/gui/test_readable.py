"""Formulas of LaTeX as one readable line, and Markdown out of a file that opens nothing."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

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


def test_what_a_text_names_is_not_opened(qtbot: QtBot) -> None:
    document = SafeText()
    show_markdown(document, "![p](file:///etc/hostname) <img src='file:///etc/hostname'> <b>x</b>")
    image = QTextDocument.ResourceType.ImageResource.value
    assert document.resource(image, QUrl("file:///etc/hostname")) is None
    assert "<b>x</b>" in document.toPlainText()
