"""The words check of what people write: what may point to a child is found, plain prose is let be.

Every name here is made up for the test.
"""

import re
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.report.content.wording import check_text, count_pointing
from tests.safeguards.wording.test_roll_names import build_roll

AS_AT = date(2026, 11, 20)


def told(text: str, **options: object) -> list[tuple[str, str]]:
    """The findings of a text: their kinds, and the words that each is about."""
    names = build_roll(*options.pop("names", ()))  # type: ignore[misc]
    options = {"as_at": AS_AT, **options}
    found = check_text(text, names.__contains__, **options)  # type: ignore[arg-type]
    return [(each.kind, text[each.start : each.end]) for each in found]


# Words


@pytest.mark.parametrize(
    ("text", "kind", "about"),
    [
        ("The LAC review was on time.", "word", "LAC"),
        ("Each placement was visited.", "word", "placement"),
        ("Contact sessions are on Fridays.", "word", "Contact sessions"),
        ("Two brothers see their siblings.", "word", "siblings"),
        ("There was challenging behaviour.", "word", "challenging behaviour"),
        ("We saw poor attenders.", "word", "poor attend"),
        ("The score was a cause for concern.", "word", "cause for concern"),
        ("Nobody is at risk now.", "word", "at risk"),
        ("Writing is below expectations.", "word", "below expectations"),
        ("Our interventions work.", "word", "interventions"),
        ("Fewer than that (<5).", "word", "<5"),
        ("We met 25% of our children.", "figure", "25% of our children"),
        ("The children attended 94.1% of sessions.", "figure", "94.1%"),
        ("50% are behind in reading.", "figure", "50%"),
        ("Half the group have a plan.", "figure", "Half the"),
        ("Two thirds of our children swim.", "figure", "Two thirds of our"),
        ("They missed ten days or were away.", "figure", "ten days"),
        ("A pupil lost six sessions to suspension.", "figure", "six sessions"),
        ("They were suspended for four days in May.", "suspension", "were suspended"),
        ("None of our children was suspended.", "suspension", "was suspended"),
        ("There were two fixed-term exclusions.", "suspension", "two fixed-term exclusions"),
        ("12.5 per cent of children missed sessions.", "figure", "12.5 per cent of children"),
        ("She was born on 4 May.", "date of birth", "born on 4 May"),
        ("DOB: 4 May", "date of birth", "DOB: 4 May"),
        ("Birthday: 4 May", "date of birth", "Birthday: 4 May"),
        ("It was 31/05/2017.", "date of birth", "31/05/2017"),
        ("It was 2017-05-31.", "date of birth", "2017-05-31"),
        ("On 4th May 2017 it was.", "date of birth", "4th May 2017"),
        ("On May 4, 2017 it was.", "date of birth", "May 4, 2017"),
        ("The boy turned nine.", "date of birth", "turned nine"),
        ("See A001456789012.", "number of a child", "A001456789012"),
        ("See a 1234 5678 901 B now.", "number of a child", "a 1234 5678 901 B"),
        ("Ring 0161 496 0123.", "phone", "0161 496 0123"),
        ("Ring +44 (0)7700 900123.", "phone", "+44 (0)7700 900123"),
        ("Ring 07700900123.", "phone", "07700900123"),
        ("Write to office@example.sch.uk.", "e-mail", "office@example.sch.uk"),
        ("We thank Mrs Hale.", "name", "Hale"),
        ("Ask Dr. O\u2019Neill about it.", "name", "O\u2019Neill"),
        ("They moved to S75 2TN.", "postcode", "S75 2TN"),
        ("They moved to m1 1ae.", "postcode", "m1 1ae"),
        ("We have 3 children.", "figure", "3 children"),
        ("We met 3 of our 12 children.", "figure", "3 of our 12 children"),
        ("One child is new.", "figure", "One child"),
        ("We met copper lantern.", "code name", "copper lantern"),
        ("We met Copper-Lantern.", "code name", "Copper-Lantern"),
        ("It is the only child who rides.", "one child", "the only child"),
        ("Our one new starter rides.", "one child", "Our one"),
        ("All but one ride.", "one child", "All but"),
        ("K. rides well.", "one child", "K."),
        ("Somebody rides.", "one child", "Somebody"),
        ("Two looked-after boys came.", "figure", "Two looked-after boys"),
        ("Children: 4", "figure", "Children: 4"),
        ("The children missed 14 sessions.", "figure", "children missed 14"),
    ],
)
def test_what_is_to_be_looked_at_is_found(text: str, kind: str, about: str) -> None:
    assert (kind, about) in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n",
        "- \n* \n",
        "The pupil premium plus was spent on books.",
        "The second half of the term was calmer, and half the week is practical.",
        "All children ride, most of them daily. Everybody has full days.",
        "Costs rose by 3% this year.",
        "The children of Year 4 and Years 5 and 6 met.",
        "Year 4 children read to children in Year 3.",
        "Key Stage 2 children sang.",
        "In 2026 the children sang on 13 November.",
        "Children sang on 13 November 2026.",
        "The rate is £2,570 for each child.",
        "Each child has a plan, and all children chose a target.",
        "They came 1st and 2nd in the 3rd race at 9am.",
        "It cost 1,234,567 pounds.",
        "The year 2025/26 is over.",
        "None of this is new.",
        "Please agree the budget.",
    ],
)
def test_plain_words_are_let_be(text: str) -> None:
    assert told(text) == []


def test_a_date_with_its_year_is_asked_about_unless_the_day_of_the_report_is_known() -> None:
    text = "We meet on 13 November 2026, and first met on 5 May 2023."
    assert told(text) == []
    assert [about for _, about in told(text, as_at=None)] == ["13 November 2026", "5 May 2023"]
    assert [about for _, about in told(text, as_at=date(2027, 9, 1))] == ["5 May 2023"]


def test_no_message_repeats_what_was_written() -> None:
    """It may go into a log or a list; the words stay with who wrote them."""
    text = "Zebedee and A001456789012 at m1 1ae, born on 4 May 2017, 0161 496 0123."
    found = check_text(text, build_roll("Zebedee").__contains__)
    assert {each.kind for each in found} == {
        "child", "number of a child", "postcode", "date of birth", "phone"
    }  # fmt: skip
    for each in found:
        assert text[each.start : each.end].lower() not in each.message.lower()


# Properties

TEXTS = st.text(max_size=400) | st.text(
    alphabet="aA1 .,:\n-'@%£/()<mMyY20", max_size=400
)  # signs of which the patterns are made
PLAIN = st.lists(
    st.sampled_from(
        ("we", "they", "met", "a", "good", "day", "with", "the", "dog", "in", "school")
    ),
    max_size=18,
).map(" ".join)


@given(TEXTS, TEXTS)
def test_findings_lie_in_the_text_in_order_and_hide_nothing(text: str, name: str) -> None:
    found = check_text(text, build_roll(name).__contains__)
    assert list(found) == sorted(found)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@given(PLAIN, st.from_regex(re.compile("[B-Z][aeiou][b-z]{4,12}", re.ASCII), fullmatch=True), PLAIN)
def test_a_childs_name_is_found_in_any_sentence(before: str, name: str, after: str) -> None:
    for text in (f"{before} {name} {after}", f"{before} {name.upper()}'s {after}"):
        assert ("child", name.lower()) in [
            (kind, about.lower()) for kind, about in told(text, names=[name])
        ]


@settings(max_examples=30)
@given(st.text(alphabet="aA1 .,:\n-'@%c(", min_size=1, max_size=8))
def test_no_text_takes_long(part: str) -> None:
    """A pattern that tries every way to part a text would stop the page."""
    began = time.process_time()
    check_text((part * 4000)[:4000], build_roll("a b", "ca").__contains__)
    assert time.process_time() - began < 2


# 60 sentences that point to a child, by name, number, place or description, and 100 that do not

_FOLDER = Path(__file__).parents[1] / "report" / "words"
_OWN = build_roll("Quill", "Thistle", "Marlowe", "Ondine", "Bram").__contains__


def list_flagged(name: str) -> tuple[list[str], list[str]]:
    """The sentences of a list in which something is asked about, and the others."""
    found: tuple[list[str], list[str]] = ([], [])
    for sentence in (_FOLDER / name).read_text("utf-8").splitlines():
        found[not count_pointing([sentence], AS_AT, _OWN)].append(sentence)
    return found


def test_sentences_that_point_to_a_child_are_asked_about() -> None:
    flagged, missed = list_flagged("points.txt")
    assert len(flagged) + len(missed) == 60
    assert len(missed) <= 3, missed


def test_sentences_that_point_to_nobody_are_let_be() -> None:
    flagged, passed = list_flagged("points_to_nobody.txt")
    assert len(flagged) + len(passed) == 100
    assert len(flagged) <= 3, flagged
