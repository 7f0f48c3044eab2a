"""Does the whole program do its main job for a person with a mouse and a keyboard?

The program runs on a virtual screen in a process of its own; here are only the hands, and questions
about what is painted. Nothing is asked of the document that the canvas could tell.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_window import Program, Screen, missing

from gradstudio import storage
from gradstudio.engine.evaluate import evaluate
from gradstudio.graph import Graph
from gradstudio.numbers import value_text

CASES = Path(__file__).parents[1] / "data" / "cases.json"
Place = tuple[int, int]
Painted = dict[tuple[str, int], tuple[str, str]]

pytestmark = pytest.mark.skipif(
    bool(missing()), reason=f"not installed: {', '.join(missing()) or 'nothing'}"
)

FORMULA = "f = 1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))"
# How a person lays it out: what each node is called here, its op, what is linked to it, its value,
# and where it goes, as parts of the canvas's width and height.
CIRCUIT: tuple[tuple[str, str, tuple[str, ...], float | None, tuple[float, float]], ...] = (
    ("w0", "parameter", (), 2, (0.08, 0.10)),
    ("x0", "input", (), -1, (0.08, 0.29)),
    ("w1", "parameter", (), -3, (0.08, 0.48)),
    ("x1", "input", (), -2, (0.08, 0.67)),
    ("w2", "parameter", (), -3, (0.08, 0.88)),
    ("left one", "constant", (), 1, (0.66, 0.16)),
    ("right one", "constant", (), 1, (0.78, 0.16)),
    ("w0 x0", "mul", ("w0", "x0"), None, (0.23, 0.20)),
    ("w1 x1", "mul", ("w1", "x1"), None, (0.23, 0.57)),
    ("both", "add", ("w0 x0", "w1 x1"), None, (0.34, 0.36)),
    ("all", "add", ("both", "w2"), None, (0.45, 0.50)),
    ("minus", "neg", ("all",), None, (0.56, 0.50)),
    ("power", "exp", ("minus",), None, (0.67, 0.50)),
    ("below", "add", ("left one", "power"), None, (0.78, 0.50)),
    ("f", "div", ("right one", "below"), None, (0.89, 0.50)),
)
NAMED = ("w0", "x0", "w1", "x1", "w2", "f")
"""What is given a name; all else keeps the one it is born with."""


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    """Where the pictures go that CI keeps."""
    return Path(os.environ.get("GRADSTUDIO_ARTIFACTS") or tmp_path)


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with Screen() as screen:
        yield screen


class Person:
    """Starts the program as often as it takes, and ends what is still running."""

    def __init__(self, screen: Screen, home: Path) -> None:
        self._screen = screen
        self._home = home
        self._started: list[Program] = []

    def start(self, *arguments: str | Path) -> Program:
        program = Program(self._screen, self._home, *arguments)
        self._started.append(program)
        program.begin()
        return program

    def stop(self) -> None:
        for program in self._started:
            program.stop()


@pytest.fixture
def person(screen: Screen, tmp_path: Path) -> Iterator[Person]:
    person = Person(screen, tmp_path)
    yield person
    person.stop()


def test_a_circuit_is_built_saved_and_opened_again(
    person: Person, tmp_path: Path, artifacts: Path
) -> None:
    program = person.start()
    program.choose("File", "New")
    program.wait("len(window.document.graph)", 0)

    names = build(program)
    program.wait("window.formula_bar.field.text()", FORMULA)
    # Where everything comes to is also said at the bottom.
    assert program.ask("window.status.summary.text()").endswith("f = 0.7311")
    graph_file = tmp_path / "circuit.gradstudio"
    save(program, graph_file)
    painted = painted_edges(program)
    program.picture(artifacts / "window-built.png")
    quit_quietly(program)

    assert_painted_as_computed(painted, storage.load(graph_file))
    assert_as_published(painted, names)

    reopened = person.start(graph_file)
    assert painted_edges(reopened) == painted
    reopened.picture(artifacts / "window-reopened.png")
    quit_quietly(reopened)


def test_a_line_is_fitted_and_the_training_undone(person: Person, artifacts: Path) -> None:
    program = person.start()
    program.choose("File", "Examples", "A line through 20 points")
    program.wait("'w' in window.document.graph.nodes and len(edges())")
    before = painted_edges(program)
    loss_before = loss(program)
    assert "" not in before["mul1", 0]

    program.click("middle(window.training.train_button)")
    program.wait("not window.session.running and window.session.steps")
    program.wait("window.document.undo_stack.canUndo()")
    program.wait("window.document.evaluation.graph is window.document.graph")
    after = painted_edges(program)
    losses = program.ask("list(window.session.losses)")
    assert losses[0] == pytest.approx(loss_before)
    assert losses == sorted(losses, reverse=True)
    assert loss(program) < 0.1 * loss_before
    assert after["mul1", 0] != before["mul1", 0]
    assert_painted_as_computed(after, shown_graph(program))
    program.picture(artifacts / "window-trained.png")

    program.screen.press("ctrl+z")
    program.wait("window.document.undo_stack.canUndo()", False)
    program.wait("window.document.evaluation.graph is window.document.graph")
    assert painted_edges(program) == before
    assert loss(program) == loss_before
    quit_quietly(program)


def test_no_key_means_two_things(person: Person) -> None:
    # Which keys a standard key stands for is for the platform to say: only a real window knows.
    program = person.start()
    keys = program.ask(
        "[key.toString() for one in window.menus.actions.values() for key in one.shortcuts()]"
    )
    assert len(keys) == len(set(keys))
    program.screen.press("ctrl+a", "ctrl+d")
    program.wait("len(window.document.graph)", 30)
    program.screen.press("Delete")
    program.wait("len(window.document.graph)", 15)
    program.screen.press("ctrl+z", "ctrl+z")
    program.wait("window.document.modified", False)
    quit_quietly(program)


def test_links_are_cut_with_the_right_button_and_a_node_is_muted(person: Person) -> None:
    # Who gets the menu of the right button, and when, is for the platform to say.
    program = person.start()
    before = program.ask("len(edges())")
    ends = "[on_canvas(window.canvas.output_position(one)) for one in edges()[0][:1]][0]"
    x, y = program.ask(ends)
    program.screen.drag((x + 14, y - 60), (x + 14, y + 60), button=3, key="ctrl")
    program.wait(f"len(edges()) < {before}", True)
    assert program.ask("window.document.undo_stack.count()") == 1
    assert program.ask("QApplication.activePopupWidget() is None")
    program.screen.press("ctrl+z")
    program.wait("len(edges())", before)
    name = program.ask("[n for n, o in window.document.graph.nodes.items() if not o.is_leaf][0]")
    program.screen.click(tuple(program.ask(f"on_canvas(window.canvas.node_center({name!r}))")))
    program.wait("list(window.canvas.selection())", [name])
    program.screen.press("m")
    program.wait(f"window.document.graph.nodes[{name!r}].muted", True)
    program.screen.press("m", "ctrl+z", "ctrl+z")
    program.wait("window.document.modified", False)
    quit_quietly(program)


# -- what a person does ---------------------------------------------------------------------------


def build(program: Program) -> dict[str, str]:
    """Make the circuit, node by node and link by link; return what the nodes are called there."""
    hand = program.screen
    (left, top), (right, bottom) = program.ask("canvas_area()")
    names = {}
    for called, op, _, value, (across, down) in CIRCUIT:
        there = round(left + across * (right - left)), round(top + down * (bottom - top))
        count = program.ask("len(window.document.graph)")
        hand.drag(in_sight(program, op), there)
        program.wait("len(window.document.graph)", count + 1)
        (name,) = program.wait("window.canvas.selection()")
        assert near(node(program, name), there)
        if called in NAMED and called != name:
            hand.press("F2")
            type_in_place(program, called)
            name = called
            program.wait("list(window.canvas.selection())", [name])
        if value is not None and value != 1:
            x, y = node(program, name)
            # On the right of a leaf is its value, on the left its name.
            hand.click((x + 12, y), times=2)
            type_in_place(program, f"{value:g}")
            program.wait(f"float(window.document.graph.nodes[{name!r}].value)", value)
        names[called] = name
    for called, _, sources, _, _ in CIRCUIT:
        for port, source in enumerate(sources):
            begin, end = names[source], names[called]
            hand.drag(
                tuple(program.ask(f"on_canvas(window.canvas.output_position({begin!r}))")),
                tuple(program.ask(f"on_canvas(window.canvas.port_position({end!r}, {port}))")),
            )
            program.wait(f"[{begin!r}, {end!r}, {port}] in [list(one[:3]) for one in edges()]")
    program.wait("window.document.evaluation.graph is window.document.graph")
    return names


def node(program: Program, name: str) -> Place:
    x, y = program.ask(f"on_canvas(window.canvas.node_center({name!r}))")
    return x, y


def in_sight(program: Program, op: str) -> Place:
    """Return where the palette has an op; turn the wheel until it shows."""
    where = f"middle(chip({op!r}))"
    while (place := program.ask(where)) is None:
        program.screen.turn_wheel(tuple(program.ask("middle(window.palette_panel)")), 1)
    return tuple(place)


def type_in_place(program: Program, text: str) -> None:
    """Type over what stands in the line edit that has opened on the canvas."""
    program.wait("window.canvas.isAncestorOf(QApplication.focusWidget())")
    program.screen.type(text)
    program.screen.press("Return")
    program.wait("window.canvas.hasFocus()")


def save(program: Program, path: Path) -> None:
    """Save by keyboard."""
    program.screen.press("ctrl+s")
    program.screen.focus(int(program.wait("dialog() and int(dialog().winId())")))
    program.wait("dialog().isActiveWindow()")
    program.screen.press("ctrl+a")
    program.screen.type(str(path))
    program.screen.press("Return")
    program.wait("dialog()", None)
    program.wait("window.document.modified", False)
    program.screen.focus(program.ask("int(window.winId())"))


def quit_quietly(program: Program) -> None:
    """End the program by keyboard; it must have had nothing to complain about."""
    program.screen.press("ctrl+q")
    assert program.ended() == 0
    assert program.complaints() == ""


def near(one: Place, other: Place) -> bool:
    return abs(one[0] - other[0]) <= 2 and abs(one[1] - other[1]) <= 2


# -- what a person reads --------------------------------------------------------------------------


def painted_edges(program: Program) -> Painted:
    """Return value and gradient of every edge, as they are painted."""
    return {
        (target, port): (value, back) for _, target, port, value, back in program.ask("edges()")
    }


def loss(program: Program) -> float:
    return float(program.ask("float(window.document.evaluation.values['loss'])"))


def shown_graph(program: Program) -> Graph:
    return storage.loads(program.ask("storage.dumps(window.document.graph).decode()").encode())


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def assert_painted_as_computed(painted: Painted, graph: Graph) -> None:
    """Compare each text with what the engine finds for the graph, written as numbers are."""
    found = evaluate(graph)
    expected = {}
    for edge in graph.edges():
        back = found.edge_grads.get((edge.target, edge.port))
        expected[edge.target, edge.port] = (
            value_text(found.values[edge.source]),
            "" if back is None else value_text(back),
        )
    assert painted == expected


def assert_as_published(painted: Painted, names: dict[str, str]) -> None:
    """Compare with the numbers that the lecture notes print; every leaf there has one edge."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    (case,) = (one for one in cases if one["id"] == "cs231n-sigmoid")
    leaving = {
        source: painted[names[called], port]
        for called, _, sources, _, _ in CIRCUIT
        for port, source in enumerate(sources)
    }
    assert len(leaving) == len(painted) == 14
    for name, value in case["leaves"].items():
        assert number(leaving[name][0]) == value
    for name, gradient in case["grads"].items():
        assert number(leaving[name][1]) == pytest.approx(gradient, abs=case["tol"])
