"""Everything but the window runs without Qt, so that a server can grade and a script can train."""

import subprocess
import sys

import pytest

from gradstudio import resources

_FORBIDDEN = ("PySide6", "pyqtgraph", "shiboken6", "torch")

_THEN_LOOK = """
loaded = sorted(name for name in {forbidden} if name in sys.modules)
if loaded:
    sys.exit("it imports " + ", ".join(loaded))
"""

_EVERY_MODULE = """
import importlib, pkgutil, sys
import gradstudio

def look_into(package):
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if module.name in ("gradstudio.gui", "gradstudio.__main__"):
            continue
        imported = importlib.import_module(module.name)
        if module.ispkg:
            look_into(imported)

look_into(gradstudio)
"""

_THE_COMMAND = """
import sys
from gradstudio.cli import main

sys.argv = {arguments!r}
try:
    main()
except SystemExit as end:
    if end.code:
        raise
"""


def _run(program: str, forbidden: tuple[str, ...] = _FORBIDDEN) -> str:
    program += _THEN_LOOK.format(forbidden=forbidden)
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_no_module_outside_gui_imports_qt() -> None:
    _run(_EVERY_MODULE)


@pytest.mark.parametrize(
    "arguments",
    [
        ["gradstudio", "--help"],
        ["gradstudio", "examples"],
        ["gradstudio", "lab", "try", str(resources.path("labs", "xyz.gradlab"))],
        ["gradstudio", "eval", "--formula", "y = x * x", "--set", "x=3", "--json"],
    ],
    ids=lambda arguments: arguments[1],
)
def test_the_command_line_needs_no_qt(arguments: list[str]) -> None:
    assert _run(_THE_COMMAND.format(arguments=arguments))


def test_the_document_needs_no_widgets() -> None:
    _run("import sys, gradstudio.gui.document", forbidden=("PySide6.QtWidgets", "pyqtgraph"))


def test_grading_needs_no_qt() -> None:
    labs = resources.path("labs")
    key, samples = labs / "keys" / "xyz.gradkey", labs / "samples" / "xyz" / "20240001"
    arguments = ["gradstudio", "grade", labs / "xyz.gradlab", "--key", key, samples]
    assert "passed" in _run(_THE_COMMAND.format(arguments=list(map(str, arguments))))
