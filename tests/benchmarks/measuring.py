"""How the canvas benchmarks measure, and how the table is printed."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Mapping

Figures = dict[str, float]
SIZE_PX = (1200, 800)


def cpu_ms(
    work: Callable[[], object], *, before: Callable[[], object] | None = None, repeats: int = 15
) -> float:
    """Return the median CPU time of `work` in ms; `before` each time comes something uncounted."""
    return _median(time.process_time, work, before, repeats)


def clocked(
    work: Callable[[], object], *, before: Callable[[], object] | None = None, repeats: int = 15
) -> float:
    """Return the median time of `work` by the clock, in ms."""
    return _median(time.perf_counter, work, before, repeats)


def _median(
    clock: Callable[[], float],
    work: Callable[[], object],
    before: Callable[[], object] | None,
    repeats: int,
) -> float:
    times = []
    for _ in range(repeats):
        if before is not None:
            before()
        begun = clock()
        work()
        times.append((clock() - begun) * 1000)
    return statistics.median(times)


def peak_mb() -> float:
    """Return the most memory this process has had, in MB."""
    unit = 2**20 if platform.system() == "Darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def report(
    rows: Mapping[str, tuple[int, float] | None],
    ours: Mapping[int, Figures | None],
    theirs: Mapping[int, Figures | None],
    peer: str,
) -> None:
    """Print one line a row: ours at each size, what was promised, the peer's, and the ratio."""
    print(
        f"{platform.platform()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    sizes = list(ours)
    head = "".join(f"{size:>9}" for size in sizes)
    print(f"\n{'medians, ms if nothing is said':32}{head}   promised")
    for name, promise in rows.items():
        line = "".join(_cell((ours[size] or {}).get(name)) for size in sizes)
        said = ""
        if promise is not None and promise[0] in ours:
            size, bound = promise
            found = (ours[size] or {}).get(name)
            kept = found is not None and (found >= bound if "frames" in name else found < bound)
            said = f"   {bound:g} at {size}: {'kept' if kept else 'MISSED'}"
        print(f"{name:32}{line}{said}")
    if theirs:
        columns = [(size, found) for size, found in theirs.items() if found]
        head = "".join(f"{size:>9}{'ratio':>9}" for size, _ in columns)
        print(f"\n{peer:32}{head}")
        for name in rows:
            cells = ""
            for size, found in columns:
                mine, its = (ours[size] or {}).get(name), found.get(name)
                ratio = None
                if mine and its:
                    ratio = mine / its if "frames" in name else its / mine
                cells += _cell(its) + (f"{ratio:8.1f}×" if ratio else f"{'':9}")
            if cells.strip():
                print(f"{name:32}{cells}")


def _cell(figure: float | None) -> str:
    return f"{'–':>9}" if figure is None else f"{figure:9.3g}" if figure < 10 else f"{figure:9.1f}"
