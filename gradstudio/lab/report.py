"""What came of a lab as pages: one for the class, one for each student, each a file of its own.

No page needs another file, a script or the network, and says so in its policy. Everything that came
out of a file is escaped. A student's page says nothing of other students, nothing of the key, and
nothing that is meant for the assistant.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from html import escape

from gradstudio.errors import mark
from gradstudio.lab.diagnosis import MISTAKES
from gradstudio.lab.exercise import Exercise
from gradstudio.lab.grader import Grade, notices
from gradstudio.lab.items import Item
from gradstudio.lab.items.choice import Choice
from gradstudio.lab.judging import ItemResult, PartResult, Status
from gradstudio.lab.texts import Language, number, translator

MOST_MISTAKES = 12
STATUSES: tuple[Status, ...] = ("passed", "partial", "failed", "error", "missing")
_STATUS_WORDS = {
    "passed": mark("core", "passed"),
    "partial": mark("core", "partial"),
    "failed": mark("core", "failed"),
    "error": mark("core", "error"),
    "missing": mark("core", "missing"),
}
_VERDICTS = {
    "right": ("✓", mark("core", "right")),
    "wrong": ("✗", mark("core", "wrong")),
    "empty": ("–", mark("core", "left blank")),
    "unread": ("?", mark("core", "cannot be read")),
    "recorded": ("…", mark("core", "not judged")),
}
# Neither what a hash is called, nor what Windows takes for a device.
_PLAIN_NAME = re.compile(r"(?!s-|(con|prn|aux|nul|(com|lpt)[0-9])$)[a-z0-9][a-z0-9_-]{0,63}")
MADE_BY = '<meta name="generator" content="GradStudio">'
"""By it an earlier page is known, which may be removed."""

_STYLE = """
:root{color-scheme:light dark;--ground:#fbfaf8;--card:#fff;--ink:#1f2328;--dim:#646b75;
--line:#dcd9d3;--right:#1a7f4b;--wrong:#c62f2f;--later:#8a6d1d;--accent:#2f5fd0;--soft:#eef2fb}
@media (prefers-color-scheme:dark){:root{--ground:#17191d;--card:#202329;--ink:#e6e8eb;
--dim:#9aa2ad;--line:#363b44;--right:#5cc98d;--wrong:#ff7b72;--later:#d8b25a;--accent:#8db0ff;
--soft:#262c3a}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 system-ui,"Segoe UI",
"Helvetica Neue","Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}h2{font-size:18px;margin:36px 0 12px}
h3{font-size:16px;margin:0}p{margin:6px 0}.dim{color:var(--dim)}a{color:var(--accent)}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;
margin:12px 0}
.head{display:flex;gap:12px;align-items:baseline;justify-content:space-between;flex-wrap:wrap}
.points{font-variant-numeric:tabular-nums;white-space:nowrap;font-weight:600}
.big{font-size:30px}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--dim);font-weight:600;font-size:13px;white-space:nowrap}
td.n,th.n{text-align:right}.by-item th.n{white-space:normal}.name,.v{white-space:nowrap}
tr:last-child td{border-bottom:0}
code{font:13px/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"Noto Sans Mono",monospace;
overflow-wrap:anywhere}
.chip{display:inline-block;padding:1px 9px;border-radius:99px;border:1px solid currentColor;
font-size:13px;white-space:nowrap}
.passed,.v-right{color:var(--right)}.failed,.error,.v-wrong{color:var(--wrong)}
.partial,.v-unread{color:var(--later)}.missing,.v-empty,.v-recorded{color:var(--dim)}
.bar{display:flex;height:12px;border-radius:6px;overflow:hidden;background:var(--line);
min-width:120px}
.bar i{display:block;background:currentColor}
.share{color:var(--accent)}
ul{margin:6px 0;padding-left:20px}
svg.graph{max-width:100%;height:auto;margin-top:10px}
.edge{fill:none;stroke:var(--dim);stroke-width:1.4}
.edge.right{stroke:var(--right)}.edge.wrong{stroke:var(--wrong);stroke-width:3}
.node{fill:var(--soft);stroke:var(--dim)}.node.op{fill:var(--card)}
.node.wrong{stroke:var(--wrong);stroke-width:3}.node.right{stroke:var(--right)}
svg text{font-size:13px;text-anchor:middle;fill:var(--ink)}
svg text.small{font-size:11px;fill:var(--dim)}
svg text.entry{font-weight:600;paint-order:stroke;stroke:var(--card);stroke-width:4px}
svg text.right{fill:var(--right)}svg text.wrong{fill:var(--wrong)}svg text.later{fill:var(--dim)}
@media print{main{padding:0}.card{break-inside:avoid}}
""".strip().replace("\n", "")


_points = partial(number, digits=2)


def page_name(student: str) -> str:
    """Return what a student's page is called: the id, or where that is no name for a file, a hash.

    Ids that differ only in case do not share a file on any system.
    """
    if _PLAIN_NAME.fullmatch(student):
        return f"{student}.html"
    return f"s-{hashlib.sha256(student.encode(errors='replace')).hexdigest()[:16]}.html"


def student_page(exercise: Exercise, grade: Grade, language: Language) -> str:
    """Return the page of one student."""
    tr = translator(language)
    result = grade.result
    body = [
        '<div class="head"><div>',
        f"<h1>{escape(exercise.title.of(language))}</h1>",
        f'<p class="dim">{escape(grade.student)}{_named(grade)}</p>',
        f'</div><div class="points big">{_points(grade.score)}'
        f'<span class="dim"> / {_points(result.most)}</span></div></div>',
        f"<p>{_chip(grade.status, language)}</p>",
    ]
    if grade.penalty:
        # Of the numbers as they are shown, so that one can reckon it after.
        penalty = round(result.points, 2) - round(grade.score, 2)
        text = tr(
            mark(
                "core", "{points} points, {penalty} of them taken off for being late (days: {days})"
            )
        ).format(points=_points(result.points), penalty=_points(penalty), days=grade.days_late)
        body.append(f"<p>{escape(text)}</p>")
    body += [f'<p class="v-wrong">{escape(one.of(language))}</p>' for one in result.reasons]
    for item in result.items:
        shown = result.picture if item.id == result.pictured else ""
        body.append(_item(exercise, item, shown, language))
    return _page(f"{exercise.title.of(language)} · {grade.student}", "".join(body), language)


def _has_wrong(item: ItemResult) -> bool:
    return any(part.verdict != "right" for part in item.parts)


def _named(grade: Grade) -> str:
    return f" · {escape(grade.name)}" if grade.name else ""


def _named_below(grade: Grade) -> str:
    return f'<div class="dim name">{escape(grade.name)}</div>' if grade.name else ""


def _item(exercise: Exercise, item: ItemResult, picture: str, language: Language) -> str:
    tr = translator(language)
    asked = exercise.items[item.id]
    lines = [
        '<section class="card"><div class="head">',
        f"<h3>{escape(asked.title.of(language))}</h3>",
        f'<span class="points">{_points(item.points)}'
        f'<span class="dim"> / {_points(item.most)}</span></span></div>',
        f'<p class="dim">{escape(tr(asked.title_of_kind))}</p>',
    ]
    lines += [f"<p>{escape(one.of(language))}</p>" for one in item.told]
    if item.price:
        text = tr(mark("core", "hints taken: {count}; they cost {price}")).format(
            count=item.hints, price=_points(item.price)
        )
        lines.append(f'<p class="dim">{escape(text)}</p>')
    if item.parts:
        heads = (
            (mark("core", "place"), ""),
            (mark("core", "entered"), ""),
            (mark("core", "points"), "n"),
            ("", ""),
            (mark("core", "why"), ""),
        )
        head = "".join(f'<th class="{kind}">{escape(tr(one))}</th>' for one, kind in heads)
        rows = "".join(_part(asked, part, language) for part in item.parts)
        lines.append(f'<div class="wide"><table><tr>{head}</tr>{rows}</table></div>')
    if picture:
        title = tr(mark("core", "Where to look first"))
        lines.append(f'<p class="dim">{escape(title)}</p>{picture}')
    lines.append("</section>")
    return "".join(lines)


def _entered(asked: Item, part: PartResult, language: Language) -> str:
    """Return what was answered; of a choice the texts of the options, and not their ids."""
    given = "" if part.given is None else part.given.of(language)
    return asked.chosen(given, language) if isinstance(asked, Choice) else given


def _part(asked: Item, part: PartResult, language: Language) -> str:
    sign, word = _VERDICTS.get(part.verdict, ("?", part.verdict))
    why = "" if part.said is None else part.said.of(language)
    entered = escape(_entered(asked, part, language))
    return (
        f"<tr><td>{escape(part.label.of(language))}</td><td><code>{entered}</code></td>"
        f'<td class="n">{_points(part.points)}</td>'
        f'<td class="v v-{escape(part.verdict)}">{sign} {escape(translator(language)(word))}</td>'
        f"<td>{escape(why)}</td></tr>"
    )


def class_page(exercise: Exercise, grades: Sequence[Grade], language: Language) -> str:
    """Return the page of the class."""
    tr = translator(language)
    body = [
        f"<h1>{escape(exercise.title.of(language))}</h1>",
        f'<p class="dim">{escape(exercise.id)}</p>',
        _summary(grades, language),
        _heading(tr(mark("core", "By item"))),
        _by_item(exercise, grades, language),
        _mistakes(exercise, grades, language),
        _alike(grades, language),
        _heading(tr(mark("core", "Students"))),
        _students(exercise, grades, language),
    ]
    return _page(exercise.title.of(language), "".join(body), language)


def _heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _summary(grades: Sequence[Grade], language: Language) -> str:
    tr = translator(language)
    counts = Counter(one.status for one in grades)
    bar = "".join(
        f'<i class="{status}" style="flex:{counts[status]}"></i>'
        for status in STATUSES
        if counts[status]
    )
    chips = " ".join(
        f"{_chip(status, language)} {counts[status]}" for status in STATUSES if counts[status]
    )
    graded = [one for one in grades if one.status in ("passed", "partial", "failed")]
    mean = ""
    if graded:
        text = tr(mark("core", "mean {mean}, median {median} of {most} points")).format(
            mean=_points(sum(one.score for one in graded) / len(graded)),
            median=_points(_median([one.score for one in graded])),
            most=_points(graded[0].result.most),
        )
        mean = f'<p class="dim">{escape(text)}</p>'
    return f'<div class="card"><div class="bar">{bar}</div><p>{chips}</p>{mean}</div>'


def _median(numbers: list[float]) -> float:
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _by_item(exercise: Exercise, grades: Sequence[Grade], language: Language) -> str:
    tr = translator(language)
    heads = (
        (mark("core", "item"), ""),
        (mark("core", "mean"), "n"),
        (mark("core", "points"), "n"),
        (mark("core", "all of it right"), "n"),
        ("", ""),
    )
    head = "".join(f'<th class="{kind}">{escape(tr(one))}</th>' for one, kind in heads)
    rows = []
    for id, item in exercise.items.items():
        found = [
            one
            for grade in grades
            if grade.status in ("passed", "partial", "failed")
            for one in grade.result.items
            if one.id == id
        ]
        mean = sum(one.points for one in found) / len(found) if found else 0.0
        whole = sum(not _has_wrong(one) for one in found)
        rows.append(
            f"<tr><td>{escape(item.title.of(language))}</td>"
            f'<td class="n">{_points(mean)}</td><td class="n">{_points(item.points)}</td>'
            f'<td class="n">{whole} / {len(found)}</td>'
            f'<td><div class="bar share"><i style="width:{100 * mean / item.points:.0f}%"></i>'
            "</div></td></tr>"
        )
    return f'<div class="card wide"><table><tr>{head}</tr>{"".join(rows)}</table></div>'


def _mistakes(exercise: Exercise, grades: Sequence[Grade], language: Language) -> str:
    """Return the commonest mistakes: which, where, and how many students made them."""
    tr = translator(language)
    made: Counter[tuple[str, str, str]] = Counter()
    for grade in grades:
        made.update(
            {
                (part.mistake, item.id, part.label.of(language))
                for item in grade.result.items
                for part in item.parts
                if part.mistake in MISTAKES
            }
        )
    if not made:
        return ""
    commonest = sorted(made.items(), key=lambda one: (-one[1], one[0]))[:MOST_MISTAKES]
    heads = (
        (mark("core", "mistake"), ""),
        (mark("core", "item"), ""),
        (mark("core", "place"), ""),
        (mark("core", "students"), "n"),
    )
    head = "".join(f'<th class="{kind}">{escape(tr(one))}</th>' for one, kind in heads)
    rows = "".join(
        f"<tr><td>{escape(tr(MISTAKES[mistake].title))}</td>"
        f"<td>{escape(exercise.items[item].title.of(language))}</td>"
        f'<td>{escape(place)}</td><td class="n">{count}</td></tr>'
        for (mistake, item, place), count in commonest
    )
    title = _heading(tr(mark("core", "Commonest mistakes")))
    return f'{title}<div class="card wide"><table><tr>{head}</tr>{rows}</table></div>'


def _alike(grades: Sequence[Grade], language: Language) -> str:
    tr = translator(language)
    groups = {
        one.result.likeness: (one.result.nodes, sorted({one.student, *one.alike}))
        for one in grades
        if one.alike
    }
    if not groups:
        return ""
    title = _heading(tr(mark("core", "Identical work")))
    told = escape(
        tr(
            mark(
                "core",
                "The same graph or formulas under whatever names and layout. Small ones coincide "
                "by chance.",
            )
        )
    )
    size = tr(mark("core", "{count} nodes"))
    rows = "".join(
        f"<li>{escape(', '.join(students))} ({escape(size.format(count=nodes))})</li>"
        for nodes, students in sorted(groups.values(), key=lambda one: (-one[0], one[1]))
    )
    return f'{title}<div class="card"><p class="dim">{told}</p><ul>{rows}</ul></div>'


def _students(exercise: Exercise, grades: Sequence[Grade], language: Language) -> str:
    tr = translator(language)
    heads = [
        (tr(mark("core", "student")), ""),
        (tr(mark("core", "status")), ""),
        *((item.title.of(language), "n") for item in exercise.items.values()),
        (tr(mark("core", "points")), "n"),
        (tr(mark("core", "notes")), ""),
    ]
    head = "".join(f'<th class="{kind}">{escape(one)}</th>' for one, kind in heads)
    rows = []
    for one in grades:
        points = {item.id: item.points for item in one.result.items}
        cells = "".join(
            f'<td class="n">{_points(points.get(id, 0.0))}</td>' for id in exercise.items
        )
        notes = "<br>".join(escape(note.of(language)) for note in notices(one))
        rows.append(
            f'<tr><td><a href="students/{page_name(one.student)}">{escape(one.student)}</a>'
            f"{_named_below(one)}</td><td>{_chip(one.status, language)}</td>{cells}"
            f'<td class="n"><b>{_points(one.score)}</b></td><td>{notes}</td></tr>'
        )
    body = "".join(rows)
    return f'<div class="card wide"><table class="by-item"><tr>{head}</tr>{body}</table></div>'


def _chip(status: str, language: Language) -> str:
    word = translator(language)(_STATUS_WORDS[status])
    return f'<span class="chip {status}">{escape(word)}</span>'


def _page(title: str, body: str, language: Language) -> str:
    lang = "zh-CN" if language == "zh" else "en"
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">{MADE_BY}'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def pages(
    exercise: Exercise, grades: Sequence[Grade], language: Language
) -> Iterable[tuple[str, bytes]]:
    """Yield every page: where it lies below the folder of the report, and its content."""
    yield "index.html", class_page(exercise, grades, language).encode(errors="replace")
    for one in grades:
        text = student_page(exercise, one, language)
        yield f"students/{page_name(one.student)}", text.encode(errors="replace")
