"""What the panel of a lab says of it: whose, until when, how to answer, what is left to do."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QTime, QTimeZone

from gradstudio.errors import mark
from gradstudio.gui.lab_session import NOTED, RIGHT, LabSession
from gradstudio.gui.wording import language
from gradstudio.lab.items import Item
from gradstudio.lab.items.build import Build
from gradstudio.lab.items.order import Order
from gradstudio.lab.items.training import Training
from gradstudio.numbers import number_text


def _tr(text: str) -> str:
    return QCoreApplication.translate("LabPanel", text)


def about(lab: LabSession) -> str:
    """Return who works on a lab, and when it is due."""
    session = lab.session
    who = " · ".join(filter(None, (session.name, session.student)))
    parts = [who]
    if lab.exercise.due is not None:
        seconds = int(lab.exercise.due.timestamp())
        due = QDateTime.fromSecsSinceEpoch(seconds, QTimeZone.systemTimeZone())
        locale = QLocale("zh_CN") if language() == "zh" else QLocale("en_GB")
        hours = QTime(0, 0).addSecs(abs(due.offsetFromUtc())).toString("hh:mm")
        zone = f"UTC{'−' if due.offsetFromUtc() < 0 else '+'}{hours}"
        when = f"{locale.toString(due, QLocale.FormatType.ShortFormat)} {zone}"
        past = due < QDateTime.currentDateTime()
        due_then = (
            _tr(mark("LabPanel", "was due {when}")) if past else _tr(mark("LabPanel", "due {when}"))
        )
        parts.append(due_then.format(when=when))
    return " · ".join(parts)


def late(lab: LabSession) -> str:
    """Return what handing in late costs."""
    late = lab.exercise.late
    if lab.exercise.due is None:
        return ""
    parts = [
        _tr(mark("LabPanel", "Each day late costs {percent} % of the points.")).format(
            percent=number_text(late.percent_a_day)
        )
        if late.percent_a_day
        else _tr(mark("LabPanel", "Being late costs no points."))
    ]
    if late.most_days is not None:
        text = _tr(mark("LabPanel", "After {days} days late nothing counts."))
        parts.append(text.format(days=late.most_days))
    return " ".join(parts)


def how(lab: LabSession, item: Item) -> str:
    """Return what there is to know about where to answer, and within what limits."""
    parts = []
    if lab.on_canvas(item.id):
        parts.append(_tr(mark("LabPanel", "Type into the graph; Tab goes on, Enter checks.")))
    if isinstance(item, Build):
        parts.append(_tr(mark("LabPanel", "Build a node called {node}.")).format(node=item.output))
        if item.ops:
            parts.append(_tr(mark("LabPanel", "Allowed: {ops}.")).format(ops=", ".join(item.ops)))
        if item.most_nodes is not None:
            one = _tr(mark("LabPanel", "At most 1 computing node."))
            many = _tr(mark("LabPanel", "At most {count} computing nodes."))
            most = item.most_nodes
            parts.append(one if most == 1 else many.format(count=most))
    if isinstance(item, Order):
        asked = ", ".join(sorted(item.asked(lab.session.task)))
        parts.append(_tr(mark("LabPanel", "Put in order: {nodes}.")).format(nodes=asked))
    if isinstance(item, Training):
        text = _tr(mark("LabPanel", "{loss} must reach {target} in at most {steps} steps."))
        target = number_text(item.target)
        parts.append(text.format(loss=item.output, target=target, steps=item.most_steps))
        if item.most_parameters is not None:
            text = _tr(mark("LabPanel", "At most {count} numbers may be learned."))
            parts.append(text.format(count=item.most_parameters))
        parts.append(_tr(mark("LabPanel", "Try it with Train (Ctrl+T).")))
    return " ".join(parts)


def left(lab: LabSession, item: str) -> str:
    """Return how often an item can be checked, as far as that matters now."""
    left = lab.session.attempts_left(item)
    if left is None or lab.kept(item) or lab.state(item) in (RIGHT, NOTED):
        return ""
    if left:
        one = _tr(mark("LabPanel", "1 attempt left"))
        return (
            one if left == 1 else _tr(mark("LabPanel", "{count} attempts left")).format(count=left)
        )
    if lab.item.on_graph:
        return _tr(mark("LabPanel", "no attempt left: the graph is graded as you hand it in"))
    return _tr(mark("LabPanel", "no attempt left: this answer is graded"))


def next_step(lab: LabSession) -> str:
    """Return what there is to do after an item is done."""
    if lab.open_items:
        return _tr(mark("LabPanel", "F8 goes on to what is still open."))
    return _tr(
        mark(
            "LabPanel", "Everything is done: Submit (Ctrl+Shift+Enter) writes the file to hand in."
        )
    )
