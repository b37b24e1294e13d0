"""No part of a report tells of another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeguards.disclosure.drafts import Drafts
from safeguards.keys.keys import Keys
from tests.support import sizes
from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.report_home import NOW, answer_questions, made, prepare, session
from tests.support.sizes import size

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = demo_home(tmp_path_factory.mktemp("files") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
        yield home


def test_part_one_is_the_same_whatever_part_two_says(folder: Path, count: sizes.Count) -> None:
    """Byte for byte, and the clerk's page too; the control is Part Two and the Virtual School's."""
    cases = size("report.files")
    held = session(folder)
    answer_questions(held)
    term = prepare(held).first_day
    drafts = Drafts(held.home, Keys.load(held.home))
    first = made(held)
    broken = control = 0
    for case in range(cases):
        text = f"{('No', 'One', 'Two', 'Three')[case % 4]} strategy meetings in week {case}."
        drafts.save_answer("safeguarding", term, text, actor="Kim", now=NOW)
        other = made(held)
        changed = {name for name, content in other.items() if content != first[name]}
        two = {
            f"{part}.{end}" for part in ("part-two", "virtual-school") for end in ("docx", "pdf")
        }
        broken += bool(changed - two)
        control += changed >= two
    count("report.parts", cases, broken, control)
    assert broken == 0
    assert control == cases
