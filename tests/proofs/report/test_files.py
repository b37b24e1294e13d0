"""A finished file that was changed is told, an untouched one passes, no part tells of another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.report import make
from safeguards.disclosure.drafts import Drafts
from safeguards.disclosure.releases import Releases
from safeguards.keys.keys import Keys
from tests.support import sizes
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.report_home import NOW, answered, made, session
from tests.support.sizes import size

pytestmark = pytest.mark.slow


def list_edits(content: bytes) -> Iterator[bytes]:
    """A bit changed at each of ten places, and a sign put in, taken out and added behind."""
    places = [len(content) * part // 11 for part in range(1, 11)]
    yield from (content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in places)
    yield content[: places[4]] + b"4" + content[places[4] :]
    yield content[: places[4]] + content[places[4] + 1 :]
    yield content[: places[8]]
    yield content + b"\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = demo_home(tmp_path_factory.mktemp("files") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
        yield home


def test_every_edit_of_a_finished_file_is_told(folder: Path, count: sizes.Count) -> None:
    """Drafts are no reports, either."""
    held = session(folder)
    answered(held)
    files = made(held, is_final=True)
    report = make.issue(held, make.prepare(held, "termly"), files, now=NOW)
    releases = Releases(held.home, Keys.load(held.home))
    found = [releases.find_issued(content) for content in files.values()]
    assert found == [report] * len(files)
    edits = [edit for name in ("part-one.docx", "part-one.pdf") for edit in list_edits(files[name])]
    passed = sum(releases.find_issued(each) is not None for each in edits)
    count("report.edits", len(edits), passed, len(found))
    assert passed == 0
    unsent = make.build_report(make.prepare(held, "annual"), is_final=False)
    assert {releases.find_issued(content) for content in unsent.values()} == {None}


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
