"""Pseudonyms: unique, plain, and nobody's name."""

import itertools
import random
import re
from pathlib import Path

from faker.providers.person.en_GB import Provider as British

from safeguards.handles import ALPHABET, generate_handle, generate_pupil_id, load_word_lists

#: Words that no handle may hold, by why.
NOT_FOR_HANDLES = {
    part.partition(":")[0]: frozenset(part.splitlines()[1].split())
    for part in (Path(__file__).parents[2] / "golden" / "not_for_handles.txt")
    .read_text(encoding="utf-8")
    .split("\n\n")[1:]
}


def distance(one: str, other: str) -> int:
    """Letters to add, drop or change to make one word of the other."""
    row = list(range(len(other) + 1))
    for count, letter in enumerate(one, start=1):
        above, row = row, [count]
        for place, against in enumerate(other):
            row.append(
                min(above[place + 1] + 1, row[place] + 1, above[place] + (letter != against))
            )
    return row[-1]


def test_the_lists_are_large_plain_and_apart() -> None:
    first, second = load_word_lists()
    assert min(len(first), len(second)) >= 140
    words = [*first, *second]
    assert len(set(words)) == len(words)
    assert all(re.fullmatch(r"[a-z]{3,13}", word) for word in words)


def test_no_word_is_a_name() -> None:
    faker = {name.lower() for name in (*British.first_names, *British.last_names)}
    assert len(faker) > 800
    names = faker | NOT_FOR_HANDLES["names"]
    assert not names.intersection(itertools.chain(*load_word_lists()))
    # the control: a list with a name in it is caught
    assert names & {"amber", "copper"} == {"amber"}


def test_no_word_is_an_animal_or_unkind() -> None:
    words = set(itertools.chain(*load_word_lists()))
    assert not words & NOT_FOR_HANDLES["animals"]
    assert not words & NOT_FOR_HANDLES["unkind"]


def test_no_word_is_heard_or_misread_as_another() -> None:
    for words in load_word_lists():
        assert not NOT_FOR_HANDLES["homophones"] & set(words)
        close = [pair for pair in itertools.combinations(words, 2) if distance(*pair) < 3]
        assert close == []


def test_a_thousand_pseudonyms_are_all_different() -> None:
    rng = random.SystemRandom()
    pupil_ids: set[str] = set()
    handles: set[str] = set()
    for _ in range(1000):
        pupil_ids.add(generate_pupil_id(rng, pupil_ids))
        handles.add(generate_handle(rng, handles))
    assert (len(pupil_ids), len(handles)) == (1000, 1000)
    assert all(re.fullmatch(f"[{ALPHABET}]{{10}}", pupil_id) for pupil_id in pupil_ids)
    first, second = map(set, load_word_lists())
    for handle in handles:
        one, other = handle.split(" ")
        assert one in first
        assert other in second


def test_a_small_school_has_no_two_handles_with_a_word_in_common() -> None:
    rng, handles = random.Random(3), set[str]()
    for _ in range(60):
        handles.add(generate_handle(rng, handles))
    words = [word for handle in handles for word in handle.split()]
    assert len(set(words)) == 120


def test_a_handle_has_three_words_when_every_pair_is_used() -> None:
    first, second = load_word_lists()
    used = {f"{one} {other}" for one, other in itertools.product(first, second)}
    rng = random.Random(1)
    for _ in range(1000):
        handle = generate_handle(rng, used)
        one, another, last = handle.split(" ")
        assert one != another
        assert {one, another} <= set(first)
        assert last in second
        assert handle not in used
        used.add(handle)


def test_a_taken_pupil_id_is_drawn_again() -> None:
    taken = generate_pupil_id(random.Random(1), ())
    assert generate_pupil_id(random.Random(1), {taken}) != taken
