"""Playback: what has been reached, where it goes, and where an edit puts it."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gradstudio import formula
from gradstudio.gui import playback as module
from gradstudio.gui.document import Document
from gradstudio.gui.playback import Playback
from gradstudio.gui.playback_bar import PAUSE, PlaybackBar


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    made = Document()
    graph = formula.parse("q = x + y; f = q * z")
    made.commit("build", graph.set_values({"x": -2, "y": 5, "z": -4}))
    made.settle()
    return made


@pytest.fixture
def playback(document: Document) -> Playback:
    return Playback(document)


def test_at_the_end_everything_is_shown(playback: Playback) -> None:
    assert playback.position == playback.count == 2 + 5
    assert playback.current is None
    assert all(playback.shows_value(name) for name in "xyzqf")
    assert playback.shows_gradient("q", 0)
    assert playback.shows_node_gradient("x")


def test_at_the_beginning_only_leaves_have_values(playback: Playback) -> None:
    playback.first()
    assert playback.phase_position == (0, 2)
    assert playback.shows_value("x")
    assert not playback.shows_value("q")
    assert not playback.shows_value("f")
    assert not playback.shows_gradient("f", 0)
    assert not playback.shows_node_gradient("f")


def test_it_goes_forward_through_the_ops_and_then_back(playback: Playback) -> None:
    playback.first()
    visited = []
    while playback.position < playback.count:
        playback.forward()
        visited.append((playback.phase, playback.current))
    assert visited[:4] == [
        ("forward", "q"),
        ("forward", "f"),
        ("backward", "f"),
        ("backward", visited[3][1]),
    ]
    assert {name for phase, name in visited if phase == "backward"} == set("xyzqf")


def test_a_gradient_appears_when_its_consumer_is_visited(playback: Playback) -> None:
    playback.move_to(3)
    assert playback.current == "f"
    assert playback.phase_position == (1, 5)
    assert playback.shows_gradient("f", 0)
    assert playback.shows_gradient("f", 1)
    assert not playback.shows_gradient("q", 0)
    playback.back()
    assert not playback.shows_gradient("f", 0)


def test_positions_outside_are_brought_inside(playback: Playback) -> None:
    playback.move_to(99)
    assert playback.position == 7
    playback.move_to(-3)
    assert playback.position == 0


def test_an_edit_shows_everything_again(document: Document, playback: Playback) -> None:
    playback.move_to(1)
    document.commit("set x", document.graph.set_values({"x": 1}))
    document.settle()
    assert playback.position == playback.count
    assert playback.current is None


def test_without_a_gradient_there_is_only_forward(document: Document, playback: Playback) -> None:
    document.commit("cut", document.graph.disconnect("f", 1))
    document.settle()
    assert playback.count == 1
    assert playback.phase == "forward"


def test_playing_goes_to_the_end_and_stops(
    qtbot: QtBot, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STEP_MS", 1)
    playback = Playback(document)
    playback.play()
    assert playback.position == 0
    assert playback.playing
    qtbot.waitUntil(lambda: not playback.playing)
    assert playback.position == playback.count


def test_the_bar_moves_the_playback_and_says_where_it_is(qtbot: QtBot, playback: Playback) -> None:
    bar = PlaybackBar(playback)
    qtbot.addWidget(bar)
    bar.show()
    assert bar.label.text() == "Backward 5 / 5"
    assert not bar.forward.isEnabled()
    qtbot.mouseClick(bar.first, Qt.MouseButton.LeftButton)
    assert playback.position == 0
    assert bar.label.text() == "Forward 0 / 2"
    qtbot.mouseClick(bar.forward, Qt.MouseButton.LeftButton)
    assert playback.position == 1
    assert bar.label.text() == "Forward 1 / 2"
    bar.slider.setValue(4)
    assert playback.position == 4
    assert bar.label.text() == "Backward 2 / 5"
    qtbot.keyClick(bar.slider, Qt.Key.Key_Left)
    assert playback.position == 3
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert playback.playing
    assert bar.play.sign == PAUSE
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert not playback.playing


def test_a_new_document_has_no_steps(document: Document, playback: Playback) -> None:
    assert playback.count
    document.new()
    assert playback.count == 0
    assert playback.current is None
