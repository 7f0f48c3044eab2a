"""What every test stands on: a headless Qt, seeded randomness, and logs that may not be ignored."""

import atexit
import importlib.util
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Before anything imports Qt. A test that wants a real window starts a process with its own value.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# No test reads or writes the settings of whoever runs it. The font cache stays where it is: making
# it again would cost seconds.
_home = tempfile.mkdtemp(prefix="gradstudio-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
    os.environ[_variable] = str(Path(_home) / _variable.lower())

import hypothesis  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402

_HERE = Path(__file__).parent
_MARKER_OF_FOLDER = {"end_to_end": "end_to_end", "benchmarks": "benchmark"}

# No deadline: the machine decides how long an example takes. In CI a run must be repeatable.
hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder, and skip the comparisons with PyTorch where it is missing."""
    without_torch = importlib.util.find_spec("torch") is None
    for item in items:
        if _HERE in item.path.parents:
            marker = _MARKER_OF_FOLDER.get(item.path.relative_to(_HERE).parts[0])
            if marker is not None:
                item.add_marker(marker)
        if without_torch and item.get_closest_marker("torch") is not None:
            item.add_marker(pytest.mark.skip(reason="PyTorch is not installed"))


@pytest.fixture
def rng() -> np.random.Generator:
    """A random generator that starts the same for every test."""
    return np.random.default_rng(20240229)


@pytest.fixture(autouse=True)
def _no_unexpected_log_records(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that logs a warning or worse.

    A test that expects one asserts on ``caplog.records`` and then calls ``caplog.clear()``.
    """
    yield
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    unexpected = [
        f"{record.levelname} {record.name}: {record.getMessage()}"
        for record in records
        if record.levelno >= logging.WARNING
    ]
    if unexpected:
        pytest.fail("unexpected log records:\n" + "\n".join(unexpected), pytrace=False)
