"""Measures the start: `python tests/benchmarks/bench_start.py` prints medians.

From the start of the process until the first example is evaluated and painted; it asserts no time.
Runs on the screen there is, without one offscreen. The first run warms the caches and is left out.
Then it says which packages the time for imports goes to.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter

RUNS = 15
MOST_PACKAGES = 8

# What a started process runs: the program, and something that ends it once it has painted.
CHILD = """
from PySide6.QtCore import QEvent, QObject, Qt, Signal

class Watcher(QObject):
    begun = Signal()
    painted = Signal()

    def __init__(self):
        super().__init__()
        self.begun.connect(self.watch, Qt.ConnectionType.QueuedConnection)
        self.painted.connect(self.end, Qt.ConnectionType.QueuedConnection)
        self.begun.emit()

    def watch(self):
        from PySide6.QtWidgets import QApplication
        self.window, = (w for w in QApplication.topLevelWidgets() if hasattr(w, "canvas"))
        self.window.canvas.viewport().installEventFilter(self)
        self.window.canvas.viewport().update()

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.painted.emit()
        return False

    def end(self):
        evaluation = self.window.document.evaluation
        if "f" in evaluation.grads and evaluation.graph is self.window.document.graph:
            print("painted", flush=True)
            self.window.close()

watcher = Watcher()
from gradstudio.cli import main
main()
"""


def start(*options: str) -> tuple[float, float, str]:
    """Return the wall and the CPU time of one start in seconds, and what it wrote to stderr."""
    command = [sys.executable, *options, "-c", CHILD]
    before = os.times()
    begun = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        wall = time.perf_counter() - begun
        _, errors = child.communicate()
    if line.strip() != "painted":
        raise SystemExit(f"it did not start:\n{errors}")
    after = os.times()
    used = after.children_user + after.children_system
    return wall, used - before.children_user - before.children_system, errors


def import_ms(trace: str) -> Counter[str]:
    """Return the milliseconds that each package's own modules took, from -X importtime."""
    found: Counter[str] = Counter()
    for own, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", trace):
        found[name.partition(".")[0]] += int(own) / 1000
    return found


def main() -> None:
    """Print the medians."""
    if not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY"))):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as settings:
        # Nobody's settings change the picture, nor does this change anybody's.
        os.environ["XDG_CONFIG_HOME"] = settings
        start()
        runs = [start()[:2] for _ in range(RUNS)]
        traced = start("-X", "importtime")[2]
    for name, times in zip(("wall", "CPU"), zip(*runs, strict=True), strict=True):
        low, middle, high = min(times), statistics.median(times), max(times)
        print(f"start to first paint, {name:4} {middle:6.3f} s ({low:.3f} to {high:.3f})")
    print("imports, ms of their own (traced, so a little slower)")
    for name, spent in import_ms(traced).most_common(MOST_PACKAGES):
        print(f"  {name:12} {spent:6.0f}")


if __name__ == "__main__":
    main()
