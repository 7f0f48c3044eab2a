"""`gradstudio train`: a training run without a window."""

from __future__ import annotations

import sys
from typing import Any

import click

from gradstudio import files, storage
from gradstudio.cli.given import takes_graph
from gradstudio.cli.output import json_option, plain, print_json, print_table, value_text
from gradstudio.graph import Graph
from gradstudio.optimizers import OPTIMIZERS
from gradstudio.training.data import DATASETS, Table, assign, read_csv
from gradstudio.training.loop import Run
from gradstudio.training_settings import TrainingSettings


@click.command("train")
@takes_graph
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
@json_option
def command(
    graph: Graph,
    data: str | None,
    out: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Train the parameters and print the loss of each step.

    What is not said is taken from the file.
    """
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
    if not files.exists(data):
        known = ", ".join(DATASETS)
        raise click.UsageError(f"--data {data[:80]}: no such file, and no data set ({known})")
    return read_csv(data)
