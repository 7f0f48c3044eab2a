"""What a formula has said so far: nodes by number, and what each name means at this point.

Names are given at the end, when it is known which node a name means last. (Rejected: naming as we
read; `c = c + 1` would have to rename what is already linked.)
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from gradstudio.graph import EMPTY, Graph, Node, leaf_value
from gradstudio.naming import LONGEST_NAME, Numbering
from gradstudio.ops import REGISTRY, Array, Op, SettingValue

Source: TypeAlias = int | None
"""The number of the node that feeds a port; None for a port that is left free."""

WEIGHT = re.compile(
    r"(w|W|b|B|theta|beta|omega|phi|θ|β|ω|φ|weights?|bias|biases)([0-9_].*)?", re.DOTALL
)
"""Names that textbooks give to what is learned; all other unknown names are inputs."""

MUTED = "muted"
"""Written around an op whose node is muted."""


def automatic(op: str) -> str:
    """Return what nodes of `op` are called when nobody names them, before the number."""
    rules = REGISTRY.get(op)
    return rules.symbol if rules is not None and rules.leaf else op


def is_automatic(name: str, op: str) -> bool:
    """Return whether `name` is one that a node of `op` is given when nobody names it."""
    base = automatic(op)
    number = name[len(base) :]
    return name.startswith(base) and number.isascii() and number.isdigit() and number[0] != "0"


@dataclass
class Draft:
    """A node to be.

    Args:
        op: the registered name.
        inputs: by port, the numbers of other drafts.
        settings: in normal form.
        value: of a leaf, where it is known.
        names: what the text has called it, in order.
        muted: whether the node is.
    """

    op: str
    inputs: tuple[Source, ...] = ()
    settings: Mapping[str, SettingValue] = field(default_factory=lambda: EMPTY)
    value: Array | None = None
    names: list[str] = field(default_factory=list)
    muted: bool = False


class Sketch:
    """The drafts of one text.

    Args:
        reserved: words of the text; no automatic name may be one of them.
        values: values for leaves by name, before those of the text.
        known: the graph this text is an edit of, whose leaves and names live on.
    """

    def __init__(
        self, reserved: set[str], values: Mapping[str, Array], known: Graph | None
    ) -> None:
        self.drafts: list[Draft] = []
        self.meaning: dict[str, int] = {}
        self.output: int | None = None
        self._read: set[int] = set()
        self._reserved = reserved
        self._values = values
        self._known = Graph() if known is None else known

    def add(
        self,
        op: str,
        inputs: tuple[Source, ...] = (),
        settings: Mapping[str, SettingValue] = EMPTY,
        value: Array | None = None,
    ) -> int:
        """Add a node without a name and return its number."""
        self.drafts.append(Draft(op, inputs, settings, value))
        return len(self.drafts) - 1

    def mute(self, number: Source) -> None:
        """Mute a node."""
        if number is not None:
            self.drafts[number].muted = True

    def call(self, name: str, number: int) -> None:
        """Let `name` mean node `number` from here on; a computed one is the output so far."""
        names = self.drafts[number].names
        if name not in names:
            names.append(name)
        self.meaning[name] = number
        if not self._is_leaf(number) or self.output is None or self._is_leaf(self.output):
            self.output = number

    def _leaf(
        self,
        name: str,
        value: Array | None = None,
        op: str | None = None,
        settings: Mapping[str, SettingValue] = EMPTY,
    ) -> int:
        """Add a leaf called `name`; what is not said of it comes from the known graph."""
        known = self._known.nodes.get(name)
        if known is not None and known.is_leaf:
            if op in (None, known.op):
                op = known.op
                settings = {**known.settings, **settings}
            value = known.value if value is None else value
        if op is None:
            op = "parameter" if WEIGHT.fullmatch(name) else "input"
        if name in self._values:
            value = leaf_value(self._values[name], name)
        number = self.add(op, (), settings, value)
        self.drafts[number].names.append(name)
        self.meaning[name] = number
        return number

    def state(
        self,
        name: str,
        value: Array | None = None,
        op: str | None = None,
        settings: Mapping[str, SettingValue] = EMPTY,
    ) -> None:
        """Say what the leaf `name` is; one that was only read so far is meant, though used."""
        read = self.meaning.get(name)
        number = self._leaf(name, value, op, settings)
        if read is not None and read in self._read:
            stated = self.drafts.pop()
            self.drafts[read] = stated
            number = read
            self._read.discard(read)
        self.call(name, number)

    def read(self, name: str) -> int:
        """Return what `name` means; a name never heard of becomes a leaf."""
        number = self.meaning.get(name)
        if number is None:
            number = self._leaf(name)
            self._read.add(number)
        return number

    def rules(self, op: str) -> type[Op] | None:
        """Return the op called `op`: a registered one, or one that the known graph defines."""
        definition = self._known.definitions.get(op)
        return REGISTRY.get(op) if definition is None else definition.rules

    def _is_leaf(self, number: int) -> bool:
        rules = self.rules(self.drafts[number].op)
        return rules is not None and rules.leaf

    def free_name(self, base: str) -> str:
        """Return `base`, or with the first number that makes it a word the text does not use."""
        name, number = base, 0
        while name in self._reserved or name in self.meaning:
            number += 1
            name = f"{base}{number}"
        return name

    def graph(self) -> Graph:
        """Name every node and return the graph; in it each comes after the nodes it takes."""
        names = self._names()
        known = self._known
        nodes: dict[str, Node] = {}
        for name, draft in zip(names, self.drafts, strict=True):
            before = known.nodes.get(name)
            nodes[name] = Node(
                draft.op,
                tuple(None if one is None else names[one] for one in draft.inputs),
                draft.settings,
                draft.value,
                extra=before.extra if before is not None and before.op == draft.op else EMPTY,
                muted=draft.muted,
            )
        built = Graph.build(
            nodes,
            output=None if self.output is None else names[self.output],
            definitions=known.definitions,
        )
        positions = {name: known.positions[name] for name in names if name in known.positions}
        annotations = known.annotations.without_nodes(known.nodes.keys() - built.nodes.keys())
        return replace(
            known,
            nodes=built.nodes,
            positions=positions,
            output=built.output,
            annotations=annotations,
        )

    def _names(self) -> list[str]:
        """Name the drafts.

        A node is called by the first of its names that still means it. One whose names all moved
        on keeps the first of them with a number (`c_1`). One the text never named is called as the
        known graph called the same op on the same inputs, or else by its op and a free number.
        """
        taken = self._reserved | set(self.meaning)
        free = Numbering(taken)
        names: list[str | None] = []
        for number, draft in enumerate(self.drafts):
            lasting = [name for name in draft.names if self.meaning[name] == number]
            if lasting:
                names.append(lasting[0])
            elif draft.names:
                names.append(free.next(f"{draft.names[0][: LONGEST_NAME - 12]}_"))
            else:
                names.append(None)
        remembered = self._remembered(free)
        for number, draft in enumerate(self.drafts):
            sources = [None if one is None else names[one] for one in draft.inputs]
            if names[number] is None and sources.count(None) == draft.inputs.count(None):
                key = _key(draft.op, sources, draft.settings, draft.value, draft.muted)
                same = remembered.get(key)
                if same:
                    names[number] = same.pop()
                    taken.add(str(names[number]))
        return [
            free.next(automatic(draft.op)) if name is None else name
            for name, draft in zip(names, self.drafts, strict=True)
        ]

    def _remembered(self, taken: Container[str]) -> dict[Any, list[str]]:
        """Return the automatic names of the known graph by what they stand for, first one last."""
        found: dict[Any, list[str]] = {}
        for name, node in reversed(list(self._known.nodes.items())):
            if name not in taken and is_automatic(name, node.op):
                key = _key(node.op, list(node.inputs), node.settings, node.value, node.muted)
                found.setdefault(key, []).append(name)
        return found


def _key(
    op: str,
    inputs: list[str | None],
    settings: Mapping[str, SettingValue],
    value: Array | None,
    muted: bool,
) -> Any:
    content = None if value is None else (value.shape, value.tobytes())
    return op, tuple(inputs), tuple(sorted(settings.items())), content, muted
