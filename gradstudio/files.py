"""Files nobody vouches for: read bounded and if ordinary, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path
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


def exists(path: FilePath) -> bool:
    """Return whether something lies at `path`; nothing does where that can be no path."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def _opener(path: str, flags: int) -> int:
    # A pipe that nobody writes to would otherwise be waited for.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _opener_of_no_link(path: str, flags: int) -> int:
    return _opener(path, flags | getattr(os, "O_NOFOLLOW", 0))


def write(path: FilePath, data: bytes) -> None:
    """Make `data` the content of the file at `path`, or leave that file as it was.

    The content goes into a new file in the same folder, is read back and compared (on a full disk
    a write may come up short without an error), forced to the disk, and then takes the old file's
    place in one step. A link is followed: what it points to is replaced. The old file's
    permissions are kept.

    Raises:
        FileError: it cannot be written; the message names the file.
    """
    name = os.fspath(path)
    try:
        _replace(Path(os.path.realpath(name)), data)
    except (OSError, ValueError) as wrong:
        raise FileError(
            mark("core", "{file}: not saved: {reason}"), file=name, reason=system_reason(wrong)
        ) from None


def _replace(target: Path, data: bytes) -> None:
    mode = _mode_of(target)
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        try:
            _write(descriptor, data)
            if mode is not None:
                temporary.chmod(mode)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _settle(target.parent)


def _mode_of(target: Path) -> int | None:
    """Return the permissions the file has; None if it is new."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "this is no ordinary file")
    if not os.access(target, os.W_OK):
        raise OSError(0, "the file is write-protected")
    return stat.S_IMODE(found.st_mode)


def _write(descriptor: int, data: bytes) -> None:
    """Write all of `data` and make sure that it is there."""
    left = memoryview(data)
    while left:
        written = os.write(descriptor, left)
        if written <= 0:
            break
        left = left[written:]
    os.lseek(descriptor, 0, os.SEEK_SET)
    at = 0
    while at < len(data):
        piece = os.read(descriptor, 2**20)
        if not piece or piece != data[at : at + len(piece)]:
            break
        at += len(piece)
    if left or at < len(data) or os.read(descriptor, 1):
        raise OSError(0, "the disk took only a part of it")


def _settle(folder: Path) -> None:
    """Force the folder's new entry to the disk, where the system can.

    The new file already is in its place: what fails here must not be said to have failed to save.
    """
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
