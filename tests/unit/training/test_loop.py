"""Runs: the same numbers as by hand and as PyTorch's, whole epochs, and one clear end."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from gradstudio.errors import GradStudioError, TrainingError
from gradstudio.graph import Graph
from gradstudio.training.data import DATASETS, assign
from gradstudio.training.loop import Run
from gradstudio.training_settings import TrainingSettings


def fit(**values: object) -> Graph:
    """Return the graph of mse(w·x + b, y) over data leaves x and y."""
    given: dict[str, object] = {"x": None, "y": None, "w": 0.0, "b": 0.0, **values}
    graph = Graph()
    for name in ("x", "y"):
        graph = graph.add(name, "input", value=given[name], settings={"data": True})
    for name in ("w", "b"):
        graph = graph.add(name, "parameter", value=given[name])
    graph = graph.add("m", "mul", ["w", "x"]).add("p", "add", ["m", "b"])
    return graph.add("loss", "mse", ["p", "y"])


def line(rows: int = 10) -> Graph:
    return assign(fit(), DATASETS["line"].table(rows=rows))


def test_a_step_is_what_it_is_by_hand() -> None:
    run = Run(fit(x=[1.0, 3.0], y=[2.0, 2.0]), TrainingSettings(learning_rate=0.1))
    assert run.step() == (1, 1, 4.0)
    # d/dw = mean(2 (0 − 2) x) = −8, d/db = −4
    assert {name: float(value) for name, value in run.parameters.items()} == pytest.approx(
        {"w": 0.8, "b": 0.4}, rel=1e-15
    )


def test_a_line_is_found() -> None:
    graph = line(100)
    losses = [step.loss for step in Run(graph, TrainingSettings(steps=300, batch=20))]
    assert len(losses) == 300
    assert losses[-1] < 0.03 < 1.0 < losses[0]
    run = Run(graph, TrainingSettings(steps=300, learning_rate=0.5))
    list(run)
    x, y = (np.asarray(graph.nodes[name].value) for name in ("x", "y"))
    assert [float(run.parameters[name]) for name in ("w", "b")] == pytest.approx(
        np.polyfit(x, y, 1).tolist(), rel=1e-9
    )


def test_the_same_seed_gives_the_same_run() -> None:
    def losses(seed: int) -> list[float]:
        settings = TrainingSettings(steps=20, batch=3, seed=seed, momentum=0.5)
        return [step.loss for step in Run(line(), settings)]

    assert losses(1) == losses(1)
    assert losses(1) != losses(2)


def test_an_epoch_sees_every_row_once() -> None:
    """The rows are powers of two, so the sum of a batch says which rows were in it."""
    graph = Graph().add("x", "input", value=2.0 ** np.arange(10), settings={"data": True})
    graph = graph.add("w", "parameter", value=1.0).add("m", "mul", ["w", "x"])
    graph = graph.add("loss", "sum", ["m"])
    steps = list(Run(graph, TrainingSettings(steps=6, batch=4, learning_rate=1e-30)))
    assert [step.epoch for step in steps] == [1, 1, 1, 2, 2, 2]
    seen = [int(step.loss) for step in steps]
    assert [rows.bit_count() for rows in seen] == [4, 4, 2, 4, 4, 2]
    assert sum(seen[:3]) == sum(seen[3:]) == 2**10 - 1
    assert seen[:3] != seen[3:]
    assert seen[0] != 0b1111


@pytest.mark.parametrize("batch", [None, 10, 1000])
def test_a_batch_of_all_rows_or_more_is_the_full_batch(batch: int | None) -> None:
    steps = list(Run(line(), TrainingSettings(steps=3, batch=batch)))
    assert steps == list(Run(line(), TrainingSettings(steps=3)))
    assert [step.epoch for step in steps] == [1, 2, 3]


def test_rows_of_x_and_y_stay_together() -> None:
    graph = fit(x=np.arange(50.0), y=3.0 * np.arange(50.0), w=3.0)
    assert all(step.loss == 0.0 for step in Run(graph, TrainingSettings(steps=30, batch=7)))


def test_a_graph_without_data_trains_as_a_whole() -> None:
    graph = Graph().add("w", "parameter", value=[3.0, 4.0]).add("s", "square", ["w"])
    graph = graph.add("loss", "sum", ["s"])
    run = Run(graph, TrainingSettings(steps=4, batch=1, learning_rate=0.25))
    assert [step.loss for step in run] == [25.0, 6.25, 1.5625, 0.390625]
    assert list(run) == []


def test_a_run_goes_on_after_its_steps() -> None:
    settings = TrainingSettings(steps=4, batch=3, momentum=0.9)
    run = Run(line(), settings)
    some = list(run) + [run.step() for _ in range(6)]
    assert some == list(Run(line(), msgspec.structs.replace(settings, steps=10)))
    assert [step.number for step in some] == list(range(1, 11))


def test_the_graph_and_what_is_handed_out_are_apart_from_the_run() -> None:
    graph = line()
    before = dict(graph.nodes)
    run = Run(graph, TrainingSettings())
    run.step()
    run.parameters["w"][...] = 99.0
    assert float(run.parameters["w"]) != 99.0
    assert graph.nodes == before


def test_parameters_go_into_the_nodes_that_still_take_them() -> None:
    graph = line()
    run = Run(graph, TrainingSettings())
    run.step()
    trained = run.into(graph)
    assert trained.nodes["w"].value == run.parameters["w"]
    assert trained.nodes["x"] is graph.nodes["x"]
    edited = graph.remove(["b"]).set_values({"w": [1.0, 2.0]})
    assert run.into(edited) == edited
    assert run.into(graph.set_op("w", "constant")).nodes["w"].value == 0.0


def test_only_what_the_output_depends_on_is_trained() -> None:
    graph = line().add("w2", "parameter", value=1.0).add("unused", "parameter")
    graph = graph.add("empty", "input", settings={"data": True}).add("other", "neg", ["w2"])
    run = Run(graph.set_output("loss"), TrainingSettings())
    run.step()
    assert set(run.parameters) == {"w", "b"}


# -- refusals ---------------------------------------------------------------------------------


def refusals() -> dict[str, tuple[Graph, str]]:
    """Return graphs that cannot be trained, and what is said of them."""
    graph = line()
    vectors = graph.set_values({"w": [1.0, 2.0]})
    bare = Graph().add("x", "input", value=1.0).add("y", "neg", ["x"])
    labels = Graph().add("w", "parameter", value=np.zeros((2, 3)))
    labels = labels.add("t", "input", value=[0.0, 5.0]).add("loss", "cross_entropy", ["w", "t"])
    return {
        "no parameter": (bare, "there is nothing to train: y depends on no parameter"),
        "not a scalar": (graph.remove(["loss"]), "step 1: the output p is .* put sum or mean"),
        "two outputs": (graph.add("z", "neg", ["m"]), "2 outputs"),
        "empty": (Graph(), "the graph is empty"),
        "free port": (graph.disconnect("p", 1), "p: nothing is connected to its input y"),
        "no weight": (fit(x=[1.0], y=[1.0], w=None), "w has no value yet"),
        "no data": (fit(x=[1.0]), "y has no value yet"),
        "rows": (fit(x=[1.0, 2.0], y=[1.0]), r"equally many rows \(x: 2, y: 1\)"),
        "no rows": (fit(x=[], y=[]), "x has no rows"),
        "shapes": (vectors, r"step 1: m \(mul\): the shapes x \(2\), y \(10\) do not broadcast"),
        "labels": (labels, "step 1: loss.* 5 is no class number"),
    }


@pytest.mark.parametrize("what", refusals())
def test_what_cannot_be_trained_is_refused_before_it_starts(what: str) -> None:
    graph, said = refusals()[what]
    with pytest.raises(GradStudioError, match=said):
        Run(graph, TrainingSettings())


def test_a_batch_that_does_not_fit_is_refused_before_it_starts() -> None:
    graph = fit(x=np.zeros((6, 2)), y=np.zeros(12), w=1.0)
    graph = graph.add("flat", "reshape", ["p"], settings={"shape": (12,)}).connect(
        "flat", "loss", 0
    )
    graph = graph.set_op("y", "constant")
    list(Run(graph, TrainingSettings(steps=2)))
    with pytest.raises(TrainingError, match=r"step 1: flat \(reshape\): x \(4, 2\) has 8 numbers"):
        Run(graph, TrainingSettings(steps=2, batch=4))


def test_a_label_in_a_later_batch_is_named_with_its_step() -> None:
    graph = Graph().add("x", "input", value=np.zeros((8, 2)), settings={"data": True})
    graph = graph.add("t", "input", value=[0, 1, 0, 1, 0, 1, 0, 7], settings={"data": True})
    graph = graph.add("w", "parameter", value=np.ones((2, 2))).add("z", "matmul", ["x", "w"])
    run = Run(graph.add("loss", "cross_entropy", ["z", "t"]), TrainingSettings(batch=2, seed=0))
    with pytest.raises(TrainingError, match=r"^step [2-4]: loss .*7 is no class number") as stopped:
        list(run)
    assert stopped.value.node == "loss"


# -- divergence -------------------------------------------------------------------------------


def test_a_diverging_run_names_step_and_node_and_keeps_its_parameters() -> None:
    graph = fit(x=[1.0, 2.0], y=[1e3, 2e3], w=1.0)
    run = Run(graph, TrainingSettings(learning_rate=1e3, steps=1000))
    losses = []
    with pytest.raises(TrainingError) as stopped:
        losses.extend(step.loss for step in run)
    done = len(losses)
    assert 10 < done < 100
    assert np.isfinite(losses).all()
    assert str(stopped.value).startswith(f"step {done + 1}: loss became inf;")
    assert stopped.value.node == "loss"
    same = Run(graph, TrainingSettings(learning_rate=1e3, steps=done))
    assert len(list(same)) == done
    assert run.parameters == same.parameters
    assert all(np.isfinite(value) for value in run.parameters.values())
    with pytest.raises(TrainingError, match=f"step {done + 1}: loss became inf"):
        run.step()


def test_the_first_node_that_fails_is_named_not_the_last() -> None:
    graph = Graph().add("w", "parameter", value=0.5).add("l", "log", ["w"])
    graph = graph.add("n", "neg", ["l"]).add("loss", "square", ["n"])
    run = Run(graph, TrainingSettings(learning_rate=10.0))
    with pytest.raises(TrainingError, match="l became nan") as stopped:
        list(run)
    assert stopped.value.node == "l"


def test_a_gradient_that_fails_alone_is_named() -> None:
    graph = Graph().add("w", "parameter", value=0.0).add("s", "square", ["w"])
    graph = graph.add("loss", "sqrt", ["s"])
    run = Run(graph, TrainingSettings())
    with pytest.raises(TrainingError, match="step 1: the gradient of s became inf"):
        run.step()
    assert run.parameters == {"w": 0.0}


def test_a_parameter_that_overflows_is_named() -> None:
    graph = Graph().add("w", "parameter", value=1.0).add("k", "constant", value=1e300)
    run = Run(graph.add("loss", "mul", ["w", "k"]), TrainingSettings(learning_rate=1e300))
    with pytest.raises(TrainingError, match="step 1: the new value of w became inf"):
        run.step()
    assert run.parameters == {"w": 1.0}


def test_a_large_sum_is_no_divergence() -> None:
    graph = Graph().add("w", "parameter", value=[1e308, 1e308, 1.0])
    graph = graph.add("s", "slice", ["w"], settings={"index": "2"}).add("loss", "square", ["s"])
    run = Run(graph, TrainingSettings(steps=3))
    assert len(list(run)) == 3


@pytest.mark.torch
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_pytorch_trains_the_same_network(momentum: float, rng) -> None:
    torch = pytest.importorskip("torch")
    start = {"W1": rng.normal(size=(2, 8)), "b1": np.zeros(8), "W2": rng.normal(size=(8, 2))}
    moons = DATASETS["moons"].table(rows=60)
    graph = Graph()
    for name in ("x", "y"):
        graph = graph.add(name, "input", settings={"data": True})
    for name, value in start.items():
        graph = graph.add(name, "parameter", value=value)
    graph = (
        graph.add("m1", "matmul", ["x", "W1"])
        .add("a1", "add", ["m1", "b1"])
        .add("h", "tanh", ["a1"])
        .add("z", "matmul", ["h", "W2"])
        .add("loss", "cross_entropy", ["z", "y"])
    )
    graph = assign(graph, moons)
    settings = TrainingSettings(learning_rate=0.3, momentum=momentum, steps=50)
    run = Run(graph, settings)
    ours = [step.loss for step in run]
    x, y = torch.tensor(graph.nodes["x"].value.copy()), torch.tensor(moons.columns["y"]).long()
    theirs = {name: torch.tensor(value, requires_grad=True) for name, value in start.items()}
    sgd = torch.optim.SGD(theirs.values(), lr=0.3, momentum=momentum)
    losses = []
    for _ in range(50):
        sgd.zero_grad()
        z = torch.tanh(x @ theirs["W1"] + theirs["b1"]) @ theirs["W2"]
        loss = torch.nn.functional.cross_entropy(z, y)
        loss.backward()
        sgd.step()
        losses.append(loss.item())
    np.testing.assert_allclose(ours, losses, rtol=1e-10)
    for name, tensor in theirs.items():
        np.testing.assert_allclose(run.parameters[name], tensor.detach().numpy(), rtol=1e-9)
