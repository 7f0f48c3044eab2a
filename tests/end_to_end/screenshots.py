"""Takes the README's pictures anew: `python tests/end_to_end/screenshots.py`; needs Xvfb, xdotool.

They are of the running program, with the example it begins with, after some steps of training.
Look at them before they are committed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtGui import QImage
from real_window import Program, Screen, missing

WIDE, HIGH = 1440, 900
STEPS = 30
SELECTED = "mul1"
FOLDER = Path(__file__).parents[2] / "resources" / "screenshots"


def prepare(program: Program) -> None:
    """Train a little, and select a node whose chain rule is worth reading."""
    hand = program.screen
    hand.resize(program.ask("int(window.winId())"), WIDE, HIGH)
    program.wait("[window.width(), window.height()]", [WIDE, HIGH])
    hand.press("Home")
    program.click("middle(window.training.steps)")
    hand.press("ctrl+a")
    hand.type(str(STEPS))
    program.click("middle(window.training.train_button)")
    program.wait(f"not window.session.running and window.session.steps == {STEPS}")
    program.wait("window.document.evaluation.graph is window.document.graph")
    program.click(f"on_canvas(window.canvas.node_center({SELECTED!r}))")
    program.wait("list(window.canvas.selection())", [SELECTED])


def main() -> None:
    """Write both pictures."""
    if missing():
        sys.exit(f"not installed: {', '.join(missing())}")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, Screen(WIDE, HIGH) as screen:
        program = Program(screen, Path(home))
        try:
            program.begin()
            prepare(program)
            for theme in ("Light", "Dark"):
                program.choose("View", "Theme", theme)
                # Where nothing lights up under the mouse.
                screen.point((WIDE // 2, HIGH - 8))
                path = FOLDER / f"main-{theme.lower()}.png"
                program.picture(path)
                # No transparency, and packed as tightly as PNG allows: the whole history keeps it.
                QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888).save(
                    str(path), "PNG", 0
                )
                print(path)
        finally:
            program.stop()


if __name__ == "__main__":
    main()
