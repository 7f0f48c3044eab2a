"""Emitted PyTorch code gives the engine's numbers, and trains to the same parameters."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.emit.torch import MODULE_WORDS, to_torch
from gradstudio.engine.evaluate import evaluate
from gradstudio.errors import GraphError, TrainingError
from gradstudio.formula import parse
from gradstudio.formula.definition import define
from gradstudio.graph import Graph
from gradstudio.training.loop import Run
from gradstudio.training_settings import TrainingSettings

torch_needed = pytest.mark.torch


def check(graph: Graph, ran: Any, agree: Any) -> None:
    names = ran(to_torch(graph))
    model = names["Model"]()
    asked = list(inspect.signature(model.forward).parameters)
    inputs = [names[name].requires_grad_() for name in asked]
    found = evaluate(graph)
    # PyTorch rounds in its own ways, and where large numbers cancel, small ones show it.
    numbers = [*found.values.values(), *found.grads.values()]
    scale = max(float(np.max(np.abs(one), initial=0.0)) for one in numbers)
    loss = model(*inputs)
    agree(loss.detach().numpy(), found.values[graph.output_of()], scale)
    if not found.backward:
        return
    loss.requires_grad_()  # as the script does, where no gradient passes
    loss.backward()
    given = {name: tensor.grad for name, tensor in zip(asked, inputs, strict=True)}
    given |= {name: value.grad for name, value in model.named_parameters()}
    for name, grad in given.items():
        expected = found.grads.get(name, np.zeros(found.shapes[name]))
        agree(np.zeros(found.shapes[name]) if grad is None else grad.numpy(), expected, scale)


@torch_needed
def test_an_op_computes_the_same(sample: Graph, ran: Any, agree: Any) -> None:
    check(sample, ran, agree)


@torch_needed
def test_a_rule_that_gives_a_number_computes_the_same(
    constants_graph: Graph, ran: Any, agree: Any
) -> None:
    check(constants_graph, ran, agree)


@torch_needed
def test_an_example_computes_the_same(example_graph: Graph, ran: Any, agree: Any) -> None:
    check(example_graph, ran, agree)


@torch_needed
@given(st.integers(0, 2**32))
def test_a_random_graph_computes_the_same(
    random_graphs: Any, ran: Any, agree: Any, seed: int
) -> None:
    check(random_graphs(seed), ran, agree)


def example(**training: Any) -> Graph:
    rng = np.random.default_rng(1)
    values = {"X": rng.normal(size=(10, 2)), "t": rng.normal(size=10), "s": np.array(0.5)}
    values |= {"w": rng.normal(size=2), "b": np.array(0.1)}
    graph = parse("f = mse(tanh(X @ w + b) * s, t)", values=values)
    graph = graph.set_settings("X", {"data": True}).set_settings("t", {"data": True})
    return graph.set_training(training)


def trained(graph: Graph, ran: Any) -> dict[str, np.ndarray]:
    code = to_torch(graph).replace("__name__", "'__main__'")
    return {name: value.detach().numpy() for name, value in ran(code)["model"].named_parameters()}


@torch_needed
@pytest.mark.parametrize("batch", [None, 3, 5, 10, 20])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_training_ends_where_it_ends_here(
    batch: int | None, momentum: float, ran: Any, capsys: Any
) -> None:
    graph = example(batch=batch, momentum=momentum, steps=40, seed=7, learning_rate=0.05)
    run = Run(graph, TrainingSettings.of(graph))
    losses = [step.loss for step in run]
    found = trained(graph, ran)
    assert found.keys() == run.parameters.keys()
    for name, value in run.parameters.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-10)
    shown = capsys.readouterr().out.splitlines()
    assert float(shown[0].split()[1]) == pytest.approx(losses[1])


@torch_needed
def test_the_settings_that_are_not_said_are_those_of_training(ran: Any) -> None:
    graph = example()
    run = Run(graph, TrainingSettings())
    list(run)
    for name, value in trained(graph, ran).items():
        np.testing.assert_allclose(value, run.parameters[name], rtol=1e-10)


@torch_needed
def test_the_file_runs(tmp_path: Path) -> None:
    path = tmp_path / "out.py"
    path.write_text(to_torch(example(steps=4)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(path)], capture_output=True, text=True, check=True, timeout=300
    )
    assert len(done.stdout.splitlines()) == 4 + 2
    assert not done.stderr


@torch_needed
def test_without_a_parameter_the_gradients_of_the_inputs_are_shown(ran: Any, capsys: Any) -> None:
    ran(
        to_torch(parse("f = x * y", values={"x": np.array(2.0), "y": np.array(3.0)})).replace(
            "__name__", "'__main__'"
        )
    )
    assert "grad_x = tensor(3., dtype=torch.float64)" in capsys.readouterr().out


@torch_needed
def test_no_word_of_a_module_is_a_parameters_name() -> None:
    torch = pytest.importorskip("torch")
    words = {word for word in dir(torch.nn.Module()) if not word.startswith("_")}
    assert words - {*MODULE_WORDS} <= {"eval", "float", "type"}  # builtins, avoided anyway


@torch_needed
def test_any_name_will_do(ran: Any, agree: Any) -> None:
    names = ["print", "torch", "nn", "self", "train", "权重", "loss", "_parameters", "type", "x"]
    graph = Graph()
    for i, name in enumerate(names):
        graph = graph.add(name, "parameter" if i % 2 else "input", value=[i + 1.0, -0.5])
    for i, name in enumerate(names):
        graph = graph.add(f"m{i}", "mul", [f"m{i - 1}" if i else name, name])
    graph = graph.add("f", "sum", ["m9"])
    code = to_torch(graph)
    found = ran(code)
    model = found["Model"]()
    inputs = [found[name] for name in inspect.signature(model.forward).parameters]
    loss = model(*inputs)
    loss.backward()
    expected = evaluate(graph)
    agree(loss.detach().numpy(), expected.values["f"])
    parameters = [name for name in expected.order if name in names[1::2]]
    for name, value in zip(parameters, model.parameters(), strict=True):
        agree(value.grad.numpy(), expected.grads[name])
    trained(graph.set_training({"steps": 1}), ran)


DOUBLED = define("doubled", ("a",), "a * 2", {"a": "g * 3"})
ENTROPY = define("entropy", ("a", "t"), "cross_entropy(a, t)", {"a": "g * a", "t": "g * t"})


@torch_needed
def test_an_op_of_the_documents_own_keeps_its_backward(ran: Any, agree: Any) -> None:
    graph = Graph().define(DOUBLED).add("x", "parameter", value=[0.5, -1.0])
    check(graph.add("n", "doubled", ["x"]).add("f", "sum", ["n"]), ran, agree)


@torch_needed
def test_an_op_of_the_documents_own_learns_from_batches(ran: Any) -> None:
    graph = example(batch=4, steps=5).define(DOUBLED).set_output(None)
    graph = graph.add("twice", "doubled", ["f"])
    run = Run(graph, TrainingSettings.of(graph))
    list(run)
    for name, value in trained(graph, ran).items():
        np.testing.assert_allclose(value, run.parameters[name], rtol=1e-10)


def test_numpy_code_for_one_number_of_rows_is_refused_for_batches() -> None:
    graph = Graph(training={"batch": 4}).define(ENTROPY)
    graph = graph.add("X", "input", value=np.ones((10, 2)), settings={"data": True})
    graph = graph.add("t", "input", value=np.zeros(10), settings={"data": True})
    graph = graph.add("w", "parameter", value=np.eye(2)).add("z", "matmul", ["X", "w"])
    graph = graph.add("f", "entropy", ["z", "t"])
    with pytest.raises(GraphError, match=r"f: PyTorch has no entropy .* number of rows"):
        to_torch(graph)
    assert "InNumpy.apply" in to_torch(graph.set_training({}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("steps", "__import__('os')"),
        ("learning_rate", "0.1"),
        ("momentum", float("nan")),
        ("batch", 2.5),
        ("batch", 0),
        ("seed", True),
        ("optimizer", "adam"),
    ],
)
def test_a_setting_that_is_none_is_refused(field: str, value: Any) -> None:
    with pytest.raises(TrainingError, match=f"training: {field} must be"):
        to_torch(example(**{field: value}))
