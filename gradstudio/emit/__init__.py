"""A graph as text in other languages: each module knows one of them, and this table knows them all.

Every text ends with a line break.
"""

from collections.abc import Callable, Mapping

from gradstudio.emit.formula import to_formula
from gradstudio.emit.latex import to_latex
from gradstudio.emit.numpy import to_numpy
from gradstudio.emit.numpy_modular import to_numpy_modular
from gradstudio.emit.torch import to_torch
from gradstudio.graph import Graph

EMITTERS: Mapping[str, Callable[[Graph], str]] = {
    "formula": lambda graph: to_formula(graph, leaves=True) + "\n",
    "latex": to_latex,
    "numpy": to_numpy,
    "numpy-modular": to_numpy_modular,
    "torch": to_torch,
}
"""For each language what writes a graph in it; raises `GradStudioError` where that cannot be."""
