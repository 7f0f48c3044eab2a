"""The command line: what each command takes, what it prints, and how it ends.

stdout is data, stderr is for people. Exit codes: 0 done; 1 done, and the answer is no; 2 the
command or its input is wrong, said in one line.
"""

from __future__ import annotations

import difflib
import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NoReturn

import click
import numpy as np

from gradstudio import __version__, files, resources, screen, storage
from gradstudio.cli import grade, lab
from gradstudio.cli.output import plain, print_json, print_table, say, shown, value_text
from gradstudio.emit import EMITTERS
from gradstudio.engine.derivatives import grad
from gradstudio.engine.evaluate import Evaluation, evaluate
from gradstudio.engine.gradcheck import check as checked_gradients
from gradstudio.errors import FileError, GradStudioError, GraphError
from gradstudio.formula import parse
from gradstudio.graph import Edge, Graph
from gradstudio.numbers import EntryError, number_text, read_value
from gradstudio.ops import shape_text
from gradstudio.training.data import DATASETS, Table, assign, read_csv
from gradstudio.training.loop import Run
from gradstudio.training.optimizers import OPTIMIZERS
from gradstudio.training.settings import TrainingSettings

LARGEST_LEAVES = 64 * 2**20


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name that the terminal has no letters for must not end a command.
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    try:
        code = gradstudio.main(list(arguments), prog_name="gradstudio", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as wrong:
        return _fail(wrong.format_message())
    except GradStudioError as wrong:
        return _fail(str(wrong))
    except (click.Abort, KeyboardInterrupt):
        return 128 + signal.SIGINT
    except (BrokenPipeError, SystemExit):
        # Whoever read stdout has seen enough (click ends with 1 then, which here means “no”).
        # What is still buffered goes nowhere, or Python would complain at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as wrong:  # noqa: BLE001 - the outermost boundary: 1 would mean “no”
        traceback.print_exc()
        return _fail(f"this should not have happened: {wrong!r}")
    return code if isinstance(code, int) else 0


def _fail(message: str) -> int:
    say(f"gradstudio: {message}")
    return 2


class _Commands(click.Group):
    """The commands; a file's name in place of one opens it."""

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = arguments[0]
        if name not in self.commands:
            if "." in name or os.sep in name or Path(name).exists():
                return super().resolve_command(context, ["open", *arguments])
            near = difflib.get_close_matches(name, self.commands, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"there is no command “{name[:80]}”{hint}")
        return super().resolve_command(context, arguments)


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
@click.pass_context
def gradstudio(context: click.Context) -> int:
    """See how gradients flow through a computation graph.

    Without a command, or with the name of a file, it opens the window.
    """
    return open_window(None) if context.invoked_subcommand is None else 0


_file = click.argument("file", required=False, type=click.Path())
_formula = click.option("--formula", metavar="TEXT", help="A formula in place of a file.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_output = click.option("--output", metavar="NAME", help="The node whose gradient is asked.")
_set = click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a leaf a number or nested lists; may be repeated.",
)
_leaves = click.option(
    "--leaves", type=click.Path(), metavar="FILE.json", help="Leaf values by name, as JSON."
)


def _graph(
    file: str | None,
    formula: str | None,
    assignments: Sequence[str] = (),
    leaves: str | None = None,
) -> Graph:
    """Return the graph that a command is about, with the values it was given."""
    if (file is None) == (formula is None):
        raise click.UsageError("give a FILE or a --formula (one of them)")
    graph = parse(formula or "") if file is None else storage.load(_path(file))
    values = {} if leaves is None else _leaves_of(leaves)
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise click.UsageError(f"--set takes NAME=VALUE, not “{assignment[:80]}”")
        try:
            values[name.strip()] = read_value(text)
        except EntryError as wrong:
            raise click.UsageError(f"--set {name.strip()}: {wrong}") from None
    known = [name for name, node in graph.nodes.items() if node.is_leaf]
    for name in values:
        if name not in known:
            raise click.UsageError(
                f"there is no leaf called “{name[:80]}”; the leaves are: {', '.join(known) or '–'}"
            )
    return graph.set_values(values)


def _speeds(wrt: Sequence[str]) -> dict[str, Any]:
    """Return how fast each leaf moves that --wrt names."""
    speeds: dict[str, Any] = {}
    for one in wrt:
        name, equals, text = one.partition("=")
        try:
            speeds[name.strip()] = read_value(text) if equals else 1.0
        except EntryError as wrong:
            raise click.UsageError(f"--wrt {name.strip()[:80]}: {wrong}") from None
    return speeds


def _examples() -> dict[str, Path]:
    """Return the graphs that come along, by name."""
    paths = resources.path("examples").glob("*.gradstudio")
    return {path.stem: path for path in sorted(paths, key=lambda path: path.stem)}


def _path(file: str) -> Path | str:
    """Return the file that is meant: one that exists, or a shipped example by its name."""
    return file if Path(file).exists() else _examples().get(file, file)


def _leaves_of(path: str) -> dict[str, Any]:
    data = files.read(path, LARGEST_LEAVES)
    values = _leaves_in(data.decode(errors="replace"), path)
    if not isinstance(values, dict):
        raise FileError("{file}: holds no object of leaf values by name", file=path)
    return values


def _leaves_in(text: str, path: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as wrong:
        place = f"{path}: line {wrong.lineno}, column {wrong.colno}"
        raise click.UsageError(f"{place}: not an object of leaf values by name") from None
    except (ValueError, RecursionError):
        raise click.UsageError(f"{path}: too large or nested too deeply") from None


def _evaluated(
    graph: Graph,
    output: str,
    *,
    mode: Literal["reverse", "forward"] = "reverse",
    wrt: Mapping[str, Any] | None = None,
    required: bool = False,
) -> Evaluation:
    """Return the numbers of `graph`, or raise the reason why the output has none.

    Args:
        graph: any graph.
        output: the node whose gradient is asked.
        mode: gradients or tangents.
        wrt: the leaves that move in forward mode, and how fast; None for all at speed 1.
        required: whether a number that depends on no leaf is refused, as it has no gradient.
    """
    found = evaluate(graph, mode=mode, wrt=wrt, output=output)
    for name in found.order[: found.order.index(output) + 1]:
        if name in found.errors:
            hint = ""
            if graph.nodes[name].is_leaf:
                hint = f": give it one with --set {name}=NUMBER or --leaves FILE.json"
            raise GraphError("{wrong}{hint}", wrong=found.errors[name], hint=hint)
    if found.no_gradient is not None:
        if required or mode == "forward" or np.size(found.values[output]) != 1:
            raise found.no_gradient
        say(f"warning: {found.no_gradient}")
    for reason in [*found.errors.values(), *found.warnings.values()]:
        say(f"warning: {reason}")
    return found


# -- commands ---------------------------------------------------------------------------------


@gradstudio.command("open")
@click.argument("file", required=False, type=click.Path())
def open_(file: str | None) -> int:
    """Open the window, with FILE in it."""
    return open_window(file)


@gradstudio.command("eval")
@_file
@_formula
@_set
@_leaves
@_output
@click.option(
    "--mode",
    type=click.Choice(["reverse", "forward"]),
    default="reverse",
    show_default=True,
    help="Gradients of the output, or the tangents of all nodes as leaves move.",
)
@click.option(
    "--wrt",
    multiple=True,
    metavar="NAME[=SPEED]",
    help="A leaf that moves in forward mode, at speed 1 or as given; may be repeated. Without it "
    "all inputs and parameters move.",
)
@_json
def eval_(
    file: str | None,
    formula: str | None,
    assignments: tuple[str, ...],
    leaves: str | None,
    output: str | None,
    mode: Literal["reverse", "forward"],
    wrt: tuple[str, ...],
    as_json: bool,
) -> None:
    """Print the value and the gradient of every node and edge."""
    graph = _graph(file, formula, assignments, leaves)
    if wrt and mode == "reverse":
        raise click.UsageError("--wrt asks for tangents: add --mode forward")
    # Which output is meant is asked first: it is the first thing to get right.
    output = graph.output_of(output)
    found = _evaluated(graph, output, mode=mode, wrt=_speeds(wrt) or None)
    if mode == "forward" and not wrt:
        say(f"tangents as all of these move at speed 1: {', '.join(found.direction)}")
    if as_json:
        print_json(_document(found, output))
        return
    word, numbers = ("tangent", found.tangents) if mode == "forward" else ("gradient", found.grads)
    rows = [
        [
            name,
            graph.nodes[name].op,
            shape_text(found.shapes[name]) if name in found.shapes else "",
            value_text(found.values.get(name)),
            value_text(numbers.get(name)),
        ]
        for name in found.order
    ]
    print_table(["node", "op", "shape", "value", word], rows, right=3)
    place = {name: at for at, name in enumerate(found.order)}
    edges = [
        [
            edge.source,
            f"{edge.target}.{graph.ports(edge.target)[edge.port]}",
            value_text(found.values.get(edge.source)),
            value_text(_on_edge(found, edge)),
        ]
        for edge in sorted(graph.edges(), key=lambda edge: place[edge.target])
    ]
    if edges:
        click.echo()
        print_table(["from", "to", "value", word], edges, right=2)


def _on_edge(found: Evaluation, edge: Edge) -> Any:
    if found.mode == "forward":
        return found.tangents.get(edge.source)
    return found.edge_grads.get((edge.target, edge.port))


def _document(found: Evaluation, output: str) -> dict[str, Any]:
    graph = found.graph
    key = "tangent" if found.mode == "forward" else "grad"
    numbers = found.tangents if found.mode == "forward" else found.grads

    return {
        "output": output,
        "value": plain(found.values[output]),
        "nodes": {
            name: {
                "op": node.op,
                **({"muted": True} if node.muted else {}),
                "shape": list(found.shapes[name]) if name in found.shapes else None,
                "value": plain(found.values.get(name)),
                key: plain(numbers.get(name)),
            }
            for name, node in graph.nodes.items()
        },
        "edges": [
            {
                "from": edge.source,
                "to": edge.target,
                "port": graph.ports(edge.target)[edge.port],
                "value": plain(found.values.get(edge.source)),
                key: plain(_on_edge(found, edge)),
            }
            for edge in graph.edges()
        ],
        "order": list(found.steps),
    }


@gradstudio.command()
@_file
@_formula
@_set
@_leaves
@_output
@_json
def check(
    file: str | None,
    formula: str | None,
    assignments: tuple[str, ...],
    leaves: str | None,
    output: str | None,
    as_json: bool,
) -> int:
    """Compare the gradient of every input and parameter with central differences.

    Ends with exit code 1 if one disagrees.
    """
    graph = _graph(file, formula, assignments, leaves)
    output = graph.output_of(output)
    _evaluated(graph, output, required=True)
    found = checked_gradients(graph, output=output)
    passed = all(leaf.passed for leaf in found)
    if as_json:
        print_json(
            {
                "output": output,
                "passed": passed,
                "leaves": {
                    leaf.name: {
                        "passed": leaf.passed,
                        "error": plain(leaf.error),
                        "at_kink": leaf.at_kink,
                        "entries": leaf.entries.tolist(),
                        "analytic": plain(leaf.analytic),
                        "numeric": plain(leaf.numeric),
                    }
                    for leaf in found
                },
            }
        )
    else:
        rows = [
            [
                leaf.name,
                "agrees" if leaf.passed else "DIFFERS",
                value_text(leaf.analytic if leaf.analytic.size != 1 else leaf.analytic[0]),
                value_text(leaf.numeric if leaf.numeric.size != 1 else leaf.numeric[0]),
                shown(number_text(leaf.error, 2)) + (" (at a kink)" if leaf.at_kink else ""),
            ]
            for leaf in found
        ]
        header = ["leaf", "", "gradient", "differences", "relative error"]
        print_table(header, rows, right=2)
    return 0 if passed else 1


@gradstudio.command()
@_file
@_formula
@_set
@_leaves
@click.option("--steps", type=int, metavar="N", help="How many steps.")
@click.option("--lr", "learning_rate", type=float, metavar="X", help="The learning rate.")
@click.option("--momentum", type=float, metavar="X", help="From 0 to below 1.")
@click.option("--optimizer", type=click.Choice(sorted(OPTIMIZERS)), help="How to step.")
@click.option(
    "--data",
    metavar="NAME|FILE.csv",
    help=f"Fill the data leaves from a data set ({', '.join(DATASETS)}) or a file.",
)
@click.option("--batch", type=int, metavar="N", help="Rows a step; all of them if not given.")
@click.option("--seed", type=int, metavar="N", help="What the order of the rows is drawn from.")
@click.option("--out", type=click.Path(), metavar="FILE", help="Save the trained graph here.")
@_json
def train(
    file: str | None,
    formula: str | None,
    assignments: tuple[str, ...],
    leaves: str | None,
    data: str | None,
    out: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Train the parameters and print the loss of each step.

    What is not said is taken from the file.
    """
    graph = _graph(file, formula, assignments, leaves)
    chosen = {key: value for key, value in given.items() if value is not None}
    # Decoded again, so that what was given is checked with the rest.
    settings = TrainingSettings.of(graph.set_training({**graph.training, **chosen}))
    if data is not None:
        graph = assign(graph, _table(data, settings.seed))
    training = Run(graph, settings)
    hidden = not sys.stderr.isatty()
    try:
        with click.progressbar(
            training, length=training.total_steps, label="training", file=sys.stderr, hidden=hidden
        ) as steps:
            losses = [step.loss for step in steps]
    finally:
        # Of a run that failed, too: the parameters are the last finite ones.
        if out is not None:
            storage.save(out, settings.into(training.into(graph)))
    parameters = {name: plain(value) for name, value in training.parameters.items()}
    if as_json:
        print_json({"loss": plain(losses), "parameters": parameters})
        return
    rows = [[str(number), value_text(loss)] for number, loss in enumerate(losses, start=1)]
    print_table(["step", "loss"], rows, right=0)
    click.echo()
    values = [[name, value_text(value)] for name, value in training.parameters.items()]
    print_table(["parameter", "value"], values, right=1)


def _table(data: str, seed: int) -> Table:
    if data in DATASETS:
        return DATASETS[data].table(seed=seed)
    if not Path(data).exists():
        known = ", ".join(DATASETS)
        raise click.UsageError(f"--data {data[:80]}: no such file, and no data set ({known})")
    return read_csv(data)


def _adjoint(graph: Graph) -> str:
    return storage.dumps(grad(graph)).decode()


_EMITTERS: Mapping[str, Callable[[Graph], str]] = {**EMITTERS, "adjoint": _adjoint}
_PICTURES = ("pdf", "png", "svg", "tikz")
_PIXELS_PER_PX = 2.0


@gradstudio.command()
@_file
@_formula
@_set
@_leaves
@click.option(
    "--to",
    "language",
    type=click.Choice(sorted((*_EMITTERS, *_PICTURES))),
    required=True,
    help="What to write.",
)
@click.option("-o", "--out", type=click.Path(), metavar="OUT", help="A file in place of stdout.")
@click.option(
    "--scale",
    type=click.FloatRange(0.1, 16),
    default=_PIXELS_PER_PX,
    show_default=True,
    help="How large a PNG is: pixels for each px at 100 %.",
)
@click.option(
    "--theme",
    type=click.Choice(["light", "dark"]),
    default="light",
    show_default=True,
    help="The colours of a picture.",
)
def export(
    file: str | None,
    formula: str | None,
    assignments: tuple[str, ...],
    leaves: str | None,
    language: str,
    out: str | None,
    scale: float,
    theme: str,
) -> None:
    """Write the graph in another language, or a picture of it.

    `adjoint` is the graph that computes the gradients. Pictures (pdf, png, svg, tikz) show what
    the window would show.
    """
    graph = _graph(file, formula, assignments, leaves)
    if language in _PICTURES:
        content = _picture(graph, language, scale, theme)
    else:
        content = _EMITTERS[language](graph).encode()
    if out is None:
        if language in ("pdf", "png") and sys.stdout.isatty():
            raise click.UsageError(f"a {language} is no text for a terminal: add -o FILE")
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        Path(out).write_bytes(content)
    except (OSError, ValueError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
        raise FileError("{file}: not written: {reason}", file=out, reason=reason) from None


def _picture(graph: Graph, language: str, scale: float, theme: str) -> bytes:
    """Draw the graph where nobody sees it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from gradstudio.gui.canvas.plate import Wish, picture_of
        from gradstudio.gui.theme import DARK, LIGHT
    except ImportError as wrong:
        said = screen.library_said(str(wrong))
        if said is None:
            raise
        raise GradStudioError(said) from None
    return picture_of(graph, language, Wish(DARK if theme == "dark" else LIGHT, scale))


@gradstudio.command()
@click.argument("name", required=False)
@_json
def examples(name: str | None, as_json: bool) -> None:
    """List the graphs that come along; with a NAME, print where that one lies."""
    found = _examples()
    if name is not None:
        if name not in found:
            known = ", ".join(found)
            raise click.UsageError(f"there is no example “{name[:80]}”; there are: {known}")
        found = {name: found[name]}
    titles = {stem: storage.load(path).extra.get("title", {}) for stem, path in found.items()}
    if as_json:
        listed = [
            {"name": stem, "title": titles[stem], "path": str(path)} for stem, path in found.items()
        ]
        print_json(listed if name is None else listed[0])
    elif name is not None:
        click.echo(found[name])
    else:
        rows = [[stem, str(titles[stem].get("en", ""))] for stem in found]
        print_table(["name", "title"], rows, right=2)


gradstudio.add_command(lab.lab)
gradstudio.add_command(grade.command)


# -- the window -------------------------------------------------------------------------------


def open_window(file: str | None) -> int:
    """Show the window and return its exit code; what the system lacks is said in one line."""
    lacking = screen.lacking()
    if lacking is not None:
        return _fail(lacking)
    try:
        from gradstudio.gui import app
    except ImportError as wrong:
        said = screen.library_said(str(wrong))
        if said is None:
            raise
        return _fail(said)
    return app.main([] if file is None else [file])
