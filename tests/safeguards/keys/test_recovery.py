"""The recovery code: what a hand mistypes is found, and said where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguards.errors import BackupError
from safeguards.handles import ALPHABET
from safeguards.keys.recovery import KEY_BYTES, derive_key, generate_code

HOME = "0A1B2C3D4E"
CODE = generate_code()


def mistyped(code: str) -> bool:
    try:
        derive_key(code, HOME)
    except BackupError:
        return True
    return False


def test_a_code_is_thirteen_groups_of_five() -> None:
    groups = CODE.split("-")
    assert [len(group) for group in groups] == [5] * 13
    assert set("".join(groups)) <= set(ALPHABET)


def test_no_two_codes_are_alike() -> None:
    """256 bits: each group but the last has 20 of them, so none stays the same."""
    codes = [generate_code() for _ in range(500)]
    assert len(set(codes)) == 500
    for place in range(13):
        assert len({code.split("-")[place] for code in codes}) > 400


def test_the_same_code_makes_the_same_key_in_one_home_only() -> None:
    key = derive_key(CODE, HOME)
    assert len(key) == KEY_BYTES
    assert derive_key(CODE, HOME) == key
    assert derive_key(CODE, "1A1B2C3D4E") != key
    assert derive_key(generate_code(), HOME) != key


def test_how_it_is_written_does_not_matter() -> None:
    """Small letters, blanks, lines, and letters that look like digits."""
    key = derive_key(CODE, HOME)
    swaps = (("-", " "), ("-", ""), ("-", "\n"), ("1", "I"), ("1", "l"), ("0", "o"))
    for spelled in (CODE.lower(), f" {CODE}\n", *(CODE.replace(*swap) for swap in swaps)):
        assert derive_key(spelled, HOME) == key


def test_every_wrong_character_is_found_and_its_group_named() -> None:
    """All 65 places, each of the 31 other characters."""
    letters = CODE.replace("-", "")
    for place in range(65):
        for letter in ALPHABET.replace(letters[place], ""):
            with pytest.raises(BackupError, match=f"Group {place // 5 + 1} of the recovery code"):
                derive_key(letters[:place] + letter + letters[place + 1 :], HOME)


@given(st.data())
def test_what_changed_places_is_found(data: st.DataObject) -> None:
    """Two characters of one group, and two groups."""
    groups = generate_code().split("-")
    one, other = data.draw(st.lists(st.integers(0, 12), min_size=2, max_size=2, unique=True))
    swapped = groups.copy()
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert mistyped("-".join(swapped))
    letters = list(groups[one])
    first, second = data.draw(st.lists(st.integers(0, 4), min_size=2, max_size=2, unique=True))
    letters[first], letters[second] = letters[second], letters[first]
    if letters != list(groups[one]):
        assert mistyped("-".join([*groups[:one], "".join(letters), *groups[one + 1 :]]))


@pytest.mark.parametrize("kept", [0, 1, 5, 59, 60, 64])
def test_a_code_that_breaks_off_is_told(kept: int) -> None:
    assert mistyped(CODE.replace("-", "")[:kept])


@pytest.mark.parametrize("more", ["0", "00000", "-U", "\u00e9"])
def test_what_is_no_code_is_told(more: str) -> None:
    assert mistyped(CODE + more)
    assert mistyped(more + CODE)
