"""The inspector: all there is to know of the selected node, and what of it can be edited."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gradstudio.engine.evaluate import Evaluation
from gradstudio.engine.explain import Explanation, PortFact, explain
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph, Node, checked_name, leaf_value
from gradstudio.gui import style
from gradstudio.gui.document import Document
from gradstudio.gui.panels.chain_rule import ChainRule
from gradstudio.gui.panels.definition import DefinitionCard
from gradstudio.gui.panels.facts import Elided, Fact, FactTable, Words, heading, label, restyle
from gradstudio.gui.panels.leaf_editor import LeafEditor
from gradstudio.gui.panels.settings import SettingsForm
from gradstudio.gui.panels.summary import Summary
from gradstudio.gui.playback import Playback
from gradstudio.gui.theme import Theme
from gradstudio.gui.wording import error_text, passing_text, value_refusal
from gradstudio.numbers import EntryError, full_text, number_text, read_value
from gradstudio.ops import Array, Op, SettingValue, shape_text
from gradstudio.ops.leaves import LEAF_KINDS

MOST_PORTS = 40
MOST_ENTRIES = 2000
NUMBERS_HEIGHT_PX = 116


class Inspector(QFrame):
    """Shows one node of the document, or the graph as a whole where none is selected."""

    renamed = Signal(str)
    """A node has this name now."""
    left = Signal()
    """A name was entered, or nothing was: the keyboard is wanted elsewhere again."""

    def __init__(
        self, document: Document, playback: Playback, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("box", "panel")
        self._document = document
        self._playback = playback
        self._name: str | None = None
        self._renaming = False
        self._awaited = False
        self._make_widgets()
        self._lay_out()
        document.evaluated.connect(self._refresh)
        document.changed.connect(self._refresh)
        playback.moved.connect(self._refresh)
        self.retranslate()

    # -- what it is made of -----------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.summary = Summary()
        self.summary.output_chosen.connect(self._choose_output)
        self._node_page = QWidget()
        page = self._node_page
        self.name_field = QLineEdit(page)
        self.name_field.setObjectName("node_name")
        self.name_field.setProperty("flat", True)
        font = style.scaled(self.name_field.font(), 1.15)
        font.setBold(True)
        self.name_field.setFont(font)
        self.name_field.returnPressed.connect(self._enter_name)
        self.name_field.editingFinished.connect(self._rename)
        self._formula = Elided(page)
        self._formula.setProperty("role", "muted")
        self._formula.setFont(style.code_font())
        self.refusal = Words(page)
        self.trouble = Words(page)

        self._leaf = QWidget(page)
        self._value_heading = heading(self._leaf)
        self.value_field = QLineEdit(self._leaf)
        self.value_field.setObjectName("leaf_value")
        self.value_field.setFont(style.code_font())
        self.value_field.editingFinished.connect(self._take_value)
        self.value_field.textEdited.connect(lambda: self._mark_value(""))
        self.grid_button = QPushButton(self._leaf)
        self.grid_button.setAutoDefault(False)
        self.grid_button.clicked.connect(self.edit_value)
        self.kind_choice = QComboBox(self._leaf)
        self.kind_choice.setObjectName("leaf_kind")
        self.kind_choice.addItems(["" for _ in LEAF_KINDS])
        self.kind_choice.activated.connect(self._change_kind)
        self.data_box = QCheckBox(self._leaf)
        self.data_box.toggled.connect(self._change_data)

        self._definition_heading = heading(page)
        self.definition = DefinitionCard(page)
        self._ports_heading = heading(page)
        self.ports = FactTable(page)
        self._settings_heading = heading(page)
        self.settings = SettingsForm(page)
        self.settings.edited.connect(self._change_setting)
        self._chain_heading = heading(page)
        self.chain_rule = ChainRule(page)
        self._flow_heading = heading(page)
        self._teaching = label(parent=page)
        self._tie_rule = label("muted", page)
        self._numbers_heading = heading(page)
        self.numbers = QPlainTextEdit(page)
        self.numbers.setReadOnly(True)
        self.numbers.setFont(style.code_font())
        self.numbers.setFixedHeight(NUMBERS_HEIGHT_PX)
        self._gradient_heading = heading(page)
        self.gradient_numbers = QPlainTextEdit(page)
        self.gradient_numbers.setReadOnly(True)
        self.gradient_numbers.setFont(style.code_font())
        self.gradient_numbers.setFixedHeight(NUMBERS_HEIGHT_PX)

    def _lay_out(self) -> None:
        value_row = QHBoxLayout()
        value_row.addWidget(self.value_field, 1)
        value_row.addWidget(self.grid_button)
        kind_row = QHBoxLayout()
        kind_row.addWidget(self.kind_choice)
        kind_row.addWidget(self.data_box, 1)
        leaf = QVBoxLayout(self._leaf)
        leaf.setContentsMargins(0, 0, 0, 0)
        leaf.setSpacing(6)
        leaf.addWidget(self._value_heading)
        leaf.addLayout(value_row)
        leaf.addLayout(kind_row)
        column = QVBoxLayout(self._node_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (
            self.name_field,
            self._formula,
            self.refusal,
            self.trouble,
            self._leaf,
            self._definition_heading,
            self.definition,
            self._ports_heading,
            self.ports,
            self._settings_heading,
            self.settings,
            self._chain_heading,
            self.chain_rule,
            self._flow_heading,
            self._teaching,
            self._tie_rule,
            self._numbers_heading,
            self.numbers,
            self._gradient_heading,
            self.gradient_numbers,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        inside = QWidget()
        inside_column = QVBoxLayout(inside)
        inside_column.setContentsMargins(14, 12, 12, 12)
        inside_column.addWidget(self.summary)
        inside_column.addWidget(self._node_page)
        self._area = area = QScrollArea(self)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Keys scroll it, also where there is nothing to edit.
        area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        area.setProperty("framed", True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def retranslate(self) -> None:
        """Write all texts in the present language."""
        self.setAccessibleName(self.tr("Inspector"))
        self._area.setAccessibleName(self.tr("Inspector"))
        self.name_field.setAccessibleName(self.tr("Name of the node"))
        self._value_heading.setText(self.tr("VALUE"))
        self.value_field.setAccessibleName(self.tr("Value"))
        self.grid_button.setText(self.tr("Table…"))
        self.grid_button.setToolTip(self.tr("Edits the value as a table or as nested lists"))
        kinds = (self.tr("Input"), self.tr("Parameter"), self.tr("Constant"))
        for at, kind in enumerate(kinds):
            self.kind_choice.setItemText(at, kind)
        self.kind_choice.setAccessibleName(self.tr("Kind of leaf"))
        self.data_box.setText(self.tr("Named as data"))
        self.data_box.setToolTip(self.tr("Its first axis counts samples; training draws from them"))
        self._definition_heading.setText(self.tr("DEFINED IN THIS GRAPH"))
        self._ports_heading.setText(self.tr("PORTS"))
        self.ports.set_heads(self.tr("shape"), self.tr("value"), self.tr("gradient"))
        self._settings_heading.setText(self.tr("SETTINGS"))
        self._chain_heading.setText(self.tr("CHAIN RULE HERE"))
        self._flow_heading.setText(self.tr("HOW THE GRADIENT FLOWS"))
        self.numbers.setAccessibleName(self.tr("Value in full"))
        self.gradient_numbers.setAccessibleName(self.tr("Gradient in full"))
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def set_theme(self, theme: Theme) -> None:
        """Paint the heat maps of arrays in the colours of `theme`."""
        self.ports.set_theme(theme)
        self.summary.leaves.set_theme(theme)

    # -- showing ----------------------------------------------------------------------------

    @property
    def name(self) -> str | None:
        """The node that is shown, or None for the whole graph."""
        return self._name if self._name in self._document.graph else None

    def inspect(self, name: str | None) -> None:
        """Show the node `name`, or the graph as a whole."""
        if self._renaming:
            # Who only knows the old name believes the node gone, and is told the new one next.
            return
        if name != self._name:
            self._name, self._awaited = name, False
            self._forget_typing()
        self._refresh()

    def enter(self, name: str) -> None:
        """Put the keyboard into what can be edited of a node: its first setting, else its name."""
        self.inspect(name)
        fields = (*self.settings.fields.values(), self.name_field)
        next(one for one in fields if one.isVisibleTo(self)).setFocus(
            Qt.FocusReason.ShortcutFocusReason
        )

    def _refresh(self) -> None:
        evaluation, name = self._document.evaluation, self.name
        if self._awaited and name is not None and name not in evaluation.graph:
            # Its numbers come in a moment. Were it hidden till then, Qt would hand the keyboard
            # to whatever widget is next.
            return
        self._awaited = False
        if name is None or name not in evaluation.graph:
            self.summary.show_graph(evaluation, self._playback)
            self._node_page.hide()
            self.summary.show()
            return
        self._show_node(name, self._document.graph.nodes[name], evaluation)
        self.summary.hide()
        self._node_page.show()

    def _show_node(self, name: str, node: Node, evaluation: Evaluation) -> None:
        rules = node.rules
        if not self.name_field.isModified() or not self.name_field.hasFocus():
            self.name_field.setText(name)
        self._formula.setText(_formula(rules, self._document.graph, name))
        wrong = evaluation.errors.get(name) or evaluation.warnings.get(name)
        role = "error" if name in evaluation.errors else "warning"
        self.trouble.say("" if wrong is None else error_text(wrong), role)
        self._leaf.setVisible(node.is_leaf)
        if node.is_leaf:
            self._show_leaf(node, evaluation.values.get(name))
        defined = node.definition is not None
        self._definition_heading.setVisible(defined)
        self.definition.setVisible(defined)
        if node.definition is not None:
            self.definition.show_definition(node.definition)
        known = self._playback.known(explain(evaluation, name))
        self._show_ports(name, known)
        self._settings_heading.setVisible(bool(rules.settings) and not node.is_leaf)
        self.settings.setVisible(bool(rules.settings) and not node.is_leaf)
        if not node.is_leaf:
            self.settings.show_settings(rules, dict(node.settings))
        explained = bool(known.terms) or len(known.uses) > 1
        self._chain_heading.setVisible(explained)
        self.chain_rule.setVisible(explained)
        if explained:
            self.chain_rule.show_terms(known, evaluation)
        self._show_teaching(rules)
        if node.muted:
            passing = passing_text(self._document.graph, name, evaluation.shapes)
            said = self.tr("Here {input} passes through.").format(input=passing)
            self._teaching.setText(f"{self._teaching.text()}\n{said}")
        self._show_numbers(known.output)

    def _show_leaf(self, node: Node, value: Array | None) -> None:
        # While a run goes on, the document still has the value from before it.
        shown = value if self._document.previewing else node.value
        is_number = shown is None or np.ndim(shown) == 0
        self.value_field.setReadOnly(not is_number)
        self.value_field.setPlaceholderText(self.tr("no value yet"))
        typing = self.value_field.hasFocus() and self.value_field.isModified()
        if not typing and not self.value_field.property("wrong"):
            number = "" if shown is None else full_text(float(shown)) if is_number else ""
            shape = "" if shown is None else shape_text(np.shape(shown))
            self.value_field.setText(number if is_number else shape)
        self.kind_choice.setCurrentIndex(LEAF_KINDS.index(node.op))
        blocked = self.data_box.blockSignals(True)
        self.data_box.setChecked(bool(node.settings.get("data", False)))
        self.data_box.blockSignals(blocked)
        self.data_box.setVisible(node.op == "input")

    def _show_ports(self, name: str, explanation: Explanation) -> None:
        free = self.tr("not connected")
        facts = [_fact(f"{one.port} ← {one.source or free}", one) for one in explanation.inputs]
        users = [edge.target for edge in self._document.graph.consumers.get(name, ())]
        fed = ", ".join(dict.fromkeys(users[:6])) + (", …" if len(users) > 6 else "")
        out = f"out → {fed}" if fed else "out"
        self.ports.set_facts([*facts[:MOST_PORTS], _fact(out, explanation.output)])

    def _show_teaching(self, rules: type[Op]) -> None:
        pattern, teaching, tie_rule = (
            QCoreApplication.translate("ops", text) if text else ""
            for text in (rules.pattern, rules.teaching, rules.tie_rule)
        )
        self._flow_heading.setText(pattern.upper() or self.tr("HOW THE GRADIENT FLOWS"))
        self._flow_heading.setVisible(bool(teaching or tie_rule))
        self._teaching.setText(teaching)
        self._teaching.setVisible(bool(teaching))
        self._tie_rule.setText(tie_rule)
        self._tie_rule.setVisible(bool(tie_rule))

    def _show_numbers(self, output: PortFact) -> None:
        shape = "" if output.shape is None else shape_text(output.shape)
        for head, box, array, title in (
            (self._numbers_heading, self.numbers, output.value, self.tr("VALUE {shape}")),
            (
                self._gradient_heading,
                self.gradient_numbers,
                output.grad,
                self.tr("GRADIENT {shape}"),
            ),
        ):
            is_array = array is not None and array.ndim > 0
            head.setVisible(is_array)
            box.setVisible(is_array)
            if array is not None and is_array:
                head.setText(title.format(shape=shape))
                wrap = QPlainTextEdit.LineWrapMode
                box.setLineWrapMode(wrap.WidgetWidth if array.ndim == 1 else wrap.NoWrap)
                text = _array_text(array)
                if box.toPlainText() != text:
                    box.setPlainText(text)

    # -- editing ----------------------------------------------------------------------------

    def edit_value(self) -> None:
        """Open the value of the leaf that is shown as a table."""
        name = self.name
        if name is None:
            return
        before = self._document.graph.nodes[name].value
        value = LeafEditor.ask(name, before, self.window())
        if value is not None and not (before is not None and np.array_equal(before, value)):
            label_text = self.tr("Set {name}").format(name=name)
            self._commit(label_text, lambda graph: graph.set_values({name: value}))

    def _commit(self, label_text: str, edit: Callable[[Graph], Graph]) -> bool:
        try:
            graph = edit(self._document.graph)
            self._document.allow(graph)
        except GradStudioError as wrong:
            self.refusal.say(error_text(wrong), "error")
            self._refresh()
            return False
        self.refusal.say("", "error")
        self._document.commit(label_text, graph)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape brings back what was there, and when asked again goes back to the canvas."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
            return
        if not self.name_field.isModified() and not self.value_field.isModified():
            self.left.emit()
        self._forget_typing()
        self._refresh()

    def _forget_typing(self) -> None:
        self.name_field.setModified(False)
        self.value_field.setModified(False)
        self._mark_value("")

    def _enter_name(self) -> None:
        if self._rename():
            self.left.emit()

    def _rename(self) -> bool:
        """Give the node the name that was typed; return whether there is nothing to say of it."""
        name, wanted = self.name, self.name_field.text().strip()
        if name is None or not self.name_field.isModified():
            return True
        self.name_field.setModified(False)
        if wanted == name:
            return True

        def edit(graph: Graph) -> Graph:
            renamed = graph.rename(name, wanted)
            self._name, self._renaming, self._awaited = checked_name(wanted), True, True
            return renamed

        done = self._commit(self.tr("Rename {old}").format(old=name), edit)
        self._renaming = False
        if done:
            self.renamed.emit(self._name)
            self._refresh()
        return done

    def _take_value(self) -> None:
        name = self.name
        if name is None or not self.value_field.isModified():
            return
        try:
            value = leaf_value(read_value(self.value_field.text()), name)
        except EntryError as wrong:
            self._mark_value(value_refusal(wrong))
            return
        except GradStudioError as wrong:
            self._mark_value(error_text(wrong))
            return
        self.value_field.setModified(False)
        text = self.tr("Set {name}").format(name=name)
        self._commit(text, lambda graph: graph.set_values({name: value}))
        self._refresh()

    def _mark_value(self, reason: str) -> None:
        """Mark what was typed as refused for `reason`, or not; it stays to be mended."""
        restyle(self.value_field, "wrong", bool(reason))
        self.refusal.say(reason, "error")

    def _change_kind(self, at: int) -> None:
        name = self.name
        if name is not None and self._document.graph.nodes[name].op != LEAF_KINDS[at]:
            text = self.tr("Change the kind of {name}").format(name=name)
            self._commit(text, lambda graph: graph.set_op(name, LEAF_KINDS[at]))

    def _change_data(self, on: bool) -> None:
        self._change_setting("data", on)

    def _change_setting(self, setting: str, value: SettingValue) -> None:
        name = self.name
        if name is not None:
            text = self.tr("Change {setting} of {name}").format(setting=setting, name=name)
            self._commit(text, lambda graph: graph.set_settings(name, {setting: value}))

    def _choose_output(self, name: str) -> None:
        text = self.tr("Choose {name} as output").format(name=name)
        self._commit(text, lambda graph: graph.set_output(name))


def _fact(name: str, fact: PortFact) -> Fact:
    return Fact(name, fact.shape, fact.value, fact.grad)


def _formula(rules: type[Op], graph: Graph, name: str) -> str:
    if rules.leaf:
        return QCoreApplication.translate("ops", rules.title)
    ports = rules.ports(len(graph.nodes[name].inputs))
    rules = graph.nodes[name].own_rules
    if rules.formula:
        return "out = " + rules.formula.format(**{port: port for port in ports})
    return f"out = {rules.name}({', '.join(ports)})"


def _array_text(array: Array) -> str:
    return np.array2string(
        array,
        separator=", ",
        threshold=MOST_ENTRIES,
        edgeitems=4,
        max_line_width=10_000,
        formatter={"float_kind": lambda x: number_text(float(x), 6)},
    )
