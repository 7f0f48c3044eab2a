"""The formula language: text to graph.

Read with Python's `ast` and a closed list of its node kinds; nothing is evaluated as Python.

- `f = a * b` names a node; a name assigned twice means the newest, and the older node is called
  `f_1`. `y = x` gives the node x a second name. An expression alone becomes `f`.
- An unknown name is a leaf, learned if it looks like a weight (`w`, `b1`, `theta`). `x = 2` and
  `x = [[1, 2], [3, 4]]` give a leaf its value, before its use or after.
- `input(...)`, `parameter(...)`, `constant(...)` write a leaf out, with its kind.
- `...` is a port that nothing feeds yet, so that a graph in the making has a formula, too.
- The output is the computed node that was named last, or the name that stands alone on a line.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from gradstudio.errors import mark
from gradstudio.formula.expression import Reader
from gradstudio.formula.sketch import Sketch
from gradstudio.formula.source import Source
from gradstudio.graph import EMPTY, Graph
from gradstudio.ops import Array


def parse(text: str, *, values: Mapping[str, Array] = EMPTY, known: Graph | None = None) -> Graph:
    """Return the graph that `text` describes.

    Args:
        text: one or more statements, on lines of their own or parted by `;`.
        values: what leaves of these names hold, whatever the text says; other names do nothing.
        known: the graph that the text is an edit of. Its leaves keep kind, settings and value
            where the text does not say otherwise; nodes that are still there keep their names and
            positions, and the graph its training settings.

    Raises:
        FormulaError: the text is no formula; the message says where.

    Example:
        >>> graph = gs.parse("h = tanh(x @ w); loss = h.mean()", values={"x": [[1, 2]]})
        >>> graph.nodes["w"].op, graph.outputs()
        ('parameter', ('loss',))
    """
    source = Source(text)
    sketch = Sketch(source.names(), values, known)
    for passage in source.passages():
        reader = Reader(sketch, passage)
        for statement in passage.statements():
            _read(statement, reader, sketch)
    return sketch.graph()


def _read(statement: ast.stmt, reader: Reader, sketch: Sketch) -> None:
    if isinstance(statement, ast.Expr):
        if isinstance(statement.value, ast.Name):
            sketch.output = sketch.read(reader.named(statement.value))
            return
        names = [sketch.free_name("f")]
        value = statement.value
    elif isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        names = [reader.named(statement.target)]
        value = ast.BinOp(
            ast.copy_location(ast.Name(statement.target.id), statement.target),
            statement.op,
            statement.value,
        )
        ast.copy_location(value, statement)
    elif isinstance(statement, ast.Assign):
        names = []
        for target in statement.targets:
            if not isinstance(target, ast.Name):
                raise reader.error(mark("core", "only a name can stand to the left of ="), target)
            names.append(reader.named(target))
        value = statement.value
    else:
        raise reader.refusal(statement)
    stated = reader.stated(value)
    if stated is not None:
        sketch.state(names[0], stated.value, stated.op, stated.settings)
    else:
        number = reader.read(value)
        if number is None:
            raise reader.error(mark("core", "... stands for a port that nothing feeds"), value)
        sketch.call(names[0], number)
    for name in names[1:]:
        sketch.call(name, sketch.meaning[names[0]])
