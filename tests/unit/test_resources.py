"""Resources are found beside the package and inside it, and nothing outside them is."""

from pathlib import Path

import pytest

from gradstudio import resources


@pytest.fixture(params=["installed", "checkout"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    installed, checkout = tmp_path / "gradstudio" / "_resources", tmp_path / "resources"
    monkeypatch.setattr(resources, "_ROOTS", (installed, checkout))
    chosen = installed if request.param == "installed" else checkout
    (chosen / "examples").mkdir(parents=True)
    (chosen / "examples" / "line.gradstudio").write_text("{}", encoding="utf-8")
    (tmp_path / "secret").write_text("", encoding="utf-8")
    return chosen


def test_finds_files_folders_and_the_whole(root: Path) -> None:
    assert resources.path("examples", "line.gradstudio") == root / "examples" / "line.gradstudio"
    assert resources.path("examples") == root / "examples"
    assert resources.path() == root


def test_a_missing_one_is_named(root: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"examples.none\.gradstudio.*looked in"):
        resources.path("examples", "none.gradstudio")


def test_nothing_outside_is_reachable(root: Path, tmp_path: Path) -> None:
    for parts in [
        ("..", "secret"),
        ("examples", "..", "..", "secret"),
        (str(tmp_path / "secret"),),
    ]:
        with pytest.raises(FileNotFoundError, match="inside the resources"):
            resources.path(*parts)
