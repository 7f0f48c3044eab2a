"""Tables and pages: nothing in them runs, and a student's page is about that student alone."""

from __future__ import annotations

import csv
import io
import json
import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from batch import assignment, built, files_of, raw, run
from solving import LABS, handed_in, lab, right, write_class

from gradstudio.lab import gradebook, report
from gradstudio.lab.grader import Grade, grade, notices
from gradstudio.lab.handed_in import collect, with_roster
from gradstudio.lab.items.choice import Choice
from gradstudio.lab.judging import judge
from gradstudio.lab.report import page_name
from gradstudio.lab.roster import read_roster
from gradstudio.lab.texts import LANGUAGES


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "＝1",
        "\u200b=1",
        "\ufeff=1+1",
        "\x00=1",
        "\u2028\u3000@S",
    ],
)
def test_no_cell_is_run_by_a_spreadsheet(text: str) -> None:
    assert gradebook.cell(text).startswith("'")
    assert "\t" not in gradebook.cell(text)
    assert gradebook.cell("20240001") == "20240001"
    assert gradebook.cell("李雷") == "李雷"


EVIL = "<img src=x onerror=alert(1)>&\"'</title><script>1</script>"


class Tags(HTMLParser):
    """Which tags and attributes a page has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        for name, value in attrs:
            assert name not in ("src", "onerror", "onload", "style") or tag in ("i",), (tag, name)
            assert not (name == "href" and re.match(r"[a-z]+:|//", value or ""))


def test_names_with_markup_and_formulas_are_shown_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = raw("1")
    found["lab"]["name"] = EVIL
    found["lab"]["student"] = "=cmd|' /C calc'!A0"
    found["lab"]["answers"]["forward"] = {"q": EVIL, "f": "=1+1"}
    found["lab"]["answers"]["backward"] = {"f.x": EVIL, EVIL: EVIL}
    student = "=HYPERLINK(1)<b>"
    folder = write_class(
        tmp_path / "class", lab("xyz")[0], {student: json.dumps(found).encode(), "2": b"{"}
    )
    path, key = files_of("xyz")
    for language in ("en", "zh"):
        code, out, _ = run(
            capsys, "grade", path, "--key", key, folder, "--csv", tmp_path / "b.csv", "--html",
            tmp_path / language, "--lang", language, "--jobs", 1,
        )  # fmt: skip
        assert code == 1
        assert "\x1b" not in out
        pages = sorted((tmp_path / language).rglob("*.html"))
        assert len(pages) == 3
        for page in pages:
            text = page.read_text(encoding="utf-8")
            tags = Tags()
            tags.feed(text)
            assert not tags.tags & {"img", "script", "b", "link", "iframe", "base"} - {"b"}
            assert "<img" not in text
            assert "<script" not in text
            assert "default-src 'none'" in text
    for table in ("b.csv", "b.items.csv"):
        for row in csv.reader(io.StringIO((tmp_path / table).read_text(encoding="utf-8-sig"))):
            assert not [cell for cell in row if cell[:1] in "=+-@" and cell]


def test_pages_have_names_of_their_own() -> None:
    assert page_name("20240001") == "20240001.html"
    odd = ["../x", "A", "a/b", "con.", "李雷", "", "x" * 300, "..", "%2e"]
    odd += [
        "con",
        "PRN",
        "aux",
        "nul",
        "com1",
        "lpt9",
        "s-1",
        page_name("李雷").removesuffix(".html"),
    ]
    assert all(re.fullmatch(r"s-[0-9a-f]{16}\.html", page_name(one)) for one in odd)
    assert len({page_name(one) for one in odd}) == len(odd)
    for plain in ("s", "sa", "s1-2", "console", "com10", "a_b-c"):
        assert page_name(plain) == f"{plain}.html"
    assert page_name("A") != page_name("a")


def test_a_students_page_names_no_other_student(tmp_path: Path) -> None:
    works = {"s11": built("s11", "a"), "s22": built("s22", "z")}
    folder = write_class(tmp_path / "class", lab("sigmoid")[0], works)
    exercise, _ = lab("sigmoid")
    grades = grade(assignment("sigmoid"), collect([folder], "sigmoid"))
    for one, other in (("s11", "s22"), ("s22", "s11")):
        page = report.student_page(exercise, next(g for g in grades if g.student == one), "en")
        assert one in page
        assert other not in page
    assert "Identical work" in report.class_page(exercise, grades, "en")


@pytest.mark.parametrize("name", LABS)
def test_pages_hold_no_answer_of_the_key(name: str) -> None:
    """Of work that is all wrong, judged with the key, nothing hidden can be read anywhere."""
    exercise, key = lab(name)
    session, graph = right(exercise, key, "5")
    secret: set[str] = set()
    for id, item in exercise.items.items():
        for own in item.secrets(key.items[id]) if id in key.items else ():
            secret.add(own if isinstance(own, str) else json.dumps(own))
        for blank in session.blanks(id):
            wrong = "1" if item.kind in ("number", "expression", "formulas") else ""
            session = session.enter(id, blank.id, wrong)
    result = judge(exercise, key, "5", handed_in(session, graph))
    page = report.student_page(exercise, Grade("5", result), "en")
    data = msgspec.json.encode(result).decode() + page
    for text in secret:
        assert not text or text not in data


def test_what_is_meant_for_the_assistant_is_on_no_students_page(tmp_path: Path) -> None:
    """Whose variant it is, an edited log, a time without its zone: for the class page alone."""
    exercise, key = lab("xyz")
    found = json.loads(handed_in(*right(exercise, key, "20240099")))
    found["lab"]["log"] = [{"at": "", "item": "forward"}]
    folder = write_class(tmp_path / "class", exercise, {"1": json.dumps(found).encode()})
    (folder / "1" / "timestamp.txt").write_text("soon")
    (one,) = grade(assignment("xyz"), collect([folder], "xyz"))
    notes = [note.en for note in notices(one)]
    assert len(notes) == 5, notes
    page = report.student_page(exercise, one, "en")
    assert "20240099" not in page
    assert not [note for note in notes if note in page]
    whole = report.class_page(exercise, [one], "en")
    assert all(escape(note) in whole for note in notes)


def test_a_student_is_told_why_there_is_no_result(tmp_path: Path) -> None:
    exercise, _ = lab("xyz")
    folder = write_class(tmp_path / "class", exercise, {"1": b"{"})
    (one,) = grade(assignment("xyz"), collect([folder], "xyz"))
    assert "damaged or cut off" in report.student_page(exercise, one, "en")


def test_the_gradebook_has_all_of_nbgraders_columns(tmp_path: Path) -> None:
    """In its order and its way to write times: in UTC; empty where nothing is known."""
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "student_id,name,last_name,first_name,email,due\n"
        "1,,Li,Lei,l@x.edu,2026-03-25T23:59:00+08:00\n2,韩梅梅,,,=1+1,\n3,,,,,\n",
        encoding="utf-8",
    )
    exercise, key = lab("xyz")
    works = {student: handed_in(*right(exercise, key, student)) for student in "124"}
    folder = write_class(tmp_path / "class", exercise, works)
    for student in "124":
        (folder / student / "timestamp.txt").write_text("2026-03-20 10:00:00 Asia/Shanghai")
    grades = grade(assignment("xyz"), with_roster(collect([folder], "xyz"), read_roster(roster)))
    assert gradebook.gradebook(exercise, grades).decode() == (
        "assignment,duedate,timestamp,student_id,last_name,first_name,email,"
        "raw_score,late_submission_penalty,score,max_score\n"
        "xyz,2026-03-25 15:59:00,2026-03-20 02:00:00,1,Li,Lei,l@x.edu,6,0,6,6\n"
        "xyz,,2026-03-20 02:00:00,2,韩梅梅,,'=1+1,6,0,6,6\n"
        "xyz,,,3,,,,0,0,0,6\n"
        "xyz,,2026-03-20 02:00:00,4,,,,6,0,6,6\n"
    )
    rows = gradebook.by_item(exercise, grades, "en").decode("utf-8-sig").splitlines()
    assert [row.split(",")[1] for row in rows] == ["name", "Lei Li", "韩梅梅", "", "Student 4"]


def test_a_choice_is_shown_in_the_words_of_its_options() -> None:
    exercise, key = lab("linear-fit")
    session, graph = right(exercise, key, "5")
    (item,) = [id for id, one in exercise.items.items() if one.kind == "choice"]
    asked = exercise.items[item]
    assert isinstance(asked, Choice)
    (chosen,) = key.items[item].right
    result = judge(exercise, key, "5", handed_in(session, graph))
    for language in LANGUAGES:
        page = report.student_page(exercise, Grade("5", result), language)
        assert f"<code>{escape(asked.options[chosen].of(language))}</code>" in page
        assert f"<code>{chosen}</code>" not in page


def test_the_settings_of_a_training_are_said_in_the_readers_language() -> None:
    exercise, key = lab("linear-fit")
    session, graph = right(exercise, key, "5")
    result = judge(exercise, key, "5", handed_in(session, graph))
    page = {one: report.student_page(exercise, Grade("5", result), one) for one in LANGUAGES}
    assert "learning rate 0.2, steps 60" in page["en"]
    assert "学习率 0.2，步数 60" in page["zh"]


def test_what_being_late_costs_can_be_reckoned_after() -> None:
    exercise, key = lab("xyz")
    result = judge(exercise, key, "5", handed_in(*right(exercise, key, "5")))
    result = msgspec.structs.replace(result, points=8.75)
    late = Grade("5", result, days_late=1, penalty=0.875, score=7.875)
    page = report.student_page(exercise, late, "en")
    assert "8.75 points, 0.87 of them taken off for being late (days: 1)" in page
    assert ">7.88<" in page
