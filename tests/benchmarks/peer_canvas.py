"""NodeGraphQt with the graph of `layered`, measured as `bench_canvas.py` measures the canvas.

It draws no numbers on its edges and computes none. Its cycle check, which looks at all links for
each link, is switched off: with it, thousands of nodes take minutes.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from itertools import count as counted
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

from layered import layered
from measuring import SIZE_PX, Figures, clocked, cpu_ms, peak_mb


def measure(size: int) -> Figures:
    """Return its figures for `size` nodes; a name is one of the rows of the canvas's table."""
    import NodeGraphQt
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    class Leaf(NodeGraphQt.BaseNode):  # type: ignore[misc]
        __identifier__, NODE_NAME = "bench", "leaf"

        def __init__(self) -> None:
            super().__init__()
            self.add_output("out")

    class Unary(Leaf):
        NODE_NAME = "unary"

        def __init__(self) -> None:
            super().__init__()
            self.add_input("x")

    class Binary(Unary):
        NODE_NAME = "binary"

        def __init__(self) -> None:
            super().__init__()
            self.add_input("y")

    app = QApplication([])
    placed = layered(size)
    figures: Figures = {}
    graph = NodeGraphQt.NodeGraph()
    graph.register_nodes([Leaf, Unary, Binary])
    graph.set_acyclic(False)
    viewer = graph.viewer()
    viewer.resize(*SIZE_PX)
    viewer.show()
    app.processEvents()

    def repaint() -> None:
        viewer.viewport().repaint()

    made = {}

    def build() -> None:
        kinds = ("bench.Leaf", "bench.Unary", "bench.Binary")
        for one in placed:
            kind = kinds[len(one.inputs)]
            node = graph.create_node(kind, one.name, selected=False, pos=one.at, push_undo=False)
            made[one.name] = node
        for one in placed:
            for port, source in enumerate(one.inputs):
                made[source].output(0).connect_to(made[one.name].input(port), push_undo=False)
        repaint()

    # NodeGraphQt's nodes are twice as wide as a column of the graph: give each its room.
    placed = [one._replace(at=(one.at[0] * 2.2, one.at[1] * 1.2)) for one in placed]
    figures["build, s"] = cpu_ms(build, repeats=1) / 1000

    def see_all() -> None:
        # `fit_to_selection` is for what is selected; without a selection it fits everything.
        graph.clear_selection()
        graph.fit_to_selection()
        repaint()

    def see_full() -> None:
        graph.reset_zoom()
        node = made[placed[len(placed) // 2 + round(len(placed) ** 0.5) // 2].name]
        graph.center_on([node])
        repaint()

    def pointer(kind: QEvent.Type, at: QPointF, button: Qt.MouseButton) -> None:
        moving = kind == QEvent.Type.MouseMove
        now = Qt.MouseButton.NoButton if moving else button
        keys = Qt.KeyboardModifier.NoModifier
        where = viewer.viewport().mapToGlobal(at)
        app.sendEvent(viewer.viewport(), QMouseEvent(kind, at, where, now, button, keys))
        app.processEvents()

    def free(at: QPointF) -> bool:
        return not viewer._items_near(viewer.mapToScene(at.toPoint()), None, 20, 20)

    left, wheel = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
    for name, go in (("all", see_all), ("1:1", see_full)):
        go()
        figures[f"repaint {name}"] = cpu_ms(repaint, repeats=5)
        spots = (QPointF(x, y) for x in range(300, 900, 7) for y in range(200, 600, 7))
        start, steps = next(at for at in spots if free(at)), counted(1)

        def step(button: Qt.MouseButton, start: QPointF = start, steps: counted = steps) -> None:
            now = next(steps)
            pointer(QEvent.Type.MouseMove, start + QPointF(now % 80, now % 60), button)

        pointer(QEvent.Type.MouseButtonPress, start, wheel)
        step(wheel)
        pan = clocked(lambda step=step: step(wheel), repeats=3)
        figures[f"pan {name}, frames a second"] = 1000 / pan
        pointer(QEvent.Type.MouseButtonRelease, start, wheel)
    see_full()
    node = made[placed[len(placed) // 2 + round(len(placed) ** 0.5) // 2].name]
    start = QPointF(viewer.mapFromScene(node.view.sceneBoundingRect().center()))
    steps = counted(1)
    pointer(QEvent.Type.MouseButtonPress, start, left)
    step(left, start, steps)
    before = node.view.xy_pos
    dragging = cpu_ms(lambda: step(left, start, steps), repeats=9)
    if node.view.xy_pos != before:  # in a crowd the pointer may have hold of something else
        figures["drag step 1:1"] = dragging
    pointer(QEvent.Type.MouseButtonRelease, start, left)
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "graph.json")
        figures["save, s"] = cpu_ms(lambda: graph.save_session(file), repeats=1) / 1000
        figures["load, s"] = cpu_ms(lambda: graph.load_session(file), repeats=1) / 1000
    if size > 1000:
        see_all()
        graph.delete_nodes(graph.all_nodes()[-1001:-1])
        app.processEvents()

        def undo() -> None:
            graph.undo_stack().undo()
            repaint()

        figures["undo of a large deletion"] = cpu_ms(undo, repeats=1)
    figures["peak of memory, MB"] = peak_mb()
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[2]))), flush=True)
    # Its items outlive the application and end the process with a fault.
    os._exit(0)
