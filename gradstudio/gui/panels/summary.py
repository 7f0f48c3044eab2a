"""What the inspector says of a whole graph: its output, its leaves, what is missing."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from gradstudio.engine.evaluate import Evaluation
from gradstudio.gui import style
from gradstudio.gui.panels.facts import Fact, FactTable, Words, heading, label
from gradstudio.gui.playback import Playback
from gradstudio.gui.wording import error_text, language
from gradstudio.numbers import value_text

MOST_LEAVES = 40
MOST_PROBLEMS = 5
LONGEST_ABOUT = 600


class Summary(QWidget):
    """The page of the inspector while no node is selected."""

    output_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label("title", self)
        self._title.setFont(style.scaled(self._title.font(), 1.25))
        self.about = label("muted", self)
        self._words = Words(self)
        self._output_heading = heading(self)
        self._outputs = QComboBox(self)
        self._outputs.setObjectName("output_choice")
        self._outputs.activated.connect(
            lambda at: self.output_chosen.emit(self._outputs.itemText(at))
        )
        self._leaves_heading = heading(self)
        self.leaves = FactTable(self)
        self._more = label("muted", self)
        self._hint = label("muted", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (
            self._title,
            self.about,
            self._words,
            self._output_heading,
            self._outputs,
            self._leaves_heading,
            self.leaves,
            self._more,
            self._hint,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        self.retranslate()

    @property
    def title(self) -> str:
        """The line that says what comes out."""
        return self._title.text()

    @property
    def problem(self) -> str:
        """What is said to be missing, or nothing."""
        return self._words.text

    def retranslate(self) -> None:
        """Write all fixed texts in the present language."""
        self._output_heading.setText(self.tr("OUTPUT"))
        self._outputs.setAccessibleName(self.tr("Output"))
        self._leaves_heading.setText(self.tr("LEAVES"))
        self.leaves.set_heads(self.tr("shape"), self.tr("value"), self.tr("gradient"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def show_graph(self, evaluation: Evaluation, playback: Playback) -> None:
        """Show what there is to say of the graph of `evaluation`."""
        graph, output = evaluation.graph, evaluation.output
        if not graph.nodes:
            self._title.setText(self.tr("An empty graph"))
        elif output is None:
            self._title.setText(self.tr("No output chosen"))
        elif output in evaluation.values and playback.shows_value(output):
            self._title.setText(f"{output} = {value_text(evaluation.values[output])}")
        else:
            self._title.setText(output)
        about = _about(graph.extra, language())
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self._words.say(self._problems(evaluation), "error" if evaluation.errors else "warning")
        self._show_outputs(evaluation)
        leaves = [name for name, node in graph.nodes.items() if node.is_leaf]
        self.leaves.set_facts(
            [
                Fact(
                    name,
                    evaluation.shapes.get(name),
                    evaluation.values.get(name),
                    evaluation.grads.get(name) if playback.shows_node_gradient(name) else None,
                )
                for name in leaves[:MOST_LEAVES]
            ]
        )
        self.leaves.setVisible(bool(leaves))
        self._leaves_heading.setVisible(bool(leaves))
        left = len(leaves) - MOST_LEAVES
        self._more.setText(self.tr("and {count} more").format(count=left))
        self._more.setVisible(left > 0)
        self._hint.setText(
            self.tr(
                "On each edge stands its value, in green, and below it in red the gradient that "
                "flows back along it. Select a node to see the chain rule there, with its numbers."
            )
            if graph.nodes
            else self.tr(
                "Drag a node from the left onto the canvas, or type a formula above, such as\n"
                "f = (x + y) * z\n"
                "and press Enter. File ▸ Examples has graphs that are ready to look at."
            )
        )

    def _show_outputs(self, evaluation: Evaluation) -> None:
        ends = evaluation.graph.outputs()
        several = len(ends) > 1 and len(ends) <= MOST_LEAVES
        self._output_heading.setVisible(several)
        self._outputs.setVisible(several)
        if several:
            names = list(dict.fromkeys((evaluation.output, *ends) if evaluation.output else ends))
            self._outputs.clear()
            self._outputs.addItems(names)
            self._outputs.setCurrentIndex(0 if evaluation.output else -1)
            self._outputs.setPlaceholderText(self.tr("Choose"))

    def _problems(self, evaluation: Evaluation) -> str:
        if not evaluation.graph.nodes:
            return ""
        found = list(evaluation.errors.values()) or list(evaluation.warnings.values())
        if not found and evaluation.no_gradient is not None:
            found = [evaluation.no_gradient]
        said = [error_text(one) for one in found[:MOST_PROBLEMS]]
        if len(found) > MOST_PROBLEMS:
            said.append(self.tr("and {count} more").format(count=len(found) - MOST_PROBLEMS))
        return "\n".join(said)


def _about(extra: Mapping[str, object], language: str) -> str:
    """Return what a file says of itself; nothing where it says it in another way."""
    texts = extra.get("about")
    text = texts.get(language) or texts.get("en") if isinstance(texts, dict) else texts
    return text[:LONGEST_ABOUT] if isinstance(text, str) else ""
