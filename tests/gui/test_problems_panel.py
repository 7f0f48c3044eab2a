"""The list of problems: found, gone to, mended and taken back, by mouse and by keys."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gradstudio import formula
from gradstudio.annotations import Annotations, Frame
from gradstudio.formula.definition import define
from gradstudio.graph import Graph
from gradstudio.gui import problem_finder
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.dialogs import Answer, UnsavedChanges
from gradstudio.gui.main_window import MainWindow
from gradstudio.gui.theme import LIGHT

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    before = qapp.font(), qapp.palette(), qapp.styleSheet()
    appearance = Appearance(qapp)
    appearance.apply()
    appearance.choose_language("en")
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)
    made = MainWindow(appearance)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    appearance.choose_language("en")
    QSettings().clear()
    qapp.setFont(before[0])
    qapp.setPalette(before[1])
    qapp.setStyleSheet(before[2])


def give(window: MainWindow, graph: Graph) -> None:
    window.document.commit("begin", graph)
    settle(window)


def settle(window: MainWindow) -> None:
    window.document.settle()
    window.page.problems.settle()
    QApplication.processEvents()


def misfit() -> Graph:
    """A product of matrices that do not fit, and a unit that is dead."""
    graph = formula.parse("h = x @ w; r = relu(v); f = sum(h) + r")
    return graph.set_values({"x": np.ones((5, 3)), "w": np.ones((4, 3)), "v": -1.0})


def texts(window: MainWindow) -> list[tuple[str, str]]:
    """How bad each listed problem is, and the node its sentence begins with."""
    model = window.page.problems_panel.table.model()
    rows = [[model.index(row, at).data() for at in range(2)] for row in range(model.rowCount())]
    return [(severity, sentence.split()[0].rstrip(":")) for severity, sentence in rows]


def click(qtbot: QtBot, window: MainWindow, row: int) -> None:
    table = window.page.problems_panel.table
    rect = table.visualRect(table.model().index(row, 1))
    qtbot.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, rect.center())


def tab(window: MainWindow) -> str:
    return window.training.drawer.tabs.tabText(1)


def test_problems_are_counted_and_listed(qtbot: QtBot, window: MainWindow) -> None:
    assert tab(window) == "Problems"
    assert not window.status.problems.isVisible()
    give(window, misfit())
    assert tab(window) == "Problems 1"
    assert window.status.problems.text() == "1 error"
    window.document.commit("fit", window.document.graph.set_values({"w": np.ones((3, 4))}))
    qtbot.waitUntil(lambda: window.status.problems.text() == "1 warning")
    qtbot.mouseClick(window.status.problems, LEFT)
    panel = window.page.problems_panel
    assert panel.isVisible()
    assert texts(window) == [("Warning", "r")]
    qtbot.waitUntil(panel.table.hasFocus)


def test_a_row_names_its_node_once(qtbot: QtBot, window: MainWindow) -> None:
    give(window, misfit())
    model = window.page.problems_panel.table.model()
    row = " ".join(str(model.index(0, at).data()) for at in range(model.columnCount()))
    assert row.split().count("h") + row.split().count("h:") == 1


def test_the_row_one_comes_to_is_selected_and_written_out_only_where_it_is_cut(
    qtbot: QtBot, window: MainWindow
) -> None:
    give(window, formula.parse("f = log(x)").set_values({"x": -1}))
    panel = window.page.problems_panel
    window.show_problems()
    assert [one.row() for one in panel.table.selectionModel().selectedRows()] == [0]
    assert not panel.words.isVisible()
    panel.resize(220, panel.height())
    QApplication.processEvents()
    window.page.resize(300, window.page.height())
    QApplication.processEvents()
    assert panel.words.isVisible()
    assert panel.words.text() == panel.table.model().index(0, 1).data()


def test_what_fades_a_gradient_has_a_badge_on_the_canvas(qtbot: QtBot, window: MainWindow) -> None:
    graph = formula.parse("r = relu(v); s = sigmoid(u); f = r + s")
    give(window, graph.set_values({"v": -1, "u": 9}))
    picture = window.canvas.picture
    of = {name: picture.badges.get(picture.sketch.index[name]) for name in ("r", "s", "f", "v")}
    assert of == {"r": "warning", "s": "warning", "f": None, "v": None}
    assert "dead" in window.canvas.pointer.tool_tip(window.canvas.node_center("r").toPoint())
    give(window, window.document.graph.set_values({"v": 2, "u": 0}))
    assert not window.canvas.picture.badges


def test_a_click_goes_to_the_node(qtbot: QtBot, window: MainWindow) -> None:
    give(window, misfit())
    window.canvas.lens.zoom_at(window.canvas.node_center("f"), 4.0)
    window.show_problems()
    assert not window.canvas.viewport().rect().contains(window.canvas.node_center("h").toPoint())
    click(qtbot, window, 0)
    assert window.canvas.selection() == ("h",)
    assert window.inspector.name == "h"
    assert window.canvas.viewport().rect().contains(window.canvas.node_center("h").toPoint())


def test_a_node_in_a_folded_frame_is_gone_to(qtbot: QtBot, window: MainWindow) -> None:
    frame = Frame("Layer", nodes=("h",), folded=True)
    graph = misfit()
    graph = graph.move({name: (90.0 * at, 0.0) for at, name in enumerate(graph.nodes)})
    give(window, graph.annotate(Annotations({"layer": frame})))
    assert window.canvas.inside is None
    window.show_problems()
    click(qtbot, window, 0)
    assert window.canvas.inside == "layer"
    assert window.canvas.selection() == ("h",)
    assert window.canvas.viewport().rect().contains(window.canvas.node_center("h").toPoint())
    # And out again, to one that lies outside.
    window.page.go_to("r")
    assert window.canvas.inside is None
    assert window.canvas.selection() == ("r",)


def test_a_wrong_formula_of_the_documents_own_is_listed(qtbot: QtBot, window: MainWindow) -> None:
    wrong = define("own_square", ["x"], "x * x", {"x": "g * x"})
    graph = formula.parse("f = own_square(x)", known=Graph().define(wrong))
    give(window, graph.set_values({"x": 3.0}))
    window.show_problems()
    assert texts(window) == [("Warning", "f")]
    said = window.page.problems_panel.table.model().index(0, 1).data()
    assert "the backward formula of x is wrong" in said
    # Put right, it is gone.
    right = define("own_square", ["x"], "x * x", {"x": "g * 2 * x"})
    window.document.commit("right", window.document.graph.define(right))
    settle(window)
    qtbot.waitUntil(lambda: texts(window) == [])


def test_a_fix_is_one_step_that_can_be_undone(qtbot: QtBot, window: MainWindow) -> None:
    give(window, misfit())
    before = window.document.graph
    window.show_problems()
    click(qtbot, window, 0)
    panel = window.page.problems_panel
    assert panel.offered == ("Transpose w",)
    assert not panel.more_button.isVisible()
    qtbot.mouseClick(panel.fix_button, LEFT)
    assert window.document.graph.nodes["h"].inputs == ("x", "transpose1")
    assert window.document.undo_stack.undoText() == "Transpose w"
    settle(window)
    assert texts(window) == [("Warning", "r")]
    assert tab(window) == "Problems 1"
    window.menus.actions["undo"].trigger()
    assert window.document.graph is before
    settle(window)
    assert texts(window) == [("Error", "h")]


def test_everything_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    graph = formula.parse("a = relu(x); b = tanh(y); f = a + b").set_values({"x": -1, "y": 40})
    give(window, graph)
    window.activateWindow()
    shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_M, shift)
    panel = window.page.problems_panel
    qtbot.waitUntil(panel.table.hasFocus)
    assert panel.problem is not None
    assert panel.problem.node == "a"
    qtbot.keyClick(panel.table, Qt.Key.Key_Down)
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert window.canvas.selection() == ("b",)
    assert panel.offered == ("Multiply y by 0.05",)
    qtbot.keyClick(panel.table, Qt.Key.Key_Tab)
    assert panel.fix_button.hasFocus()
    qtbot.keyClick(panel.fix_button, Qt.Key.Key_Space)
    settle(window)
    assert window.document.undo_stack.undoText() == "Multiply y by 0.05"
    sketch = window.canvas.picture.sketch
    bodies = [sketch.rect(node).adjusted(-8, -8, 8, 8) for node in range(len(sketch.names))]
    for one, other in itertools.combinations(bodies, 2):
        assert not one.intersects(other)
    assert texts(window) == [("Warning", "a")]
    assert panel.table.hasFocus()
    assert panel.problem.node == "a"


def test_other_fixes_are_in_a_menu(qtbot: QtBot, window: MainWindow) -> None:
    give(window, formula.parse("f = relu(x)").set_values({"x": -1}))
    window.show_problems()
    panel = window.page.problems_panel
    qtbot.waitUntil(lambda: panel.problem is not None)
    assert panel.fix_button.text() == "Make f a leaky ReLU"
    (action,) = panel.more_button.menu().actions()
    action.trigger()
    assert window.document.graph.nodes["f"].op == "elu"
    settle(window)
    assert panel.none.isVisible()
    assert not panel.table.isVisible()
    assert not panel.fix_button.isVisible()


def test_a_fix_that_came_too_late_is_refused(qtbot: QtBot, window: MainWindow) -> None:
    give(window, misfit())
    window.show_problems()
    click(qtbot, window, 0)
    graph = window.document.graph.disconnect("h", 1)
    window.document.commit("cut", graph)
    qtbot.mouseClick(window.page.problems_panel.fix_button, LEFT)
    assert window.document.graph is graph
    assert window.canvas.toast.text == "h has lost the link this was about"


def test_a_problem_of_the_whole_graph_shows_it_all(qtbot: QtBot, window: MainWindow) -> None:
    graph = formula.parse("a = exp(x); b = sin(x)").set_values({"x": 1}).set_output(None)
    give(window, graph)
    window.canvas.lens.zoom_at(window.canvas.node_center("a"), 4.0)
    window.show_problems()
    click(qtbot, window, 0)
    sight = window.canvas.viewport().rect()
    assert all(sight.contains(window.canvas.node_center(one).toPoint()) for one in graph.nodes)
    qtbot.mouseClick(window.page.problems_panel.fix_button, LEFT)
    assert window.document.graph.output == "a"


def test_the_list_is_that_of_the_page(window: MainWindow) -> None:
    give(window, misfit())
    window.new()
    assert not window.status.problems.isVisible()
    assert tab(window) == "Problems"
    window._pages.step(1)
    assert window.status.problems.text() == "1 error"


def test_it_is_all_in_chinese_too(qtbot: QtBot, window: MainWindow) -> None:
    give(window, misfit())
    window.show_problems()
    click(qtbot, window, 0)
    window.appearance.choose_language("zh_CN")
    QCoreApplication.processEvents()
    assert texts(window)[0][0] == "错误"
    panel = window.page.problems_panel
    assert panel.offered == ("转置 w",)
    assert panel.fix_button.text() == "转置 w"
    assert "问题 1" in tab(window)
    assert window.status.problems.text() == "1 个错误"
    assert "形状" in panel.words.text()
    assert panel.table.accessibleName() == "问题"


def test_severity_is_said_and_not_only_coloured(window: MainWindow) -> None:
    give(window, misfit())
    model = window.page.problems_panel.table.model()
    cell = model.index(0, 0)
    assert cell.data() == "Error"
    assert cell.data(Qt.ItemDataRole.ForegroundRole).name() == LIGHT.error
    spoken = model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Error: h")


def test_names_are_shown_as_they_are(window: MainWindow) -> None:
    give(window, misfit())
    tip = window.page.problems_panel.table.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("<pre>")
    assert window.page.problems_panel.words.textFormat() == Qt.TextFormat.PlainText


def test_a_large_graph_is_looked_at_in_a_thread(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problem_finder, "MOST_NODES_AT_ONCE", 3)
    give(window, misfit())
    qtbot.waitUntil(lambda: texts(window) == [("Error", "h")])
    window.document.commit("fit", window.document.graph.set_values({"w": np.ones((3, 4))}))
    window.document.settle()
    window.page.problems.settle()
    window.document.commit("live", window.document.graph.set_values({"v": 1.0}))
    window.document.settle()
    qtbot.waitUntil(lambda: texts(window) == [])
    assert window.page.problems.evaluation is window.document.evaluation


def test_closing_a_page_stops_the_search(window: MainWindow) -> None:
    give(window, misfit())
    window.document.commit("live", window.document.graph.set_values({"v": 1.0}))
    window.document.settle()
    assert window.close_page()
    QApplication.processEvents()


def test_the_count_of_problems_makes_way_for_a_message(qtbot: QtBot, window: MainWindow) -> None:
    window.status.say("a message")
    window.document.commit("build", formula.parse("f = x * 2"))
    window.document.settle()
    qtbot.waitUntil(lambda: window.status.problems.text() == "1 error")
    assert not window.status.problems.isVisible()
    window.status.clearMessage()
    assert window.status.problems.isVisible()
    window.status.say("another")
    assert not window.status.problems.isVisible()
