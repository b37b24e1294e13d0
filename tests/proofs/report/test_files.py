"""A finished file that was changed is told, an untouched one passes, no part tells of another."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdfium2
import pytest

from dashboard.report import make
from dashboard.report.content.model import PARTS
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Releases
from safeguards.keys.keys import Keys
from tests.support import sizes
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.report_home import NOW, answered, made, session
from tests.support.sizes import size

pytestmark = pytest.mark.slow

_BODY, _CORE, _FOOT = "word/document.xml", "docProps/core.xml", "word/footer1.xml"
#: What somebody may change in the Word file: its part, a pattern, and what stands there then.
_WORD = (
    # figures and words
    *((_BODY, rf">{number}<", ">99<") for number in (r"\d\d?", "0")),
    (_BODY, "one a term", "two a term"),
    (_BODY, "Late", "Not done"),
    (_BODY, "In time", "To come"),
    (_BODY, "Due", "Late"),
    (_BODY, r"(\d)\.(\d)%", r"\2.\1%"),
    (_BODY, "PEP meetings were held in time", "PEP meetings were held"),
    (_BODY, "are previously looked after", "are looked after"),
    (_BODY, "We have left out", "There were no"),
    (_BODY, "missed", "attended"),
    (_BODY, "reason", "excuse"),
    (_BODY, "Agree time", "Do not agree time"),
    (_BODY, "Breakfast club", "A couple of boys were suspended. Breakfast club"),
    (_BODY, "Mornings|mornings", "Kayden's mornings"),
    (_BODY, "Staff read", "IV read"),
    (_BODY, "School setting|school", "trio"),
    (_BODY, r"</w:body>", "<w:p><w:r><w:t>A pair was excluded.</w:t></w:r></w:p></w:body>"),
    (_BODY, r"<w:tr [\s\S]*?</w:tr>|<w:tr>[\s\S]*?</w:tr>", ""),
    (_BODY, r"<w:tbl>[\s\S]*?</w:tbl>", ""),
    (_BODY, r"<w:p>[\s\S]*?</w:p>", ""),
    # what is seen, and what is hidden
    (_BODY, "<w:b/>", "<w:vanish/>"),
    (_BODY, "<w:b/>", '<w:color w:val="FFFFFF"/>'),
    (_BODY, "<w:b/>", "<w:strike/>"),
    (_BODY, "<w:b/>", '<w:rFonts w:ascii="Wingdings"/>'),
    (_BODY, r"<w:r>", '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/>'),
    (_BODY, r"<w:r>", "<w:ins w:id='1' w:author='x'><w:r><w:t>4</w:t></w:r></w:ins><w:r>"),
    (_BODY, r"<w:r>", "<w:fldSimple w:instr='QUOTE 4'/><w:r>"),
    (_BODY, r"tblDescription w:val=\"", 'tblDescription w:val="4 children were suspended. '),
    (_BODY, r"tblCaption w:val=\"", 'tblCaption w:val="None of '),
    (_FOOT, "Part One", "Part Two"),
    (_FOOT, "Final", "Draft"),
    # the file's own properties
    (_CORE, "Quarry Lane", "Another"),
    (_CORE, "2026", "2025"),
    (_CORE, "Termly report", "Annual report"),
    (_CORE, "en-GB", "4 children"),
    (_CORE, "lac-report-", "lac-report+"),
    ("word/styles.xml", "Arial", "Wingdings"),
    ("word/settings.xml", "<w:zoom", "<w:trackRevisions/><w:zoom"),
    ("word/numbering.xml", "bullet", "decimal"),
)


def edit_word(content: bytes, part: str, pattern: str, text: str) -> bytes:
    """The file with the first place of a pattern changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as edited,
    ):
        for name in given.namelist():
            data = given.read(name).decode("utf-8", "surrogateescape")
            if name == part:
                data, hits = re.subn(pattern, text, data, count=1)
                assert hits == 1, (part, pattern)
            edited.writestr(name, data.encode("utf-8", "surrogateescape"))
    return out.getvalue()


def add_part(content: bytes, name: str) -> bytes:
    """With a part more, such as a picture over a figure."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as edited:
        edited.writestr(name, b"4 children were suspended")
    return out.getvalue()


def save_word(content: bytes) -> bytes:
    """As Word saves what nobody has changed."""
    out = io.BytesIO()
    docx.Document(io.BytesIO(content)).save(out)
    return out.getvalue()


def save_pdf(content: bytes, *, page: int | None = None) -> bytes:
    """As a PDF program saves it, also without a page."""
    file, out = pypdfium2.PdfDocument(content), io.BytesIO()
    if page is not None:
        del file[page]
    file.save(out)
    return out.getvalue()


def list_word_edits(content: bytes) -> Iterator[bytes]:
    yield from (edit_word(content, *each) for each in _WORD)
    for name in ("word/media/image9.png", "word/comments.xml", "word/glossary/document.xml"):
        yield add_part(content, name)
    yield save_word(content)


def list_pdf_edits(content: bytes) -> Iterator[bytes]:
    """Bytes changed, put in, taken out and added behind, and the file saved anew."""
    places = [len(content) * part // 11 for part in range(1, 11)]
    yield from (content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in places)
    yield content[: places[4]] + b"4" + content[places[4] :]
    yield content[: places[4]] + content[places[4] + 1 :]
    yield content[: places[8]]
    yield content + b"\n"
    yield content + b"\n1 0 obj<</Type/Annot/Contents(4 children)>>endobj\n%%EOF"
    yield content.replace(b"Quarry Lane", b"Quarry Bank", 1)
    yield content.replace(b"/Lang(en-GB)", b"/Lang(en-US)", 1)
    yield save_pdf(content)
    yield save_pdf(content, page=0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = demo_home(tmp_path_factory.mktemp("files") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
        yield home


def test_every_edit_of_a_finished_file_is_told(folder: Path, count: sizes.Count) -> None:
    """As changed, while its mark is there, and else as none of this school's."""
    held = session(folder)
    answered(held)
    files = made(held, is_final=True)
    make.issue(held, make.prepare(held, "termly"), files, now=NOW)
    releases = Releases(held.home, Keys.load(held.home))

    def tell(content: bytes) -> bool | None:
        verdict = releases.verify_file(content, PARTS)
        return None if verdict is None else verdict.is_as_issued

    assert {tell(content) for content in files.values()} == {True}
    word, pdf = files["part-one.docx"], files["part-one.pdf"]
    edits = [*list_word_edits(word), *list_pdf_edits(pdf)]
    assert all(each not in files.values() for each in edits)
    found = [tell(each) for each in edits]
    count("report.edits", len(edits), found.count(True), found.count(False))
    assert len(edits) >= 61
    assert True not in found
    assert found.count(False) >= len(edits) - 5
    unsent = make.build_report(held, make.prepare(held, "annual"), is_final=False)
    assert {tell(content) for content in unsent.values()} == {None}


def test_part_one_is_the_same_whatever_part_two_says(folder: Path, count: sizes.Count) -> None:
    """Byte for byte, and the clerk's page too; the control is Part Two itself."""
    cases = size("report.files")
    held = session(folder)
    answered(held)
    term = make.prepare(held, "termly").term["first_day"]
    drafts = Drafts(held.home, Keys.load(held.home))
    first = made(held)
    broken = control = 0
    for case in range(cases):
        text = f"{('No', 'One', 'Two', 'Three')[case % 4]} strategy meetings in week {case}."
        drafts.save_answer("safeguarding", term, text, actor="Kim", now=NOW)
        other = made(held)
        changed = {name for name, content in other.items() if content != first[name]}
        broken += bool(changed - {"part-two.docx", "part-two.pdf"})
        control += changed >= {"part-two.docx", "part-two.pdf"}
    count("report.parts", cases, broken, control)
    assert broken == 0
    assert control == cases
