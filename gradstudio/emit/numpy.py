"""A graph as flat NumPy code: the forward pass, then the backward pass, one line after another.

The lines are the calls that the rules of the ops make, recorded as they run (`emit.calls`), for
the shapes the graph has; so the code computes what the screen shows, and reads as it would by hand:
`grad_x = grad_f * y`.
"""

from __future__ import annotations

from gradstudio.emit.calls import backward
from gradstudio.emit.literals import array_text, number_text
from gradstudio.emit.names import Names
from gradstudio.emit.outline import Outline
from gradstudio.emit.python import CALL, PythonWriter, Text
from gradstudio.graph import Graph


def to_numpy(graph: Graph) -> str:
    """Return a script that computes the output and the gradient of every node it depends on.

    A graph whose output has no gradient (it is an array, or depends on constants only) gives the
    forward pass alone.

    Raises:
        GradStudioError: there is no one output, or it has no value; the message names the node.
    """
    return _Flat(Outline.of(graph)).script()


class _Flat:
    """One script in the making.

    Args:
        outline: of the graph.
    """

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._names = Names(["np"])
        self._of = {name: self._names.fresh(name) for name in outline.order}
        self._grads = {name: self._names.fresh(f"grad_{name}") for name in outline.found.backward}
        self._writer = PythonWriter(self._names)

    def script(self) -> str:
        """Return the text."""
        leaves = self._leaves()
        forward = self._forward()
        backward = self._backward()
        parts = ["import numpy as np"]
        parts += [text.rstrip("\n") for text in self._writer.definitions]
        opening = "\n\n\n".join(parts) + ("\n" if len(parts) > 1 else "")
        blocks = [
            opening,
            "\n".join(["# Leaves", *leaves]),
            "\n".join(["# Forward pass", *forward]),
            "\n".join(["# Backward pass", *backward]),
            "\n".join(self._prints()),
        ]
        return "\n\n".join(block for block in blocks if "\n" in block or "# " not in block) + "\n"

    def _leaves(self) -> list[str]:
        """Write the leaves, but for the numbers that are written where they are used."""
        outline = self._outline
        named = {outline.output}
        for name in outline.steps:
            literals = outline.literals(name)
            named.update(
                source
                for source, number in zip(outline.inputs(name), literals, strict=True)
                if number is None
            )
        return [
            f"{self._of[name]} = {array_text(outline.value(name))}"
            for name in outline.leaves
            if name in named
        ]

    def _texts(self, name: str) -> list[Text]:
        """Return how the inputs of a node are written."""
        outline = self._outline
        return [
            Text(self._of[source]) if number is None else _number(number)
            for source, number in zip(outline.inputs(name), outline.literals(name), strict=True)
        ]

    def _forward(self) -> list[str]:
        outline = self._outline
        lines = []
        for name in outline.steps:
            node = outline.node(name)
            text = self._writer.value(
                node.rules,
                self._texts(name),
                [outline.value(source) for source in outline.inputs(name)],
                outline.literals(name),
                node.settings,
            )
            lines.append(f"{self._of[name]} = {text.text}")
        return lines

    def _backward(self) -> list[str]:
        outline = self._outline
        found = outline.found
        edges: dict[str, int] = {}
        for target, port in found.edge_grads:
            source = outline.inputs(target)[port]
            edges[source] = edges.get(source, 0) + 1
        if not found.backward:
            return []
        lines = [f"{self._grads[outline.output]} = np.ones_like({self._of[outline.output]})"]
        begun: set[str] = set()
        for name in found.backward:
            node = outline.node(name)
            if node.is_leaf:
                continue
            inputs = outline.inputs(name)
            ports = [port for port in range(len(inputs)) if (name, port) in found.edge_grads]
            parts = backward(
                node.rules,
                outline.value(name),
                [outline.value(source) for source in inputs],
                outline.literals(name),
                node.settings,
                fitted=True,
            )
            symbols = {str(port): text.text for port, text in enumerate(self._texts(name))}
            symbols |= {"g": self._grads[name], "out": self._of[name]}
            first, texts = self._writer.lines(
                [parts[port] for port in ports], symbols, lambda: self._names.fresh("part")
            )
            lines += first
            for port, text in zip(ports, texts, strict=True):
                source = inputs[port]
                grad = self._grads[source]
                if source in begun:
                    lines.append(f"{grad} += {text.text}")
                elif edges[source] > 1 and not text.fresh:
                    # What is added to later must not be the array of another name.
                    lines.append(f"{grad} = {text.held(CALL)}.copy()")
                else:
                    lines.append(f"{grad} = {text.text}")
                begun.add(source)
        return lines

    def _prints(self) -> list[str]:
        output = self._outline.output
        shown = [self._grads[name] for name in self._outline.leaves if name in self._grads]
        return [f'print("{name} =", {name})' for name in [self._of[output], *shown]]


def _number(value: float) -> Text:
    text = number_text(value)
    return Text(text, 4 if text.startswith("-") else 9)
