"""The command line: what it prints where, how it ends, and how it says what is wrong."""

from __future__ import annotations

import errno
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstudio import __version__, cli, resources, screen, storage
from gradstudio.formula import parse
from gradstudio.graph import Graph

XYZ = ("--formula", "f = (x + y) * z", "--set", "x=-2", "--set", "y=5", "--set", "z=-4")


class Ran:
    """One finished command."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        assert self.code in (0, 1), self.err
        assert self.out.count("\n") == 1
        return json.loads(self.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: object) -> Ran:
        code = cli.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def file(graph: Graph | str, name: str = "a.gradstudio") -> Path:
        path = tmp_path / name
        storage.save(path, parse(graph) if isinstance(graph, str) else graph)
        return path

    return file


def example(name: str) -> Path:
    return resources.path("examples", f"{name}.gradstudio")


# -- eval --------------------------------------------------------------------------------------


def test_eval_prints_what_the_design_says(run: Any) -> None:
    found = run("eval", example("handmade"), "--json").json
    assert found["output"] == "y"
    assert found["value"] == pytest.approx(48.9)
    assert found["nodes"]["x2"] == {"op": "input", "shape": [], "value": 3.0, "grad": 6.3}
    assert found["nodes"]["c1"] == {"op": "constant", "shape": [], "value": 4.3, "grad": None}
    assert {"from": "x2", "to": "f1", "port": "y", "value": 3.0, "grad": 2.0} in found["edges"]
    assert found["order"] == ["x1", "x2", "f1", "f2", "h", "y"]


def test_eval_takes_a_formula_and_its_leaves(run: Any, tmp_path: Path) -> None:
    found = run("eval", *XYZ, "--json").json
    assert {name: found["nodes"][name]["grad"] for name in "xyz"} == {"x": -4, "y": -4, "z": 3}
    leaves = tmp_path / "leaves.json"
    leaves.write_text('{"x": [[1, 2], [3, 4]], "w": 2}')
    found = run("eval", "--formula", "l = sum(w*x)", "--leaves", leaves, "--set", "w=3", "--json")
    assert found.json["value"] == 30
    assert found.json["nodes"]["x"] == {
        "op": "input",
        "shape": [2, 2],
        "value": [[1, 2], [3, 4]],
        "grad": [[3, 3], [3, 3]],
    }


def test_eval_says_what_is_muted(run: Any) -> None:
    found = run("eval", "--formula", "f = muted(x + y)", "--set", "x=3", "--set", "y=4", "--json")
    assert found.json["value"] == 3
    assert found.json["nodes"]["f"] == {
        "op": "add",
        "muted": True,
        "shape": [],
        "value": 3,
        "grad": 1,
    }
    assert "muted" not in found.json["nodes"]["x"]


def test_eval_chooses_the_output_and_the_mode(run: Any) -> None:
    formula = ("--formula", "q = x * x; f = q * y", "--set", "x=3", "--set", "y=−0.5")
    found = run("eval", *formula, "--output", "q", "--json").json
    assert (found["output"], found["value"]) == ("q", 9)
    assert found["nodes"]["y"]["grad"] is None
    found = run("eval", *formula, "--mode", "forward", "--wrt", "x", "--json").json
    assert found["nodes"]["f"] == {"op": "mul", "shape": [], "value": -4.5, "tangent": -3.0}
    assert found["edges"][0]["tangent"] == 1
    arrays = ("--formula", "y = x * 2", "--set", "x=[1, 2]", "--mode", "forward", "--wrt", "x")
    assert run("eval", *arrays, "--json").json["nodes"]["y"]["tangent"] == [2, 2]


def test_eval_prints_a_table_for_people(run: Any) -> None:
    ran = run("eval", *XYZ)
    assert ran.err == ""
    assert ran.out.splitlines() == [
        "node  op     shape   value  gradient",
        "x     input  scalar     −2        −4",
        "y     input  scalar      5        −4",
        "add1  add    scalar      3        −4",
        "z     input  scalar     −4         3",
        "f     mul    scalar    −12         1",
        "",
        "from  to      value  gradient",
        "x     add1.x     −2        −4",
        "y     add1.y      5        −4",
        "add1  f.x         3        −4",
        "z     f.y        −4         3",
    ]
    assert max(map(len, run("eval", example("mlp")).out.splitlines())) < 140


def test_numbers_are_shown_in_six_digits_and_can_be_set_as_shown(run: Any) -> None:
    out = run("eval", "--formula", "f = x * y", "--set", "x=−1.5×10⁻⁷", "--set", "y=2").out
    assert out.splitlines()[1:4] == [
        "x     input  scalar  −1.5×10⁻⁷          2",
        "y     input  scalar          2  −1.5×10⁻⁷",
        "f     mul    scalar    −3×10⁻⁷          1",
    ]
    out = run("eval", "--formula", "f = sum(x / y)", "--set", "x=[1234567, -1]", "--set", "y=3").out
    assert "[411522, −0.333333]" in out
    assert "[1.23457×10⁶, −1]" in out


def test_a_terminal_without_such_signs_has_numbers_all_the_same(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sys.stdout), "encoding", "ascii")
    out = run("eval", "--formula", "f = x * 1", "--set", "x=−1.5×10⁻⁷").out
    assert "-1.5e-7" in out


def test_what_is_not_finite_is_text_in_json_and_a_warning_on_stderr(run: Any) -> None:
    ran = run("eval", "--formula", "f = sum(log(x))", "--set", "x=[-1, 0, 1]", "--json")
    assert ran.json["value"] == "nan"
    assert ran.json["nodes"]["log1"]["value"] == ["nan", "-inf", 0]
    assert ran.json["nodes"]["x"]["grad"] == [-1, "inf", 1]
    assert "log1" in ran.err
    assert ran.err.count("\n") == 1


def test_an_unfinished_part_beside_the_output_is_a_warning(run: Any, file: Any) -> None:
    path = file("g = ... + x\nf = x * x\nx = 2")
    ran = run("eval", path, "--json")
    assert ran.json["nodes"]["g"] == {"op": "add", "shape": None, "value": None, "grad": None}
    assert "g" in ran.err
    assert run("eval", path).code == 0


def test_numbers_without_a_leaf_have_no_gradient(run: Any) -> None:
    ran = run("eval", "--formula", "f = 2 * 3", "--json")
    assert (ran.json["value"], ran.json["nodes"]["f"]["grad"]) == (6, None)
    assert "depends on no input" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["eval"], "give a FILE or a --formula"),
        (["eval", "a.gradstudio", "--formula", "x"], "one of them"),
        (["eval", "none.gradstudio"], "none.gradstudio: cannot be read: No such file"),
        (["eval", "--formula", "f = (x"], "line 1, column 5"),
        (["eval", "--formula", ""], "the graph is empty"),
        (["eval", "--formula", "f = w*x", "--set", "x=1"], "w has no value yet: give it one with"),
        (["eval", "--formula", "f = x", "--set", "q=1"], "no leaf called “q”; the leaves are: x"),
        (["eval", "--formula", "f = x*x", "--set", "f=1"], "no leaf called “f”"),
        (["eval", "--formula", "f = x", "--set", "x"], "NAME=VALUE"),
        (["eval", "--formula", "f = x", "--set", "x=two"], "--set x: “two” is no number"),
        (["eval", "--formula", "f = x", "--set", "x=[1, [2]]"], "x: a value is"),
        (["eval", "--formula", "f = x", "--set", 'x="1"'], '--set x: “"1"” is no number'),
        (["eval", "--formula", "f = x", "--set", "x=nan"], "“nan” is no number"),
        (["eval", "--formula", "f = x", "--set", "x=1_000"], "“1_000” is no number"),
        (["eval", "--formula", "f = x", "--set", "x=[1e999]"], "line 1, column 2: a nested list"),
        (["eval", "--formula", "f = x", "--set", "x=[[1], 2]"], "x: a value is"),
        (["eval", "--formula", "f = x", "--set", "x=" + "9" * 5000], "9” is no number"),
        (["eval", "--formula", "f = x", "--set", "x=[" + "9" * 5000], "column 2: a nested list"),
        (["eval", "--formula", "f = x", "--set", "x=" + "[" * 100_000], "too many brackets"),
        (["eval", "--formula", "f = x", "--set", "x=__import__('os')"], "is no number"),
        (["eval", "--formula", "f = 2*x", "--set", "x=[1, 2]"], "put sum or mean after it"),
        (
            ["eval", "--formula", "f = x + y", "--set", "x=[1, 2]", "--set", "y=[1, 2, 3]"],
            "f (add)",
        ),
        (["eval", *XYZ, "--output", "q"], "no node called q"),
        (["eval", *XYZ, "--mode", "forward", "--wrt", "z=[1, 2]"], "z has shape scalar"),
        (["eval", *XYZ, "--mode", "forward", "--wrt", "z=fast"], "--wrt z: "),
        (["eval", *XYZ, "--wrt", "x"], "--mode forward"),
        (["eval", *XYZ, "--mode", "forward", "--wrt", "f"], "“f”"),
        (["eval", *XYZ, "--mode", "sideways"], "sideways"),
        (["eval", *XYZ, "--leaves", "none.json"], "none.json: cannot be read"),
        (["eval", *XYZ, "--leaves", __file__], "damaged or cut off at line 1, column 3"),
        (["eval", "a" * 300], "cannot be read: File name too long"),
        (["a" * 300], "there is no command “aaa"),
        (["check", "--formula", "f = log(x)", "--set", "x=-1"], "f (log) is nan"),
        (["train", *XYZ, "--data", "a" * 300], "no such file, and no data set"),
        (["train", *XYZ, "--steps", "9" * 5000], "…"),
        (["export", *XYZ, "--to", "png", "--scale", "nan"], "--scale"),
        (["export", *XYZ, "--to", "numpy", "-o", "a" * 300], "not saved: File name too long"),
        (["lab"], "Missing command"),
        (["eval", *XYZ, "--nonsense"], "--nonsense"),
        (["evil", "x"], "no command “evil”; did you mean eval?"),
        (["check", "--formula", "f = 2 * 3"], "depends on no input"),
        (["train", "--formula", "f = x * x", "--set", "x=1"], "f depends on no parameter"),
        (["train", "--formula", "f = w * w", "--set", "w=1", "--lr", "0"], "learning_rate must be"),
        (["train", "--formula", "f = w * w", "--set", "w=1", "--steps", "0"], "steps must be"),
        (
            ["train", "--formula", "f = w * w", "--set", "w=1", "--data", "none"],
            "no data set (line",
        ),
        (["train", "--formula", "f = exp(w)", "--set", "w=99", "--lr", "1e300"], "step 1: "),
        (["export", "--formula", "f = x"], "--to"),
        (["export", "--formula", "f = x", "--to", "cobol"], "cobol"),
        (["export", "--formula", "f = x", "--to", "formula", "-o", "/no/where"], "not saved"),
        (["examples", "none"], "no example “none”; there are: batch-norm"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else None,
)
def test_what_is_wrong_is_said_in_one_line(run: Any, arguments: list[str], said: str) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err
    assert ran.err.startswith("gradstudio: ")
    assert ran.err.count("\n") == 1
    assert len(ran.err) < 400


def test_an_export_that_fails_leaves_the_old_file_whole(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.txt"
    arguments = ("export", "--formula", "f = x * x", "--to", "formula", "-o", str(out))
    assert run(*arguments).code == 0
    before = out.read_bytes()
    assert b"x" in before

    def full(*args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    ran = run(*arguments)
    assert ran.code == 2
    assert "out.txt: not saved: " in ran.err
    assert out.read_bytes() == before
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"x": 1, "\xe9": 2}', "byte 11 is not UTF-8"),
        (b'{"x": 1, "x": 2}', "“x” stands twice in one object"),
        (b'{"x": NaN}', "NaN is not a finite number"),
        (b'{"x": 1e400}', "1e400 is too large for a number"),
        (b'{"x": ' + b"9" * 6000 + b"}", "a number has too many digits"),
        (b'{"x": ' + b"[" * 99 + b"1" + b"]" * 99 + b"}", "nested too deeply"),
        (b"[1]", "holds no object of leaf values by name"),
        (b"", "the file is empty"),
    ],
)
def test_leaf_values_are_read_as_carefully_as_graphs(
    run: Any, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "leaves.json").write_bytes(content)
    ran = run("eval", *XYZ, "--leaves", tmp_path / "leaves.json")
    assert (ran.code, ran.out) == (2, "")
    assert f"leaves.json: {said}" in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("command", [["eval", "xyz"], ["export", "xyz", "--to", "numpy"]])
def test_a_full_disk_under_stdout_is_said(command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        finished = subprocess.run(
            [sys.executable, "-m", "gradstudio", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert finished.returncode == 2
    assert finished.stderr == (
        "gradstudio: the output could not be written: No space left on device\n"
    )


@pytest.mark.skipif(os.name != "posix", reason="a shell closes it")
@pytest.mark.parametrize("command", ["eval xyz", "export xyz --to svg", "train mlp --steps 2"])
def test_without_stdout_and_stderr_nothing_is_printed(command: str) -> None:
    """As in a program of Windows without a console."""
    script = f'"{sys.executable}" -m gradstudio {command} >&- 2>&-'
    assert subprocess.run(script, shell=True, check=False).returncode == 0


def test_a_message_cannot_move_the_cursor(run: Any) -> None:
    ran = run("eval", "no\x1b[2Jthing\n.gradstudio")
    assert ran.err.count("\n") == 1
    assert "\x1b" not in ran.err


# -- check -------------------------------------------------------------------------------------


def test_check_compares_every_leaf(run: Any) -> None:
    found = run("check", example("sigmoid"), "--json").json
    assert found["passed"]
    assert set(found["leaves"]) == {"w0", "w1", "w2", "x0", "x1"}
    assert all(leaf["error"] < 1e-8 for leaf in found["leaves"].values())
    ran = run("check", example("mlp"))
    assert ran.code == 0
    assert ran.out.count("agrees") == 6


def test_check_ends_with_1_where_a_gradient_is_wrong(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradstudio.ops import REGISTRY

    monkeypatch.setattr(REGISTRY["sin"], "vjp", staticmethod(lambda g, out, x: (g,)))
    ran = run("check", "--formula", "f = sin(x) + y", "--set", "x=1", "--set", "y=2")
    assert ran.code == 1
    assert [line.split()[:2] for line in ran.out.splitlines()[1:]] == [
        ["x", "DIFFERS"],
        ["y", "agrees"],
    ]
    ran = run("check", "--formula", "f = sin(x)", "--set", "x=1", "--json")
    assert ran.code == 1
    assert not ran.json["passed"]


# -- train -------------------------------------------------------------------------------------


def test_train_prints_the_loss_of_each_step(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "trained.gradstudio"
    ran = run("train", example("linear-fit"), "--steps", 200, "--lr", 0.1, "--json", "--out", out)
    assert ran.err == ""
    found = ran.json
    assert len(found["loss"]) == 200
    assert found["loss"][-1] < 0.1 < found["loss"][0]
    assert found["parameters"]["w"] == pytest.approx(1.7, abs=0.2)
    trained = storage.load(out)
    assert trained.nodes["w"].value == found["parameters"]["w"]
    assert trained.training["steps"] == 200
    assert trained.positions == storage.load(example("linear-fit")).positions


def test_train_takes_its_settings_from_the_file(run: Any) -> None:
    steps = storage.load(example("linear-fit")).training["steps"]
    assert len(run("train", example("linear-fit"), "--json").json["loss"]) == steps
    assert len(run("train", example("linear-fit")).out.splitlines()) == steps + 5


def test_train_fills_the_data_leaves(run: Any, tmp_path: Path) -> None:
    words = ("--steps", 50, "--batch", 20, "--seed", 1, "--momentum", 0.5, "--json")
    first = run("train", example("linear-fit"), "--data", "line", *words).json
    assert first == run("train", example("linear-fit"), "--data", "line", *words).json
    assert first["parameters"]["w"] == pytest.approx(2, abs=0.2)
    table = tmp_path / "points.csv"
    table.write_text("x,y\n0,1\n1,3\n2,5\n")
    found = run("train", example("linear-fit"), "--data", table, "--steps", 400, "--json").json
    assert found["parameters"] == pytest.approx({"w": 2, "b": 1}, abs=1e-2)
    table.write_text("x,y\n0,1\n1,\n")
    ran = run("train", example("linear-fit"), "--data", table)
    assert (ran.code, ran.out) == (2, "")
    assert "line 3, column y" in ran.err


# -- export, examples, the rest ----------------------------------------------------------------


def test_export_writes_a_formula_that_computes_the_same(run: Any, tmp_path: Path) -> None:
    text = run("export", example("sigmoid"), "--to", "formula").out
    assert text.endswith("f = 1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))\n")
    expected = run("eval", example("sigmoid"), "--json").json
    assert run("eval", "--formula", text, "--json").json["nodes"]["w0"] == expected["nodes"]["w0"]
    out = tmp_path / "sigmoid.txt"
    assert run("export", example("sigmoid"), "--to", "formula", "-o", out).out == ""
    assert out.read_text(encoding="utf-8") == text


def test_examples_are_listed_and_found(run: Any) -> None:
    listed = run("examples").out
    assert "sigmoid" in listed
    assert "A neuron with a sigmoid, in pieces" in listed
    path = run("examples", "sigmoid").out.strip()
    assert Path(path) == example("sigmoid")
    found = run("examples", "--json").json
    assert [one["name"] for one in found] == sorted(one["name"] for one in found)
    assert set(found[0]["title"]) == {"en", "zh"}
    assert run("examples", "xyz", "--json").json["path"].endswith("xyz.gradstudio")


def test_version_and_help(run: Any) -> None:
    assert run("--version").out == f"gradstudio {__version__}\n"
    assert "Commands:" in run("--help").out
    assert "--wrt" in run("eval", "-h").out


@pytest.mark.parametrize("command", [["eval"], ["check"], ["train", "--steps", "2"]])
def test_neither_qt_nor_torch_is_imported(command: list[str]) -> None:
    program = (
        "import sys; from gradstudio.cli import run; "
        f"code = run({[*command, str(example('linear-fit')), '--json']!r}); "
        "sys.exit(code or [m for m in sys.modules if m.split('.')[0] in ('PySide6', 'torch')] or 0)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    json.loads(finished.stdout)


def test_a_closed_pipe_is_no_error() -> None:
    program = (
        f"{sys.executable} -m gradstudio eval {example('mlp')} | true; exit ${{PIPESTATUS[0]}}"
    )
    finished = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")


def test_a_defect_of_the_program_is_no_plain_no(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstudio.cli.evaluate.evaluate", lambda *_, **__: 1 / 0)
    ran = run("eval", *XYZ)
    assert ran.code == 2
    assert "ZeroDivisionError" in ran.err


def test_large_arrays_go_through(run: Any, file: Any, rng: np.random.Generator) -> None:
    path = file(parse("l = sum(x * x)").set_values({"x": rng.normal(size=(200, 30))}))
    found = run("eval", path, "--json").json
    assert np.shape(found["nodes"]["x"]["grad"]) == (200, 30)
    assert "…" in run("eval", path).out


# -- the window --------------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Replace the window; the list gets what it was called with."""
    pytest.importorskip("PySide6")
    from gradstudio.gui import app

    calls: list[list[str]] = []
    monkeypatch.setattr(app, "main", lambda argv: calls.append(argv) or 0)
    return calls


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ([], []),
        (["open"], []),
        (["open", "a.gradstudio"], ["a.gradstudio"]),
        (["some/where"], ["some/where"]),
        (["a.gradstudio"], ["a.gradstudio"]),
    ],
)
def test_the_window_opens(
    run: Any, opened: list[list[str]], arguments: list[str], given: list[str]
) -> None:
    assert run(*arguments).code == 0
    assert opened == [given]


def on_linux(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_a_missing_screen_is_said(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for variables in ({}, {"QT_QPA_PLATFORM": "xcb"}):
        on_linux(monkeypatch, **variables)
        ran = run()
        assert (ran.code, ran.out) == (2, "")
        assert "no screen" in ran.err
        assert ran.err.count("\n") == 1


def test_a_missing_library_is_named_with_its_package(
    run: Any, opened: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_cursor(name: str) -> None:
        if "cursor" in name:
            raise OSError(f"{name}: cannot open shared object file")

    on_linux(monkeypatch, DISPLAY=":0")
    monkeypatch.setattr(screen.ctypes, "CDLL", without_cursor)
    ran = run("open")
    assert ran.code == 2
    assert (
        ran.err
        == "gradstudio: the window needs libxcb-cursor.so.0: sudo apt-get install libxcb-cursor0\n"
    )
    on_linux(monkeypatch, WAYLAND_DISPLAY="wayland-0")
    assert run("open").code == 0


@pytest.mark.parametrize(
    ("library", "said"),
    [("libEGL.so.1", "sudo apt-get install libegl1"), ("libodd.so.7", "library libodd.so.7")],
)
def test_a_library_that_keeps_qt_from_loading_is_named(
    run: Any, monkeypatch: pytest.MonkeyPatch, library: str, said: str
) -> None:
    class Missing:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "gradstudio.gui.app":
                raise ImportError(
                    f"{library}: cannot open shared object file: No such file or directory"
                )

    import gradstudio.gui

    on_linux(monkeypatch, QT_QPA_PLATFORM="offscreen")
    monkeypatch.delitem(sys.modules, "gradstudio.gui.app", raising=False)
    monkeypatch.delattr(gradstudio.gui, "app", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    ran = run("open")
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_an_example_is_meant_by_its_name(run: Any, tmp_path: Path) -> None:
    ran = run("eval", "xyz", "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["value"] == -12
    assert run("eval", "no-example").code == 2


def test_forward_mode_takes_a_direction(run: Any) -> None:
    speeds = ("--wrt", "x=2", "--wrt", "z=-1")
    found = run("eval", *XYZ, "--mode", "forward", *speeds, "--json").json
    assert found["nodes"]["f"]["tangent"] == 2 * -4 + 3 * -1
    assert found["nodes"]["y"]["tangent"] == 0
    everything = run("eval", *XYZ, "--mode", "forward", "--json")
    assert everything.json["nodes"]["f"]["tangent"] == -4 - 4 + 3
    assert "all of these move at speed 1: x, y, z" in everything.err


@pytest.mark.parametrize("example", sorted(resources.path("examples").glob("*.gradstudio")))
def test_forward_mode_works_on_every_example(run: Any, example: Path) -> None:
    graph = storage.load(example)
    for name, node in graph.nodes.items():
        if node.op == "parameter":
            forward = json.loads(
                run("eval", example, "--mode", "forward", "--wrt", name, "--json").out
            )
            backward = json.loads(run("eval", example, "--json").out)
            tangent = forward["nodes"][forward["output"]]["tangent"]
            grad = np.sum(backward["nodes"][name]["grad"])
            assert np.sum(tangent) == pytest.approx(grad, rel=1e-9, abs=1e-12)


def test_a_run_that_diverges_leaves_the_last_finite_parameters(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "trained.gradstudio"
    ran = run("train", "linear-fit", "--lr", "100", "--steps", "500", "--out", out)
    assert ran.code == 2
    assert "step" in ran.err
    values = [node.value for node in storage.load(out).nodes.values() if node.op == "parameter"]
    assert all(np.isfinite(value).all() for value in values)
    begun = storage.load(resources.path("examples", "linear-fit.gradstudio"))
    assert not np.array_equal(storage.load(out).nodes["w"].value, begun.nodes["w"].value)


def test_the_readmes_commands_do_what_it_says(run: Any, tmp_path: Path) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    text = readme.read_text(encoding="utf-8")
    (formula,) = re.findall(r"\$ gradstudio (eval --formula .*)", text)
    ran = run(*shlex.split(formula), "--json")
    assert json.loads(ran.out)["value"] == -12
    labs = resources.path("labs")
    named = {
        "FILE": resources.path("examples", "linear-fit.gradstudio"),
        "LAB": labs / "sigmoid.gradlab",
        "KEY": labs / "keys" / "sigmoid.gradkey",
        "CLASS": labs / "samples" / "sigmoid" / "20240001",
        "OUT": tmp_path / "out",
    }
    commands = re.findall(r"^\| `gradstudio ([a-z]+[^`]*)` \|", text, re.MULTILINE)
    assert len(commands) >= 5
    for command in commands:
        arguments = [str(named.get(one, one)) for one in shlex.split(command)]
        assert run(*arguments).code == 0, command
