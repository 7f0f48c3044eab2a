"""The formula language: what it reads, where it says no, and that graphs survive as text."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.emit.formula import DEEPEST, LONGEST, to_formula
from gradstudio.engine.evaluate import evaluate
from gradstudio.errors import FormulaError, GraphError
from gradstudio.formula import parse
from gradstudio.formula.definition import define
from gradstudio.formula.sketch import is_automatic
from gradstudio.graph import Graph, Node
from gradstudio.ops import REGISTRY

X = np.arange(6.0).reshape(2, 3) / 4 - 0.5


def value_of(text: str, **values: Any) -> Any:
    graph = parse(text, values=values)
    found = evaluate(graph)
    assert not found.errors, {name: str(error) for name, error in found.errors.items()}
    return np.asarray(found.values[graph.output_of()])


def sketch_of(text: str) -> dict[str, tuple[Any, ...]]:
    return {name: (node.op, *node.inputs) for name, node in parse(text).nodes.items()}


def test_nodes_are_made_and_named_in_the_order_of_evaluation() -> None:
    assert sketch_of("f = (x + y) * z + x*y") == {
        "x": ("input",),
        "y": ("input",),
        "add1": ("add", "x", "y"),
        "z": ("input",),
        "mul1": ("mul", "add1", "z"),
        "mul2": ("mul", "x", "y"),
        "f": ("add", "mul1", "mul2"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 - 3 - 4", -5),
        ("2 - (3 - 4)", 3),
        ("8 / 4 / 2", 1),
        ("8 / (4 / 2)", 4),
        ("2 ** 3 ** 2", 512),
        ("(2 ** 3) ** 2", 64),
        ("-2 ** 2", -4),
        ("(-2) ** 2", 4),
        ("2 ** -1", 0.5),
        ("--2", 2),
        ("+2 - +3", -1),
        ("1_000 + 0x10", 1016),
        ("3 > 2", 1),
        ("3 <= 2", 0),
        ("(2 < 3) * (3 == 3)", 1),
        ("max(2, 3) + min(2, 3)", 5),
        ("abs(-2) + pow(2, 3)", 10),
        ("sum([[1, 2], [3, 4]])", 10),
        ("where(2 > 1, 5, 6)", 5),
        ("math.pi", np.pi),
        ("2 × 3 ÷ 4 − 1", 0.5),
        ("max（2，3）", 3),
    ],
)
def test_arithmetic_is_pythons(text: str, expected: float) -> None:
    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x.sum()", X.sum()),
        ("x.sum(0)", X.sum(0)),
        ("x.sum(-1)", X.sum(-1)),
        ("x.mean(dim=1, keepdim=True)", X.mean(1, keepdims=True)),
        ("mean(x, 1, True)", X.mean(1, keepdims=True)),
        ("sum(x, axis=(0, 1))", X.sum()),
        ("x.T", X.T),
        ("x.t()", X.T),
        ("x.transpose(1, 0)", X.T),
        ("transpose(x, axes=(0, 1))", X),
        ("x.permute(1, 0)", X.T),
        ("x.reshape(3, 2)", X.reshape(3, 2)),
        ("x.reshape((3, 2))", X.reshape(3, 2)),
        ("x.view(-1)", X.ravel()),
        ("x.reshape(3, 2).exp()", np.exp(X).reshape(3, 2)),
        ("x.max()", X.max()),
        ("x.max(0)", X.max(0)),
        ("np.max(x, 0)", X.max(0)),
        ("max(x, 0)", np.maximum(X, 0)),
        ("x.max(dim=1)", X.max(1)),
        ("torch.maximum(x, x.min())", np.maximum(X, X.min())),
        ("x[0, 1:3]", X[0, 1:3]),
        ("x[-1]", X[-1]),
        ("x[:, ::2]", X[:, ::2]),
        ("concat([x, x], axis=0)", np.concatenate([X, X])),
        ("torch.cat((x, x), 1)", np.concatenate([X, X], 1)),
        ("concat(x, x, axis=-1)", np.concatenate([X, X], 1)),
        ("x @ x.T", X @ X.T),
        ("np.matmul(x, [1, 2, 3])", X @ [1, 2, 3]),
        ("F.relu(x)", np.maximum(X, 0)),
        ("torch.nn.functional.leaky_relu(x, 0.2)", np.where(X > 0, X, 0.2 * X)),
        ("leaky_relu(x, negative_slope=0.2)", np.where(X > 0, X, 0.2 * X)),
        ("x.reshape(1, 6).squeeze()", X.ravel()),
        ("x.reshape(1, 6).squeeze(0)", X.ravel()),
        ("mul(y=x, x=2)", 2 * X),
        ("x * torch.tensor([1, 2, 3])", X * [1, 2, 3]),
    ],
)
def test_functions_and_methods_are_those_of_numpy_and_pytorch(text: str, expected: Any) -> None:
    np.testing.assert_array_equal(value_of(text, x=X), expected)


def test_every_op_is_called_by_its_name_and_its_aliases() -> None:
    for op in REGISTRY.values():
        if op.leaf:
            continue
        ports = op.ports(2)
        arguments = ", ".join(f"u{i}" for i in range(len(ports)))
        for name in (op.name, *op.aliases):
            graph = parse(f"y = {name}({arguments})")
            assert graph.nodes["y"].op == op.name
            assert len(graph.nodes["y"].inputs) == len(ports)


def test_an_unknown_name_is_a_leaf_and_learned_if_it_looks_like_a_weight() -> None:
    ops = {
        name: node.op for name, node in parse("w+W1+b_2+theta0+β+bias+w_out; x+wx+by").nodes.items()
    }
    assert [ops[name] for name in ("w", "W1", "b_2", "theta0", "β", "bias", "w_out")] == [
        "parameter"
    ] * 7
    assert [ops[name] for name in ("x", "wx", "by")] == ["input"] * 3


def test_leaves_are_given_values_before_their_use_or_after() -> None:
    graph = parse("w = 2.0\ny = w*x + b\nx = [[1, 2], [3, 4]]; b = -3  # the bias")
    assert graph.output == "y"
    assert {name: graph.nodes[name].op for name in "wxb"} == {
        "w": "parameter",
        "x": "input",
        "b": "parameter",
    }
    np.testing.assert_array_equal(evaluate(graph).values["y"], [[-1, 1], [3, 5]])


def test_leaves_are_written_out_with_their_kind() -> None:
    graph = parse(
        "w = input([1, 2], data=True); x = parameter(2); c = constant(4.3); y = input()\n"
        "t = torch.tensor([1., 2.], requires_grad=True); e = input([], shape=(0, 3))\n"
        "f = w * x * c + parameter(5) + y"
    )
    assert graph.nodes["w"].op == "input"
    assert graph.nodes["w"].settings == {"data": True}
    assert [graph.nodes[name].op for name in ("x", "c", "y", "t", "w1")] == [
        "parameter",
        "constant",
        "input",
        "parameter",
        "parameter",
    ]
    assert graph.nodes["y"].value is None
    assert graph.nodes["e"].value is not None
    assert graph.nodes["e"].value.shape == (0, 3)


def test_only_a_minus_in_front_of_a_number_is_folded() -> None:
    assert [node.op for node in parse("-3 + 2*3").nodes.values()].count("constant") == 3
    assert sketch_of("y = -(-3)") == {"c1": ("constant",), "y": ("neg", "c1")}


def test_a_name_assigned_twice_means_the_newest() -> None:
    assert sketch_of("c = a + b\nc = c + c\nc = c * a\nc_1 = c") == {
        "a": ("input",),
        "b": ("parameter",),
        "c_2": ("add", "a", "b"),
        "c_3": ("add", "c_2", "c_2"),
        "c": ("mul", "c_3", "a"),
    }
    assert sketch_of("x = x * 2")["x"] == ("mul", "x_1", "c1")
    assert sketch_of("x += 1")["x"] == ("add", "x_1", "c1")


def test_a_second_name_means_the_same_node() -> None:
    assert sketch_of("c = a * a; d = c; f = d + c") == {
        "a": ("input",),
        "c": ("mul", "a", "a"),
        "f": ("add", "c", "c"),
    }
    # The first name moved on, so the node goes by the second.
    assert sketch_of("c = a * a; d = c; c = d + 1")["d"] == ("mul", "a", "a")


def test_the_output_is_what_was_named_last_or_stands_alone() -> None:
    assert parse("f = a * b\ng = a + b").output == "g"
    assert parse("f = a * b\ng = a + b\nf").output == "f"
    assert parse("a * b").output == "f"
    assert parse("f = a * b; a + b; f - 1").output == "f2"
    assert parse("x = 1; y = 2").output == "y"
    assert parse("# nothing").output is None


def test_automatic_names_keep_off_the_words_of_the_text() -> None:
    assert sketch_of("f = (x + y) * add1")["f"] == ("mul", "add2", "add1")


def test_indentation_continuation_and_line_ends_do_not_matter() -> None:
    text = "   y1 = x @ \\\n  w1\r\n\ty2 = (y1 +\n b1)  # sum (\r l = y2.sum()\n"
    assert list(parse(text).nodes) == ["x", "w1", "y1", "b1", "y2", "l"]


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("f = (", 1, 5, "never closed"),
        ("x + 1\n  y = 2x", 2, 7, "2*x"),
        ("日本 = 漢 + ", 1, 10, "missing"),
        ("\n\n y = ((a)\n + )", 4, 4, "missing"),
        ("x = 漢 + exq(x)", 1, 9, "did you mean exp"),
        ("x + frobnicate(x)", 1, 5, "no function “frobnicate”"),
        ("exp(x, y)", 1, 1, "exp is given 2 inputs and takes 1: x"),
        ("mul(x)", 1, 1, "takes 2"),
        ("mul(x, x, y=2)", 1, 11, "y is given twice"),
        ("max(a, b, c)", 1, 1, "takes 2"),
        ("concat()", 1, 1, "list of inputs"),
        ("sum(x, foo=1)", 1, 8, "no setting “foo”; it has: axis, keepdims"),
        ("sum(x, axis=1.5)", 1, 13, "axis of sum takes"),
        ("sum(x, axis=y)", 1, 13, "a setting is"),
        ("x.transpose(0, 1)", 1, 1, "PyTorch swaps"),
        ("x[y]", 1, 3, "an index"),
        ("x[...]", 1, 3, "an index"),
        ("x[None]", 1, 3, "an index"),
        ("[[1, 2], [3]]", 1, 10, "different lengths"),
        ("[1, [2]]", 1, 5, "numbers only"),
        ("y = [1, x]", 1, 9, "numbers only"),
        ("[" * 40 + "]" * 40, 1, 1, "at most 32 axes"),
        ("1e999", 1, 1, "too large"),
        ("x * -1e999", 1, 5, "too large"),
        ("9" * 400, 1, 1, "too large"),
        ("9" * 5000, 1, 1, "too many digits"),
        ("0x" + "f" * 5000, 1, 1, "too large"),
        ("1j", 1, 1, "no number"),
        ("f = True", 1, 5, "no number"),
        ("f = ...", 1, 5, "nothing feeds"),
        ("x ^ 2", 1, 3, "write **"),
        ("f = 1 + 2 * (x + y) ^ 2", 1, 21, "write **"),
        ("a = 1\nf = x * y^2", 2, 10, "write **"),
        ("f = (x # here\n  ^ 2)", 1, 6, "write **"),
        ("x % 2", 1, 3, "not part"),
        ("~x", 1, 1, "not part"),
        ("a < b < c", 1, 9, "two at a time"),
        ("a != b", 1, 1, "compare"),
        ("a and b", 1, 1, "not part"),
        ("a if b else c", 1, 1, "where"),
        ("(1, 2)", 1, 1, "use [ ]"),
        ("{1: 2}", 1, 1, "{ } is not part"),
        ("f(x) = 3", 1, 1, "left of ="),
        ("a, b = c", 1, 1, "left of ="),
        ("x[0] = 3", 1, 1, "left of ="),
        ("import os", 1, 1, "imported"),
        ("__import__('os')", 1, 1, "no function"),
        ("lambda x: x", 1, 1, "defined"),
        ("def f(x): return x", 1, 1, "defined"),
        ("x.__class__", 1, 1, "“.__class__”"),
        ("x.__class__()", 1, 1, "no function"),
        ("(lambda: x)()", 1, 2, "called"),
        ("f'{x}'", 1, 1, "quotes"),
        ("'x'", 1, 1, "quotes"),
        ("x = 'abc", 1, 5, "quotes"),
        ("[x for x in y]", 1, 1, "for is not"),
        ("(y := 3)", 1, 2, "not part"),
        ("x: int = 3", 1, 1, "not part"),
        ("if x:\n  y", 2, 3, "blocks"),
        ("sum(*x)", 1, 5, "in front"),
        ("sum(**x)", 1, 5, "“**”"),
        ("a" * 65, 1, 1, "cannot be a node's name"),
        ("input(x)", 1, 1, "one number"),
        ("x = input([1, 2], shape=(3,))", 1, 19, "do not fill"),
        ("a\0b", 1, 1, "null"),
        ("x + \ud800", 1, 5, "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    text: str, line: int, column: int, said: str
) -> None:
    with pytest.raises(FormulaError) as refused:
        parse(text)
    message = str(refused.value)
    assert (refused.value.line, refused.value.column) == (line, column), message
    assert said in message
    assert message.startswith(f"line {line}, column {column}: ")
    assert "\n" not in message


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "a" + ")" * 5000,
        "[" * 5000,
        "+".join(["a"] * 100_000),
        "-" * 100_000 + "a",
        "**".join(["a"] * 100_000),
        "a" + "[0]" * 100_000,
        "a" + ".exp()" * 100_000,
        "a" + ".T" * 100_000,
        "f = " + "exp(" * 150 + "a" + ")" * 150,
        "a = [" + "1," * 600_000 + "]",
        "a*b\n" * 2_200_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_is_too_deep_or_too_long_for_a_plain_answer(text: str) -> None:
    try:
        said = f"{len(parse(text))} nodes"
    except FormulaError as refused:
        said = str(refused)
    assert "too" in said or said.endswith(" nodes")


def test_a_chain_of_100_000_nodes_goes_both_ways() -> None:
    graph = parse("a = a * x\n" * 100_000)
    assert len(graph) == 100_002
    text = to_formula(graph)
    assert to_formula(parse(text)) == text
    unnamed = Graph.build(
        {
            "x": Node("input"),
            "exp1": Node("exp", ("x",)),
            **{f"exp{i}": Node("exp", (f"exp{i - 1}",)) for i in range(2, 100_001)},
        }
    )
    text = to_formula(unnamed)
    assert len(text.splitlines()) == 100_000 // DEEPEST
    assert len(parse(text)) == 100_001


# -- an edit of a known graph ------------------------------------------------------------------


def test_leaves_of_the_known_graph_keep_kind_settings_and_value() -> None:
    before = (
        Graph()
        .add("w", "input", value=2.0, settings={"data": True})
        .add("x", "parameter", value=3.0)
        .add("y", "mul", ["w", "x"])
        .move({"w": (1, 2), "y": (3, 4)})
        .set_training({"steps": 5})
    )
    after = parse("y = w * x + 1\nx = 5", known=before)
    assert after.nodes["w"] == before.nodes["w"]
    assert after.nodes["x"].op == "parameter"
    assert after.nodes["x"].value == 5
    assert dict(after.positions) == {"w": (1, 2), "y": (3, 4)}
    assert after.training == {"steps": 5}
    assert parse("w = parameter()", known=before).nodes["w"].value == 2
    assert parse("w = w", values={"w": np.array(7.0)}, known=before).nodes["w"].value == 7


def test_nodes_nobody_named_are_recognised_by_what_they_compute() -> None:
    before = (
        Graph().add("x", "input").add("y", "input").add("add7", "add", ["x", "y"])
        .add("exp1", "exp", ["add7"]).move({"add7": (10, 20)})
    )  # fmt: skip
    after = parse("f = (y + x) * exp(x + y)", known=before)
    assert after.nodes["exp1"].inputs == ("add7",)
    assert after.nodes["add1"].inputs == ("y", "x")
    assert after.positions == {"add7": (10, 20)}


# -- graph to text -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "f = 1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))",
        "f = a - (b - c) - d",
        "f = a / (b / c) / (d * e)",
        "f = (a ** b) ** (c ** d)",
        "f = -x ** 2 + (-x) ** 2 + 2 ** (-x)",
        "f = (-2) ** 2 - (-3)",
        "f = -2 * x",
        "f = neg(2) + neg(-2) + neg([1, 2]) + (-(-x))",
        "f = (a < b) * (c >= d)",
        "f = (a < b) == c",
        "f = (a + b) @ c * d",
        "f = a @ (b * c)",
        "f = (a + b)[0] + a[:, 1:3][0]",
        "f = transpose(x @ y) + transpose(x, axes=(1, 0, 2))",
        "f = concat([a, b, 2], axis=1)",
        "f = sum(x, axis=(0, 1), keepdims=True) + mean(x, axis=0)",
        'f = scatter(x, index="1:3", shape=(5,))',
        "f = x * [[1, 2.5], [-3, 1e-07]]",
        "f = max(x, 0) + amax(x)",
        "f = x + ... * exp(...)",
        "q = x * y\nf = q + q",
        "q = x * y\nf = q + 1\nq",
        "c = constant(0.1)\nf = x * c",
        "x = input()\nf = a * b",
        "a_very_long_name = b * c\nf = a_very_long_name",
    ],
)
def test_text_is_written_as_people_write_it(text: str) -> None:
    expected = text.removesuffix("\nf = a_very_long_name")
    assert to_formula(parse(text)) == expected


def test_leaves_come_first_with_their_values() -> None:
    graph = parse("f = w * x + b", values={"w": np.array(2.0), "x": np.array([[1.5, -0.0]])})
    text = to_formula(graph, leaves=True)
    assert text == "w = parameter(2)\nx = input([[1.5, -0.0]])\nb = parameter()\nf = w * x + b"
    assert parse(text).nodes == graph.nodes


def test_a_long_part_gets_a_line_of_its_own() -> None:
    graph = parse("f = exp(" + " + ".join(f"x{i}" for i in range(60)) + ")")
    text = to_formula(graph)
    assert max(map(len, text.splitlines())) < 2 * LONGEST
    assert to_formula(parse(text)) == text


NUMBER = st.floats(-3, 3) | st.sampled_from([0.0, -0.0, 1.0, 2.0, 1e-300, 1e300])
SHAPES = [(), (), (), (3,), (2, 3), (3, 2), (1, 1), (0, 3)]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any graph over the registry: named and unnamed nodes, free ports, shapes that do not fit."""
    graph = Graph()
    for i in range(draw(st.integers(0, 14))):
        op = REGISTRY[draw(st.sampled_from(sorted(REGISTRY)))]
        base = draw(st.sampled_from([op.name, op.symbol if op.leaf else "f", "w", "add", "c"]))
        name = graph.fresh_name(base) if draw(st.booleans()) else f"n{i}"
        if op.leaf:
            shape = draw(st.sampled_from(SHAPES))
            size = int(np.prod(shape))
            numbers = draw(st.lists(NUMBER, min_size=size, max_size=size))
            value = None if draw(st.integers(0, 9)) == 0 else np.reshape(numbers, shape)
            graph = graph.add(name, op.name, value=value)
            if op.name == "input" and draw(st.booleans()):
                graph = graph.set_settings(name, {"data": True})
            continue
        settings = draw(st.sampled_from([{}, *(dict(sample[1]) for sample in op.samples)]))
        count = draw(st.integers(1, 3)) if op.variadic else len(op.inputs)
        sources = st.sampled_from(
            [*graph.nodes, None] if draw(st.booleans()) else [*graph.nodes][-3:] or [None]
        )
        graph = graph.add(name, op.name, [draw(sources) for _ in range(count)], settings=settings)
    if len(graph) and draw(st.booleans()):
        graph = graph.set_output(draw(st.sampled_from([*graph.nodes])))
    return graph


@given(graphs(), st.booleans())
def test_formula_to_graph_to_formula_is_stable(graph: Graph, leaves: bool) -> None:
    text = to_formula(graph, leaves=leaves)
    assert to_formula(parse(text), leaves=leaves) == text
    assert to_formula(parse(text, known=graph), leaves=leaves) == to_formula(graph, leaves=leaves)


@given(graphs())
def test_graph_to_formula_to_graph_is_the_identity_on_what_is_computed(graph: Graph) -> None:
    again = parse(to_formula(graph, leaves=True))
    assert len(again) == len(graph)
    assert sorted(node.op for node in again.nodes.values()) == sorted(
        node.op for node in graph.nodes.values()
    )
    before, after = evaluate(graph), evaluate(again)
    for name, node in graph.nodes.items():
        if not is_automatic(name, node.op):
            assert again.nodes[name].op == node.op
            assert again.nodes[name].settings == node.settings
            assert (name in before.values) == (name in after.values)
            if name in before.values:
                np.testing.assert_array_equal(
                    np.asarray(after.values[name]), np.asarray(before.values[name]), strict=True
                )
    if graph.output is not None:
        assert again.output == graph.output or is_automatic(
            graph.output, graph.nodes[graph.output].op
        )


@given(graphs())
def test_an_edit_that_changes_nothing_keeps_every_name(graph: Graph) -> None:
    again = parse(to_formula(graph), known=graph)
    assert set(again.nodes) == set(graph.nodes)
    assert again.nodes == graph.nodes


@given(st.text(max_size=40) | st.text("xyw=+-*/@()[],:.<>1234 \n#;'e", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        graph = parse(text)
    except FormulaError as refused:
        graph = parse(f"f = {refused.line} * {refused.column}")
    once = to_formula(graph, leaves=True)
    assert to_formula(parse(once), leaves=True) == once


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("np.var(x)", "var(x, correction=0)"),
        ("F.embedding(i, t)", "embedding(table, indices)"),
        ("torch.dropout(x, 0.5)", "dropout(x, mask)"),
    ],
)
def test_what_means_something_else_in_its_library_is_refused(text: str, instead: str) -> None:
    with pytest.raises(FormulaError, match=re.escape(instead)):
        parse(f"f = {text}")


def test_a_formula_that_stands_alone_cannot_say_an_op_of_the_graphs_own() -> None:
    own = define("cube", ["x"], "x**3", {"x": "g * 3 * x**2"})
    graph = parse("f = cube(x) + 1", known=Graph().define(own))
    assert to_formula(graph) == "f = cube(x) + 1"
    with pytest.raises(GraphError, match="cube1: cube is defined by this graph"):
        to_formula(graph, leaves=True)
