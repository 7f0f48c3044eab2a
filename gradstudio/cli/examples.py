"""`gradstudio examples`: the graphs that come along."""

from __future__ import annotations

from pathlib import Path

import click

from gradstudio import resources, storage
from gradstudio.cli.output import json_option, print_json, print_table


def shipped() -> dict[str, Path]:
    """Return the graphs that come along, by name."""
    paths = resources.path("examples").glob("*.gradstudio")
    return {path.stem: path for path in sorted(paths, key=lambda path: path.stem)}


@click.command("examples")
@click.argument("name", required=False)
@json_option
def command(name: str | None, as_json: bool) -> None:
    """List the graphs that come along; with a NAME, print where that one lies."""
    found = shipped()
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
