"""Files that say something else, or the same in another form: refused with a reason, or read right.

Of a file of marks or events a row may be refused alone.  DuckDB's own reader, which guesses at
the form of a file, is the control: it takes a good part of the same files for something that
they do not say.
"""

import csv
import io
import random
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from intake.check.check import CheckResult
from intake.check.upn import CHECK_LETTERS, find_upn_fault
from intake.publish import files
from queries.store import versions
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.commands import lac
from tests.support.hostile.files import (
    MARKS,
    ROLL,
    SAME,
    Case,
    found_silent,
    guessed_wrong,
    list_single,
    polluted,
    rated,
    rows_of,
)
from tests.support.schools.good_exports import ANN, GOOD, checked, lengthened, without
from tests.support.schools.small_home import SmallHome
from tests.support.sizes import Count, rng, size
from tests.support.web.site import Site

BASE = lengthened(weeks=3)


@pytest.mark.slow
def test_nothing_is_silently_different(tmp_path: Path, count: Count) -> None:
    """2,000 polluted files; what is not refused or left out is the good file's rows."""
    drawn = polluted(draw=rng("hostile.files"))[: size("hostile.files")]
    good = checked(GOOD)
    broken = []
    for case in drawn:
        result = checked({**GOOD, case.name: case.content})
        assert all(each.problem and each.fix for each in result.problems)
        if silent := found_silent(case, result, good):
            broken.append((case.kind, case.name, silent))
    control = sum(guessed_wrong(case, tmp_path) for case in drawn)
    count("hostile_csv", len(drawn), len(broken), control)
    assert broken == []
    assert control > len(drawn) // 4


@pytest.mark.slow
def test_one_pollution_at_a_time_is_never_silent(tmp_path: Path, count: Count) -> None:
    """Each row and field of a roll and a register: refused or left out, or the good file's rows."""
    drawn = list_single(GOOD)
    rng("hostile.single").shuffle(drawn)
    drawn = drawn[: size("hostile.single")]
    good = checked(GOOD)
    broken = [
        (case.kind, case.name, silent)
        for case in drawn
        if (silent := found_silent(case, checked({**GOOD, case.name: case.content}), good))
    ]
    count("hostile_single", len(drawn), len(broken), sum(guessed_wrong(c, tmp_path) for c in drawn))
    assert broken == []


def judge(case: Case, good: CheckResult) -> set[str]:
    """What became of a case: "taken", and what is wrong with how it was met."""
    result = checked({**BASE, case.name: case.content})
    problems = [each for each in result.problems if each.file == case.name]
    found = set() if problems else {"taken"}
    if problems and not any(re.search(case.named or ".", f"{p.problem} {p.fix}") for p in problems):
        found.add("not named")
    return found | found_silent(case, result, good)


@pytest.mark.slow
def test_what_says_the_same_is_taken_and_all_else_is_named(count: Count) -> None:
    """1,900 rolls and registers; nine in ten of those that say the same are taken."""
    drawn = rated(BASE, draw=rng("office.files"))[: size("office.files")]
    good = checked(BASE)
    assert rows_of(good.frames[ROLL].rows())
    assert len(good.frames[MARKS]) == 93
    judged = [(case, judge(case, good)) for case in drawn]
    broken = [(case.kind, case.name, what) for case, what in judged if what - {"taken"}]
    same = [(case.kind, what) for case, what in judged if case.named is SAME]
    refused = Counter(kind for kind, what in same if "taken" not in what)
    count("office.files", len(drawn), len(broken), refused.total())
    assert broken == []
    assert refused.total() <= len(same) // 10, refused
    assert len(same) > len(drawn) // 5


# One number spelled in ten thousand ways

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LOOKALIKES = {"0": "OoQD\u041e\u0660\uff10", "1": "Il|\u0661\uff11", "5": "S", "8": "B", "2": "Z",
               "6": "Gb", "9": "gq", "A": "\u0410\u0391a4", "B": "\u04128", "E": "\u04153",
               "H": "\u041d", "K": "\u212a\u041a", "M": "\u041c", "P": "\u0420", "T": "\u04227",
               "X": "\u0425", "Y": "\u04ae"}  # fmt: skip
_INVISIBLE = (*" \u00a0\u200b\u200d\u2060\ufeff\u00ad\u202e\u0301", "-", ".", "'")


def spellings(number: str, draw: random.Random) -> Iterator[str]:
    """Each way in which one sign may be wrong, then ways drawn at random, without end."""
    for place in range(len(number)):
        before, after = number[:place], number[place + 1 :]
        yield from (before + sign + after for sign in _ALPHABET)
        yield from (before + sign + after for sign in _LOOKALIKES.get(number[place], ""))
        yield from (before + sign + number[place:] for sign in _INVISIBLE)
        yield before + after
        yield before + number[place : place + 2][::-1] + number[place + 2 :]
    while True:
        spelled = number
        for _ in range(draw.randint(1, 4)):
            spelled = _spoilt(spelled, draw)
        yield spelled


def _spoilt(text: str, draw: random.Random) -> str:
    place = draw.randrange(len(text))
    before, sign, after = text[:place], text[place], text[place + 1 :]
    changes = (
        lambda: before + draw.choice(_LOOKALIKES.get(sign, sign.lower())) + after,
        lambda: before + draw.choice(_INVISIBLE) + sign + after,
        lambda: before + sign.lower() + after,
        lambda: unicodedata.normalize(draw.choice(("NFD", "NFKC")), text),
        text.lower,
        lambda: f"{draw.choice(_INVISIBLE)}{text}{draw.choice(_INVISIBLE)}",
        lambda: "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text),
    )
    return draw.choice(changes)()


def _mended(spelled: str) -> str:
    """What a program would make of it that repairs: never ours."""
    text = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", spelled).upper())
    return text[:1] + text[1:].translate(str.maketrans("OILQDSZ", "0110052"))


@pytest.mark.slow
def test_no_spelling_is_another_child(count: Count) -> None:
    """Refused, or the same child's; mended and without a check letter, they are other numbers."""
    # the rules of check letters give this number to another child: a temporary number's
    # letter counts as a digit does (unverified, domain.md section 10)
    temporary = ANN[:-1] + CHECK_LETTERS[int(ANN[-1])]
    # small letters and blanks around it are the same number
    same = (ANN, temporary, "")
    wrong = (
        each for each in spellings(ANN, rng("upn.spellings")) if each.strip().upper() not in same
    )
    drawn = list(islice(wrong, size("upn.spellings")))
    header, row, *_ = GOOD[ROLL].split("\n")
    lines = [header, *(each + row.removeprefix(ANN) for each in drawn)]
    result = checked({**GOOD, ROLL: "\n".join(lines)})
    refused = {each.row for each in result.problems if each.file == ROLL}
    silent = [each for line, each in enumerate(drawn, start=2) if line not in refused]
    control = {_mended(each) for each in drawn if find_upn_fault(_mended(each)) != "UPN form"} - {
        ANN
    }
    count("upn_spellings", len(drawn), len(silent), len(control))
    assert silent == []
    assert set(result.frames[ROLL]["upn"]) <= {ANN}
    assert control


@pytest.mark.parametrize("spelled", [ANN.lower(), f" {ANN}", f"{ANN.lower()}\u00a0"])
def test_small_letters_and_blanks_around_are_the_same_child(spelled: str) -> None:
    result = checked({name: text.replace(ANN, spelled) for name, text in GOOD.items()})
    assert result.problems == ()
    assert ANN in set(result.frames[ROLL]["upn"])


# Loaded, shown and asked


@pytest.mark.slow
def test_polluted_files_go_through_load_page_and_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    """Over a good load, each of another kind: rows, page and answers stay as they were.

    So they do where the same rows come in another form, which is taken.
    """
    kinds = {case.kind: case for case in polluted(draw=rng("hostile.loaded"))}
    # what a cut left out is the file's own by then
    drawn = [
        case for case in kinds.values() if not case.may_lack_rows and b"\\" not in case.content
    ]
    drawn = [*drawn[: size("naughty.loads")], *_other_forms()]
    good = SmallHome(tmp_path / "good")
    good.exports.parent.mkdir()
    good.load()
    before = _seen(good, monkeypatch)
    broken = []
    for number, case in enumerate(drawn):
        shutil.copytree(tmp_path / "good", tmp_path / str(number))
        small = SmallHome(tmp_path / str(number))
        done = small.load(without(case.name), {case.name: case.content})
        is_right = not (done.problems and case.named is SAME)
        if not is_right or _seen(small, monkeypatch) != before:
            broken.append((case.kind, case.name))
    control = sum(guessed_wrong(case, tmp_path) for case in drawn)
    count("hostile_loaded", len(drawn), len(broken), control)
    assert broken == []
    assert control > 0 or len(drawn) < 10


def _other_forms() -> list[Case]:
    """The good rows with a byte-order mark, other line ends and every field in quotes."""
    text = GOOD["care_episodes.csv"]
    quoted = io.StringIO()
    csv.writer(quoted, quoting=csv.QUOTE_ALL).writerows(csv.reader(io.StringIO(text)))
    forms = ("\ufeff" + text, text.replace("\n", "\r\n"), quoted.getvalue())
    return [Case("another form", SAME, "care_episodes.csv", form.encode()) for form in forms]


#: What a load says of itself, and lists to be mended.
_OF_A_LOAD = ("raw_load", "raw_source", "raw_flagged_row")


def _seen(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, ...]:
    """What a home holds, shows on a page and answers."""
    path = versions.find_current_version(Home.open(small.folder).store)
    assert path is not None
    rows = files.read_rows(path, Keys.load(Home.open(small.folder), small.environ).store)
    facts = {
        table: rows_of(frame.drop("source_id", "load_id", strict=False).rows())
        for table, frame in rows.items()
        if table not in _OF_A_LOAD
    }
    page = Site(small.folder, monkeypatch, "dsl", None).visit("children").text
    return facts, page, lac("sql", "from cohort_member order by all", "--home", small.folder).stdout
