"""Measures the canvas, and NodeGraphQt with the same graph in the same run: one table.

    python tests/benchmarks/bench_canvas.py [number of nodes ...]

It asserts no time. 1200×800, offscreen, a seeded layered graph with 1.6 edges a node, a value and a
gradient on every edge. Medians of the CPU time of the process, its threads included; frames a
second are of the clock. Each size and each program has a process of its own, so that the peak of
memory is its own too. NodeGraphQt is left out where it is not installed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count as counted
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

from layered import layered
from measuring import SIZE_PX, Figures, clocked, cpu_ms, peak_mb, report

SIZES = (1000, 5000, 20000)
DELETED = 1000
PEER = "NodeGraphQt"
MOST_OF_PEER = 5000
"""With more nodes NodeGraphQt takes minutes."""
ROWS = {
    "build, s": (5000, 0.5),
    "load, s": (5000, 0.7),
    "save, s": (5000, 0.3),
    "repaint all": (5000, 16),
    "repaint all, moved": (5000, 16),
    "repaint 1:1": (5000, 12),
    "repaint 1:1, moved": (5000, 12),
    "drag step 1:1": (5000, 4),
    "drag step, all in sight": (5000, 4),
    "undo of a large deletion": (5000, 50),
    "its numbers besides": None,
    "every number changes, all": (1000, 10),
    "every number changes, 1:1": (1000, 10),
    "the same, lit, all": None,
    "the same, lit, 1:1": None,
    "scrub step, all": None,
    "scrub step, 1:1": None,
    "pan all, frames a second": (20000, 20),
    "pan 1:1, frames a second": (20000, 20),
    "peak of memory, MB": (5000, 220),
}
"""What is measured; where something was promised, for how many nodes and what."""


def measure(size: int) -> Figures:
    """Return the figures of GradStudio for `size` nodes."""
    import numpy as np
    from PySide6.QtCore import QEvent, QPointF, QSettings, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    from gradstudio.engine.evaluate import evaluate
    from gradstudio.graph import Graph, Node
    from gradstudio.gui import motion
    from gradstudio.gui.canvas.commands import COMMANDS
    from gradstudio.gui.canvas.scrub import Trial
    from gradstudio.gui.canvas.view import Canvas
    from gradstudio.gui.document import Document
    from gradstudio.gui.playback import Playback

    app = QApplication([])
    # Whether numbers are lit is a setting: not the reader's own.
    QApplication.setOrganizationName("gradstudio-benchmark")
    placed = layered(size)
    document = Document()
    canvas = Canvas(document, Playback(document))
    canvas.resize(*SIZE_PX)
    canvas.show()
    app.processEvents()
    figures: Figures = {}

    def repaint() -> None:
        canvas.viewport().repaint()

    def build() -> None:
        nodes = {
            one.name: Node(one.op, one.inputs, value=None if one.inputs else np.asarray(one.value))
            for one in placed
        }
        graph = Graph.build(
            nodes, positions={one.name: one.at for one in placed}, output=placed[-1].name
        )
        document.commit("build", graph)
        document.settle()
        repaint()

    def begin() -> None:
        document.new()
        document.settle()
        app.processEvents()

    def pointer(kind: QEvent.Type, at: QPointF, button: Qt.MouseButton) -> None:
        moving = kind == QEvent.Type.MouseMove
        now = Qt.MouseButton.NoButton if moving else button
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        keys = Qt.KeyboardModifier.NoModifier
        where = canvas.viewport().mapToGlobal(at)
        app.sendEvent(canvas.viewport(), QMouseEvent(kind, at, where, now, held, keys))
        app.processEvents()

    def dragged(start: QPointF, button: Qt.MouseButton) -> Callable[[], None]:
        """Press there; return what moves on by a step."""
        steps = counted(1)
        pointer(QEvent.Type.MouseButtonPress, start, button)

        def step() -> None:
            now = next(steps)
            away = QPointF(20 + 3 * now % 80, 12 + 2 * now % 60)
            pointer(QEvent.Type.MouseMove, start + away, button)

        step()
        step()
        return step

    def let_go(button: Qt.MouseButton) -> None:
        canvas.cancel_gesture()
        app.processEvents()

    def at_full_size() -> None:
        canvas.lens.fit()
        canvas.lens.zoom_at(QPointF(SIZE_PX[0] / 2, SIZE_PX[1] / 2), 1 / canvas.zoom)
        repaint()
        repaint()

    def at_small_size() -> None:
        canvas.lens.fit()
        repaint()
        repaint()

    build()
    figures["build, s"] = cpu_ms(build, before=begin, repeats=5) / 1000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graph.gradstudio"
        figures["save, s"] = cpu_ms(lambda: document.save(file), repeats=5) / 1000

        def load() -> None:
            document.open(file)
            document.settle()
            repaint()

        figures["load, s"] = cpu_ms(load, before=begin, repeats=5) / 1000
    graph = document.graph

    def nudge() -> None:
        canvas.lens.pan(QPointF(1, 0).toPoint())

    def middle() -> QPointF:
        """Where a node is seen, near the middle."""
        sketch = canvas.picture.sketch
        at = canvas.mapToScene(SIZE_PX[0] // 2, SIZE_PX[1] // 2)
        node = int(np.argmin(np.hypot(*(sketch.centres - (at.x(), at.y())).T)))
        return canvas.node_center(sketch.names[node])

    left, wheel = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
    for name, go in (("all", at_small_size), ("1:1", at_full_size)):
        go()
        figures[f"repaint {name}"] = cpu_ms(repaint)
        figures[f"repaint {name}, moved"] = cpu_ms(repaint, before=nudge)
        step = dragged(QPointF(SIZE_PX[0] / 2, SIZE_PX[1] / 2), wheel)
        figures[f"pan {name}, frames a second"] = 1000 / clocked(step)
        let_go(wheel)
        go()
        drags = "drag step 1:1" if name == "1:1" else "drag step, all in sight"
        step = dragged(middle(), left)
        assert canvas.gesture is not None
        figures[drags] = cpu_ms(step)
        let_go(left)

    # Every leaf of another value, so that every number is another.
    leaves = [name for name, node in graph.nodes.items() if node.is_leaf]
    others: Iterator[object] = iter(())

    def change() -> None:
        canvas.following.take(next(others))
        repaint()

    repeats = 15 if size <= 5000 else 5
    for name, go in (("all", at_small_size), ("1:1", at_full_size)):
        go()
        shown = [
            evaluate(
                graph.set_values(
                    {leaf: float(graph.nodes[leaf].value) * (1 + 0.001 * at) for leaf in leaves}
                )
            )
            for at in range(1, repeats + 2)
        ]
        for reduced, row in ((True, "every number changes"), (False, "the same, lit")):
            motion.set_reduced(reduced)
            others = iter(shown)
            change()
            figures[f"{row}, {name}"] = cpu_ms(change, repeats=repeats)
        canvas.following.take(document.evaluation)
        del shown
        # The first leaf changes most of them, and here they are computed too.
        trial, values = Trial(canvas, leaves[0]), iter(np.linspace(-1, 1, 100).tolist())

        def scrub(trial: Trial = trial, values: Iterator[float] = values) -> None:
            trial.show(next(values))
            document.settle()
            app.processEvents()

        scrub()
        figures[f"scrub step, {name}"] = cpu_ms(scrub)
        trial.drop()
        document.settle()

    at_small_size()
    # Here and there, so that most of what stays loses an input, and undo mends it.
    inner = list(graph.nodes)[:-1]
    chosen = random.Random(size).sample(inner, DELETED) if size > DELETED else []

    def delete() -> None:
        # After the undo before, whose numbers are what the picture is left with.
        document.settle()
        canvas.select(chosen)
        COMMANDS["delete"].give(canvas)
        document.settle()
        app.processEvents()
        repaint()

    def undo() -> None:
        document.undo()
        repaint()

    if chosen:
        figures["undo of a large deletion"] = cpu_ms(undo, before=delete, repeats=7)

        def undone() -> None:
            delete()
            undo()

        figures["its numbers besides"] = cpu_ms(document.settle, before=undone, repeats=5)
    figures["peak of memory, MB"] = peak_mb()
    document.close()
    canvas.close()
    QSettings().clear()
    return figures


def measured(size: int, program: str) -> Figures | None:
    """Return the figures of a program, from a process of its own; None where it cannot be had."""
    file = __file__ if program == "GradStudio" else Path(__file__).parent / "peer_canvas.py"
    command = [sys.executable, str(file), "--measure", str(size)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print(f"{program} with {size} nodes failed: see above", file=sys.stderr)
        return None
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def main(sizes: tuple[int, ...]) -> None:
    """Print the table."""
    has_peer = importlib.util.find_spec(PEER) is not None
    ours = {size: measured(size, "GradStudio") for size in sizes}
    theirs = {size: measured(size, PEER) for size in sizes if has_peer and size <= MOST_OF_PEER}
    report(ROWS, ours, theirs, PEER)
    if not has_peer:
        print(f"{PEER} is not installed: left out (pip install {PEER})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        main(tuple(int(word) for word in sys.argv[1:]) or SIZES)
