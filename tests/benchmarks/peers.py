"""The same work in other people's engines, each as a person who knows it would write it."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from gradstudio.engine.program import walk
from gradstudio.graph import Graph

RATE = 1e-6


def _constants(graph: Graph) -> dict[str, float]:
    return {
        name: float(node.value)
        for name, node in graph.nodes.items()
        if node.op == "constant" and node.value is not None and node.value.size == 1
    }


TORCH: dict[str, Callable[..., Any]] = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "max": torch.maximum,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sin": torch.sin,
    "cos": torch.cos,
    "exp": torch.exp,
    "pow": torch.pow,
    "matmul": torch.matmul,
    "squeeze": torch.squeeze,
    "sum": torch.sum,
    "mse": torch.nn.functional.mse_loss,
    "cross_entropy": torch.nn.functional.cross_entropy,
}


class Torch:
    """Eager PyTorch on a graph: the nodes are called one after another from a plain list.

    An exponent is a Python number, as one writes `x ** 2`.
    """

    def __init__(self, graph: Graph, dtype: torch.dtype = torch.float64) -> None:
        self.graph = graph
        numbers = _constants(graph)
        order = list(walk(graph, [graph.output_of()]))
        slot = {name: i for i, name in enumerate(order)}
        self.values: list[Any] = [None] * len(order)
        self.leaves: dict[str, torch.Tensor] = {}
        for name in order:
            node = graph.nodes[name]
            if name in numbers:
                self.values[slot[name]] = numbers[name]
            elif node.value is not None:
                tensor = torch.tensor(np.asarray(node.value), dtype=dtype)
                consumers = graph.consumers[name]
                if all(graph.nodes[e.target].op == "cross_entropy" and e.port for e in consumers):
                    tensor = tensor.long()
                tensor.requires_grad_(node.op == "parameter")
                self.values[slot[name]] = self.leaves[name] = tensor
        self.calls = [
            (TORCH[graph.nodes[name].op], tuple(slot[one] for one in graph.nodes[name].inputs), i)
            for name, i in slot.items()
            if not graph.nodes[name].is_leaf
        ]
        self.parameters = [one for one in self.leaves.values() if one.requires_grad]
        self.optimizers = {
            "optim.SGD": torch.optim.SGD(self.parameters, RATE, foreach=False),
            "foreach": torch.optim.SGD(self.parameters, RATE, foreach=True),
        }

    def forward(self) -> torch.Tensor:
        values = self.values
        for function, inputs, out in self.calls:
            if len(inputs) == 2:
                values[out] = function(values[inputs[0]], values[inputs[1]])
            else:
                values[out] = function(values[inputs[0]])
        return values[-1]

    def gradients(self) -> None:
        for one in self.parameters:
            one.grad = None
        self.forward().backward()

    def stepper(self, how: str) -> Callable[[], None]:
        """Return a step with `optim.SGD`, with `foreach` or with a hand-written update."""
        if how == "by hand":
            parameters = self.parameters

            def by_hand() -> None:
                self.forward().backward()
                with torch.no_grad():
                    for one in parameters:
                        one.sub_(one.grad, alpha=RATE)
                        one.grad = None

            return by_hand
        optimizer = self.optimizers[how]

        def step() -> None:
            optimizer.zero_grad()
            self.forward().backward()
            optimizer.step()

        return step


class Micrograd:
    """Andrej Karpathy's micrograd, with the functions it lacks added the way it has `relu`."""

    def __init__(self, graph: Graph) -> None:
        from micrograd.engine import Value

        sys.setrecursionlimit(200_000)  # its topological sort recurses

        def tanh(x: Any) -> Any:
            t = math.tanh(x.data)
            out = Value(t, (x,), "tanh")

            def backward() -> None:
                x.grad += (1 - t * t) * out.grad

            out._backward = backward
            return out

        def unary(function: Any, slope: Any) -> Any:
            def apply(x: Any) -> Any:
                out = Value(function(x.data), (x,), function.__name__)

                def backward() -> None:
                    x.grad += slope(x.data) * out.grad

                out._backward = backward
                return out

            return apply

        def maximum(x: Any, y: Any) -> Any:
            out = Value(x.data if x.data >= y.data else y.data, (x, y), "max")

            def backward() -> None:
                share = 0.5 * (x.data == y.data)
                x.grad += ((x.data > y.data) + share) * out.grad
                y.grad += ((y.data > x.data) + share) * out.grad

            out._backward = backward
            return out

        functions: dict[str, Callable[..., Any]] = {
            "add": Value.__add__,
            "sub": lambda x, y: x - y,
            "mul": Value.__mul__,
            "pow": Value.__pow__,
            "tanh": tanh,
            "max": maximum,
            "sin": unary(math.sin, math.cos),
            "cos": unary(math.cos, lambda x: -math.sin(x)),
            "exp": unary(math.exp, math.exp),
        }
        order = list(walk(graph, [graph.output_of()]))
        slot = {name: i for i, name in enumerate(order)}
        numbers = _constants(graph)
        powers = {
            node.inputs[1] for node in graph.nodes.values() if node.op == "pow" and node.inputs
        }
        self.values: list[Any] = [None] * len(order)
        for name, i in slot.items():
            node = graph.nodes[name]
            if name in powers:
                self.values[i] = numbers[name]
            elif node.value is not None:
                self.values[i] = Value(float(node.value))
        self.parameters = [
            self.values[i] for name, i in slot.items() if graph.nodes[name].op == "parameter"
        ]
        self.calls = [
            (functions[graph.nodes[name].op], [slot[one] for one in graph.nodes[name].inputs], i)
            for name, i in slot.items()
            if not graph.nodes[name].is_leaf
        ]

    def gradients(self) -> None:
        for one in self.parameters:
            one.grad = 0
        values = self.values
        for function, inputs, out in self.calls:
            values[out] = function(*[values[i] for i in inputs])
        values[-1].backward()

    def step(self) -> None:
        self.gradients()
        for one in self.parameters:
            one.data -= RATE * one.grad


def jax_step(graph: Graph, *, update: bool, dtype: Any = np.float64) -> Callable[[], None]:
    """`jax.jit` of value and gradient, and of the update."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    numbers = _constants(graph)
    order = list(walk(graph, [graph.output_of()]))
    functions: dict[str, Callable[..., Any]] = {
        "max": jnp.maximum,
        "sub": jnp.subtract,
        "mul": jnp.multiply,
        "pow": jnp.power,
        "relu": jax.nn.relu,
        "mse": lambda x, y: jnp.mean((x - y) ** 2),
        "cross_entropy": lambda x, y: (
            -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(x), y[:, None].astype(int), 1))
        ),
    }
    parameters = {
        name: jnp.asarray(graph.nodes[name].value, dtype)
        for name in order
        if graph.nodes[name].op == "parameter"
    }
    inputs = {
        name: jnp.asarray(graph.nodes[name].value, dtype)
        for name in order
        if graph.nodes[name].op == "input"
    }

    def loss(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
        values: dict[str, Any] = {**parameters, **inputs, **numbers}
        for name in order:
            node = graph.nodes[name]
            if not node.is_leaf:
                function = functions.get(node.op) or getattr(jnp, node.op)
                values[name] = function(*[values[one] for one in node.inputs])
        return values[order[-1]]

    both = jax.value_and_grad(loss)

    @jax.jit
    def stepped(parameters: Mapping[str, Any], inputs: Mapping[str, Any]) -> Any:
        value, grads = both(parameters, inputs)
        if not update:
            return value, grads
        return value, {name: p - RATE * grads[name] for name, p in parameters.items()}

    state = {"parameters": parameters}

    def step() -> None:
        value, new = stepped(state["parameters"], inputs)
        value.block_until_ready()
        if update:
            state["parameters"] = new

    return step


# -- by hand in NumPy -----------------------------------------------------------------------------


def numpy_notes(graph: Graph) -> Callable[[], None]:
    x, y, w1, b1, w2, b2 = (
        np.array(graph.nodes[n].value) for n in ("x", "y", "w1", "b1", "w2", "b2")
    )

    def step() -> None:
        y1 = x @ w1 + b1
        y2 = y1 @ w2 + b2
        d = y2[:, 0] - y
        (d * d).sum()
        g = (2 * d)[:, None]
        gw2, gb2 = y1.T @ g, g.sum(0)
        g1 = g @ w2.T
        gw1, gb1 = x.T @ g1, g1.sum(0)
        for p, gp in ((w1, gw1), (b1, gb1), (w2, gw2), (b2, gb2)):
            p -= RATE * gp

    return step


def numpy_perceptron(graph: Graph, function: str, loss: str, dtype: Any) -> Callable[[], None]:
    layers = sum(1 for name in graph.nodes if name.startswith("w"))
    x, y = (np.array(graph.nodes[name].value, dtype) for name in ("x", "y"))
    ws = [np.array(graph.nodes[f"w{i}"].value, dtype) for i in range(layers)]
    bs = [np.array(graph.nodes[f"b{i}"].value, dtype) for i in range(layers)]
    rate = dtype(RATE)
    rows = len(x)
    classes = y.astype(int)

    def step() -> None:
        values = [x]
        for i in range(layers):
            a = values[-1] @ ws[i] + bs[i]
            if i < layers - 1:
                a = np.tanh(a) if function == "tanh" else np.maximum(a, 0)
            values.append(a)
        out = values.pop()
        if loss == "mse":
            d = out - y
            (d * d).mean()
            g = d * (2 / d.size)
        else:
            shifted = out - out.max(1, keepdims=True)
            e = np.exp(shifted)
            total = e.sum(1, keepdims=True)
            -(shifted[np.arange(rows), classes] - np.log(total[:, 0])).mean()
            g = e / total
            g[np.arange(rows), classes] -= 1
            g /= rows
        for i in reversed(range(layers)):
            h = values.pop()
            gw, gb = h.T @ g, g.sum(0)
            if i:
                g = g @ ws[i].T
                g = g * (1 - h * h) if function == "tanh" else g * (h > 0)
            ws[i] -= rate * gw
            bs[i] -= rate * gb

    return step


def matmuls(graph: Graph, dtype: Any) -> Callable[[], None]:
    """Only the matrix products of a step, into arrays that are there: nothing can be quicker."""
    layers = sum(1 for name in graph.nodes if name.startswith("w"))
    ws = [np.array(graph.nodes[f"w{i}"].value, dtype) for i in range(layers)]
    rows = len(np.asarray(graph.nodes["x"].value))
    sizes = [ws[0].shape[0], *(w.shape[1] for w in ws)]
    rng = np.random.default_rng(0)
    values = [rng.normal(size=(rows, size)).astype(dtype) for size in sizes]
    calls: list[tuple[Any, Any, Any]] = []
    for i, w in enumerate(ws):
        calls.append((values[i], w, np.empty((rows, sizes[i + 1]), dtype)))
        calls.append((values[i].T, values[i + 1], np.empty(w.shape, dtype)))
        if i:
            calls.append((values[i + 1], w.T, np.empty((rows, sizes[i]), dtype)))

    def step() -> None:
        for a, b, out in calls:
            a.dot(b, out)

    return step
