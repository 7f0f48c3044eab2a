"""What a window needs of the system: a screen, and the libraries that Qt links to."""

from __future__ import annotations

import ctypes
import os
import sys

# What Debian and Ubuntu call the package that holds a library Qt links to.
_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
# Qt loads these when its xcb plugin starts, and aborts without them.
_FOR_X11 = tuple(name for name in _PACKAGES if "xcb" in name or name == "libxkbcommon-x11.so.0")


def lacking() -> str | None:
    """Return what keeps Qt from showing a window on Linux, where Qt itself would abort."""
    if not sys.platform.startswith("linux"):
        return None
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    display, wayland = os.environ.get("DISPLAY"), os.environ.get("WAYLAND_DISPLAY")
    if not platform and not display and not wayland:
        return "there is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    if platform == "xcb" or (not platform and not wayland):
        if not display:
            return "there is no screen to open a window on (DISPLAY is not set)"
        for library in _FOR_X11:
            try:
                ctypes.CDLL(library)
            except OSError:
                return library_said(f"{library}: cannot open shared object file")
    return None


def library_said(message: str) -> str | None:
    """Return what to install for the library that `message` misses; None if it misses none."""
    library, colon, _ = message.partition(": cannot open shared object file")
    if not colon:
        return None
    package = _PACKAGES.get(library)
    if package is None:
        return f"the window needs the library {library}, which is not installed"
    return f"the window needs {library}: sudo apt-get install {package}"
