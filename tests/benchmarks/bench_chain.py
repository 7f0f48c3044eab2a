"""Measures the engine on a long chain: `python tests/benchmarks/bench_chain.py` prints medians.

It asserts no time. 100,000 nodes, sines and sums in turn, each hanging on the one before it; one
forward and one backward pass over them; process CPU time. Where PyTorch is installed it computes
the same in eager mode, on one thread.
"""

import importlib.util
import statistics
import time
from collections.abc import Callable

import numpy as np

from gradstudio.engine.evaluate import evaluate
from gradstudio.graph import Graph, Node

NODES = 100_000
START = 0.3
REPEATS = 7


def chain(count: int) -> Graph:
    """Return y ← sin(y), y ← y + x, and so on, with `count` nodes beside the leaf x."""
    nodes = {"x": Node("parameter", value=np.float64(START))}
    last = "x"
    for at in range(count):
        name = f"n{at}"
        nodes[name] = Node("add", (last, "x")) if at % 2 else Node("sin", (last,))
        last = name
    return Graph.build(nodes)


def measured(work: Callable[[], float]) -> tuple[float, float]:
    """Return the median CPU time of `work` in seconds, and what it returned."""
    times = []
    for _ in range(REPEATS):
        begun = time.process_time()
        found = work()
        times.append(time.process_time() - begun)
    return statistics.median(times), found


def with_torch() -> float:
    """Return the gradient that PyTorch finds."""
    import torch

    x = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    y = x
    for at in range(NODES):
        y = y + x if at % 2 else torch.sin(y)
    y.backward()
    assert x.grad is not None
    return float(x.grad)


def main() -> None:
    """Print the medians."""
    graph = chain(NODES)
    ours, gradient = measured(lambda: float(evaluate(graph).grads["x"]))
    print(f"{NODES:,} nodes in a chain, forward and backward")
    print(f"GradStudio {ours:8.3f} s")
    if importlib.util.find_spec("torch") is None:
        print("PyTorch is not installed")
        return
    import torch

    torch.set_num_threads(1)
    theirs, expected = measured(with_torch)
    np.testing.assert_allclose(gradient, expected, rtol=1e-9)
    print(f"PyTorch    {theirs:8.3f} s; GradStudio takes {ours / theirs:.2f} times that")


if __name__ == "__main__":
    main()
