"""A window for one student's labs."""

from collections.abc import Iterator

import pytest
from lab_by_hand import STUDENT
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from gradstudio.gui.appearance import Appearance
from gradstudio.gui.dialogs import Answer, UnsavedChanges
from gradstudio.gui.lab_dialogs import GoOn, StudentDialog
from gradstudio.gui.main_window import MainWindow


@pytest.fixture
def window(
    qtbot: QtBot, appearance: Appearance, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> Iterator[MainWindow]:
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)
    monkeypatch.setattr(StudentDialog, "ask", lambda *args: (STUDENT, "Li Lei"))
    monkeypatch.setattr(GoOn, "ask", lambda *args: False)
    made = MainWindow(appearance)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    for one in tuple(made.windows):
        one.close_for_good()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
