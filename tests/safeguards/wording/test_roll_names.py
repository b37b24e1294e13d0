"""Names on the roll are found in any form, and a name that is a word only where it is a person.

Every name here is made up for the test.  In names.txt each name stands in square brackets.
"""

import re
from pathlib import Path

import pytest

from safeguards.wording import check_line, list_name_words
from safeguards.wording.names import find_names, fold_word

_FOLDER = Path(__file__).with_name("words")


def build_roll(*names: str) -> frozenset[str]:
    return frozenset(word for name in names for word in list_name_words(name))


def list_lines(name: str) -> list[str]:
    return (_FOLDER / name).read_text("utf-8").splitlines()


_ROLL = build_roll(*(name for line in list_lines("roll.txt") for name in line.split(",")))


def find(text: str, *names: str) -> list[tuple[str, bool]]:
    """The names found in a text, and whether each can be nothing but a name."""
    is_name = build_roll(*names).__contains__
    return [(text[start:end], certain) for start, end, certain in find_names(text, is_name)]


def test_sentences_with_a_name_are_found() -> None:
    """200 sentences, 60 of them with a name that is a word; every name of a sentence counts."""
    missed = []
    for line in list_lines("names.txt"):
        parts = re.split(r"\[([^\]]*)\]", line)
        text, marked = "", []
        for place, part in enumerate(parts):
            if place % 2:
                marked.append((len(text), len(text) + len(part)))
            text += part
        found = list(find_names(text, _ROLL.__contains__))
        if not all(any(a < last and first < b for a, b, _ in found) for first, last in marked):
            missed.append(line)
    assert len(list_lines("names.txt")) == 200
    assert len(missed) <= 5, missed


def test_staff_who_write_about_the_day_are_seldom_asked() -> None:
    """400 sentences with words that are names on the roll: of any kind at most 4 are asked about.

    None has a number for which a row of a file would be refused.
    """
    asked = [line for line in list_lines("days.txt") if check_line(line, _ROLL.__contains__)]
    with_words = [
        line
        for line in list_lines("days.txt")
        if any(fold_word(word).removesuffix("s") in _ROLL for word in re.findall(r"\w+", line))
    ]
    assert len(list_lines("days.txt")) == 400
    assert len(with_words) > 330
    assert len(asked) <= 4, asked


@pytest.mark.parametrize(
    "text",
    [
        "Zebedee met us.",
        "ZEBEDEE!",
        "Zebedee's plan",
        "Zebedee\u2019s plan",
        "both Zebedees",
        "the Zebedees' plans",
        "_Zebedee_",
        "Zebedee/Ann",
    ],
)
def test_a_name_is_found_in_any_form(text: str) -> None:
    ((found, is_certain),) = find(text, "Zebedee")
    assert (found.lower().removesuffix("s"), is_certain) == ("zebedee", True)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Mary Ann", "We met Mary\n Ann.", ["Mary", "Ann"]),
        ("Mary Ann", "We met Maryann.", ["Maryann"]),
        ("Anne-Marie", "We met anne\u2011marie.", ["anne", "marie"]),
        ("D'Arcy", "We met D\u2019Arcy and Darcy's dog.", ["D\u2019Arcy", "Darcy"]),
        ("Zoë", "We met ZOE\u0308, Zoe and zoë.", ["ZOE\u0308", "Zoe", "zoë"]),
        ("Łukasz", "We met lukasz.", ["lukasz"]),
        ("Zo", "We met at the zoo, and Zo.", ["Zo"]),
        ("Bo", "We met bo.", []),
        ("Xan", "Xander and exXan met.", []),
        ("O", "We met O.", []),
        ("", "We met.", []),
    ],
)
def test_a_name_is_found_word_by_word_in_any_spelling(
    name: str, text: str, found: list[str]
) -> None:
    assert [word for word, _ in find(text, name)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The visit is due on 4 May, or by 5th May.", []),
        ("By May 4 at the latest.", []),
        ("THE DAY WAS LONG AND MAY WAS COLD", []),
        ("Will hit others when tired. May I go?", []),
        ("Grace, who is new, sat with May.", ["Grace", "May"]),
        ("The Long family came. Jo cried.", ["Long", "Jo"]),
        ("May is reading with Will.", ["Will"]),
        ("Will is reading.", ["Will"]),
    ],
)
def test_a_name_that_is_a_word_is_found_where_it_is_a_person(text: str, found: list[str]) -> None:
    names = find(text, "May", "Will", "Grace", "Day", "Long", "Jo")
    assert [word for word, _ in names] == found


def test_a_name_in_small_letters_or_that_is_a_word_is_only_asked_about() -> None:
    assert find("we met zebedee", "Zebedee") == [("zebedee", False)]
    assert find("We will meet Will.", "Will") == [("Will", False)]
    assert find("Grace Day sang, day after day.", "Grace", "Day") == [
        ("Grace", False), ("Day", False)
    ]  # fmt: skip
