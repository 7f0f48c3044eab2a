"""The colours of the window, light and dark, by what they mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, as `#rrggbb`.

    Values are green and gradients red wherever a number is shown; the sign is always written, so
    no colour carries what the text does not.
    """

    name: str
    dark: bool
    panel: str
    """Menus, tool bar, side panels."""
    bar: str
    """Tab bar, status bar."""
    canvas: str
    grid: str
    line: str
    """Hairlines between parts."""
    text: str
    muted: str
    button: str
    button_hover: str
    accent: str
    on_accent: str
    value: str
    gradient: str
    edge: str
    node: str
    node_line: str
    parameter: str
    parameter_line: str
    input: str
    input_line: str
    constant: str
    constant_line: str
    output: str
    output_line: str
    error: str
    warning: str
    card: str
    """Notes and tool tips that float above the canvas."""
    good: str
    good_line: str
    heat_positive: str
    heat_negative: str
    plot: tuple[str, ...]
    """Curves, in order."""


LIGHT = Theme(
    name="light",
    dark=False,
    panel="#ffffff",
    bar="#f6f7f9",
    canvas="#fafbfc",
    grid="#e3e7ec",
    line="#d9dee5",
    text="#1f2630",
    muted="#66717f",
    button="#eef1f5",
    button_hover="#e2e7ee",
    accent="#2f6fde",
    on_accent="#ffffff",
    value="#0b7a53",
    gradient="#b3361e",
    edge="#8a96a5",
    node="#ffffff",
    node_line="#b9c2ce",
    parameter="#fff4e2",
    parameter_line="#e0b15c",
    input="#eef3fb",
    input_line="#9db6de",
    constant="#f3f5f8",
    constant_line="#c9d0d9",
    output="#eaf6ef",
    output_line="#7dbe9b",
    error="#b3261e",
    warning="#9a6700",
    card="#ffffff",
    good="#eaf6ef",
    good_line="#7dbe9b",
    heat_positive="#2f6fde",
    heat_negative="#c4661a",
    plot=("#2f6fde", "#c4661a", "#0b7a53", "#8250df"),
)

DARK = Theme(
    name="dark",
    dark=True,
    panel="#232932",
    bar="#1b1f26",
    canvas="#171b21",
    grid="#242931",
    line="#353d49",
    text="#e6eaf0",
    muted="#97a3b3",
    button="#2e3642",
    button_hover="#38424f",
    accent="#7aa7ff",
    on_accent="#10151d",
    value="#5fd3a2",
    gradient="#ff9b85",
    edge="#6d7a8b",
    node="#2a323d",
    node_line="#4a5563",
    parameter="#3b3222",
    parameter_line="#8a6d2f",
    input="#263249",
    input_line="#4a6396",
    constant="#2b313b",
    constant_line="#4a5462",
    output="#22382e",
    output_line="#4c9672",
    error="#ff8a80",
    warning="#e3b341",
    card="#222a32",
    good="#22382d",
    good_line="#4c9672",
    heat_positive="#7aa7ff",
    heat_negative="#ffb067",
    plot=("#7aa7ff", "#ffb067", "#5fd3a2", "#c9a2ff"),
)

# The colours a frame or a note can have, light and dark.
_NAMED = {
    "blue": ("#2f6fde", "#7aa7ff"),
    "green": ("#0b7a53", "#5fd3a2"),
    "yellow": ("#c58a00", "#e3b341"),
    "red": ("#b3361e", "#ff9b85"),
    "purple": ("#8250df", "#c9a2ff"),
    "grey": ("#66717f", "#97a3b3"),
}


def named_colour(theme: Theme, name: str) -> str:
    """Return how a frame's or a note's colour is shown in a theme."""
    return _NAMED[name][theme.dark]
