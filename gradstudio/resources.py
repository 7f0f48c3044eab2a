"""Where examples, exercises, icons and texts lie: beside the package, or in an installed one."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
# A wheel holds the folder inside the package; a checkout, also installed editable, beside it.
_ROOTS = (_PACKAGE / "_resources", _PACKAGE.parent / "resources")


def path(*parts: str) -> Path:
    """Return the file or folder that lies at ``parts`` under the resources.

    Args:
        *parts: Names below the resources folder, such as ``"examples"``, ``"line.gradstudio"``;
            none at all for the folder itself.

    Raises:
        FileNotFoundError: Nothing lies there, or ``parts`` leads out of the resources.
    """
    relative = Path(*parts)
    if relative.is_absolute() or ".." in relative.parts:
        raise FileNotFoundError(f"{relative} does not name something inside the resources")
    for root in _ROOTS:
        found = root / relative
        if found.exists():
            return found
    looked_in = " and ".join(str(root) for root in _ROOTS)
    raise FileNotFoundError(f"the resource {relative} is missing; looked in {looked_in}")
