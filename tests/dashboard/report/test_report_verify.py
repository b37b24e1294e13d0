"""`verify` names each figure of a finished file that is not from the report's data."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from dashboard.report import make
from dashboard.report.check import reading, verify
from dashboard.report.content import sections
from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY, Facts, serialise_facts
from dashboard.report.content.model import (
    PARTS,
    AnswerBlock,
    Block,
    Bullets,
    Document,
    Heading,
    Paragraph,
    Table,
)
from dashboard.report.content.prompts import Answer, load_prompts
from dashboard.report.render.pdf import to_pdf
from dashboard.report.render.word import to_word
from safeguards.disclosure.bands import Band
from safeguards.disclosure.certificate import Statement
from safeguards.disclosure.drafts import Draft
from safeguards.disclosure.sums import OTHER, SumFigures
from safeguards.errors import ReportError
from tests.support.reports.facts import build_facts
from tests.support.schools.report_home import NOW

KEY = b"a home's own key"
_ILL = "Illness (not appointment)"
_DRAWN = build_facts(size=24)
FACTS = replace(
    _DRAWN,
    told=replace(
        _DRAWN.told,
        sums={LOOKED_AFTER: SumFigures(348, 2880, ((_ILL, 121), (OTHER, 227)))},
        statements=tuple(
            Statement("suspension", "suspended", group, _DRAWN.told.day, "2026/27", size, band)
            for group, size, band in (
                (LOOKED_AFTER, 24, Band(10, 14)),
                (PREVIOUSLY, 12, Band(6, 12)),
            )
        ),
    ),
)
WRITERS: dict[str, Callable[[Document], bytes]] = {".docx": to_word, ".pdf": to_pdf}
#: What stands in the report, and what somebody makes of it.
CHANGES = (
    ("24 children", "23 children"),
    ("24 children", "twenty-four children"),
    ("There were 24", "There were 22"),
    ("12 children", "2 children"),
    ("missed 348", "missed 349"),
    ("2,880 sessions", "2,808 sessions"),
    ("of them. It was", "of them, half of it ill. It was"),
    ("5.4%", "4.5%"),
    ("2026/27", "2027/28"),
    ("summer term 2026", "summer term 2025"),
    ("Autumn term 2026", "Autumn term 2025"),
    ("between 10 and 14 of 24", "between 10 and 13 of 24"),
    ("10 and 14 of 24", "exactly 17 of 24"),
    ("half or more of 12", "fewer than half of 12"),
    ("half or more of 12", "one of 12"),
    ("£4,800 of it", "£4,900 of it"),
    ("within 20%", "within 10%"),
    ("fewer than 6", "fewer than 3"),
    ("at least 5", "at least 4"),
    ("18 December 2026", "19 December 2026"),
    ("two days in October", "three days in October"),
    ("Illness (not appointment)", "Illness 3"),
    ("PEP meetings", "PEP meetings 2"),
    ("This may take", "For one child this may take"),
)
#: What somebody puts in.
INSERTED = (
    "Suspended 1",
    "Four children have been suspended.",
    "Both of the new children were away.",
    "One child has a plan.",
    "A third of the children moved.",
    "No more than 2 of them.",
    "Nobody was suspended.",
)


def answer(key: str, text: str) -> Answer:
    prompt = next(each for each in load_prompts() if each.key == key)
    return Answer(prompt, Draft(key, FACTS.told.day, text, "Kim", NOW), is_carried=False)


ANSWERS = (
    answer("missing", "The plan was followed twice."),
    answer("good_things", "The Virtual School's two days in October.\nThis may take longer."),
    answer("next_steps", "Agree time: Headteacher, by 18 December 2026.\nVisit: by 12 May 2027."),
)


def build(facts: Facts = FACTS) -> Document:
    made = sections.build_document(facts, ANSWERS, "Part One", is_final=True)
    assert made is not None
    return made


def certify(document: Document, facts: Facts = FACTS) -> verify.Certified:
    content = {
        "state": "final",
        "facts": serialise_facts(facts),
        "written": verify.hash_written(facts, [document]),
        "sha256": {},
    }
    content["proof"] = verify.sign(content, KEY)
    return verify.read_certificate("certificate.json", json.dumps(content).encode(), KEY)


def list_faults(
    name: str, content: bytes, *certificates: verify.Certified, folder: Path
) -> list[str]:
    path = folder / name
    path.write_bytes(content)
    verdicts = verify.check_files([reading.read_report_file(path)], certificates)
    return [fault for each in verdicts for fault in each.faults]


def change(block: Block, old: str, new: str) -> Block:
    """A block with a text of it changed, as somebody who edits the file does."""

    def other(text: str) -> str:
        return text.replace(old, new)

    match block:
        case Heading() | Paragraph():
            return replace(block, text=other(block.text))
        case Bullets():
            return Bullets(tuple(map(other, block.items)))
        case AnswerBlock():
            return replace(block, text=block.text and other(block.text))
        case Table():
            rows = tuple(
                tuple(other(cell) if isinstance(cell, str) else cell for cell in row)
                for row in block.rows
            )
            return replace(block, rows=rows, caption=other(block.caption))
    raise AssertionError(block)


def edit(document: Document, old: str, new: str) -> Document:
    blocks = tuple(change(block, old, new) for block in document.blocks)
    kept = replace(document, blocks=blocks, term=document.term.replace(old, new))
    assert kept != document, f"{old!r} stands nowhere"
    return kept


def find_figures(text: str) -> set[str]:
    return {token for token in verify._split(text) if verify._is_figure(token)}


def edit_word(content: bytes, old: str, new: str) -> bytes:
    """The same in the finished Word file itself."""
    file = docx.Document(BytesIO(content))
    found = False
    for paragraph in (*file.paragraphs, *list_cells(file.tables)):
        if old in paragraph.text:
            found = True
            text = paragraph.text.replace(old, new)
            for run in paragraph.runs:
                run.text = ""
            paragraph.runs[0].text = text
    assert found, f"{old!r} stands nowhere"
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def list_cells(tables: list[WordTable]) -> Iterator[WordParagraph]:
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs


@pytest.mark.parametrize("kind", WRITERS)
def test_an_untouched_file_passes(tmp_path: Path, kind: str) -> None:
    """Termly and annual, of a first term and a later one, with and without people's words."""
    for size, terms, form in ((3, 1, "termly"), (12, 2, "termly"), (24, 2, "annual")):
        facts = build_facts(size=size, terms=terms, kind="annual" if form == "annual" else "termly")
        for part in PARTS:
            for answers in ((), ANSWERS):
                made = sections.build_document(facts, answers, part, is_final=True)
                if made is None:
                    assert (part, answers) == ("Part Two", ())
                    continue
                content = WRITERS[kind](made)
                assert list_faults(f"a{kind}", content, certify(made, facts), folder=tmp_path) == []


@pytest.mark.parametrize(("old", "new"), CHANGES)
@pytest.mark.parametrize("kind", WRITERS)
def test_a_changed_figure_is_named(tmp_path: Path, kind: str, old: str, new: str) -> None:
    document = build()
    certified = certify(document)
    content = (
        edit_word(to_word(document), old, new)
        if kind == ".docx"
        else to_pdf(edit(document, old, new))
    )
    faults = list_faults(f"a{kind}", content, certified, folder=tmp_path)
    if not (old, new)[0].startswith(("Autumn", "11 December")):
        named = " ".join(fault for fault in faults if "is not from the data" in fault)
        assert find_figures(new) & find_figures(named), faults
    assert faults


@pytest.mark.parametrize("text", INSERTED)
@pytest.mark.parametrize("kind", WRITERS)
def test_a_figure_that_is_put_in_is_named(tmp_path: Path, kind: str, text: str) -> None:
    """On its page in a PDF; in Word in the foot of the page, where nobody looks."""
    document = build()
    certified = certify(document)
    if kind == ".pdf":
        content = to_pdf(replace(document, blocks=(*document.blocks, Paragraph(text))))
    else:
        file = docx.Document(BytesIO(to_word(document)))
        file.sections[0].footer.add_paragraph(text)
        out = BytesIO()
        file.save(out)
        content = out.getvalue()
    faults = list_faults(f"a{kind}", content, certified, folder=tmp_path)
    (named,) = [fault for fault in faults if "is not from the data" in fault]
    assert find_figures(text) <= find_figures(named)
    assert ("on page" in named) == (kind == ".pdf")


def test_edits_are_sixty_at_least() -> None:
    assert len(WRITERS) * (len(CHANGES) + len(INSERTED)) >= 60


def test_a_figure_that_was_taken_out_is_said(tmp_path: Path) -> None:
    document = build()
    content = edit_word(to_word(document), "24 children are looked after.", "")
    faults = list_faults("a.docx", content, certify(document), folder=tmp_path)
    assert any("24 children are" in each and "not here" in each for each in faults)


def test_a_certificate_that_was_changed_is_not_this_homes(tmp_path: Path) -> None:
    """And without a key its numbers are still held against the rules of the gate."""
    document = build()
    record = dict(certify(document).content)
    record["facts"]["told"]["statements"][0]["band"] = [4, 4]
    raw = json.dumps(record).encode()
    content = to_word(document)
    with_key = verify.read_certificate("c.json", raw, KEY)
    assert "it was not made in this home, or it was changed" in list_faults(
        "a.docx", content, with_key, folder=tmp_path
    )
    without = list_faults("a.docx", content, verify.read_certificate("c", raw), folder=tmp_path)
    assert any("too narrow" in each for each in without)


def test_two_certificates_that_differ_on_a_term_are_found(tmp_path: Path) -> None:
    """Two reports of one day, or of one term, tell the same of it."""
    document, other = build(), build_facts(seed=4, size=24)
    forged = replace(FACTS, kind="annual", told=other.told)
    certificates = (certify(document), certify(document, forged))
    faults = list_faults("a.docx", to_word(document), *certificates, folder=tmp_path)
    assert "they differ on the autumn term of 2026/27" in faults
    alike = (certify(document), certify(document, replace(FACTS, kind="annual")))
    assert list_faults("a.docx", to_word(document), *alike, folder=tmp_path) == []


def test_what_is_no_report_is_said(tmp_path: Path) -> None:
    other = replace(FACTS, told=replace(FACTS.told, day=FACTS.earlier[0].day))
    (fault,) = list_faults(
        "a.docx", to_word(build()), certify(build(other), other), folder=tmp_path
    )
    assert fault == "no certificate of its kind, day and part was given"
    with pytest.raises(ReportError, match=r"certificate\.json"):
        verify.check_files([], [])
    with pytest.raises(ReportError, match="no certificate"):
        verify.read_certificate("a.json", b"{}")
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(ReportError, match=r"neither \.docx nor \.pdf"):
        reading.read_report_file(tmp_path / "a.txt")
    assert make.CERTIFICATE == "certificate.json"
