"""Measures the canvas: `python tests/benchmarks/bench_canvas.py` prints medians.

It asserts no time. Offscreen, 1200×800, a seeded layered graph with about 1.6 edges a node;
process CPU time.
"""

import os
import random
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from gradstudio.engine.evaluate import evaluate
from gradstudio.graph import Graph, Node
from gradstudio.gui import motion
from gradstudio.gui.canvas.gestures import Shift
from gradstudio.gui.canvas.guides import Guides
from gradstudio.gui.canvas.scrub import Dial, Trial
from gradstudio.gui.canvas.view import Canvas
from gradstudio.gui.document import Document
from gradstudio.gui.playback import Playback

SIZES = (100, 1000, 5000)
REPEATS = 15


def layered(count: int, seed: int = 1) -> Graph:
    """Return a graph of `count` nodes with one output; values stay small."""
    draw = random.Random(seed)
    nodes: dict[str, Node] = {}
    reach = count**0.5
    loose: list[str] = []

    def source(at: int) -> str:
        if loose and draw.random() < 0.5:
            return loose.pop(0)
        return f"n{max(0, at - 1 - int(draw.expovariate(1 / reach)))}"

    for at in range(count):
        name = f"n{at}"
        if at < 8 or (draw.random() < 0.15 and at < count - 50):
            value = np.float64(draw.uniform(-2, 2))
            nodes[name] = Node(draw.choice(["input", "parameter"]), value=value)
        elif draw.random() < 0.25 and at < count - 50:
            nodes[name] = Node(draw.choice(["tanh", "sin", "sigmoid"]), (source(at),))
        else:
            op = draw.choice(["add", "max", "min", "sub"])
            nodes[name] = Node(op, (source(at), source(at)))
        loose.append(name)
    graph = Graph.build(nodes)
    return graph.set_output(f"n{count - 1}")


def measured(work: Callable[[], object]) -> float:
    """Return the median CPU time of `work` in ms."""
    times = []
    for _ in range(REPEATS):
        begun = time.process_time()
        work()
        times.append((time.process_time() - begun) * 1000)
    return statistics.median(times)


def numbers(
    app: QApplication, canvas: Canvas, document: Document, graph: Graph
) -> dict[str, float]:
    """Return how long changed numbers take to be seen, without the light on them and with it."""
    leaves = [name for name, node in graph.nodes.items() if node.is_leaf]
    draw = random.Random(2)
    kept = document.evaluation
    found = [
        evaluate(graph.set_values({name: draw.uniform(-2, 2) for name in leaves}), previous=kept)
        for _ in range(2)
    ]
    turns = iter(range(1000))

    def show() -> None:
        canvas._take(found[next(turns) % 2])
        canvas.viewport().repaint()

    begun = motion.is_reduced()
    figures = {}
    for reduced, what in ((True, "every number changes, repaint"), (False, "the same, lit")):
        motion.set_reduced(reduced)
        show()
        figures[what] = measured(show)
    trial, dial = Trial(canvas, leaves[0]), Dial(0.0)

    def scrub() -> None:
        trial.show(dial.turn(1))
        document.settle()
        canvas.viewport().repaint()

    scrub()
    figures["scrub step: evaluate, repaint"] = measured(scrub)
    trial.drop()
    motion.set_reduced(begun)
    document.settle()
    canvas.viewport().repaint()
    app.processEvents()
    return figures


def bench(app: QApplication, count: int) -> dict[str, float]:
    """Return the figures for `count` nodes, in ms."""
    graph = layered(count)
    document = Document()
    playback = Playback(document)
    canvas = Canvas(document, playback)
    canvas.resize(1200, 800)
    canvas.show()
    app.processEvents()
    begun = time.process_time()
    document.commit("build", graph)
    laid_out = (time.process_time() - begun) * 1000
    document.settle()
    document.commit("place", canvas._mirror.positioned().move({}))
    figures = {
        "lay out + build": laid_out,
        "build": measured(lambda: canvas._mirror.restyle(canvas.theme, canvas.font())),
    }
    canvas.lens.fit()
    figures["repaint all"] = measured(canvas.viewport().repaint)
    for scale in (0.3, 1.0):
        canvas.lens.zoom_at(QPointF(600, 400), scale / canvas.zoom)
        canvas.viewport().repaint()
        figures[f"repaint at {scale}"] = measured(canvas.viewport().repaint)

    begun = time.process_time()
    sketch = canvas.picture.sketch
    sketch.label_at[:] = np.nan
    canvas.viewport().repaint()
    figures["place labels + repaint"] = (time.process_time() - begun) * 1000

    middle = canvas.mapToScene(600, 400)
    node = int(np.argmin(np.hypot(*(sketch.centres - (middle.x(), middle.y())).T)))
    shift = Shift(canvas, (sketch.names[node],))
    guides = Guides(canvas, (sketch.names[node],), None)
    canvas.viewport().repaint()
    steps = iter(range(1000))

    def drag() -> None:
        step = next(steps)
        shift.by(guides.snap(QPointF(step % 40, step % 30), free=False))
        app.processEvents()

    figures["drag step"] = measured(drag)
    shift.back()
    app.processEvents()

    figures |= numbers(app, canvas, document, graph)
    values = iter(np.linspace(-1, 1, 1000).tolist())

    def change() -> None:
        name = "n0"
        document.commit("set", document.graph.set_values({name: next(values)}))
        document.settle()
        canvas.viewport().repaint()

    figures["leaf change, evaluate, repaint"] = measured(change)
    canvas.lens.fit()
    canvas.viewport().repaint()
    figures["the same, all in sight"] = measured(change)
    document.close()
    canvas.close()
    canvas.deleteLater()
    app.processEvents()
    return figures


def main() -> None:
    """Print the table."""
    app = QApplication([])
    columns = [bench(app, count) for count in SIZES]
    print(f"{'ms, medians':34}" + "".join(f"{count:>9}" for count in SIZES))
    for name in columns[0]:
        print(f"{name:34}" + "".join(f"{column[name]:9.2f}" for column in columns))


if __name__ == "__main__":
    main()
