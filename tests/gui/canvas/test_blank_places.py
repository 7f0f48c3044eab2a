"""Blanks of a lab on the canvas: upon nothing that is to be read, whatever the zoom."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from solving import LABS

from gradstudio import resources
from gradstudio.gui.canvas import labels, results
from gradstudio.gui.canvas.blank_places import Wish, placed
from gradstudio.gui.canvas.blanks import Blanks
from gradstudio.gui.lab_dialogs import StudentDialog
from gradstudio.gui.main_window import MainWindow

NONE = np.zeros((0, 4))
FAR = 1e6
VIEW = (FAR, FAR)
ROUNDING_PX = 1.5


def test_a_blank_with_room_lies_where_it_belongs() -> None:
    wishes = [Wish(30, 20, 40, 10, False), Wish(100, 20, 40, 10, True)]
    assert placed(wishes, NONE, VIEW).tolist() == [[30, 20], [100, 20]]


def test_a_blank_gives_way_on_its_own_side_and_later_ones_to_earlier_ones() -> None:
    body = np.array([[10.0, 100.0, 220.0, 130.0]])
    wishes = [Wish(115, 125, 20, 10, False), Wish(115, 125, 20, 10, True)]
    up, down = placed(wishes, body, VIEW)
    assert up[1] < 100
    assert down[1] > 130
    wishes = [Wish(50, 50, 40, 12, True), Wish(53, 52, 40, 12, True)]
    first, second = placed(wishes, NONE, VIEW)
    assert first.tolist() == [50, 50]
    assert second[1] - first[1] >= 11


def test_a_blank_stays_in_sight_but_covers_nothing_for_it() -> None:
    wish = [Wish(95, 50, 40, 10, True)]
    assert placed(wish, NONE, (100, 100))[0][0] <= 80
    assert placed([Wish(130, 50, 40, 10, True)], NONE, (100, 100)).tolist() == [[130, 50]]
    everything = np.array([[-FAR, -FAR, 75.0, FAR]])
    assert placed(wish, everything, (100, 100)).tolist() == [[95, 50]]


def test_where_there_is_no_room_a_blank_covers_as_little_as_it_can() -> None:
    everywhere = np.array([[-500.0, -500.0, 500.0, 500.0]])
    assert np.isfinite(placed([Wish(0, 0, 20, 10, True)], everywhere, VIEW)).all()


@pytest.fixture
def lab_window(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(StudentDialog, "ask", lambda *args: ("20240001", "Li Lei"))
    window.resize(1280, 800)
    yield window
    for one in tuple(window.windows):
        one.close_for_good()


def covered(window: MainWindow, blanks: Blanks) -> list[str]:
    """Return what blanks cover of one another, of nodes, of names and of painted numbers."""
    canvas = window.canvas
    lens, picture, sketch = canvas.lens, canvas.picture, canvas.picture.sketch
    bodies, owners = results.own_bodies(sketch, np.arange(len(sketch.names)))
    read = [(sketch.names[int(one)], box) for one, box in zip(owners, bodies, strict=True)]
    for edge in np.flatnonzero(np.isfinite(sketch.label_at[:, 0])).tolist():
        pair = labels.label_boxes(sketch, np.array([edge]))[0]
        for figure, box in zip(picture.edge_figures(edge), pair, strict=True):
            if figure is not None:
                read.append((figure.text, box))
    seen = [
        (what, QRectF(lens.seen(QPointF(*box[:2])), lens.seen(QPointF(*box[2:]))))
        for what, box in read
    ]
    fields = [
        (f"blank {key}", QRectF(one.geometry()))
        for key, one in blanks.fields.items()
        if one.isVisible()
    ]
    pairs = [*combinations(fields, 2), *((one, other) for one in fields for other in seen)]
    found = []
    for (one, mine), (other, theirs) in pairs:
        both = mine & theirs
        if both.width() > ROUNDING_PX and both.height() > ROUNDING_PX:
            found.append(f"{one} covers {other}")
    return found


@pytest.mark.parametrize("name", LABS)
def test_blanks_cover_nothing_that_is_to_be_read(
    lab_window: MainWindow, qtbot: QtBot, name: str
) -> None:
    window = lab_window
    window.filing.open_file(resources.path("labs", f"{name}.gradlab"))
    window.document.settle()
    lab, blanks, lens = window.labs.lab, window.canvas.blanks, window.canvas.lens
    assert lab is not None
    assert blanks is not None
    for item in filter(lab.on_canvas, lab.exercise.items):
        lab.select(item)
        window.page.enter_item()
        for zoom in (lens.zoom, 0.5, 0.52, 0.8, 1.4):
            lens.zoom_at(QPointF(window.canvas.viewport().rect().center()), zoom / lens.zoom)
            QApplication.processEvents()
            window.canvas.setFocus()  # the field of an array is wide while one types
            assert covered(window, blanks) == [], (item, zoom)
        for blank in lab.blanks(item):
            lab.type(item, blank.id, "-1.234")
    lens.fit()
    QApplication.processEvents()
    window.canvas.setFocus()
    assert covered(window, blanks) == []


def test_a_long_answer_at_the_border_stays_in_sight(lab_window: MainWindow) -> None:
    window = lab_window
    window.filing.open_file(resources.path("labs", "sigmoid.gradlab"))
    window.document.settle()
    lab, blanks = window.labs.lab, window.canvas.blanks
    assert lab is not None
    assert blanks is not None
    lab.type("forward", "f", "0.550088579811234")
    QApplication.processEvents()
    assert window.canvas.viewport().rect().contains(blanks.fields["forward", "f"].geometry())
    assert covered(window, blanks) == []


def test_blanks_of_other_tasks_are_small_until_one_comes_to_them(lab_window: MainWindow) -> None:
    window = lab_window
    window.filing.open_file(resources.path("labs", "xyz.gradlab"))
    window.document.settle()
    lab, blanks = window.labs.lab, window.canvas.blanks
    assert lab is not None
    assert blanks is not None
    value, gradient = blanks.fields["forward", "q"], blanks.fields["backward", "q.x"]
    assert gradient.width() < value.width()
    assert gradient.height() < value.height()
    gradient.setFocus()
    assert lab.current == "backward"
    assert gradient.width() > value.width()
    assert gradient.height() > value.height()


def test_a_lab_without_anything_to_build_gives_its_room_to_the_graph(
    lab_window: MainWindow,
) -> None:
    window = lab_window
    wide = window.palette_panel.width()
    window.filing.open_file(resources.path("labs", "xyz.gradlab"))
    assert not window.palette_panel.isVisible()
    assert not window.menus.actions["palette"].isEnabled()
    assert not window.menus.actions["find_op"].isEnabled()
    lens = window.canvas.lens
    seen = window.canvas.viewport().rect()
    centre = lens.seen(window.canvas.picture.bounds(lens.zoom).center())
    assert abs(centre.x() - seen.center().x()) < wide / 2
    window.new()
    assert window.palette_panel.isVisible()
    window.filing.open_file(resources.path("labs", "sigmoid.gradlab"))
    assert window.palette_panel.isVisible()
