"""`gradstudio export`: a graph as code, as a formula, as its gradients, or as a picture."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Mapping

import click

from gradstudio import files, screen, storage
from gradstudio.cli.given import takes_graph
from gradstudio.emit import EMITTERS
from gradstudio.engine.derivatives import grad
from gradstudio.errors import GradStudioError
from gradstudio.graph import Graph


def _adjoint(graph: Graph) -> str:
    return storage.dumps(grad(graph)).decode()


_EMITTERS: Mapping[str, Callable[[Graph], str]] = {**EMITTERS, "adjoint": _adjoint}
_PICTURES = ("pdf", "png", "svg", "tikz")
_PIXELS_PER_PX = 2.0


@click.command("export")
@takes_graph
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
def command(
    graph: Graph,
    language: str,
    out: str | None,
    scale: float,
    theme: str,
) -> None:
    """Write the graph in another language, or a picture of it.

    `adjoint` is the graph that computes the gradients. Pictures (pdf, png, svg, tikz) show what
    the window would show.
    """
    if math.isnan(scale):
        raise click.UsageError("--scale takes a number")
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
    files.write(out, content)


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
