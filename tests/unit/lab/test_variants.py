"""A student's numbers: the same on any machine in any year, and what the exercise asks of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gradstudio.errors import LabError
from gradstudio.lab.variants import Draw, drawn, student_key

DRAWS = {"x": Draw(low=-6, high=6, avoid=(0,)), "y": Draw(low=-6, high=6, unlike=("x",))}


def numbers(student: str, **draws: Draw) -> dict[str, object]:
    return {name: one.tolist() for name, one in drawn(draws or DRAWS, "l", 1, student).items()}


def test_these_students_have_these_numbers_for_ever() -> None:
    """Fixed by hand: who changes them changes what classes were handed out."""
    assert numbers("20240001") == {"x": 4.0, "y": -3.0}
    assert numbers("李雷") == {"x": 4.0, "y": 2.0}


def test_another_process_draws_the_same() -> None:
    program = (
        "from gradstudio.lab.variants import *;"
        "print(float(drawn({'x': Draw(low=0, high=1, step=0.001)}, 'l', 1, 'a')['x']))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_an_id_is_the_same_however_it_is_typed() -> None:
    assert student_key(" ａ17 ") == student_key("A17")
    assert numbers("Ａ17 ") == numbers("a17")
    assert numbers("a17") != numbers("a18")


def test_what_is_asked_of_the_numbers_holds_for_everyone() -> None:
    for student in map(str, range(300)):
        found = numbers(student)
        assert found["x"] != 0
        assert found["x"] != found["y"]
        assert all(-6 <= float(str(one)) <= 6 for one in found.values())


def test_every_number_comes_up() -> None:
    draw = Draw(low=0.1, high=0.5, step=0.1)
    assert draw.choices() == (0.1, 0.2, 0.3, 0.4, 0.5)
    assert {numbers(str(at), x=draw)["x"] for at in range(100)} == set(draw.choices())
    assert Draw(values=(1, 2, 3), avoid=(2,)).choices() == (1, 3)


def test_an_array_is_drawn_entry_by_entry() -> None:
    (array,) = drawn({"x": Draw(low=0, high=1e5, shape=(3, 2))}, "l", 1, "a").values()
    assert array.shape == (3, 2)
    assert len(set(array.ravel())) == 6


def test_what_cannot_be_drawn_is_said() -> None:
    for draw in (Draw(), Draw(low=0), Draw(low=2, high=1), Draw(low=0, high=1e9, step=1e-3)):
        with pytest.raises(LabError, match="a draw"):
            draw.choices()
    with pytest.raises(LabError, match="at least one number"):
        Draw(values=(1,), avoid=(1,)).choices()
    with pytest.raises(LabError, match="the leaf y cannot be drawn unlike x"):
        numbers("a", x=Draw(values=(1,)), y=Draw(values=(1,), unlike=("x",)))
