"""The inspector: what it says of a node, and what can be changed there."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from gradstudio import formula
from gradstudio.gui.document import Document
from gradstudio.gui.panels.facts import NumberCell
from gradstudio.gui.panels.inspector import Inspector
from gradstudio.gui.panels.leaf_editor import LeafEditor
from gradstudio.gui.panels.settings import read_setting
from gradstudio.gui.playback import Playback
from gradstudio.gui.theme import DARK
from gradstudio.ops import Setting
from gradstudio.rewiring import mute

SIGMOID = "f = 1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))"
VALUES = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    made = Document()
    made.commit("build", formula.parse(SIGMOID).set_values(VALUES))
    made.settle()
    return made


@pytest.fixture
def playback(document: Document) -> Playback:
    return Playback(document)


@pytest.fixture
def inspector(qtbot: QtBot, document: Document, playback: Playback) -> Inspector:
    made = Inspector(document, playback)
    qtbot.addWidget(made)
    made.resize(300, 700)
    made.show()
    return made


def load(document: Document, text: str, **values: object) -> None:
    graph = formula.parse(text)
    document.commit("build", graph.set_values({k: np.asarray(v) for k, v in values.items()}))
    document.settle()


def retype(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def compose(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    """Type `text` with an input method, which knows more letters than a keyboard has."""
    field.setFocus()
    field.selectAll()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_ports_with_shape_value_and_gradient(inspector: Inspector) -> None:
    inspector.inspect("add2")
    assert inspector.ports.texts() == [
        ("x ← add1", "scalar", "4", "0.1966"),
        ("y ← w2", "scalar", "−3", "0.1966"),
        ("out → neg1", "scalar", "1", "0.1966"),
    ]


def test_the_chain_rule_with_its_numbers(inspector: Inspector) -> None:
    inspector.inspect("add2")
    assert inspector.chain_rule.texts() == [
        "∂f/∂add1 = 0.1966 × 1 = 0.1966",
        "∂f/∂w2 = 0.1966 × 1 = 0.1966",
    ]
    inspector.inspect("mul1")
    assert inspector.chain_rule.texts() == [
        "g = ∂f/∂mul1 = 0.1966",
        "∂f/∂w0 = g · x0",
        "  = 0.1966 × (−1) = −0.1966",
        "∂f/∂x0 = g · w0",
        "  = 0.1966 × 2 = 0.3932",
    ]


def test_two_ports_fed_by_one_node_are_told_apart(document: Document, inspector: Inspector) -> None:
    load(document, "f = x * x", x=3)
    inspector.inspect("f")
    texts = inspector.chain_rule.texts()
    assert [texts[1], texts[3]] == ["∂f/∂x [x] = g · x", "∂f/∂x [y] = g · x"]


def test_a_node_used_twice_has_the_sum(document: Document, inspector: Inspector) -> None:
    load(document, "f = x * x + x", x=3)
    inspector.inspect("x")
    assert inspector.chain_rule.texts()[-1].endswith("= 7")


def test_arrays_have_shapes_and_full_numbers(document: Document, inspector: Inspector) -> None:
    load(document, "f = sum(x @ w)", x=[[1, 2], [3, 4]], w=[[1.5], [-2]])
    inspector.inspect("matmul1")
    assert inspector.ports.texts()[0][:2] == ("x ← x", "(2, 2)")
    assert inspector.chain_rule.texts()[1:3] == [
        "∂f/∂x = g @ wᵀ",
        "  (2, 1) @ (1, 2) → (2, 2)",
    ]
    assert inspector.numbers.toPlainText() == "[[−2.5],\n [−3.5]]"
    assert inspector.numbers.isReadOnly()
    assert inspector.gradient_numbers.isVisible()


def test_a_large_array_is_cut_short(document: Document, inspector: Inspector) -> None:
    load(document, "f = sum(x)", x=np.zeros((1000, 1000)))
    inspector.inspect("x")
    assert len(inspector.numbers.toPlainText()) < 2000


def test_nothing_is_shown_before_the_playback_is_there(
    playback: Playback, inspector: Inspector
) -> None:
    inspector.inspect("add2")
    playback.first()
    assert inspector.ports.texts() == [
        ("x ← add1", "scalar", "", ""),
        ("y ← w2", "scalar", "−3", ""),
        ("out → neg1", "scalar", "", ""),
    ]
    assert not inspector.chain_rule.isVisible()


def test_the_reason_why_there_is_no_value(document: Document, inspector: Inspector) -> None:
    document.commit("cut", document.graph.disconnect("add2", 1))
    document.settle()
    inspector.inspect("add2")
    assert inspector.trouble.isVisible()
    assert "add2" in inspector.trouble.text
    assert inspector.ports.texts()[1][0] == "y ← not connected"


def test_a_warning_is_said(document: Document, inspector: Inspector) -> None:
    load(document, "f = log(x)", x=-1)
    inspector.inspect("f")
    assert "nan" in inspector.trouble.text


def test_renaming(qtbot: QtBot, document: Document, inspector: Inspector) -> None:
    inspector.inspect("add2")
    with qtbot.waitSignal(inspector.renamed) as renamed:
        retype(qtbot, inspector.name_field, "score")
    assert renamed.args == ["score"]
    assert "score" in document.graph
    assert document.graph.nodes["neg1"].inputs == ("score",)
    assert inspector.name == "score"
    document.undo()
    assert "add2" in document.graph


def test_the_focus_stays_until_the_renamed_node_has_its_numbers(
    qtbot: QtBot, document: Document, inspector: Inspector
) -> None:
    inspector.activateWindow()
    inspector.inspect("w0")
    inspector.name_field.setFocus()
    qtbot.waitUntil(inspector.name_field.hasFocus)
    with qtbot.waitSignal(inspector.left):
        retype(qtbot, inspector.name_field, "weight")
    assert inspector.name_field.hasFocus()
    document.settle()
    assert inspector.name_field.hasFocus()
    assert inspector.name_field.text() == "weight"
    with qtbot.assertNotEmitted(inspector.left):
        retype(qtbot, inspector.name_field, "w1")
    assert inspector.name_field.hasFocus()


def test_full_width_letters_are_the_same_name(
    qtbot: QtBot, document: Document, inspector: Inspector
) -> None:
    before = document.graph
    inspector.inspect("w0")
    compose(qtbot, inspector.name_field, "ｗ０")
    assert (document.graph, inspector.name) == (before, "w0")
    assert inspector.name_field.text() == "w0"
    compose(qtbot, inspector.name_field, "ｗ２２")
    assert inspector.name == "w22"
    assert "w22" in document.graph


def test_a_name_that_is_taken_is_refused(
    qtbot: QtBot, document: Document, inspector: Inspector
) -> None:
    graph = document.graph
    inspector.inspect("add2")
    retype(qtbot, inspector.name_field, "w0")
    assert document.graph is graph
    assert inspector.refusal.text == "there already is a node called w0"
    assert inspector.name_field.text() == "add2"


def test_a_number_is_typed(qtbot: QtBot, document: Document, inspector: Inspector) -> None:
    inspector.inspect("w0")
    assert inspector.value_field.text() == "2"
    retype(qtbot, inspector.value_field, "-0.5")
    assert float(document.graph.nodes["w0"].value) == -0.5
    assert document.undo_stack.undoText() == "Set w0"
    assert inspector.value_field.text() == "−0.5"


def test_what_is_no_number_is_refused(
    qtbot: QtBot, document: Document, inspector: Inspector
) -> None:
    graph = document.graph
    inspector.inspect("w0")
    retype(qtbot, inspector.value_field, "two")
    assert document.graph is graph
    assert inspector.refusal.text == (
        "“two” is no number. An array is typed as [[1, 2], [3, 4]], or edited with Table…"
    )
    assert inspector.value_field.text() == "two"
    assert inspector.value_field.property("wrong") is True
    inspector.name_field.setFocus()
    document.commit("set", graph.set_values({"x0": 5}))
    document.settle()
    assert inspector.value_field.text() == "two"
    retype(qtbot, inspector.value_field, "3")
    assert float(document.graph.nodes["w0"].value) == 3
    assert inspector.value_field.property("wrong") is False
    assert inspector.refusal.text == ""


def test_escape_brings_back_the_value(
    qtbot: QtBot, document: Document, inspector: Inspector
) -> None:
    inspector.inspect("w0")
    retype(qtbot, inspector.value_field, "two")
    qtbot.keyClick(inspector.value_field, Qt.Key.Key_Escape)
    assert inspector.value_field.text() == "2"
    assert inspector.value_field.property("wrong") is False
    assert inspector.refusal.text == ""


def test_a_refused_value_is_not_the_next_nodes(
    qtbot: QtBot, document: Document, inspector: Inspector
) -> None:
    inspector.inspect("w0")
    retype(qtbot, inspector.value_field, "two")
    inspector.inspect("w1")
    assert inspector.value_field.text() == "−3"
    assert inspector.value_field.property("wrong") is False


@pytest.mark.parametrize(
    ("text", "value"),
    [("−1.5×10⁻⁷", -1.5e-7), ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]), ("［１，−２］", [1, -2])],
)
def test_values_are_typed_as_they_are_shown_and_as_lists(
    qtbot: QtBot, document: Document, inspector: Inspector, text: str, value: object
) -> None:
    inspector.inspect("w0")
    compose(qtbot, inspector.value_field, text)
    np.testing.assert_array_equal(document.graph.nodes["w0"].value, value)


def test_lists_of_unequal_length_stay_to_be_mended(
    qtbot: QtBot, document: Document, inspector: Inspector
) -> None:
    inspector.inspect("w0")
    retype(qtbot, inspector.value_field, "[[1], [2, 3]]")
    assert inspector.refusal.text.startswith("w0: a value is a number or nested lists")
    assert inspector.value_field.text() == "[[1], [2, 3]]"


def test_an_array_is_edited_as_a_table(
    qtbot: QtBot, document: Document, inspector: Inspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LeafEditor, "ask", lambda *args: np.array([1.0, 2.0]))
    inspector.inspect("w0")
    steps = document.undo_stack.count()
    qtbot.mouseClick(inspector.grid_button, Qt.MouseButton.LeftButton)
    np.testing.assert_array_equal(document.graph.nodes["w0"].value, [1, 2])
    assert document.undo_stack.count() == steps + 1
    assert inspector.value_field.isReadOnly()


def test_the_kind_of_a_leaf_and_naming_it_as_data(
    qtbot: QtBot, document: Document, inspector: Inspector
) -> None:
    inspector.inspect("w0")
    assert not inspector.data_box.isVisible()
    inspector.kind_choice.setFocus()
    qtbot.keyClick(inspector.kind_choice, Qt.Key.Key_Up)
    inspector.kind_choice.activated.emit(inspector.kind_choice.currentIndex())
    assert document.graph.nodes["w0"].op == "input"
    inspector.data_box.click()
    assert document.graph.nodes["w0"].settings["data"] is True


def test_settings_are_edited(qtbot: QtBot, document: Document, inspector: Inspector) -> None:
    load(document, "y = sum(x, axis=0); f = sum(y)", x=[[1, 2, 3], [4, 5, 6]])
    inspector.inspect("y")
    axis, keep = inspector.settings.fields["axis"], inspector.settings.fields["keepdims"]
    assert isinstance(axis, QLineEdit)
    assert isinstance(keep, QCheckBox)
    retype(qtbot, axis, "1")
    assert document.graph.nodes["y"].settings["axis"] == 1
    keep.click()
    assert document.graph.nodes["y"].settings["keepdims"] is True
    document.settle()
    assert inspector.ports.texts()[-1][1] == "(2, 1)"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("float", "1.5×10⁻⁷", 1.5e-7),
        ("float", "１e−5", 1e-5),
        ("float", "1_000", "1_000"),
        ("float", "nan", "nan"),
        ("int", "−１", -1),
        ("axes", "（０，１）", (0, 1)),
    ],
)
def test_settings_are_read_as_other_numbers_are(kind: str, text: str, value: object) -> None:
    assert read_setting(Setting("any", kind, default=None), text) == value


def test_a_wrong_setting_is_refused(qtbot: QtBot, document: Document, inspector: Inspector) -> None:
    load(document, "f = leaky_relu(x)", x=1)
    graph = document.graph
    inspector.inspect("f")
    field = inspector.settings.fields["negative_slope"]
    assert isinstance(field, QLineEdit)
    retype(qtbot, field, "steep")
    assert document.graph is graph
    assert "negative_slope" in inspector.refusal.text
    assert field.text() == "0.01"


def test_the_teaching_of_an_op(document: Document, inspector: Inspector) -> None:
    load(document, "f = max(x, y)", x=1, y=2)
    inspector.inspect("f")
    assert inspector._flow_heading.text() == "GRADIENT ROUTER"
    assert inspector._teaching.text()
    assert inspector._tie_rule.isVisible()


def test_without_a_selection_the_graph_is_summed_up(inspector: Inspector) -> None:
    inspector.inspect(None)
    assert inspector.summary.isVisible()
    assert inspector.summary.title == "f = 0.7311"
    assert ("w0", "scalar", "2", "−0.1966") in inspector.summary.leaves.texts()


def test_an_empty_graph_says_how_to_begin(document: Document, inspector: Inspector) -> None:
    document.new()
    document.settle()
    assert inspector.summary.title == "An empty graph"
    assert "f = (x + y) * z" in inspector.summary._hint.text()


def test_one_of_several_outputs_is_chosen(
    qtbot: QtBot, document: Document, inspector: Inspector
) -> None:
    load(document, "a = x * y; b = x + y", x=2, y=3)
    document.commit("none", document.graph.set_output(None))
    document.settle()
    assert "2 outputs" in inspector.summary.problem
    box = inspector.summary._outputs
    assert box.isVisible()
    box.activated.emit(box.findText("a"))
    assert document.graph.output == "a"


def test_a_deleted_node_is_shown_no_more(document: Document, inspector: Inspector) -> None:
    inspector.inspect("add2")
    document.commit("delete", document.graph.remove(["add2"]))
    document.settle()
    assert inspector.summary.isVisible()


def test_a_name_with_markup_is_plain_text(document: Document, inspector: Inspector) -> None:
    inspector.inspect("add2")
    for label in inspector.findChildren(type(inspector._teaching)):
        assert label.textFormat() == Qt.TextFormat.PlainText


def test_the_equation_of_an_einsum_has_a_hint(document: Document, inspector: Inspector) -> None:
    load(document, "f = sum(x @ w)", x=[[1, 2], [3, 4]], w=[[1.5], [-2]])
    document.commit("op", document.graph.set_op("matmul1", "einsum"))
    inspector.inspect("matmul1")
    field = inspector.settings.fields["equation"]
    assert isinstance(field, QLineEdit)
    assert field.placeholderText() == "such as ij,jk->ik"


def test_products_of_arrays_are_written_with_their_shapes(
    document: Document, inspector: Inspector
) -> None:
    x, w, b = np.ones((5, 3)), np.ones((3, 4)), np.arange(4.0)
    load(document, "f = sum((x @ w + b) * tanh(y))", x=x, w=w, b=b, y=np.ones((5, 4)))
    inspector.inspect("matmul1")
    assert inspector.chain_rule.texts() == [
        "g = ∂f/∂matmul1 = (5, 4)",
        "∂f/∂x = g @ wᵀ",
        "  (5, 4) @ (4, 3) → (5, 3)",
        "∂f/∂w = xᵀ @ g",
        "  (3, 5) @ (5, 4) → (3, 4)",
    ]
    inspector.inspect("mul1")
    assert inspector.chain_rule.texts()[1:3] == ["∂f/∂add1 = g · tanh1", "  (5, 4) ⊙ (5, 4)"]
    inspector.inspect("add1")
    assert inspector.chain_rule.texts()[3:] == [
        "∂f/∂b = g",
        "  (5, 4) → (4)",
        "  Σ over axis 0, along which it was repeated",
    ]


def test_square_matrices_are_said_to_leave_the_shapes_undecided(
    document: Document, inspector: Inspector
) -> None:
    load(document, "f = sum(x @ w)", x=np.eye(2), w=np.ones((2, 2)))
    inspector.inspect("matmul1")
    said = "Several products fit: here the shapes alone do not decide."
    assert inspector.chain_rule.texts().count(said) == 1


def test_names_in_the_table_are_whole_beside_wide_numbers(
    qtbot: QtBot, document: Document, inspector: Inspector
) -> None:
    text = "a_long_name = x * y; f = a_long_name * z + exp(a_long_name)"
    load(document, text, x=-1.23456e-8, y=1.23456e-7, z=-1e-9)
    inspector.inspect("a_long_name")
    (out,) = [row[0] for row in inspector.ports._rows if row[0].text().startswith("out")]
    assert out.text() == "out → mul1, exp1"

    def whole() -> bool:
        return all(
            row[0].fontMetrics().horizontalAdvance(row[0].text()) <= row[0].width()
            for row in inspector.ports._rows[:3]
        )

    qtbot.waitUntil(whole)
    inspector.inspect("z")
    qtbot.waitUntil(whole)


def test_arrays_in_the_table_are_heat_maps(document: Document, inspector: Inspector) -> None:
    load(document, "f = sum(x * y)", x=[1, -2, 3], y=2)
    inspector.inspect("mul1")
    value, scalar = inspector.ports._rows[0][2], inspector.ports._rows[1][2]
    assert not value.pixmap().isNull()
    assert value.accessibleName() == "(3)"
    assert "−2" in value.toolTip()
    assert scalar.text() == "2"
    light = value.pixmap().toImage()
    inspector.set_theme(DARK)
    assert value.pixmap().toImage() != light
    inspector.inspect("y")
    assert inspector.ports._rows[0][2].pixmap().isNull()


def test_what_a_file_says_of_itself_is_shown_as_plain_text(
    document: Document, inspector: Inspector
) -> None:
    load(document, "f = x * y", x=1, y=2)
    about = {"en": "<b>A product</b>", "zh": "一个乘积"}
    document.commit("about", replace(document.graph, extra={"about": about}))
    document.settle()
    assert inspector.summary.about.text() == "<b>A product</b>"
    assert inspector.summary.about.textFormat() == Qt.TextFormat.PlainText
    for other in ({}, {"about": 3}, {"about": {"zh": 5}}):
        document.commit("about", replace(document.graph, extra=other))
        document.settle()
        assert not inspector.summary.about.text()


def test_a_cell_without_a_number_shows_no_older_picture(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    cell = NumberCell("value", DARK, parent)
    cell.show_number(np.arange(3.0))
    assert not cell.pixmap().isNull()
    cell.show_number(None)
    assert cell.pixmap().isNull()
    assert cell.text() == ""


def test_a_muted_node_says_what_passes(document: Document, inspector: Inspector) -> None:
    load(document, "h = b + x\nf = sum(h)", b=1.0, x=[1.0, 2.0])
    document.commit("mute", mute(document.graph, ("h",)))
    document.settle()
    inspector.inspect("h")
    assert inspector._formula.text() == "out = x + y"
    assert "Here y ← x passes through." in inspector._teaching.text()
    assert "Muted: one input passes as it is" in inspector._teaching.text()
