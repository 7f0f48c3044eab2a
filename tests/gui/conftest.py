"""What GUI tests stand on: nothing of one test is left over when the next one starts."""

import gc
import shutil
import threading
import time
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QSettings,
    QThread,
    QThreadPool,
    QTimer,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gradstudio.gui import lab_copies
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.dialogs import Answer, Message, UnsavedChanges
from gradstudio.gui.main_window import MainWindow

# How long something that has been told to stop may take to do so.
_PATIENCE_S = 1.0


def _alive() -> dict[int, str]:
    """Describe every widget, running timer and running thread, by address.

    Qt lists its widgets. Timers and threads it does not, but those that Python code made are known
    to Python's garbage collector.
    """
    # The one tooltip window is Qt's own, and deletes itself after a while.
    things: list[QObject] = [
        widget
        for widget in QApplication.allWidgets()
        if widget.metaObject().className() != "QTipLabel"
    ]
    main_thread = _address(QThread.currentThread())
    for thing in gc.get_objects():
        # Not isinstance: it would ask a lazy or dead proxy for its class.
        kind = type(thing)
        if issubclass(kind, QTimer | QThread) and shiboken6.isValid(thing):
            running = thing.isActive() if issubclass(kind, QTimer) else thing.isRunning()
            if running and _address(thing) != main_thread:
                things.append(thing)
    alive = {_address(thing): _describe(thing) for thing in things}
    alive |= {id(thread): str(thread) for thread in threading.enumerate()}
    pool = QThreadPool.globalInstance()
    if pool.activeThreadCount():
        alive[_address(pool)] = "something running in the global QThreadPool"
    return alive


def _address(thing: QObject) -> int:
    return int(shiboken6.getCppPointer(thing)[0])


def _describe(thing: QObject) -> str:
    parent = thing.parent()
    below = f" in {type(parent).__name__}" if parent is not None else ""
    return f"{type(thing).__name__} {thing.objectName()!r}{below}"


@pytest.fixture(autouse=True)
def _nothing_survives(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a widget, a running timer or a running thread behind.

    Widgets handed to ``qtbot.addWidget`` are closed and deleted before this looks.
    """
    before = _alive()
    yield
    # What Python put there Qt would delete when Python itself is gone.
    QGuiApplication.clipboard().clear()
    deadline = time.monotonic() + _PATIENCE_S
    while survivors := _survivors(before):
        if time.monotonic() > deadline:
            pytest.fail("still alive after the test:\n" + "\n".join(survivors), pytrace=False)
        gc.collect()
        time.sleep(0.001)


def _survivors(before: dict[int, str]) -> list[str]:
    # Outside an event loop `processEvents` leaves what was told to deleteLater alone.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    return [name for address, name in _alive().items() if address not in before]


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    before = qapp.font(), qapp.palette(), qapp.styleSheet()
    made = Appearance(qapp)
    made.apply()
    yield made
    made.choose_language("en")
    QSettings().clear()
    shutil.rmtree(lab_copies.folder(), ignore_errors=True)
    qapp.setFont(before[0])
    qapp.setPalette(before[1])
    qapp.setStyleSheet(before[2])


@pytest.fixture
def window(qtbot: QtBot, appearance: Appearance, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(UnsavedChanges, "ask", lambda *args: Answer.DISCARD)
    made = MainWindow(appearance)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the message boxes would have said."""
    texts: list[str] = []
    monkeypatch.setattr(Message, "ask", lambda text, *args: texts.append(text))
    return texts
