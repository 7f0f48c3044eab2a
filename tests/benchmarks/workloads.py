"""The graphs the engine is measured on."""

from __future__ import annotations

import numpy as np

from gradstudio.graph import Graph, Node


def leaf(op: str, value: object) -> Node:
    return Node(op, value=np.asarray(value, dtype=float))


def udl_chain() -> Graph:
    """Understanding Deep Learning's toy: b3 + w3·cos(b2 + w2·exp(b1 + w1·sin(b0 + w0·x)))."""
    rng = np.random.default_rng(0)
    nodes = {"x": leaf("input", 0.7), "y": leaf("input", 0.3), "two": leaf("constant", 2.0)}
    before = "x"
    for i, function in enumerate(("sin", "exp", "cos", "")):
        nodes[f"b{i}"] = leaf("parameter", rng.normal())
        nodes[f"w{i}"] = leaf("parameter", rng.normal())
        nodes[f"m{i}"] = Node("mul", (f"w{i}", before))
        nodes[f"f{i}"] = Node("add", (f"b{i}", f"m{i}"))
        if function:
            nodes[f"h{i}"] = Node(function, (f"f{i}",))
            before = f"h{i}"
    nodes |= {"e": Node("sub", ("f3", "y")), "loss": Node("pow", ("e", "two"))}
    return Graph.build(nodes, output="loss")


def random_graph(count: int, kind: str, shape: tuple[int, ...] = ()) -> Graph:
    """`count` nodes of add, mul, tanh and max over 20 leaves, then the sum of all ends.

    Wide: ten levels, each fed by the level before. Deep: each node is fed by the one before and
    one of the twenty before that.
    """
    rng = np.random.default_rng(0)
    nodes = {f"p{i}": leaf("parameter", rng.normal(size=shape)) for i in range(20)}
    before = list(nodes)
    names = list(nodes)
    for i in range(count):
        if kind == "wide" and i % (count // 10) == 0 and i:
            before = names[-(count // 10) :]
        op = str(rng.choice(["add", "mul", "tanh", "max"]))
        if kind == "wide":
            first, second = (before[j] for j in rng.integers(0, len(before), 2))
        else:
            first, second = names[-1], names[-2 - int(rng.integers(0, 20))]
            op = "tanh" if i % 3 == 0 else op  # or the products pass every number
        nodes[f"n{i}"] = Node(op, (first,) if op == "tanh" else (first, second))
        names.append(f"n{i}")
    read = {source for node in nodes.values() for source in node.inputs}
    ends = [name for name in nodes if name not in read]
    total = ends[0]
    for i, end in enumerate(ends[1:]):
        nodes[f"s{i}"] = Node("add", (total, end))
        total = f"s{i}"
    return Graph.build(nodes, output=total)


def chain(count: int) -> Graph:
    """x ← x · a + b, over and over: `count` nodes in a row over three parameters."""
    nodes = {
        "x": leaf("parameter", 0.3),
        "a": leaf("parameter", 0.999),
        "b": leaf("parameter", 0.001),
    }
    before = "x"
    for i in range(count):
        nodes[f"n{i}"] = Node("add", (before, "b")) if i % 2 else Node("mul", (before, "a"))
        before = f"n{i}"
    return Graph.build(nodes, output=before)


def notes_mlp() -> Graph:
    """The lecture notes' y2 = (x @ w1 + b1) @ w2 + b2, l = Σ (y − y2)²."""
    rng = np.random.default_rng(0)
    return Graph.build(
        {
            "x": leaf("input", rng.normal(size=(5, 3))),
            "y": leaf("input", rng.normal(size=5)),
            "w1": leaf("parameter", rng.normal(size=(3, 4))),
            "b1": leaf("parameter", rng.normal(size=4)),
            "w2": leaf("parameter", rng.normal(size=(4, 1))),
            "b2": leaf("parameter", rng.normal(size=1)),
            "two": leaf("constant", 2.0),
            "m1": Node("matmul", ("x", "w1")),
            "y1": Node("add", ("m1", "b1")),
            "m2": Node("matmul", ("y1", "w2")),
            "y2": Node("add", ("m2", "b2")),
            "flat": Node("squeeze", ("y2",)),
            "d": Node("sub", ("y", "flat")),
            "sq": Node("pow", ("d", "two")),
            "loss": Node("sum", ("sq",)),
        },
        output="loss",
    )


def perceptron(rows: int, sizes: tuple[int, ...], function: str, loss: str) -> Graph:
    """Layers of `sizes` with biases, the loss after the last."""
    rng = np.random.default_rng(0)
    nodes = {"x": leaf("input", rng.normal(size=(rows, sizes[0])))}
    before = "x"
    layers = len(sizes) - 1
    for i in range(layers):
        scale = (2.0 / sizes[i]) ** 0.5
        nodes[f"w{i}"] = leaf("parameter", rng.normal(size=(sizes[i], sizes[i + 1])) * scale)
        nodes[f"b{i}"] = leaf("parameter", rng.normal(size=sizes[i + 1]) * 0.1)
        nodes[f"m{i}"] = Node("matmul", (before, f"w{i}"))
        nodes[f"a{i}"] = Node("add", (f"m{i}", f"b{i}"))
        before = f"a{i}"
        if i < layers - 1:
            nodes[f"h{i}"] = Node(function, (before,))
            before = f"h{i}"
    if loss == "cross_entropy":
        nodes["y"] = leaf("input", rng.integers(0, sizes[-1], rows))
    else:
        nodes["y"] = leaf("input", rng.choice([0.0, 1.0], (rows, sizes[-1])))
    nodes["loss"] = Node(loss, (before, "y"))
    return Graph.build(nodes, output="loss")


def moons_of_scalars() -> Graph:
    """`perceptron(100, (2, 16, 16, 1), "tanh", "mse")` with a node for every single number."""
    arrays = {
        name: node.value
        for name, node in perceptron(100, (2, 16, 16, 1), "tanh", "mse").nodes.items()
        if node.value is not None
    }
    nodes: dict[str, Node] = {}
    for name, value in arrays.items():
        kind = "input" if name in ("x", "y") else "parameter"
        for index in np.ndindex(value.shape):
            nodes["_".join([name, *map(str, index)])] = leaf(kind, value[index])
    total = ""
    for row in range(100):
        before = [f"x_{row}_{i}" for i in range(2)]
        for layer, size in enumerate((16, 16, 1)):
            after = []
            for unit in range(size):
                tag = f"{row}_{layer}_{unit}"
                summed = f"b{layer}_{unit}"
                for i, source in enumerate(before):
                    nodes[f"m{tag}_{i}"] = Node("mul", (source, f"w{layer}_{i}_{unit}"))
                    nodes[f"a{tag}_{i}"] = Node("add", (summed, f"m{tag}_{i}"))
                    summed = f"a{tag}_{i}"
                if layer < 2:
                    nodes[f"h{tag}"] = Node("tanh", (summed,))
                    summed = f"h{tag}"
                after.append(summed)
            before = after
        nodes[f"d{row}"] = Node("sub", (before[0], f"y_{row}_0"))
        nodes[f"q{row}"] = Node("mul", (f"d{row}", f"d{row}"))
        if total:
            nodes[f"t{row}"] = Node("add", (total, f"q{row}"))
        total = f"t{row}" if total else f"q{row}"
    nodes["share"] = leaf("constant", 0.01)
    nodes["loss"] = Node("mul", (total, "share"))
    return Graph.build(nodes, output="loss")
