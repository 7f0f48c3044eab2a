"""The files of a lab in the window: opened, gone on with, handed in."""

from pathlib import Path

import numpy as np
import pytest
from lab_by_hand import LEFT, NONE, STUDENT, answer, begin, build_sigmoid
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from solving import lab

from gradstudio import cli, resources
from gradstudio.gui.dialogs import FileToOpen, FileToSave
from gradstudio.gui.lab_dialogs import HintPrice, OpenItems, StudentDialog
from gradstudio.gui.lab_session import NOTED, OPEN, PARTLY, RIGHT, WRONG, LabSession
from gradstudio.gui.main_window import MainWindow
from gradstudio.lab.handed_in import collect
from gradstudio.lab.judging import judge


def test_saved_work_goes_on_where_it_was_left(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    begin(window, "xyz")
    answer(qtbot, window, "forward", {"q": "1", "f": "4"})
    path = tmp_path / "work.gradstudio"
    assert window.document.modified
    assert window.filing.save_to(path)
    window.close_page()

    window.filing.open_file(path)
    window.document.settle()
    session = window.labs.lab
    assert session is not None
    assert session.session.student == STUDENT
    assert session.state("forward") == RIGHT
    assert not window.document.modified
    assert window.document.path == path
    blanks = window.canvas.blanks
    assert blanks is not None
    assert blanks.fields["forward", "q"].text() == "1"
    assert blanks.fields["forward", "q"].sign == "✓"
    assert window.document.evaluation.values["f"] == 4
    assert not window.document.evaluation.grads
    assert session.session.attempts_left("forward") == 7


def reopened(window: MainWindow, path: Path) -> LabSession:
    """Save the current page, close it, and go on with the file."""
    assert window.filing.save_to(path)
    window.close_page()
    window.filing.open_file(path)
    window.document.settle()
    assert window.labs.lab is not None
    return window.labs.lab


def test_what_was_not_checked_is_not_judged_by_saving_it(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    session = begin(window, "xyz")
    answer(qtbot, window, "forward", {"q": "1", "f": "5"})
    session.type("forward", "f", "4")
    session = reopened(window, tmp_path / "work.gradstudio")
    assert session.text("forward", "f") == "4"
    assert session.state("forward") == OPEN
    assert session.session.attempts_left("forward") == 7
    assert "f" not in window.document.evaluation.values
    blanks = window.canvas.blanks
    assert blanks is not None
    assert [blanks.fields["forward", one].sign for one in "qf"] == ["✓", ""]
    # What was said of the entry that was checked is said of it again.
    session.type("forward", "f", "5")
    assert session.state("forward") == PARTLY
    assert blanks.fields["forward", "f"].sign == "✗"


def test_a_graph_that_was_not_checked_is_not_judged_by_saving_it(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    session = begin(window, "sigmoid")
    path = tmp_path / "work.gradstudio"
    build_sigmoid(window)
    window.canvas.edits.link("n", "h", 0)
    session.select("one-node")
    window.menus.actions["check_item"].trigger()
    assert session.state("one-node") == WRONG
    session = reopened(window, path)
    assert session.state("one-node") == WRONG
    window.canvas.edits.move({"h": (9.0, 9.0)})
    session = reopened(window, path)
    assert session.state("one-node") == WRONG
    window.canvas.edits.link("s", "h", 0)
    session = reopened(window, path)
    assert session.state("one-node") == OPEN
    session.select("one-node")
    window.menus.actions["check_item"].trigger()
    known = session.state("one-node")
    assert known in (NOTED, RIGHT)
    assert reopened(window, path).state("one-node") == known


def test_work_on_a_lab_that_is_not_at_hand_asks_for_it(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, said: list[str], tmp_path: Path
) -> None:
    content = resources.path("labs", "xyz.gradlab").read_text(encoding="utf-8")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    other = folder / "mine.gradlab"
    other.write_text(content.replace('"id": "xyz"', '"id": "mine"'), encoding="utf-8")
    window.filing.open_file(other)
    path = tmp_path / "work.gradstudio"
    assert window.filing.save_to(path)
    window.close_page()
    QSettings().remove("lab/files/mine")

    monkeypatch.setattr(FileToOpen, "ask", lambda *args: None)
    window.filing.open_file(path)
    assert said == ["work.gradstudio: its lab “mine” is needed to go on with it"]
    assert window.labs.lab is None
    monkeypatch.setattr(FileToOpen, "ask", lambda *args: resources.path("labs", "xyz.gradlab"))
    window.filing.open_file(path)
    assert said[-1] == "These are answers to mine, not to xyz"
    monkeypatch.setattr(FileToOpen, "ask", lambda *args: other)
    window.filing.open_file(path)
    assert window.labs.lab is not None
    assert window.labs.lab.exercise.id == "mine"


def test_work_goes_on_with_the_edition_it_was_begun_with(
    window: MainWindow, said: list[str], tmp_path: Path
) -> None:
    """A copy of a lab that comes along keeps its id; its numbers are its own."""
    content = resources.path("labs", "xyz.gradlab").read_text(encoding="utf-8")
    folder = tmp_path / "course"
    folder.mkdir()
    own = folder / "xyz.gradlab"
    own.write_text(content.replace('"id": "xyz"', '"id": "xyz", "seed": 2'), encoding="utf-8")
    begin(window, "xyz")
    shipped = window.document.graph.nodes["x"].value
    window.filing.open_file(own)
    assert window.labs.lab is not None
    edition = window.labs.lab.exercise.digest
    assert window.document.graph.nodes["x"].value != shipped
    path = tmp_path / "work.gradstudio"

    session = reopened(window, path)
    assert (session.exercise.digest, session.path) == (edition, own)
    assert session.session.task.given.nodes["x"].value == window.document.graph.nodes["x"].value
    assert said == []

    # The teacher has changed it since: it is said, and stays what it was begun with.
    own.write_text(content.replace('"id": "xyz"', '"id": "xyz", "seed": 3'), encoding="utf-8")
    session = reopened(window, path)
    assert session.path == own
    assert session.exercise.digest != edition
    assert len(said) == 1
    assert "work.gradstudio" in said[0]
    assert "another edition" in said[0]
    beside = tmp_path / "a-copy.gradlab"
    beside.write_text(content.replace('"id": "xyz"', '"id": "xyz", "seed": 2'), encoding="utf-8")
    session = reopened(window, path)
    assert (session.exercise.digest, session.path) == (edition, beside)
    assert len(said) == 1


def test_a_lab_opens_by_drop_by_menu_and_by_name(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, said: list[str], tmp_path: Path
) -> None:
    path = resources.path("labs", "patterns.gradlab")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy = Qt.DropAction.CopyAction
    at = QPointF(400, 300)
    enter = QDragEnterEvent(at.toPoint(), copy, data, LEFT, NONE)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(at, copy, data, LEFT, NONE))
    # What is dropped is opened once the drop is over.
    QApplication.processEvents()
    assert window.labs.lab is not None
    assert window.labs.lab.exercise.id == "patterns"

    entries = {action.text(): action for action in window.menus.menus["labs"].actions()}
    assert len(entries) == 8
    entries["By hand: (x + y) · z"].trigger()
    assert window.labs.lab.exercise.id == "xyz"
    monkeypatch.setattr(FileToOpen, "ask", lambda *args: path)
    window.menus.actions["open_lab"].trigger()
    assert window.labs.lab.exercise.id == "patterns"
    assert len(window.pages) == 3

    # Who does not say who it is gets no numbers; what is damaged is said.
    monkeypatch.setattr(StudentDialog, "ask", lambda *args: None)
    window.filing.open_file(path)
    assert len(window.pages) == 3
    broken = tmp_path / "broken.gradlab"
    broken.write_text("{", encoding="utf-8")
    window.filing.open_file(broken)
    assert said[0].startswith(str(broken))
    assert len(window.pages) == 3


def test_submitting_with_open_tasks_asks_first(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin(window, "xyz")
    asked: list[str] = []
    monkeypatch.setattr(OpenItems, "ask", lambda items, *args: asked.append(items))
    monkeypatch.setattr(FileToSave, "ask", lambda *args: pytest.fail("it went on"))
    window.menus.actions["submit"].trigger()
    assert asked == ["Forward, Backward"]
    path = tmp_path / "half.gradstudio"
    monkeypatch.setattr(OpenItems, "ask", lambda *args: True)
    monkeypatch.setattr(FileToSave, "ask", lambda *args: path)
    window.menus.actions["submit"].trigger()
    assert "half.gradstudio" in window.status.currentMessage()
    exercise, key = lab("xyz")
    assert judge(exercise, key, STUDENT, path.read_bytes()).points == 0


def test_a_class_is_graded_by_the_names_the_window_proposes(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin(window, "xyz")
    proposed: list[Path] = []
    monkeypatch.setattr(OpenItems, "ask", lambda *args: True)
    monkeypatch.setattr(
        FileToSave,
        "ask",
        lambda _t, _f, proposal, *args: proposed.append(proposal) or tmp_path / proposal.name,
    )
    window.menus.actions["submit"].trigger()
    (entry,) = collect([tmp_path / proposed[0].name], "xyz")
    assert entry.student == STUDENT


@pytest.mark.parametrize(
    ("student", "said"),
    [
        ("A/17", "The id cannot hold “/”: it is a part of the file that is handed in."),
        ("A\\17", "The id cannot hold “\\”: it is a part of the file that is handed in."),
        ("1?", "The id cannot hold “?”: it is a part of the file that is handed in."),
        ("1\u200b7", "The id holds a character that cannot be seen."),
        (".17", "The id cannot begin or end with a dot."),
        ("17.", "The id cannot begin or end with a dot."),
        ("\U00020000" * 32, "The id is too long for the name of a file."),
    ],
)
def test_an_id_that_no_file_name_can_hold_is_refused_at_once(
    window: MainWindow, qtbot: QtBot, student: str, said: str
) -> None:
    dialog = StudentDialog("xyz", window)
    qtbot.addWidget(dialog)
    dialog.id_field.setText("17")
    begin_button = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Begin")
    assert begin_button.isEnabled()
    default = dialog.said.text()
    dialog.id_field.setText(student)
    assert not begin_button.isEnabled()
    assert dialog.said.text() == said
    dialog.id_field.setText(" A 17 ")
    assert begin_button.isEnabled()
    assert dialog.said.text() == default


def test_what_the_grader_would_refuse_is_said_when_it_is_submitted(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, said: list[str], tmp_path: Path
) -> None:
    begin(window, "sigmoid")
    rng = np.random.default_rng(1)
    graph = window.document.graph
    window.document.commit("add", graph.add("big", "constant", value=rng.random((700, 700))))
    path = tmp_path / "large.gradstudio"
    monkeypatch.setattr(OpenItems, "ask", lambda *args: True)
    monkeypatch.setattr(FileToSave, "ask", lambda *args: path)
    window.menus.actions["submit"].trigger()
    assert said == [
        "large.gradstudio is saved, but it cannot be handed in like this: "
        "large.gradstudio: too large: more than 4 MB"
    ]
    assert "hand that file in" not in window.status.currentMessage()


def test_a_lab_that_is_opened_anew_begins_anew(
    window: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is the student's machine; so the help and the guide say it."""
    session = begin(window, "xyz")
    monkeypatch.setattr(HintPrice, "ask", lambda *args: True)
    answer(qtbot, window, "forward", {"q": "1", "f": "5"})
    window.menus.actions["hint"].trigger()
    assert session.session.hints == {"forward": 1}
    window.close_page()
    session = begin(window, "xyz")
    assert session.session.hints == {}
    assert session.session.attempts_left("forward") == 8
    cli.run(["grade", "--help"])
    guide = resources.path("labs", "README.md").read_text(encoding="utf-8")
    for text in (capsys.readouterr().out, guide):
        assert "opens the lab anew begins anew" in " ".join(text.split())
