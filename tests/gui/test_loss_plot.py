"""The curve of the loss: thinned as it grows, with something to see from the first step on."""

from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gradstudio.gui.panels.loss_plot import MOST_POINTS, Curve, LossPlot


@pytest.fixture
def plot(qtbot: QtBot) -> LossPlot:
    made = LossPlot()
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    qtbot.waitUntil(lambda: made.chart is not None)
    return made


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=12), st.integers(0, 2**32 - 1))
def test_a_curve_keeps_its_peaks_in_bounded_room(sizes: list[int], seed: int) -> None:
    losses = np.random.default_rng(seed).normal(size=sum(sizes))
    curve, at = Curve(), 0
    for size in sizes:
        curve.extend(losses[at : at + size])
        at += size
    steps, shown = curve.points()
    assert len(steps) <= MOST_POINTS + 1
    np.testing.assert_array_equal(shown, losses[steps - 1])
    assert (np.diff(steps) > 0).all()
    assert steps[-1] == len(losses) == curve.count
    if len(losses) < MOST_POINTS:
        np.testing.assert_array_equal(shown, losses)
    seen = losses[: len(losses) - curve.waiting]
    assert {seen.min(), seen.max()} <= set(shown)


def test_a_batch_costs_what_is_new_however_long_the_curve(
    plot: LossPlot, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = array("d", range(200_000))
    plot.show_losses(losses)
    taken: list[int] = []
    extend = Curve.extend
    monkeypatch.setattr(
        Curve, "extend", lambda curve, new: (taken.append(len(new)), extend(curve, new))
    )
    losses.extend(range(10))
    plot.show_losses(losses)
    plot.show_losses(losses)
    assert sum(taken) == 10
    plot.show_losses(array("d", [1.0, 2.0]))
    assert list(plot.shown) == [1.0, 2.0]


@pytest.mark.parametrize("loss", [0.0, 3.0, -2.0, 1e-9, 1e176])
@pytest.mark.parametrize("log", [False, True])
def test_one_step_is_a_point_on_an_axis_from_zero(plot: LossPlot, loss: float, log: bool) -> None:
    plot.log_box.setChecked(log)
    plot.show_losses(array("d", [loss]))
    assert list(plot.shown) == [loss]
    assert plot.marked is (loss > 0 or not log)
    (left, right), (low, high) = plot.chart.getViewBox().viewRange()
    assert left <= 1 <= right
    assert right > 5
    if not log:
        assert low <= min(loss, 0) <= max(loss, 0) <= high
    plot.show_losses(array("d", [loss, loss / 2]))
    assert not plot.marked


def test_the_title_says_which_loss_it_shows(plot: LossPlot) -> None:
    plot.show_losses(array("d", [3.0, 2.5]))
    assert plot.last.text() == "2.5 before step 2"
    plot.show_losses(array("d"))
    assert plot.last.text() == ""
