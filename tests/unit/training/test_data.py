"""Tables are read or refused by line and column, and find their leaves by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.errors import FileError, TrainingError
from gradstudio.graph import Graph
from gradstudio.training import data
from gradstudio.training.data import (
    DATASETS,
    Table,
    assign,
    data_leaves,
    parse_csv,
    read_csv,
    row_count,
)


def columns(text: str) -> dict[str, list[float]]:
    return {name: column.tolist() for name, column in parse_csv(text).columns.items()}


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1,2\n3,4\n",
        "x;y\n1;2\n3;4",
        "x\ty\n1\t2\n3\t4\n\n\n",
        '"x","y"\n"1","2"\n 3 , 4 \n',
        "\ufeffx,y\r\n1,2\r\n3,4\r\n \r\n",
        "\n\nx,y\n1,2\n3.0,4e0\n",
        "x, y\n+1, 2\n3, .4e1\n",
        "x,y\r1,2\r3,4\r",
    ],
)
def test_a_table_is_read(text: str) -> None:
    assert columns(text) == {"x": [1.0, 3.0], "y": [2.0, 4.0]}


def test_one_column_is_a_table() -> None:
    assert columns("x\n1\n2\n") == {"x": [1.0, 2.0]}


def test_columns_without_names_get_some() -> None:
    assert columns("1,2\n3,4\n") == {"column1": [1.0, 3.0], "column2": [2.0, 4.0]}


def test_a_name_may_hold_the_delimiter() -> None:
    assert columns('"x, in m";y\n1;2\n') == {"x, in m": [1.0], "y": [2.0]}
    assert columns("a, b;c\n1;2\n3;4\n") == {"a, b": [1.0, 3.0], "c": [2.0, 4.0]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "t.csv: there is nothing in it"),
        (" \n\n", "t.csv: there is nothing in it"),
        ("x,y\n", "t.csv: there is a header, but no row of numbers"),
        ("x,y\n1,2\n3,\n", "t.csv, line 3, column y: the cell is empty"),
        ("x,y\n1,2\n,4\n", "t.csv, line 3, column x: the cell is empty"),
        ("x,y\n1,2\n3\n", "t.csv, line 3: 1 cells, where the header has 2"),
        ("x,y\n1,2,3\n", "t.csv, line 2: 3 cells, where the header has 2"),
        ("x,y\n1,2\n\n3,4\n", "t.csv, line 3: 0 cells"),
        ("x,y\n1,two\n", "t.csv, line 2, column y: “two” is not a number"),
        ("x,y\n1,nan\n", "t.csv, line 2, column y: nan is not a finite number"),
        ("x,y\n1,-inf\n", "t.csv, line 2, column y: -inf is not a finite number"),
        ("x,y\n1,1e999\n", "t.csv, line 2, column y: 1e999 is not a finite number"),
        ("x,y\n1,1_000\n", "t.csv, line 2, column y: “1_000” is not a number"),
        ("x;y\n1,5;2\n", "t.csv, line 2, column x: “1,5” is not a number .*with a point"),
        ("x,\n1,2\n", "t.csv, line 1: column 2 has no name"),
        ("x,x\n1,2\n", "t.csv, line 1: two columns are called x"),
        ("1,nan\n", "t.csv, line 1, column column2: nan is not a finite number"),
        ('x,y\n"1\n",2\n3,z\n', "t.csv, line 4, column y: “z” is not a number"),
        ("x\n" + "1" * 200_000, "t.csv, line 2: field larger than field limit"),
        ("x\n{y}\n", "t.csv, line 2, column x: “{y}” is not a number"),
    ],
)
def test_what_is_no_table_is_refused_by_line_and_column(text: str, said: str) -> None:
    with pytest.raises(FileError, match="^" + said):
        parse_csv(text, source="t.csv")


def test_a_file_is_read_and_named(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes("\ufeffx,y\n1,2\n".encode())
    table = read_csv(file)
    assert (table.source, table.rows) == (str(file), 1)
    assert not table.columns["x"].flags.writeable
    with pytest.raises(FileError, match=r"none\.csv: cannot be read: No such file"):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(FileError, match="cannot be read: Is a directory"):
        read_csv(tmp_path)
    with pytest.raises(FileError, match="cannot be read"):
        read_csv("a\0b")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes(b"x,y\n1,2\n\xff,3\n")
    with pytest.raises(FileError, match="line 3: this is not UTF-8 text"):
        read_csv(file)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(data, "LARGEST_CSV", 2**20)
    file = tmp_path / "points.csv"
    file.write_bytes(b"1\n" * 2**20)
    with pytest.raises(FileError, match="too large: more than 1 MB"):
        read_csv(file)


@given(st.text(alphabet='xy019.,;\t"\n\r -e_', max_size=40))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    refused = None
    try:
        table = parse_csv(text)
    except FileError as error:
        refused = str(error)
    if refused is not None:
        assert refused.startswith("CSV")
        return
    assert table.rows >= 1
    assert all(len(column) == table.rows for column in table.columns.values())
    assert all(np.isfinite(column).all() for column in table.columns.values())


@given(st.lists(st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2), min_size=1))
def test_numbers_come_back_as_they_were(rows: list[tuple[float, float]]) -> None:
    text = "a,b\n" + "".join(f"{a!r},{b!r}\n" for a, b in rows)
    assert columns(text) == {"a": [a for a, _ in rows], "b": [b for _, b in rows]}


# -- leaves -----------------------------------------------------------------------------------


def graph_of(**leaves: object) -> Graph:
    graph = Graph()
    for name, value in leaves.items():
        graph = graph.add(name, "input", settings={"data": True}, value=value)
    return graph


def table(**given: list[float]) -> Table:
    return Table("t.csv", {name: np.array(column) for name, column in given.items()})


def shapes(graph: Graph) -> dict[str, tuple[int, ...]]:
    return {name: node.value.shape for name, node in graph.nodes.items() if node.value is not None}


def test_data_leaves_are_the_inputs_named_so() -> None:
    graph = graph_of(x=None).add("y", "input").add("w", "parameter")
    assert data_leaves(graph) == ("x",)


def test_a_leaf_takes_the_column_of_its_name() -> None:
    graph = assign(graph_of(x=None, y=[[1.0]], z=3.0), table(z=[5, 6], y=[3, 4], x=[1, 2]))
    assert shapes(graph) == {"x": (2,), "y": (2, 1), "z": (2,)}
    assert graph.nodes["y"].value.tolist() == [[3.0], [4.0]]


@pytest.mark.parametrize(
    "names", [("x0", "x1"), ("x_0", "x_1"), ("x[0]", "x[1]"), ("x1", "x2"), ("x_1", "x_2")]
)
def test_numbered_columns_lie_side_by_side(names: tuple[str, str]) -> None:
    first, second = names
    found = assign(graph_of(x=None, y=None), table(**{second: [3, 4], "y": [0, 1], first: [1, 2]}))
    assert found.nodes["x"].value.tolist() == [[1.0, 3.0], [2.0, 4.0]]


def test_ten_columns_are_counted_not_spelled() -> None:
    given = table(**{f"x{i}": [float(i)] for i in reversed(range(12))})
    assert assign(graph_of(x=None), given).nodes["x"].value.tolist() == [list(range(12))]


def test_a_column_with_a_leaf_of_its_own_is_not_taken_twice() -> None:
    found = assign(graph_of(x=None, x2=None), table(x0=[1], x1=[2], x2=[9]))
    assert found.nodes["x"].value.tolist() == [[1.0, 2.0]]
    assert found.nodes["x2"].value.tolist() == [9.0]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            ("a", "b"),
            "x: t.csv has no column of that name; its columns are a, b, .*leaves are x, y",
        ),
        (("x",), "y: t.csv has no column of that name; its columns are x, and"),
        (("X", "y"), "x: t.csv has no column of that name"),
        (("x0", "x2", "y"), "x: t.csv has x0, x2, but none of them has the number 1"),
        (("x2", "x3", "y"), "x: t.csv has x2, x3, but none of them has the number 1"),
        (("x0", "x_0", "y"), "x: the columns x0 and x_0 have the same number"),
    ],
)
def test_a_leaf_without_its_columns_is_named(columns: tuple[str, ...], said: str) -> None:
    graph = graph_of(x=None, y=None)
    with pytest.raises(TrainingError, match="^" + said):
        assign(graph, table(**{name: [1.0] for name in columns}))


def test_a_graph_without_data_leaves_takes_no_table() -> None:
    with pytest.raises(TrainingError, match="no leaf is named as data"):
        assign(Graph().add("x", "input"), table(x=[1.0]))


def test_rows_are_counted_and_must_agree() -> None:
    assert row_count(graph_of(x=[[1.0], [2.0]], y=[1.0, 2.0]), ["x", "y"]) == 2
    for leaves, said in [
        ({"x": [1.0], "y": [1.0, 2.0]}, r"equally many rows \(x: 1, y: 2\)"),
        ({"x": 1.0}, "x is named as data.* but it is one number"),
        ({"x": None}, "x has no value yet"),
        ({"x": []}, "x has no rows to train on"),
    ]:
        with pytest.raises(TrainingError, match=said):
            row_count(graph_of(**leaves), list(leaves))


# -- made here --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATASETS)
def test_a_data_set_is_the_same_for_the_same_seed(name: str) -> None:
    one = DATASETS[name]
    first, again, other = one.table(seed=1), one.table(seed=1), one.table(seed=2)
    assert first.rows == one.rows
    assert one.title
    assert all(column in one.columns for column in first.columns)
    for column, values in first.columns.items():
        np.testing.assert_array_equal(values, again.columns[column])
    assert any(np.any(first.columns[key] != other.columns[key]) for key in first.columns)
    assert one.table(rows=7).rows == 7


@pytest.mark.parametrize("name", ["moons", "circles", "xor"])
def test_classes_are_balanced_and_fit_a_graph(name: str) -> None:
    found = assign(graph_of(x=None, y=None), DATASETS[name].table(rows=40))
    assert shapes(found) == {"x": (40, 2), "y": (40,)}
    assert np.bincount(found.nodes["y"].value.astype(int)).tolist() == [20, 20]


def test_the_line_is_a_line_and_xor_is_xor() -> None:
    line = DATASETS["line"].table(rows=2000).columns
    assert np.allclose(np.polyfit(line["x"], line["y"], 1), [2.0, 1.0], atol=0.02)
    xor = DATASETS["xor"].table().columns
    points = sorted(zip(xor["x0"], xor["x1"], xor["y"], strict=True))
    assert points == [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
