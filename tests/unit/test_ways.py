"""Ways between nodes: a cycle is one along real edges, and none is found where there is none."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from gradstudio.graph import Node
from gradstudio.ways import cycle, cycle_text, path

COUNT = 8


@st.composite
def nodes(draw: st.DrawFn) -> dict[str, Node]:
    names = [f"n{at}" for at in range(COUNT)]
    one = st.sampled_from([*names, None])
    return {name: Node("add", (draw(one), draw(one))) for name in names}


def acyclic(nodes: dict[str, Node]) -> bool:
    """Whether taking away what nothing is missing for takes everything away."""
    left = dict(nodes)
    while ready := [name for name, node in left.items() if left.keys().isdisjoint(node.inputs)]:
        for name in ready:
            del left[name]
    return not left


@given(nodes())
def test_a_cycle_goes_along_edges_and_comes_back(nodes: dict[str, Node]) -> None:
    found = cycle(nodes)
    assert bool(found) != acyclic(nodes)
    for source, target in itertools.pairwise(found):
        assert source in nodes[target].inputs
    if found:
        assert found[0] == found[-1]
        assert len(set(found)) == len(found) - 1


@given(nodes())
def test_a_path_goes_along_edges(nodes: dict[str, Node]) -> None:
    found = path(nodes, "n0", "n1")
    for source, target in itertools.pairwise(found):
        assert source in nodes[target].inputs
    assert not found or (found[0], found[-1]) == ("n0", "n1")


def test_a_long_cycle_is_said_by_its_ends() -> None:
    assert cycle_text(["f", "q", "f"]) == "f → q → f"
    assert cycle_text([f"n{at}" for at in range(20)]) == "n0 → n1 → n2 → n3 → … → n17 → n18 → n19"
