"""Reading a file nobody vouches for: bounded, and only if it is an ordinary one."""

from __future__ import annotations

import os
import stat
from typing import TypeAlias

from gradstudio.errors import FileError, mark, system_reason

FilePath: TypeAlias = str | os.PathLike[str]


def read(path: FilePath, largest: int, *, follow: bool = True) -> bytes:
    """Return the content of the file at `path`.

    Args:
        path: where it lies.
        largest: how many bytes it may have.
        follow: whether a link is followed; else it cannot be read.

    Raises:
        FileError: it cannot be read, is a folder, a pipe or a device, or is too large.
    """
    name = os.fspath(path)
    try:
        with open(name, "rb", opener=_opener if follow else _opener_of_no_link) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FileError(mark("core", "{file}: this is no ordinary file"), file=name)
            data = file.read(largest + 1)
    except (OSError, ValueError) as wrong:
        raise FileError(
            mark("core", "{file}: cannot be read: {reason}"), file=name, reason=system_reason(wrong)
        ) from None
    if len(data) > largest:
        raise FileError(
            mark("core", "{file}: too large: more than {most} MB"),
            file=name,
            most=largest // 2**20,
        )
    return data


def _opener(path: str, flags: int) -> int:
    # A pipe that nobody writes to would otherwise be waited for.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _opener_of_no_link(path: str, flags: int) -> int:
    return _opener(path, flags | getattr(os, "O_NOFOLLOW", 0))
