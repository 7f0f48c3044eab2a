"""A virtual screen, the program on it, and the hand at its mouse and keyboard."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any

PATIENCE_S = 30.0
"""How long whatever is waited for may take: enough for a busy machine, and reached by failures."""
LOOK_AGAIN_S = 0.02
_PROBE = Path(__file__).with_name("probe.py")


def missing() -> list[str]:
    """Return the programs that a screen needs and that are not installed."""
    return [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]


class Screen:
    """A virtual screen with a mouse and a keyboard, as long as the `with` block lasts.

    There is no window manager on it: no frames, and who has the keyboard is for `focus` to say.
    """

    def __init__(self, wide: int = 1280, high: int = 800) -> None:
        self._size = f"{wide}x{high}x24"
        self._server: subprocess.Popen[bytes] | None = None
        self.name = ""

    def __enter__(self) -> Screen:
        reading, writing = os.pipe()
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", self._size]
        # Without -noreset it would begin anew, and for a moment be gone, as one program ends.
        command += ["-nolisten", "tcp", "-noreset"]
        self._server = subprocess.Popen(
            command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.name = f":{number}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(PATIENCE_S)

    # -- the hand ---------------------------------------------------------------------------

    def _do(self, *orders: object) -> None:
        subprocess.run(
            ["xdotool", *map(str, orders)],
            env={**os.environ, "DISPLAY": self.name},
            check=True,
            timeout=PATIENCE_S,
        )

    def click(self, at: tuple[int, int], times: int = 1) -> None:
        """Click with the left button."""
        self._do("mousemove", *at, "click", "--repeat", times, "--delay", 30, 1)

    def point(self, at: tuple[int, int]) -> None:
        """Move the mouse, and press nothing."""
        self._do("mousemove", *at)

    def drag(
        self, start: tuple[int, int], end: tuple[int, int], *, button: int = 1, key: str = ""
    ) -> None:
        """Press a button at one place and let go of it at another, a key held meanwhile."""
        orders: list[object] = ["mousemove", *start]
        orders += ["keydown", key, "mousedown", button] if key else ["mousedown", button]
        steps = 6
        for step in range(1, steps + 1):
            part = step / steps
            x, y = (round(a + (b - a) * part) for a, b in zip(start, end, strict=True))
            orders += ["mousemove", x, y, "sleep", 0.01]
        # A hand comes to rest before it lets go.
        orders += ["mousemove", *end, "sleep", 0.03, "mouseup", button]
        self._do(*orders, *(("keyup", key) if key else ()))

    def turn_wheel(self, at: tuple[int, int], notches: int) -> None:
        """Turn the wheel, down for a positive number."""
        button = 5 if notches > 0 else 4
        self._do("mousemove", *at, "click", "--repeat", abs(notches), "--delay", 10, button)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, by the names xdotool gives them, such as ctrl+s."""
        self._do("key", "--delay", 20, *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._do("type", "--delay", 8, "--", text)

    def resize(self, window: int, wide: int, high: int) -> None:
        """Give a window another size, as its frame would."""
        self._do("windowsize", window, wide, high)

    def focus(self, window: int) -> None:
        """Let a window have the keyboard."""
        self._do("windowfocus", "--sync", window)


class Program:
    """The program in a process of its own, started as the command `gradstudio` starts it.

    Args:
        screen: where its window comes up.
        home: a folder for its settings and what it writes to stderr.
        arguments: the command line.
    """

    def __init__(self, screen: Screen, home: Path, *arguments: str | Path) -> None:
        self.screen = screen
        environment = {
            name: value
            for name, value in os.environ.items()
            # What of the desktop of whoever runs this would change the look or the dialogs.
            if not name.startswith(("QT_", "XDG_", "WAYLAND_", "DBUS_", "LC_"))
        } | {
            "DISPLAY": screen.name,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_RUNTIME_DIR": str(_folder(home, "runtime")),
            "XDG_CONFIG_HOME": str(_folder(home, "config")),
            "XDG_DATA_HOME": str(_folder(home, "data")),
            "LANG": "C.UTF-8",
            "PYTHONWARNINGS": "default",
            "PYTHONUNBUFFERED": "1",
        }
        self._complaints = home / "stderr.txt"
        with self._complaints.open("w", encoding="utf-8") as errors:
            self._process = subprocess.Popen(
                [sys.executable, _PROBE, *arguments],
                cwd=home,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._answers: queue.Queue[str] = queue.Queue()
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put("")

    # -- looking ----------------------------------------------------------------------------

    def ask(self, question: str) -> Any:
        """Return what an expression comes to there; see probe.py for what it can name."""
        assert self._process.stdin is not None
        print(question, file=self._process.stdin, flush=True)
        try:
            line = self._answers.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AssertionError(f"no answer to {question}\n{self.complaints()}") from None
        if not line:
            raise AssertionError(f"it ended before it was asked {question}\n{self.complaints()}")
        answer = json.loads(line)
        assert "raised" not in answer, answer["raised"]
        return answer["answer"]

    def wait(self, question: str, expected: Any = ...) -> Any:
        """Ask until the answer is the expected one, or without one until it says yes; return it."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = self.ask(question)
            if answer == expected or (expected is ... and answer):
                return answer
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"{question}\nis {answer!r} even after {PATIENCE_S} s\n{self.complaints()}"
                )
            time.sleep(LOOK_AGAIN_S)

    def begin(self) -> None:
        """Wait for the window, and let it have the keyboard."""
        self.wait("window is not None")
        self.screen.focus(self.ask("int(window.winId())"))
        self.wait("window.isActiveWindow()")

    def complaints(self) -> str:
        """Return all that it wrote to stderr."""
        return self._complaints.read_text(encoding="utf-8")

    # -- acting -----------------------------------------------------------------------------

    def click(self, place: str) -> None:
        """Click where a question says, as soon as it says so."""
        self.screen.click(tuple(self.wait(place)))

    def choose(self, *path: str) -> None:
        """Go through the menus with the mouse."""
        for text in path:
            self.click(f"menu_entry({text!r})")

    def picture(self, path: Path) -> None:
        """Save what the whole screen shows."""
        assert self.ask(f"take_picture({str(path)!r})"), f"{path} cannot be written"

    # -- the end ----------------------------------------------------------------------------

    def ended(self) -> int:
        """Wait until it ends by itself and return its exit code."""
        code = self._process.wait(PATIENCE_S)
        self._put_away()
        return code

    def stop(self) -> None:
        """End it now, if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._put_away()

    def _put_away(self) -> None:
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()


def _folder(home: Path, name: str) -> Path:
    made = home / name
    made.mkdir(mode=0o700, exist_ok=True)
    return made
