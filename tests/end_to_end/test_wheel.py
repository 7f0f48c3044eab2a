"""Is what gets published complete: the package, its commands and the resources?"""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _run(*command: str | Path, cwd: Path) -> str:
    # Without PYTHONPATH, and outside the checkout: only the installed package can be found.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    finished = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, f"{command} failed\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of a fresh virtual environment that has the wheel in it.

    The wheel is built and installed for real. What it depends on is borrowed: a .pth file names the
    site-packages that run this test, so nothing is downloaded. An editable install does not come
    along, as the .pth files found in a borrowed folder are not read.
    """
    folder = tmp_path_factory.mktemp("wheel")
    build = ("-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    _run(sys.executable, *build, cwd=folder)
    (wheel,) = folder.glob("*.whl")

    environment = folder / "environment"
    _run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=folder)
    commands = environment / ("Scripts" if os.name == "nt" else "bin")
    python = commands / "python"
    site_packages = "import sysconfig; print(sysconfig.get_path('purelib'))"
    borrowing = Path(_run(python, "-c", site_packages, cwd=folder).strip()) / "borrowed.pth"
    own = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    borrowing.write_text("\n".join(sorted(own)) + "\n", encoding="utf-8")
    install = ("-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel)
    _run(sys.executable, *install, cwd=folder)
    return commands


def _resources(installed: Path) -> Path:
    where = "from gradstudio import resources; print(resources.path())"
    return Path(_run(installed / "python", "-c", where, cwd=installed).strip())


def _files_below(folder: Path) -> set[Path]:
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path for path in paths if not path.name.startswith(".")}


def test_the_resources_lie_in_the_installed_package(installed: Path) -> None:
    found = _resources(installed)
    assert installed.parent in found.parents
    assert found.name == "_resources"
    assert _files_below(found) == _files_below(ROOT / "resources")


def test_the_installed_command_evaluates_a_shipped_example(installed: Path, tmp_path: Path) -> None:
    examples = sorted((_resources(installed) / "examples").glob("*.gradstudio"))
    listed = _run(installed / "gradstudio", "examples", cwd=tmp_path)
    assert examples
    assert all(example.stem in listed for example in examples)

    report = json.loads(_run(installed / "gradstudio", "eval", examples[0], "--json", cwd=tmp_path))
    assert report["output"] in report["nodes"]
    assert report["order"][-1] == report["output"]


def test_both_launchers_are_installed(installed: Path) -> None:
    names = {path.stem for path in installed.iterdir()}
    assert {"gradstudio", "gradstudio-gui"} <= names
