"""The laws of lining up and of spacing out, and of finding room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstudio.gui.canvas.alignment import SIDES, align, distribute
from gradstudio.gui.canvas.room import nearest_clear

PLACE = st.floats(-5000, 5000).map(lambda at: round(at, 2))
HALF = st.floats(5, 80).map(lambda at: round(at, 2))


@st.composite
def bodies(draw, least=1):
    count = draw(st.integers(least, 8))
    pair = [st.tuples(one, one) for one in (PLACE, HALF)]
    rows = [draw(st.lists(one, min_size=count, max_size=count)) for one in pair]
    return np.array(rows[0], float), np.array(rows[1], float)


@given(bodies(), st.sampled_from(sorted(SIDES)))
def test_aligned_bodies_share_the_outermost_line(given_bodies, side):
    centres, half = given_bodies
    moved = align(centres, half, side)
    axis, way = SIDES[side]
    lines = moved[:, axis] + way * half[:, axis]
    low, high = (centres - half)[:, axis].min(), (centres + half)[:, axis].max()
    assert lines == pytest.approx(np.full(len(lines), (low, (low + high) / 2, high)[way + 1]))
    assert (moved[:, 1 - axis] == centres[:, 1 - axis]).all()
    assert align(moved, half, side) == pytest.approx(moved)


@given(bodies(least=3), st.sampled_from([0, 1]))
def test_distributed_bodies_have_equal_gaps_and_their_order(given_bodies, axis):
    centres, half = given_bodies
    moved = distribute(centres, half, axis)
    order = np.argsort(centres[:, axis], kind="stable")
    at, size = moved[order, axis], half[order, axis]
    gaps = np.diff(at) - size[:-1] - size[1:]
    assert gaps == pytest.approx(np.full(len(gaps), gaps.mean()), abs=1e-6)
    assert (moved[order[[0, -1]]] == centres[order[[0, -1]]]).all()
    assert (moved[:, 1 - axis] == centres[:, 1 - axis]).all()
    if (np.diff(at) > 0).all():
        assert distribute(moved, half, axis) == pytest.approx(moved, abs=1e-6)


def test_two_bodies_have_nothing_between_them_to_space_out():
    centres = np.array([[0.0, 0], [70, 3]])
    assert (distribute(centres, np.ones((2, 2)), 0) == centres).all()


@given(bodies(), bodies())
def test_room_is_where_nothing_is_covered_and_near_where_it_can_be(group, others):
    (centres, half), (there, there_half) = group, others
    there = there / 10
    moved = centres + nearest_clear(centres, half, there, there_half)
    apart = np.abs(moved[:, None] - there) >= half[:, None] + there_half
    covers = ~apart.any(axis=2)
    assert not covers.any() or (moved == centres).all()
    far = (np.abs(centres[:, None] - there) >= half[:, None] + there_half + 50).any(axis=2)
    if far.all():
        assert (moved == centres).all()
