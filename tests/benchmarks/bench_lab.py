"""How long a student waits in lab mode: a check, a letter typed, and coming to another task.

Run it as a script: `python tests/benchmarks/bench_lab.py [labs …]`. Each lab that comes along is
opened in a window, offscreen; each item is checked with right answers and with wrong ones, and
measured until what it says is painted. Milliseconds by the clock and of the processor, medians and
the most. A check is promised within 100 ms. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent.parent / "unit" / "lab"))

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from solving import LABS, lab, right

from gradstudio import resources
from gradstudio.graph import EMPTY
from gradstudio.gui.appearance import Appearance
from gradstudio.gui.document import Document
from gradstudio.gui.lab_dialogs import StudentDialog
from gradstudio.gui.lab_session import LabSession
from gradstudio.gui.main_window import MainWindow
from gradstudio.lab.session import Session

SIZE_PX = (1280, 800)
STUDENT = "20240001"
REPEATS = 9
PROMISED_MS = 100.0
WRONG = {"choice": None, "order": None, "formula": "7", "forward": "7*x", "learning_rate": "1e-6"}
"""What is typed for a wrong answer, by blank; a number elsewhere. None leaves the right one."""


def timed(work: Callable[[], object], before: Callable[[], object]) -> tuple[float, float, float]:
    """Return the median by the clock, the most by the clock, and the median of the processor."""
    wall, processor = [], []
    for _ in range(REPEATS):
        before()
        QApplication.processEvents()
        begun = time.perf_counter(), time.process_time()
        work()
        QApplication.processEvents()
        wall.append(1000 * (time.perf_counter() - begun[0]))
        processor.append(1000 * (time.process_time() - begun[1]))
    return statistics.median(wall), max(wall), statistics.median(processor)


def opened(window: MainWindow, name: str) -> LabSession:
    """Open a lab and return its session."""
    window.filing.open_file(resources.path("labs", f"{name}.gradlab"))
    window.document.settle()
    QApplication.processEvents()
    found = window.labs.lab
    assert found is not None
    return found


def wrong_answers(session: Session, item: str) -> dict[str, str]:
    """Return what is typed wrong for one item, from its right answers."""
    typed = {}
    for blank, text in session.answers.get(item, EMPTY).items():
        other = WRONG.get(blank, "77")
        typed[blank] = text if other is None else other
    return typed


def measure(window: MainWindow, name: str) -> None:
    """Print what each item of one lab takes."""
    exercise, key = lab(name)
    solved, graph = right(exercise, key, STUDENT)
    session = opened(window, name)
    document: Document = window.document
    document.commit("build", graph)
    document.settle()
    begun = session.session
    others = list(exercise.items)

    def afresh(item: str, answers: dict[str, str]) -> Callable[[], None]:
        def again() -> None:
            # As it was before any check, so that each one costs the same.
            session._session = begun
            session._checked = {}
            session.select(item)
            for blank, text in answers.items():
                session.type(item, blank, text)
            document.veil()

        return again

    for at, (id, item) in enumerate(exercise.items.items()):
        rows: dict[str, tuple[Callable[[], object], Callable[[], None]]] = {
            "right": (session.check, afresh(id, dict(solved.answers.get(id, EMPTY)))),
            "wrong": (session.check, afresh(id, wrong_answers(solved, id))),
            "next task": (
                partial(session.select, others[(at + 1) % len(others)]),
                afresh(id, {}),
            ),
        }
        blanks = session.blanks(id)
        if blanks:
            rows["typed"] = (partial(session.type, id, blanks[0].id, "1"), afresh(id, {}))
        for what, (work, before) in rows.items():
            wall, most, processor = timed(work, before)
            kept = "" if what not in ("right", "wrong") or most < PROMISED_MS else "  MISSED"
            print(
                f"{name:12} {id:15} {item.kind:10} {what:10}"
                f"{wall:8.1f}{most:8.1f}{processor:8.1f}{kept}",
                flush=True,
            )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("labs", nargs="*", default=LABS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
            QSettings.setPath(kind, QSettings.Scope.UserScope, folder)
        app = QApplication([sys.argv[0]])
        app.setOrganizationName("GradStudio")
        appearance = Appearance(app)
        appearance.apply()
        StudentDialog.ask = classmethod(lambda *_: (STUDENT, "Li Lei"))  # type: ignore[method-assign] # nobody is there to answer
        print(f"load {os.getloadavg()[0]:.1f}; ms: median by the clock, the most, of the processor")
        for name in given.labs:
            window = MainWindow(appearance)
            window.resize(*SIZE_PX)
            window.show()
            measure(window, name)
            window.close_for_good()
            app.processEvents()


if __name__ == "__main__":
    main()
