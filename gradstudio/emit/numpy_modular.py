"""A graph as modular NumPy code: a class for each op, and a graph that runs them there and back.

`forward` keeps what `backward` will ask for, and no more, which is read off the recorded rules.
Ops whose shapes or settings differ may need classes of their own: what a rule derives from a shape,
the n of a mean, is a number in the code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradstudio.emit.calls import backward, forward, plain, symbols
from gradstudio.emit.literals import array_text
from gradstudio.emit.names import Names
from gradstudio.emit.outline import Outline
from gradstudio.emit.python import PythonWriter, Text
from gradstudio.graph import Graph, Node
from gradstudio.ops import Op, Shape

FIT = '''
def fit(grad, shape):
    """Sum a gradient over what broadcasting had repeated, back to the shape of the input."""
    if grad.shape == shape:
        return grad
    extra = grad.ndim - len(shape)
    axes = tuple(i for i in range(grad.ndim) if i < extra or shape[i - extra] != grad.shape[i])
    grad = grad.sum(axis=axes, keepdims=True)
    return np.broadcast_to(grad.reshape(grad.shape[max(extra, 0) :]), shape)
'''

_GRAPH = '''
class Graph:
    """The functions in the order of the forward pass, each with what feeds it."""

    def __init__(self):
        self.steps = [
{steps}
        ]
{fixed}
    def forward(self, leaves):
        self.values = dict(leaves)
        for name, function, inputs in self.steps:
            self.values[name] = function.forward(*[self.values[one] for one in inputs])
        return self.values[{output}]

    def backward(self):
        grads = {{{output}: np.ones_like(self.values[{output}])}}
        for name, function, inputs in reversed(self.steps):
            if name not in grads:
                continue
            parts = function.backward(grads[name])
            for source, part in zip(inputs, parts):
                if part is None{unless}:
                    continue
{fit}                grads[source] = grads[source] + part if source in grads else part
        return grads
'''


def to_numpy_modular(graph: Graph) -> str:
    """Return a script with a class for each op and one for the graph, that prints the gradients.

    Raises:
        GradStudioError: there is no one output, or it has no value; the message names the node.
    """
    return _Modular(Outline.of(graph)).script()


@dataclass
class Function:
    """A class in the making.

    Args:
        op: the op.
        count: how many inputs it has.
        out: its recorded value; its settings, where the op states how it is computed.
        parts: what flows back to each input, as it is recorded.
        name: of the class.
        wanted: the inputs that some node asks the gradient of.
    """

    op: type[Op]
    count: int
    out: Any
    parts: list[Any]
    name: str
    wanted: set[int] = field(default_factory=set)


class Functions:
    """The classes that stand for the ops of a graph.

    Args:
        outline: of the graph.
        names: the identifiers of the text.
    """

    def __init__(self, outline: Outline, names: Names) -> None:
        self._outline = outline
        self._names = names
        self._writer = PythonWriter(names)
        self._draft = PythonWriter(Names())
        self._classes: dict[str, Function] = {}
        self._recorded: dict[Any, tuple[Function, list[Shape]]] = {}
        self.fitting = False
        """Whether some gradient has another shape than what it is the gradient of."""

    def of(self, name: str) -> Function:
        """Return the class of a node; nodes that compute by the same text share one."""
        outline = self._outline
        node = outline.node(name)
        values = [outline.value(source) for source in outline.inputs(name)]
        key = (node.rules, tuple(node.settings.items()), tuple(map(np.shape, values)))
        if key not in self._recorded:
            drafted = _drafted(node, outline.value(name), values)
            text = self._text(drafted, self._draft)
            pulled = [np.shape(plain(part)) for part in drafted.parts]
            if text not in self._classes:
                drafted.name = self._names.fresh(drafted.name)
                drafted.wanted = set()
                self._classes[text] = drafted
            self._recorded[key] = self._classes[text], pulled
        function, pulled = self._recorded[key]
        edges = outline.found.edge_grads
        asked = [port for port in range(len(values)) if (name, port) in edges]
        function.wanted.update(asked)
        self.fitting |= any(pulled[port] != np.shape(values[port]) for port in asked)
        return function

    def texts(self) -> list[str]:
        """Return the functions and classes that the nodes asked for so far need."""
        classes = [self._text(function, self._writer) for function in self._classes.values()]
        return [*self._writer.definitions, *classes]

    def _text(self, function: Function, writer: PythonWriter) -> str:
        back = [
            part if port in function.wanted else None for port, part in enumerate(function.parts)
        ]
        asked = function.op.ports(function.count)
        taken = ["self", "grad", "out"]
        if function.op.numpy_code:
            names, ports = writer.local(asked, back, taken)
            lines: list[str] = []
            inputs = [Text(name) for name in ports]
            value = writer.value(function.op, inputs, [], [], function.out)
            bound = _bound(ports)
        else:
            names, ports = writer.local(asked, [function.out, *back], taken)
            bound = _bound(ports)
            lines, (value,) = writer.lines([function.out], bound, lambda: names.fresh("part"))
        saved = [bound[one] for one in sorted(symbols(back) - {"g"})]
        if "out" in saved:
            lines += [f"out = {value.text}", f"self.saved = {_tuple(saved)}", "return out"]
        else:
            lines += [f"self.saved = {_tuple(saved)}"] * bool(saved) + [f"return {value.text}"]
        names, _ = writer.local(asked, back, taken)
        first, texts = writer.lines(back, bound, lambda: names.fresh("part"))
        pulled = _tuple([text.text for text in texts])
        unpacked = [f"{_tuple(saved)} = self.saved"] * bool(saved)
        return "\n".join(
            [
                f"class {function.name}:",
                f"    def forward(self, {', '.join(ports)}):",
                *(f"        {line}" for line in lines),
                "",
                "    def backward(self, grad):",
                *(f"        {line}" for line in [*unpacked, *first, f"return {pulled}"]),
            ]
        )


def _drafted(node: Node, out: Any, values: Sequence[Any]) -> Function:
    """Record what a node computes, there and back."""
    op, none = node.rules, [None] * len(values)
    value: Any = node.settings if op.numpy_code else forward(op, values, none, node.settings)
    parts = backward(op, out, values, none, node.settings, fitted=False)
    title = "".join(part[:1].upper() + part[1:] for part in node.op.split("_"))
    name = title if title.isidentifier() else "Function"
    if node.muted:
        name = f"Muted{name}"
    return Function(op, len(values), value, parts, name, set(range(len(values))))


def _bound(ports: Sequence[str]) -> dict[str, str]:
    return {str(port): name for port, name in enumerate(ports)} | {"out": "out", "g": "grad"}


def _tuple(items: Sequence[str]) -> str:
    return f"({items[0]},)" if len(items) == 1 else ", ".join(items)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names)) + "," * (len(names) == 1)


def _quoted(name: str) -> str:
    """Return the name of a node, an identifier, as a string."""
    return f'"{name}"'


class _Modular:
    """One script in the making.

    Args:
        outline: of the graph.
    """

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        names = Names(["np", "fit", "Graph", "graph", "leaves", "grads", "output"])
        self._functions = Functions(outline, names)
        self._of = {name: self._functions.of(name) for name in outline.steps}

    def script(self) -> str:
        """Return the text."""
        helpers = [FIT] if self._functions.fitting else []
        parts = ["import numpy as np", *helpers, *self._functions.texts()]
        parts += [self._graph(), self._main()]
        return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"

    def _graph(self) -> str:
        outline = self._outline
        steps = [
            f"            ({_quoted(name)}, {function.name}(), ({_listed(outline.inputs(name))})),"
            for name, function in self._of.items()
        ]
        grads = outline.found.grads
        pulling = [name for name in outline.steps if name in grads]
        fixed = {source for name in pulling for source in outline.inputs(name)} - set(grads)
        listed = ", ".join(_quoted(name) for name in outline.order if name in fixed)
        return _GRAPH.format(
            steps="\n".join(steps),
            fixed=f"        self.fixed = {{{listed}}}\n" if fixed else "",
            output=_quoted(outline.output),
            unless=" or source in self.fixed" if fixed else "",
            fit="                part = fit(part, self.values[source].shape)\n"
            * self._functions.fitting,
        )

    def _main(self) -> str:
        outline = self._outline
        output = outline.output
        lines = ["graph = Graph()", "leaves = {"]
        lines += [
            f"    {_quoted(name)}: {array_text(outline.value(name), 4)}," for name in outline.leaves
        ]
        lines += ["}", "output = graph.forward(leaves)", f'print("{output} =", output)']
        if outline.found.backward:
            shown = [name for name in outline.leaves if name in outline.found.grads]
            lines.append("grads = graph.backward()")
            lines += [f'print("grad_{name} =", grads[{_quoted(name)}])' for name in shown]
        return "\n".join(lines)
