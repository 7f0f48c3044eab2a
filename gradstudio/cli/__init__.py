"""The command line: which commands there are, how they end, and how the window opens.

stdout is data, stderr is for people. Exit codes: 0 done; 1 done, and the answer is no; 2 the
command or its input is wrong, said in one line.
"""

from __future__ import annotations

import difflib
import io
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from gradstudio import __version__, files, screen
from gradstudio.cli import evaluate, examples, export, grade, lab, train
from gradstudio.cli.output import say
from gradstudio.errors import GradStudioError, system_reason

LONGEST = 300
"""How many characters of a message about the words of a command are shown."""


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    if sys.stdout is None:  # as Windows starts a program without a console
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - to the end
    sys.stderr = sys.stderr or sys.stdout
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
        return _fail(_shortened(wrong.format_message()))
    except GradStudioError as wrong:
        return _fail(str(wrong))
    except (click.Abort, KeyboardInterrupt):
        return 128 + signal.SIGINT
    except (BrokenPipeError, SystemExit):
        # Whoever read stdout has seen enough (click ends with 1 then, which here means “no”).
        _forget_output()
        return 0
    except OSError as wrong:
        if wrong.filename is not None:
            return _defect(wrong)
        # Of all that is opened here only stdout has no name.
        _forget_output()
        return _fail(f"the output could not be written: {system_reason(wrong)}")
    except Exception as wrong:  # noqa: BLE001 - the outermost boundary: 1 would mean “no”
        return _defect(wrong)
    return code if isinstance(code, int) else 0


def _forget_output() -> None:
    """Send what is still buffered nowhere, or Python would complain of it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _shortened(message: str) -> str:
    """Return a message of click's, which repeats what it was given, however long."""
    return message if len(message) <= LONGEST else f"{message[: LONGEST - 60]}…{message[-60:]}"


def _defect(wrong: Exception) -> int:
    traceback.print_exception(wrong)
    return _fail(f"this should not have happened: {wrong!r}")


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
            if "." in name or os.sep in name or files.exists(name):
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


@gradstudio.command("open")
@click.argument("file", required=False, type=click.Path())
def open_(file: str | None) -> int:
    """Open the window, with FILE in it."""
    return open_window(file)


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


for _command in (
    evaluate.eval_,
    evaluate.check,
    train.command,
    export.command,
    examples.command,
    lab.lab,
    grade.command,
):
    gradstudio.add_command(_command)
