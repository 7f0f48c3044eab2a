"""How long a class of 300 takes to grade, each submission in a limited process of its own.

Run it as a script: `python tests/benchmarks/bench_grade.py [--jobs N] [--students N]`. It makes the
class for each lab that comes along, grades it with the command, and prints the seconds; then what
one check costs in the window. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "unit" / "lab"))

from solving import LABS, handed_in, lab, right, write_class

from gradstudio import resources


def graded(name: str, students: int, jobs: int) -> float:
    """Return the seconds that grading a class takes, the start of the command included."""
    exercise, key = lab(name)
    with tempfile.TemporaryDirectory() as scratch:
        works = {
            f"{20240000 + at}": handed_in(*right(exercise, key, f"{20240000 + at}"))
            for at in range(students)
        }
        folder = write_class(Path(scratch) / "class", exercise, works)
        path = resources.path("labs", f"{name}.gradlab")
        out = Path(scratch)
        began = time.perf_counter()
        subprocess.run(
            [
                *(sys.executable, "-m", "gradstudio", "grade", path),
                *("--key", path.parent / "keys" / f"{name}.gradkey", folder, "--jobs", str(jobs)),
                *("--csv", out / "book.csv", "--html", out / "html", "--json"),
            ],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return time.perf_counter() - began


def checked_ms(name: str) -> dict[str, float]:
    """Return the median milliseconds that one check of each item takes in the window."""
    exercise, key = lab(name)
    session, graph = right(exercise, key, "20240001")
    found = {}
    for item in exercise.items:
        times = []
        for _ in range(7):
            began = time.perf_counter()
            session.check(item, graph)
            times.append(1000 * (time.perf_counter() - began))
        found[item] = statistics.median(times)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("labs", nargs="*", default=LABS)
    given = parser.parse_args()
    print(f"{given.students} submissions, {given.jobs} jobs")
    for name in given.labs:
        seconds = graded(name, given.students, given.jobs)
        checks = ", ".join(f"{item} {ms:.1f}" for item, ms in checked_ms(name).items())
        print(f"{name:14s} {seconds:6.1f} s; one check in ms: {checks}", flush=True)


if __name__ == "__main__":
    main()
