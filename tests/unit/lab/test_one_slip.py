"""Students who round, and slip once: whatever follows from the slip, it costs one mark."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from solving import lab, text

from gradstudio.engine.evaluate import connected
from gradstudio.lab.items import Verdict
from gradstudio.lab.items.gradients import Gradients
from gradstudio.lab.items.values import Values
from gradstudio.lab.task import Task, Work

DIGITS = 4


def worked(task: Task, output: str, asked: set[str], slip: str) -> dict[str, Any]:
    """Return what a student writes at the places asked, by hand, from numbers of their own.

    A value is called by its node in capitals, so that it is told from the node's gradient.
    """
    written: dict[str, Any] = {}

    def write(place: str, number: Any) -> Any:
        if place not in asked:
            return np.asarray(number)
        number = np.round(number, DIGITS)
        written[place] = 2 * number if place == slip else number
        return written[place]

    found, nodes = task.evaluation(output), task.given.nodes
    values: dict[str, Any] = {}
    for name in found.order:
        node = nodes[name]
        sources = [values[source] for source in connected(node)]
        values[name] = (
            np.asarray(node.value)
            if node.is_leaf
            else write(name.upper(), node.rules.forward(*sources, **node.settings))
        )
    arriving: dict[str, list[Any]] = {output: [np.ones(())]}
    for name in found.backward:
        node, g = nodes[name], write(name, sum(arriving[name]))
        if node.is_leaf:
            continue
        sources = connected(node)
        inputs = [values[source] for source in sources]
        with np.errstate(all="ignore"):  # by the exponent of a negative number, for no one
            back = node.rules.vjp(g, values[name], *inputs, **node.settings)
        for port, part in enumerate(back):
            if (name, port) in found.edge_grads:
                place = f"{name}.{node.rules.ports(len(sources))[port]}"
                arriving.setdefault(sources[port], []).append(write(place, part))
    return written


@pytest.mark.parametrize("name", ["xyz", "patterns", "fan-out", "sigmoid", "udl-chain"])
def test_one_slip_costs_one_mark_in_a_whole_lab(name: str) -> None:
    exercise, _ = lab(name)
    items = [one for one in exercise.items.values() if isinstance(one, Values | Gradients)]
    output = items[-1].output
    for student in ("20240001", "20240002", "A-17"):
        task = exercise.task(student)
        places = {
            (item.id, blank.id): blank.id.upper() if item.kind == "values" else blank.id
            for item in items
            for blank in item.blanks(task)
        }
        for slip in ("", *places.values()):
            written = worked(task, output, set(places.values()), slip)
            answers: dict[str, dict[str, str]] = {}
            for (id, blank), place in places.items():
                answers.setdefault(id, {})[blank] = text(written[place])
            work = Work(task, task.given, answers)
            wrong = [
                places[item.id, part.id]
                for item in items
                for part in item.judge(work, None).parts
                if part.verdict is not Verdict.RIGHT
            ]
            # Twice a zero is no slip.
            assert wrong == [one for one in places.values() if one == slip and written[slip].any()]
