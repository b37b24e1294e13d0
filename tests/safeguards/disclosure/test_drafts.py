"""What people write for a report is kept sealed; the last word holds, beside the next report."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguards.disclosure.drafts import MAX_ANSWER_LENGTH, Draft, Drafts, check_text, clean_text
from safeguards.errors import SealedLinesError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.rights import erase
from tests.support.schools.homes import cast_handles, demo_home, keys_at

AUTUMN, SPRING, SUMMER = date(2026, 9, 2), date(2027, 1, 4), date(2027, 4, 12)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MARKER = "Quillfeather reading club"


@pytest.fixture
def drafts(home: Home, keys: Keys) -> Drafts:
    return Drafts.open(home, keys)


def write(drafts: Drafts, text: str, prompt: str = "good_things", term: date = AUTUMN) -> Draft:
    return drafts.save_answer(prompt, term, text, actor="teacher", now=NOW)


# Which word holds


def test_the_last_answer_to_a_prompt_in_a_term_holds(
    home: Home, keys: Keys, drafts: Drafts
) -> None:
    for text in ("one", "two", "three"):
        write(drafts, text)
    other = write(drafts, "other", "to_watch")
    later = write(drafts, "later", term=SPRING)
    again = Drafts.open(home, keys)
    held = again.find_by_term(AUTUMN)
    assert {prompt: each.text for prompt, each in held.items()} == {
        "good_things": "three",
        "to_watch": "other",
    }
    assert held["to_watch"] == other
    assert again.find_by_term(SPRING) == {"good_things": later}
    assert (other.actor, other.at) == ("teacher", NOW)
    assert len(again.list_all()) == 5


def test_what_an_earlier_term_said_stands_beside_whatever_was_written_last(drafts: Drafts) -> None:
    """An answer of the autumn that is mended in spring stays the autumn's."""
    write(drafts, "of spring", term=SPRING)
    write(drafts, "of autumn, mended since", term=AUTUMN)
    write(drafts, "autumn only", "to_watch", AUTUMN)
    assert drafts.find_earlier(AUTUMN) == {}
    assert {prompt: each.text for prompt, each in drafts.find_earlier(SUMMER).items()} == {
        "good_things": "of spring",
        "to_watch": "autumn only",
    }


def test_who_chose_to_say_nothing_carries_nothing_over(drafts: Drafts) -> None:
    write(drafts, "something")
    write(drafts, " \n ", term=SPRING)
    assert drafts.find_by_term(SPRING)["good_things"].text == ""
    assert drafts.find_earlier(SPRING)["good_things"].text == "something"
    assert drafts.find_earlier(SUMMER) == {}


def test_the_same_words_again_are_not_written_twice(home: Home, drafts: Drafts) -> None:
    """A page may keep what is typed as often as it likes."""
    first = write(drafts, "the same")
    size = (home.folder / "written" / Drafts.FILE).stat().st_size
    later = drafts.save_answer(
        "good_things", AUTUMN, "the same  \n", actor="head", now=NOW + timedelta(1)
    )
    assert later == first
    assert (home.folder / "written" / Drafts.FILE).stat().st_size == size
    write(drafts, "other")
    write(drafts, "the same")
    assert len(drafts.list_all()) == 3


# What can be kept


@pytest.mark.parametrize(
    "text",
    [
        "zero\u200bwidth",
        "right\u202eto left",
        "soft\u00adhyphen",
        "a bell\x07",
        "nul\x00",
        "half \ud83d of a pair",
        "\ue000 private",
    ],
)
def test_signs_that_nobody_sees_are_refused(home: Home, drafts: Drafts, text: str) -> None:
    with pytest.raises(SealedLinesError, match=r"^Line 2 contains a hidden character"):
        write(drafts, f"fine\n{text}")
    assert not (home.folder / "written" / Drafts.FILE).exists()


def test_an_answer_has_its_longest(drafts: Drafts) -> None:
    assert write(drafts, "é" * MAX_ANSWER_LENGTH + " \n").text == "é" * MAX_ANSWER_LENGTH
    with pytest.raises(SealedLinesError, match=r"4,001 characters. Shorten the answer to 4,000"):
        write(drafts, "x" * (MAX_ANSWER_LENGTH + 1))
    assert len(drafts.list_all()) == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  one \r\n two\t\u00a0three \r\n\r\n", "one\n two  three"),
        ("cafe\u0301", "café"),
        ("one\u2028two", "one\ntwo"),
        ("\n\n", ""),
    ],
)
def test_what_word_processors_put_in_is_made_plain(text: str, kept: str) -> None:
    assert clean_text(text) == kept
    assert check_text(text) is None


@given(st.text(max_size=200))
def test_what_is_cleaned_is_clean(text: str) -> None:
    kept = clean_text(text)
    assert clean_text(kept) == kept
    assert (check_text(text) is None) == (check_text(kept) is None)
    if check_text(text) is None:
        assert all(sign == "\n" or sign.isprintable() for sign in kept)


@pytest.mark.parametrize(
    "changes", [{"prompt": "Good things"}, {"prompt": ""}, {"at": NOW.replace(tzinfo=None)}]
)
def test_an_answer_has_a_key_and_a_zone(changes: dict[str, object]) -> None:
    values = {"prompt": "x", "term": AUTUMN, "text": "", "actor": "head", "at": NOW, **changes}
    with pytest.raises(ValueError, match="answer"):
        Draft(**values)  # type: ignore[arg-type]


def test_no_message_or_repr_repeats_the_words(drafts: Drafts) -> None:
    draft = write(drafts, MARKER)
    assert MARKER not in repr(draft)
    assert MARKER not in str(check_text(f"{MARKER}\x00"))


# On the disk


def test_words_that_were_taken_out_can_be_forgotten(home: Home, keys: Keys, drafts: Drafts) -> None:
    write(drafts, "with a name")
    kept = [write(drafts, "without"), write(drafts, "of spring", term=SPRING)]
    drafts.forget_replaced()
    assert list(Drafts.open(home, keys).list_all()) == kept
    before = (home.folder / "written" / Drafts.FILE).read_bytes()
    drafts.forget_replaced()
    assert (home.folder / "written" / Drafts.FILE).read_bytes() == before


# Backups and erasures


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_home(tmp_path_factory.mktemp("drafts") / "home")


def test_an_erasure_takes_what_was_replaced_and_says_that_the_rest_is_kept(folder: Path) -> None:
    """Words that somebody took out, since they pointed to a child, must not outlive it."""
    home = Home.open(folder)
    keys = Keys.load(home, keys_at(folder))
    drafts = Drafts.open(home, keys)
    write(drafts, "with a name")
    kept = write(drafts, "without")
    child = Vault.open(home, keys).find_by_handle(min(cast_handles(folder).values()))
    assert child is not None
    name = erase.erase_pupils(home, keys, [child], why="request", now=NOW, actor="lead", role="dsl")
    assert Drafts.open(home, keys).list_all() == (kept,)
    assert "words for the report to governors" in (home.ledger / name).read_text(encoding="utf-8")
