"""Finding an op by any of its names: what comes first for what people type, in both languages."""

import pytest

from gradstudio.gui.appearance import in_every_language
from gradstudio.gui.search import BEGINNING, INSIDE, SCATTERED, WHOLE, WORD, find, ranked
from gradstudio.gui.vocabulary import known_as
from gradstudio.ops import REGISTRY

LISTED = [op for op in REGISTRY.values() if op.listed]
EXPECTED = {
    # Names, their beginnings, the beginnings of their words.
    "add": "add",
    "max": "max",
    "min": "min",
    "sum": "sum",
    "so": "softmax",
    "RELU": "relu",
    "leaky": "leaky_relu",
    "ce": "cross_entropy",
    "cross": "cross_entropy",
    "entropy": "cross_entropy",
    "over axes": "amax",
    "axes min": "amin",
    # Letters in order.
    "lsft": "log_softmax",
    "lse": "logsumexp",
    "mtm": "matmul",
    "sgmd": "sigmoid",
    "tnsp": "transpose",
    # Signs, as keyboards have them.
    "*": "mul",
    "×": "mul",
    "-": "sub",
    "−": "sub",
    "/": "div",
    "**": "pow",
    "^": "pow",
    "@": "matmul",
    "σ": "sigmoid",
    "Σ": "sum",
    "√": "sqrt",
    ">=": "greater_equal",
    "＊": "mul",
    "ｒｅｌｕ": "relu",
    # Other words for it.
    "times": "mul",
    "plus": "add",
    "dot": "matmul",
    "mm": "matmul",
    "average": "mean",
    "ln": "log",
    "view": "reshape",
    "flatten": "reshape",
    "swish": "silu",
    "nll": "cross_entropy",
    "if": "where",
    "weight": "parameter",
    # Chinese.
    "乘": "mul",
    "乘法": "mul",
    "加": "add",
    "减": "sub",
    "除": "div",
    "矩阵": "matmul",
    "点积": "matmul",
    "求和": "sum",
    "平均": "mean",
    "最大": "max",
    "交叉熵": "cross_entropy",
    "损失": "hinge",
    "转置": "transpose",
    "卷积": "conv2d",
    "归一化": "layer_norm",
    "参数": "parameter",
    "权重": "parameter",
    "常量": "constant",
    "熵": "cross_entropy",
    "对数": "log",
}
"""What people type, and what they mean by it."""


def first(query: str, recent: tuple[str, ...] = ()) -> list[str]:
    """The ops found, the best first."""
    found = ranked(
        query, LISTED, lambda op: known_as(op, in_every_language), lambda op: op.name, recent
    )
    return [op.name for op, _ in found]


def test_the_first_hits() -> None:
    assert {query: first(query)[0] for query in EXPECTED} == EXPECTED


def test_every_name_finds_its_op() -> None:
    for op in LISTED:
        assert first(op.name)[0] == op.name
        names, others = known_as(op, in_every_language)
        for text in (*names, *others):
            assert op.name in first(text), text


def test_what_was_chosen_lately_comes_first_among_equals() -> None:
    assert first("s")[:2] != ["softplus", "squeeze"]
    assert first("s", ("softplus", "squeeze"))[:2] == ["softplus", "squeeze"]
    # But not before what fits better.
    assert first("max", ("amax", "max_pool2d"))[:3] == ["max", "amax", "max_pool2d"]
    assert first("sum", ("logsumexp",))[0] == "sum"


def test_everything_is_there_until_something_is_typed() -> None:
    assert first("") == [op.name for op in LISTED]
    assert first(" ", ("tanh",))[0] == "tanh"


def test_nothing_is_found_where_nothing_is() -> None:
    for query in ("frobnicate", "zzz", "矩形", "((", "a" * 500, "\ud800"):
        assert first(query) == []


@pytest.mark.parametrize(
    ("query", "text", "tier", "marked"),
    [
        ("mul", "mul", WHOLE, "mul"),
        ("LOG", "log softmax", BEGINNING, "log"),
        ("soft", "log softmax", WORD, "soft"),
        ("max", "log softmax", INSIDE, "max"),
        ("lsm", "log softmax", SCATTERED, "lsm"),
        ("乘法", "矩阵乘法", WORD, "乘法"),
        ("矩乘", "矩阵乘法", SCATTERED, "矩乘"),
        ("log max", "log softmax", INSIDE, "logmax"),
        ("x2", "x²", WHOLE, "x²"),
    ],
)
def test_how_a_query_lies_in_a_text(query: str, text: str, tier: int, marked: str) -> None:
    hit = find(query, text)
    assert hit is not None
    assert hit.tier == tier
    assert "".join(text[at] for at in hit.at) == marked


@pytest.mark.parametrize(
    ("query", "text"), [("u", "mul"), ("lm", "mul"), ("mulx", "mul"), ("gt", "log softmax tail t")]
)
def test_letters_elsewhere_are_no_hit(query: str, text: str) -> None:
    assert find(query, text) is None
