"""What a class handed in: found in folders nobody vouches for, one entry a student.

A folder a student (`student_id/file.gradstudio`) or a file a student (`student_id.gradstudio`).
Links are not followed, only ordinary files are read, and only up to a size. Whose work it is, the
folders and names say that the course's system gave; what lies inside a student's folder was put
there by that student, and never speaks for another.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from gradstudio import files
from gradstudio.errors import FileError, GradStudioError, mark
from gradstudio.lab.roster import Listed, read_time
from gradstudio.lab.submission import LARGEST, id_in_file_name
from gradstudio.lab.variants import student_key

SUFFIX = ".gradstudio"
TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class Entry:
    """What one student handed in.

    Args:
        student: the id.
        path: the file; None where there is none to read.
        reason: why there is none.
        at: when it was handed in: what `timestamp.txt` beside it says, else the file's time.
        notes: what the assistant should know of how it was handed in.
        by_file: whether the id is what the file is called, in which not every sign can stand.
        listed: the student on the roster.
        missing: whether nothing was handed in.
    """

    student: str
    path: Path | None = None
    reason: GradStudioError | None = None
    at: datetime | None = None
    notes: tuple[GradStudioError, ...] = ()
    by_file: bool = False
    listed: Listed | None = None
    missing: bool = False

    @property
    def file(self) -> str:
        """What messages call the file: its name alone, wherever it lies."""
        return self.student if self.path is None else _name(self.path)

    def read(self) -> bytes:
        """Return the content of the file.

        Raises:
            GradStudioError: there is none, or it cannot be read; the message says why.
        """
        if self.reason is not None or self.path is None:
            raise self.reason or _error(mark("core", "nothing was handed in"))
        name = self.file
        try:
            # Asked before it is opened, as opening a device can do anything; and asked again by
            # `files.read`, as it may have become another since.
            mode = os.lstat(self.path).st_mode
            if stat.S_ISLNK(mode):
                raise _error(mark("core", "{file}: this is a symbolic link"), file=name)
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise _error(mark("core", "{file}: this is no ordinary file"), file=name)
            return files.read(self.path, LARGEST, follow=False)
        except OSError:
            raise _error(mark("core", "{file}: cannot be read"), file=name) from None
        except FileError as wrong:
            # By its name alone: where a class lies on the assistant's disk is no one's business.
            parts = {**wrong.parts, "file": name, "node": None}
            raise FileError(wrong.template, **parts) from None  # type: ignore[arg-type] # node: None


def _error(template: str, **parts: object) -> GradStudioError:
    return GradStudioError(template, node=None, **parts)


def collect(
    paths: Iterable[str | os.PathLike[str]], lab: str, listed: Collection[str] = ()
) -> list[Entry]:
    """Return one entry a student, by their ids, for the files and folders at `paths`.

    A folder is a class or a student's. Several side by side (`submitted/*`) are a student's each as
    soon as one is on the roster, or holds one file or nothing; else those are classes that hold
    either folders or several files. A folder alone is a class if it holds folders, several files,
    or one that is not called by the lab. Files of several such folders (`submitted/*/*`) are of the
    students these are called by.

    Args:
        paths: the files and folders.
        lab: the id of the lab. A file that is called by it alone is of the student its folder is
            called by; one called by both (`xyz-20240001`), as the window proposes, of that student.
        listed: the ids on the roster, as `student_key` sees them.

    Raises:
        FileError: a path is not there.
    """
    given = [Path(one) for one in paths]
    for path in given:
        if not os.path.lexists(path):
            raise FileError(
                mark("core", "{file}: cannot be read: {reason}"),
                file=os.fspath(path),
                reason=GradStudioError(mark("core", "No such file or directory")),
            )
    folders, found = [], []
    for path in given:
        if path.is_dir() and not path.is_symlink():
            try:
                folders.append(_Folder.at(path))
            except OSError:
                template = mark("core", "{file}: cannot be read")
                found.append(Entry(_name(path), reason=_error(template, file=_name(path))))
    classes = {folder.path for folder in _classes(folders, lab, listed)}
    for folder in folders:
        if folder.path not in classes:
            found.append(_folder(folder.path, folder.name))
            continue
        found += [_folder(entry, _name(entry)) for entry in folder.folders]
        found += [_file(entry, lab) for entry in folder.files]
    files = [path for path in given if path.is_symlink() or not path.is_dir()]
    files = [path for path in files if path.name != TIMESTAMP]
    own = _students_folders(files, lab, listed)
    found += [_file(path, lab, of_folder=path.parent.resolve() in own) for path in files]
    return _one_each(found)


@dataclass(frozen=True)
class _Folder:
    """What lies in a folder, by name.

    Args:
        path: the folder.
        folders: those in it, and links, which may be anything.
        files: those that may be submissions.
    """

    path: Path
    folders: tuple[Path, ...]
    files: tuple[Path, ...]

    @classmethod
    def at(cls, path: Path) -> _Folder:
        inside = _listed(path)
        folders = {entry for entry in inside if entry.is_symlink() or entry.is_dir()}
        return cls(
            path,
            tuple(entry for entry in inside if entry in folders),
            tuple(
                entry for entry in inside if entry.name.endswith(SUFFIX) and entry not in folders
            ),
        )

    @property
    def name(self) -> str:
        return _name(self.path.resolve())


def _classes(folders: Iterable[_Folder], lab: str, listed: Collection[str]) -> Iterator[_Folder]:
    """Yield which of the folders are classes.

    What one student puts into his folder must not make it a class, in which he could hand in for
    others: those that lie beside it tell what they all are.
    """
    groups: dict[Path, list[_Folder]] = {}
    for folder in folders:
        groups.setdefault(folder.path.resolve().parent, []).append(folder)
    for group in groups.values():
        if any(student_key(one.name) in listed for one in group):
            continue
        if len(group) == 1:
            (one,) = group
            named = [_name(file) for file in one.files]
            if (one.folders or named) and named != [f"{lab}{SUFFIX}"]:
                yield one
        elif all(one.folders or len(one.files) > 1 for one in group):
            yield from (one for one in group if bool(one.folders) != bool(one.files))


def _students_folders(files: Iterable[Path], lab: str, listed: Collection[str]) -> set[Path]:
    """Return which of the folders that files lie in are a student's each (`submitted/*/*`)."""
    folders = []
    for path in {file.parent.resolve() for file in files}:
        with suppress(OSError):
            folders.append(_Folder.at(path))
    beside = Counter(folder.path.parent for folder in folders)
    classes = {folder.path for folder in _classes(folders, lab, listed)}
    return {
        folder.path
        for folder in folders
        if student_key(folder.name) in listed
        or (beside[folder.path.parent] > 1 and folder.path not in classes)
    }


def _listed(folder: Path) -> list[Path]:
    """Return what lies in a folder, by name; hidden files are of the system's making."""
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _name(path: Path) -> str:
    """Return what a file is called, in characters: its bytes may be no text at all."""
    return path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _folder(folder: Path, student: str) -> Entry:
    if folder.is_symlink():
        template = mark("core", "{file}: this is a symbolic link")
        return Entry(student, reason=_error(template, file=_name(folder)))
    try:
        inside = [entry for entry in _listed(folder) if entry.name != TIMESTAMP]
    except OSError:
        template = mark("core", "{file}: cannot be read")
        return Entry(student, reason=_error(template, file=_name(folder)))
    handed_in = [entry for entry in inside if entry.name.endswith(SUFFIX)]
    if not handed_in:
        template = mark("core", "there is no {suffix} file in the folder {folder}")
        reason = _error(template, suffix=SUFFIX, folder=_name(folder))
        return Entry(student, reason=reason)
    if len(handed_in) > 1:
        names = ", ".join(_name(entry) for entry in handed_in[:5])
        template = mark("core", "several files were handed in, and one is expected: {files}")
        return Entry(student, reason=_error(template, files=names))
    entry = _stamped(handed_in[0], student)
    if any(one.is_dir() and one not in handed_in for one in inside):
        note = _error(mark("core", "nobody looked into the folders beside {file}"), file=entry.file)
        entry = replace(entry, notes=(*entry.notes, note))
    return entry


def _file(path: Path, lab: str, *, of_folder: bool = False) -> Entry:
    """Return the entry of a file by its own name, or by its folder's where that is a student's."""
    stem = _name(path).removesuffix(SUFFIX)
    if of_folder or stem == lab:
        return _stamped(path, _name(path.parent.resolve()))
    student = (stem.removeprefix(f"{lab}-") if lab else stem) or _name(path)
    return Entry(student, path, at=_own_time(path), by_file=True)


def _stamped(path: Path, student: str) -> Entry:
    """Return the entry of a file in a folder of the student's own: the system may tell its time."""
    stamp = path.parent / TIMESTAMP
    if os.path.lexists(stamp):
        try:
            at = read_time(files.read(stamp, 1000, follow=False).decode("utf-8-sig").strip())
        except (FileError, UnicodeDecodeError):
            at = None
        if at is not None:
            return Entry(student, path, at=at)
        template = mark("core", "{file} holds no time with its zone: the file's own time counts")
        return Entry(student, path, at=_own_time(path), notes=(_error(template, file=TIMESTAMP),))
    return Entry(student, path, at=_own_time(path))


def _own_time(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(os.lstat(path).st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return None


def _one_each(entries: Iterable[Entry]) -> list[Entry]:
    found: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda one: (one.student, os.fspath(one.path or ""))):
        key = student_key(entry.student)
        before = found.get(key)
        if before is None:
            found[key] = entry
        elif before.path is None or entry.path is None or not _same(before.path, entry.path):
            found[key] = Entry(before.student, reason=twice(before.student))
    return sorted(found.values(), key=lambda one: one.student)


def twice(student: str) -> GradStudioError:
    """Return why someone's work is not judged of whom two were handed in."""
    return _error(mark("core", "two submissions were handed in for {student}"), student=student)


def _same(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute()


def with_roster(entries: Iterable[Entry], roster: Mapping[str, Listed]) -> list[Entry]:
    """Return an entry for each student of the roster, and for those who are on none.

    An id that came with a file's name is that of the student whose id looks so in such a name.
    """
    found = {student_key(entry.student): entry for entry in entries}
    entry_of = {key: found.pop(key) for key in roster if key in found}
    as_files = {key: student_key(id_in_file_name(known.student)) for key, known in roster.items()}
    claims = Counter(as_files.values())
    for key, as_file in as_files.items():
        unclear = key in entry_of or claims[as_file] > 1
        if not unclear and as_file in found and found[as_file].by_file:
            entry_of[key] = found.pop(as_file)
    listed = [
        Entry(
            known.student,
            reason=_error(mark("core", "nothing was handed in")),
            listed=known,
            missing=True,
        )
        if (entry := entry_of.get(key)) is None
        else replace(entry, student=known.student, by_file=False, listed=known)
        for key, known in roster.items()
    ]
    return sorted([*listed, *found.values()], key=lambda one: one.student)
