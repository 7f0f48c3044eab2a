"""`gradstudio eval` and `gradstudio check`: the numbers of a graph, and whether they are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import click
import numpy as np

from gradstudio.cli.given import takes_graph
from gradstudio.cli.output import (
    json_option,
    plain,
    print_json,
    print_table,
    say,
    shown,
    value_text,
)
from gradstudio.engine.evaluate import Evaluation, Mode, evaluate
from gradstudio.engine.gradcheck import check as checked_gradients
from gradstudio.errors import GraphError
from gradstudio.graph import Edge, Graph
from gradstudio.numbers import EntryError, number_text, read_value
from gradstudio.ops import shape_text

_output = click.option("--output", metavar="NAME", help="The node whose gradient is asked.")


@click.command("eval")
@takes_graph
@_output
@click.option(
    "--mode",
    type=click.Choice(get_args(Mode)),
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
@json_option
def eval_(
    graph: Graph,
    output: str | None,
    mode: Mode,
    wrt: tuple[str, ...],
    as_json: bool,
) -> None:
    """Print the value and the gradient of every node and edge."""
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


@click.command("check")
@takes_graph
@_output
@json_option
def check(
    graph: Graph,
    output: str | None,
    as_json: bool,
) -> int:
    """Compare the gradient of every input and parameter with central differences.

    Ends with exit code 1 if one disagrees.
    """
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


def _evaluated(
    graph: Graph,
    output: str,
    *,
    mode: Mode = "reverse",
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
    for name, reason in {**found.warnings, **found.errors}.items():
        # A check refuses what is not finite on the way to the output, and says so itself.
        if not (required and name in found.grads):
            say(f"warning: {reason}")
    return found


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
