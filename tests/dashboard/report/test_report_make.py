"""A report from a home to its files: what stands in it, what it remembers, and what it refuses."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import docx
import pypdfium2
import pytest
from typer.testing import CliRunner

from cli.main import app
from dashboard.report import make
from dashboard.report.check import reading, verify
from intake.build.load import load_exports
from safeguards import disclosure
from safeguards.access.access import Denied
from safeguards.disclosure.releases import Releases
from safeguards.errors import LedgerError, ReportError
from safeguards.keys.keys import Keys
from tests.support.schools.homes import NOW, demo_home, exports, keys_at
from tests.support.schools.real_home import PEOPLE, phrase_of, real_home
from tests.support.schools.report_home import answered, gate, issued, made, session  # noqa: F401 - each test has it

Lac = Callable[..., "object"]
FILES = {f"{part}.{end}" for part in ("part-one", "part-two") for end in ("docx", "pdf")}


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes the home of a school with so many children."""

    def of(children: int) -> Path:
        folder = demo_home(tmp_path / f"home-{children}", children=children)
        monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
        return folder

    return of


def lac(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["report", *map(str, arguments)])


def texts(content: bytes, tmp_path: Path) -> list[str]:
    path = tmp_path / "read.docx"
    path.write_bytes(content)
    return [each.text for each in docx.Document(str(path)).paragraphs if each.text]


def tables(content: bytes, tmp_path: Path) -> list[list[list[str]]]:
    path = tmp_path / "read.docx"
    path.write_bytes(content)
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in docx.Document(str(path)).tables
    ]


def true_figures(content: bytes, tmp_path: Path) -> list[int]:
    """Every number in a table but nought."""
    cells = [cell for table in tables(content, tmp_path) for row in table[1:] for cell in row[1:]]
    return [int(cell.replace(",", "")) for cell in cells if re.fullmatch(r"[1-9][\d,]*", cell)]


def test_a_draft_has_both_parts_twice_and_the_same_bytes_again(
    school: Any,
    gate: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disclosure, "publish", gate)  # worked out twice
    held = session(school(24))
    first, again = made(held), made(session(held.home.folder))
    assert set(first) == FILES
    assert first == again


@pytest.mark.parametrize(("children", "figures"), [(12, 6), (24, 10)])
def test_so_many_true_figures_are_kept(
    school: Any, tmp_path: Path, children: int, figures: int
) -> None:
    found = true_figures(made(session(school(children)))["part-one.docx"], tmp_path)
    assert len(found) >= figures


def test_a_few_children_are_told_of_in_words_and_duties(school: Any, tmp_path: Path) -> None:
    """No table at all: what the school did, what is late, and what is asked."""
    held = session(school(6))
    answered(held)
    content = made(held, is_final=True)["part-one.docx"]
    assert tables(content, tmp_path) == []
    said = " ".join(texts(content, tmp_path))
    assert "A small number of children are looked after." in said
    assert re.search(r"(Each|Some|No) personal education plans? ", said)
    assert "What we ask of governors" in said


@pytest.mark.slow
def test_the_report_of_a_few_children_has_two_pages(school: Any, tmp_path: Path) -> None:
    held = session(school(6))
    required = [each.prompt.key for each in make.prepare(held, "termly").missing_answers]
    answered(held, keys=required)
    path = tmp_path / "part-one.pdf"
    path.write_bytes(made(held, is_final=True)["part-one.pdf"])
    assert len(pypdfium2.PdfDocument(path)) <= 2


def test_a_final_report_needs_its_words(school: Any) -> None:
    held = session(school(24))
    with pytest.raises(ReportError, match=r"designated_teacher, good_things, .* lac report words"):
        made(held, is_final=True)
    answered(held)
    assert set(made(held, is_final=True)) == FILES


@pytest.mark.slow
def test_what_is_final_says_so_and_what_is_not_says_that(school: Any, tmp_path: Path) -> None:
    held = session(school(24))
    answered(held)
    for is_final, state in ((False, "Draft: not for sending"), (True, "Final")):
        for name, content in made(held, is_final=is_final).items():
            path = tmp_path / name
            path.write_bytes(content)
            read = reading.read_report_file(path)
            assert read.day == "20 November 2026"
        path = tmp_path / "part-one.docx"
        footers = [
            each.text
            for section in docx.Document(str(path)).sections
            for each in section.footer.paragraphs
        ]
        assert any(state in each for each in footers)


def test_the_files_read_back_hold_nothing_narrow(school: Any, tmp_path: Path) -> None:
    for name, content in made(session(school(24))).items():
        (tmp_path / name).write_bytes(content)
    (verdict,) = verify.attack_files(
        [reading.read_report_file(tmp_path / name) for name in sorted(FILES)]
    )
    assert verdict.is_safe
    assert verdict.hidden
    assert verdict.published


def test_a_report_that_hides_too_little_is_found(tmp_path: Path) -> None:
    """One of three is held back alone: it is known to be 3 of 12."""
    file = docx.Document()
    file.add_paragraph("Data up to 20 November 2026")
    for rows in (
        (("Group", "Children"), ("Children looked after", "12")),
        (
            ("Dental checks", "Children"),
            ("Up to date", "9"),
            ("Not up to date", "c"),
            ("Not recorded", "0"),
        ),
    ):
        table = file.add_table(0, 2)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    path = tmp_path / "part-one.docx"
    file.save(str(path))
    result = lac("verify", path)
    assert result.exit_code == 1
    assert "3 to 3, 1 values" in result.output
    assert "Do not send them" in result.output


def test_the_next_report_is_held_against_the_first(school: Any) -> None:
    held = session(school(24))
    answered(held)
    first = issued(held)
    assert (first.number, first.role, set(first.digests)) == (
        1,
        "head",
        FILES | {make.CERTIFICATE},
    )
    again = make.prepare(session(held.home.folder), "termly")
    assert again.earlier == 1
    assert repr(again.facts.release.groups["looked after"].tables) == repr(
        first.figures.groups["looked after"].tables
    )
    told = json.loads(make.build_certificate(again, {}, is_final=False))
    assert told["earlier_reports_held_against"] == 1


@pytest.mark.slow
def test_two_who_make_one_final_at_once_do_not_both(school: Any) -> None:
    held = session(school(24))
    answered(held)
    prepared = make.prepare(held, "termly")
    issued(held)
    with pytest.raises(LedgerError, match="in the meantime"):
        make.issue(held, prepared, {}, now=first_time(held))


def first_time(held: Any) -> Any:
    (only,) = Releases(held.home, Keys.load(held.home)).list_issued()
    return only.at


@pytest.mark.parametrize("role", ["pastoral", "dsl", "manager", "none"])
def test_others_make_no_report(school: Any, role: str) -> None:
    with pytest.raises(Denied):
        make.prepare(session(school(24), role), "termly")


def test_a_session_for_a_report_sees_no_child(school: Any) -> None:
    held = session(school(24), "teacher")
    with pytest.raises(Denied):
        held.read("from cohort_member")


@pytest.mark.parametrize(
    ("kind", "as_at", "children", "said"),
    [
        ("nil", None, 24, "a nil return does not fit"),
        ("termly", None, 0, "Make a nil return"),
        ("termly", "2019-01-01", 24, "No term has begun by 1 January 2019"),
    ],
)
def test_what_does_not_fit_is_refused(
    school: Any, tmp_path: Path, kind: str, as_at: str | None, children: int, said: str
) -> None:
    folder = school(children)
    when = ("--as-at", as_at) if as_at else ()
    result = lac("--home", folder, "--kind", kind, "--out", tmp_path / "out", *when)
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_section_without_data_says_so_and_hides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file of health was ever loaded: that is no fact about a child."""
    folder = tmp_path / "home"
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    shutil.copytree(exports(), tmp_path / "exports")
    (tmp_path / "exports" / "health.csv").unlink()
    load_exports(tmp_path / "exports", folder, now=NOW, rng=Random(1))
    said = texts(made(session(folder))["part-one.docx"], tmp_path)
    assert "Not recorded yet: health assessments and dental checks." in said
    assert not any("held back" in each and "dental" in each for each in said)


def test_a_nil_return_is_one_step(school: Any, tmp_path: Path) -> None:
    folder = school(0)
    result = lac("--home", folder, "--kind", "nil", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    (place,) = (tmp_path / "out").iterdir()
    said = texts((place / "part-one.docx").read_bytes(), tmp_path)
    assert "No child is looked after." in said


@pytest.mark.slow
def test_the_commands_from_words_to_withdrawal(school: Any, tmp_path: Path) -> None:
    folder = school(24)
    out = tmp_path / "out"
    at = ("--home", folder)
    assert "must be answered" in lac("words", *at).output
    asked = make.prepare(session(folder), "termly")
    extra = [each for each in asked.answers if each.prompt.key == "safeguarding"]
    for each in (*asked.missing_answers, *extra):
        assert lac("write", each.prompt.key, each.prompt.example, *at).exit_code == 0
    result = lac(*at, "--out", out, "--final")
    assert result.exit_code == 0, result.output
    (place,) = out.iterdir()
    assert {each.name for each in place.iterdir()} == {*FILES, make.CERTIFICATE}
    assert "1. termly, data up to 2026-11-20" in lac("history", *at).output
    assert lac("verify", *(place / name for name in sorted(FILES))).exit_code == 0
    assert lac("again", 1, *at, "--out", tmp_path / "again").exit_code == 0
    for name in (*FILES, make.CERTIFICATE):
        again = tmp_path / "again" / "governor-report-1" / name
        assert again.read_bytes() == (place / name).read_bytes()
    assert "is withdrawn" in lac("withdraw", 1, *at).output
    assert "withdrawn" in lac("history", *at).output
    assert "withdrawn before" in lac("withdraw", 1, *at).output


@pytest.mark.slow
def test_a_final_report_does_not_take_anothers_place(school: Any, tmp_path: Path) -> None:
    folder = school(24)
    answered(session(folder))
    arguments = ("--home", folder, "--out", tmp_path / "out", "--final")
    assert lac(*arguments).exit_code == 0
    result = lac(*arguments)
    assert result.exit_code == 2
    assert "is there already" in result.output
    held = session(folder)
    assert len(Releases(held.home, Keys.load(held.home)).list_issued()) == 1


@pytest.mark.parametrize("final", [False, True])
def test_a_folder_that_cannot_be_written_publishes_nothing(
    school: Any, tmp_path: Path, final: bool
) -> None:
    folder = school(24)
    answered(session(folder))
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    flags = ("--final",) if final else ()
    result = lac("--home", folder, "--out", blocked, *flags)
    assert result.exit_code == 2
    assert "Nothing was published" in result.output
    held = session(folder)
    assert Releases(held.home, Keys.load(held.home)).list_issued() == ()


@pytest.mark.slow
def test_a_template_without_the_styles_is_refused_by_their_names(
    school: Any, tmp_path: Path
) -> None:
    folder = school(24)
    file = docx.Document()
    for style in [each for each in file.styles if each.name in ("Caption", "Heading 2")]:
        style.element.getparent().remove(style.element)
    template = tmp_path / "own.docx"
    file.save(str(template))
    out = tmp_path / "out"
    result = lac("--home", folder, "--out", out, "--template", template)
    assert result.exit_code == 2
    assert "Caption" in result.output
    assert not list(out.glob("*")) if out.exists() else True


@pytest.mark.slow
def test_a_cut_ledger_stops_every_report(school: Any, tmp_path: Path) -> None:
    folder = school(24)
    held = session(folder)
    answered(held)
    issued(held)
    (folder / "ledger" / "releases.jsonl").write_bytes(b"")
    out = tmp_path / "out"
    result = lac("--home", folder, "--out", out)
    assert result.exit_code == 2
    assert "put back by hand" in result.output
    assert not out.exists()


@pytest.mark.slow
def test_a_day_before_the_newest_report_is_weighed_too(school: Any) -> None:
    """A report of an earlier day comes after, in the order of who may have read what."""
    held = session(school(24))
    answered(held)
    issued(held)
    earlier = make.prepare(session(held.home.folder, as_at=date(2026, 10, 16)), "termly")
    assert earlier.earlier == 1
    assert earlier.facts.release.groups["looked after"].moves


@pytest.mark.slow
def test_in_a_real_home_the_report_is_for_those_who_may_make_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By passphrase, and in the role that the list gives: the lead sees children and makes none."""
    folder = real_home(tmp_path / "real")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    codes = {}
    for role in ("head", "teacher", "dsl", "pastoral"):
        name = PEOPLE[role]
        result = CliRunner().invoke(
            app,
            ["report", "words", "--home", str(folder), "--as", name],
            input=f"{phrase_of(name)}\n",
        )
        codes[role] = result.exit_code
    assert codes == {"head": 0, "teacher": 0, "dsl": 2, "pastoral": 2}
