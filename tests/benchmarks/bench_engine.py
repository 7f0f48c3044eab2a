"""The engine against PyTorch, JAX, micrograd and NumPy by hand: one table, in one run.

    python tests/benchmarks/bench_engine.py [word of a row ...]

One thread. Before a row is timed, its gradients are checked to equal PyTorch's in float64 to 1e-9.
All that a row compares takes turns, and the table shows medians, so a busy machine blurs the times
more than the ratios. JAX and micrograd are left out where they are not installed.
"""

from __future__ import annotations

import os

for _name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ[f"{_name}_NUM_THREADS"] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import gc  # noqa: E402
import importlib.metadata  # noqa: E402
import importlib.util  # noqa: E402
import platform  # noqa: E402
import statistics  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any, NamedTuple  # noqa: E402

import numpy as np  # noqa: E402

from gradstudio.engine.compile import CompiledStep, compile  # noqa: E402
from gradstudio.engine.forward import CompiledForward  # noqa: E402
from gradstudio.graph import Graph  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent))
import workloads  # noqa: E402

ROUND_S = 0.02
"""How long one turn of one contestant takes, about."""
ROUNDS, SLOW_ROUNDS = 21, 7
HAS_JAX = importlib.util.find_spec("jax") is not None
HAS_MICROGRAD = importlib.util.find_spec("micrograd") is not None
OURS = "GradStudio"


class Sgd(NamedTuple):
    learning_rate: float = 1e-6
    momentum: float = 0.0


def many(step: Callable[[], object]) -> Callable[[int], object]:
    """Return what does `step` so many times."""

    def run(count: int) -> None:
        for _ in range(count):
            step()

    return run


def timed(run: Callable[[int], object], count: int) -> float:
    """Return the seconds of one step."""
    start = time.perf_counter()
    run(count)
    return (time.perf_counter() - start) / count


def medians(contestants: dict[str, Callable[[int], object]]) -> dict[str, float]:
    """Return the median time of one step in µs, all taking turns."""
    counts = {}
    for name, run in contestants.items():
        run(1)
        each = timed(run, 3)
        if name.startswith(OURS):  # compile what is worth compiling in a long run
            run(300 if each < 0.01 else 40)
        counts[name] = max(1, int(ROUND_S / timed(run, 3)))
    gc.collect()
    gc.freeze()
    times: dict[str, list[float]] = {name: [] for name in contestants}
    rounds = ROUNDS if min(counts.values()) > 1 else SLOW_ROUNDS
    for _ in range(rounds):
        for name, run in contestants.items():
            times[name].append(timed(run, counts[name]) * 1e6)
    gc.unfreeze()
    return {name: statistics.median(some) for name, some in times.items()}


def check(step: CompiledStep, torch_step: Any, tolerance: float) -> None:
    """Compare every gradient with PyTorch's."""
    torch_step.gradients()
    _, grads = step.gradients()
    for name, grad in grads.items():
        expected = torch_step.leaves[name].grad.numpy()
        scale = max(float(np.abs(expected).max()), 1e-30)
        error = float(np.abs(grad - expected).max()) / scale
        if not error <= tolerance:
            raise AssertionError(f"{name}: off by {error:.1e}")


def fastest_torch(torch_step: Any) -> tuple[str, Callable[[int], object]]:
    """Return PyTorch with the quickest of three updates."""
    found = {how: many(torch_step.stepper(how)) for how in ("optim.SGD", "foreach", "by hand")}
    turns = [{how: timed(run, 5) for how, run in found.items()} for _ in range(9)]
    best = min(found, key=lambda how: statistics.median(turn[how] for turn in turns))
    return f"PyTorch ({best})", found[best]


class Row(NamedTuple):
    """What is compared, and what is hoped for: (ours, other, at least so many times as fast)."""

    title: str
    times: dict[str, float]
    goals: list[tuple[str, str, float]]
    note: str = ""


def training_row(
    title: str,
    graph: Graph,
    goals: list[tuple[str, str, float]],
    *,
    update: bool = True,
    extra: dict[str, Callable[[int], object]] | None = None,
    others: tuple[str, ...] = (),
    dtype: Any = np.float64,
    record: bool = False,
) -> Row:
    import peers
    import torch

    single = dtype is np.float32
    torch_step = peers.Torch(graph, torch.float32 if single else torch.float64)
    for kind, tolerance in {np.float64: 1e-9, dtype: 1e-4 if single else 1e-9}.items():
        still = compile(graph, Sgd(learning_rate=0.0), dtype=kind)
        still.run(40 if len(graph.nodes) > 20_000 else 300)  # what is timed is what is checked
        check(still, peers.Torch(graph), tolerance)
    step = compile(graph, Sgd(), dtype=dtype)
    contestants: dict[str, Callable[[int], object]] = {}
    contestants[OURS] = step.run if update else many(step.backward)
    if record:
        contestants[f"{OURS}, recording"] = compile(graph, Sgd(), record=True).run
    if update:
        name, run = fastest_torch(torch_step)
        contestants["PyTorch"] = run
        note = name
    else:
        contestants["PyTorch"] = many(torch_step.gradients)
        note = "PyTorch (no update)"
    if "micrograd" in others and HAS_MICROGRAD:
        micrograd = peers.Micrograd(graph)
        contestants["micrograd"] = many(micrograd.step if update else micrograd.gradients)
    if "jax" in others and HAS_JAX:
        start = time.perf_counter()
        jax = peers.jax_step(graph, update=update, dtype=dtype)
        jax()
        note += f"; JAX compiles for {time.perf_counter() - start:.1f} s"
        contestants["JAX jit"] = many(jax)
    contestants |= extra or {}
    times = medians(contestants)
    return Row(title, times, goals, f"{step.executor}; {note}")


def chain_row() -> Row:
    import peers

    graph = workloads.chain(100_000)
    torch_step = peers.Torch(graph)
    check(compile(graph), torch_step, 1e-9)
    step = compile(graph)
    times = medians({OURS: many(step.backward), "PyTorch": many(torch_step.gradients)})
    used = {who: memory(who) for who in ("ours", "torch")}
    note = f"{step.executor}; {used['ours']:.0f} MB above the base (PyTorch {used['torch']:.0f} MB)"
    return Row("chain of 100,000 add/mul *", times, [(OURS, "PyTorch", 45)], note)


def memory(who: str) -> float:
    """Return by how much a process grows, at most, for a step of the chain, in MB."""
    command = [sys.executable, __file__, "--memory", who]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def measure_memory(who: str) -> None:
    graph = workloads.chain(100_000)
    if who == "torch":
        import peers

        step: Any = peers.Torch(workloads.chain(10))
        step.gradients()
    else:
        compile(workloads.chain(10)).backward()
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins here
    before = _status("VmRSS")
    if who == "torch":
        step = peers.Torch(graph)
        step.gradients()
    else:
        step = compile(graph)
        step.backward()
    print((_status("VmHWM") - before) / 1024)


def _status(what: str) -> int:
    """Return a number of kB from the kernel's account of this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what))


def forward_row(title: str, graph: Graph, goals: list[tuple[str, str, float]]) -> Row:
    """One leaf changed, each in turn, and all values again; PyTorch computes all of them."""
    import peers
    import torch

    step = CompiledForward(graph)
    leaves = [name for name, node in graph.nodes.items() if node.op == "parameter"]
    values = {
        name: [np.asarray(graph.nodes[name].value) * s for s in (1.0, 1.1)] for name in leaves
    }
    turn = 0

    def ours() -> None:
        nonlocal turn
        turn += 1
        name = leaves[turn % len(leaves)]
        step.set_values({name: values[name][turn // len(leaves) % 2]})

    torch_step = peers.Torch(graph)

    def theirs() -> None:
        with torch.no_grad():
            torch_step.forward()

    theirs()
    expected = torch_step.values[-1].numpy()
    if not np.allclose(step.value(graph.output_of()), expected, rtol=1e-9):
        raise AssertionError(title)
    many(ours)(250 * len(leaves) if step.executor == "floats" else len(leaves))
    times = medians({OURS: many(ours), "PyTorch": many(theirs)})
    return Row(title, times, goals, f"{step.executor}; the mean over all leaves")


def rows() -> dict[str, Callable[[], Row]]:
    """Return what makes each row, by title."""
    import peers

    single, double = np.float32, np.float64
    moons = workloads.perceptron(100, (2, 16, 16, 1), "tanh", "mse")
    digits = workloads.perceptron(64, (64, 128, 64, 10), "relu", "cross_entropy")
    mnist = workloads.perceptron(128, (784, 512, 256, 10), "relu", "cross_entropy")
    notes = workloads.notes_mlp()

    def goal(ratio: float, other: str = "PyTorch", who: str = OURS) -> tuple[str, str, float]:
        return who, other, ratio

    def by_hand(graph: Graph, dtype: Any, function: str, loss: str) -> dict[str, Any]:
        return {
            "NumPy by hand": many(peers.numpy_perceptron(graph, function, loss, dtype)),
            "its matmuls": many(peers.matmuls(graph, dtype)),
        }

    def perceptron_row(
        title: str, graph: Graph, dtype: Any, goals: list[Any], loss: str, jax: bool = True
    ) -> Row:
        function = "tanh" if loss == "mse" else "relu"
        extra = by_hand(graph, dtype, function, loss)
        others = ("jax",) if jax else ()
        return training_row(title, graph, goals, extra=extra, others=others, dtype=dtype)

    return {
        "UDL chain, 8 scalar parameters": lambda: training_row(
            "UDL chain, 8 scalar parameters",
            workloads.udl_chain(),
            [goal(200), goal(100, who=f"{OURS}, recording")],
            others=("micrograd", "jax"),
            record=True,
        ),
        "random scalars 1,000 wide *": lambda: training_row(
            "random scalar graph, 1,000 wide *",
            workloads.random_graph(1000, "wide"),
            [goal(75), goal(1, "JAX jit")],
            update=False,
            others=("micrograd", "jax"),
        ),
        "random scalars 1,000 deep *": lambda: training_row(
            "random scalar graph, 1,000 deep *",
            workloads.random_graph(1000, "deep"),
            [goal(75)],
            update=False,
            others=("micrograd",),
        ),
        "random scalars 10,000 wide *": lambda: training_row(
            "random scalar graph, 10,000 wide *",
            workloads.random_graph(10000, "wide"),
            [goal(350)],
            update=False,
            others=("micrograd",),
        ),
        "random scalars 10,000 deep *": lambda: training_row(
            "random scalar graph, 10,000 deep *",
            workloads.random_graph(10000, "deep"),
            [goal(50)],
            update=False,
        ),
        "moons tensors": lambda: perceptron_row(
            "two moons 2-16-16-1, 100 points",
            moons,
            double,
            [goal(8), goal(1, "NumPy by hand")],
            "mse",
        ),
        "moons scalars": lambda: training_row(
            "the same as 65,000 scalar nodes",
            workloads.moons_of_scalars(),
            [goal(300, "micrograd")],
            others=("micrograd",),
        ),
        "notes MLP": lambda: training_row(
            "the notes' MLP, X(5,3) W(3,4) W(4,1)",
            notes,
            [goal(15), goal(1, "JAX jit")],
            extra={"NumPy by hand": many(peers.numpy_notes(notes))},
            others=("jax",),
        ),
        "digits": lambda: perceptron_row(
            "digits, batch 64, 64-128-64-10",
            digits,
            double,
            [goal(2), goal(1, "JAX jit"), goal(1 / 1.5, "its matmuls")],
            "cross_entropy",
        ),
        "digits float32": lambda: perceptron_row(
            "digits in float32",
            digits,
            single,
            [goal(2.4)],
            "cross_entropy",
        ),
        "mnist": lambda: perceptron_row(
            "MNIST, batch 128, 784-512-256-10",
            mnist,
            double,
            [goal(1.1), goal(1 / 1.1, "its matmuls")],
            "cross_entropy",
        ),
        "mnist float32": lambda: perceptron_row(
            "MNIST in float32",
            mnist,
            single,
            [goal(1.03), goal(1 / 1.1, "its matmuls")],
            "cross_entropy",
        ),
        "chain": chain_row,
        "forward scalars F": lambda: forward_row(
            "one leaf of 1,000 scalars changed F",
            workloads.random_graph(1000, "wide"),
            [(OURS, "50 µs", 1)],
        ),
        # Values of 10 MB, which caches hold; those of the next row, 42 MB, mostly pass them by.
        "forward arrays 32 F": lambda: forward_row(
            "one leaf of 1,000 arrays 32×32 changed F",
            workloads.random_graph(1000, "wide", (32, 32)),
            [],
        ),
        "forward arrays F": lambda: forward_row(
            "one leaf of 1,000 arrays 64×64 changed F",
            workloads.random_graph(1000, "wide", (64, 64)),
            [goal(4)],
        ),
    }


def said(row: Row) -> str:
    """Return a row of the table."""
    times = {**row.times, "50 µs": 50.0}
    others = ", ".join(
        f"{name} {_number(us)}" for name, us in row.times.items() if name not in (OURS, "PyTorch")
    )
    goals = []
    for who, other, ratio in row.goals:
        if other not in times:
            continue
        found = times[other] / times[who]
        mark = "yes" if found >= ratio else "NO"
        whose = " recording" if "recording" in who else ""
        goals.append(f"{found:.3g}× {other}{whose} (≥ {ratio:.3g}): {mark}")
    ratio = row.times["PyTorch"] / row.times[OURS]
    return (
        f"| {row.title} | {_number(row.times['PyTorch'])} | {others} | "
        f"{_number(row.times[OURS])} | {ratio:.3g}× | {'; '.join(goals)} | {row.note} |"
    )


def _number(us: float) -> str:
    return f"{us:,.0f}" if us >= 100 else f"{us:.3g}"


def machine() -> str:
    """Return what it ran on."""
    model = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].split(":")[1].strip() if lines else model
    packages = [
        f"{name} {importlib.metadata.version(name)}"
        for name in ("numpy", "torch", "jax", "micrograd")
        if importlib.util.find_spec(name)
    ]
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, " + ", ".join(
        packages
    )


def main(words: list[str]) -> None:
    import torch

    torch.set_num_threads(1)
    print(f"{machine()}; one thread, median µs, load {os.getloadavg()[0]:.1f}\n")
    print("| workload | PyTorch | others | GradStudio | ratio | goals | how |")
    print("|---|---|---|---|---|---|---|")
    for name, row in rows().items():
        if all(word in name for word in words):
            print(said(row()), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        measure_memory(sys.argv[2])
    else:
        main(sys.argv[1:])
