"""The recovery code: what a hand mistypes is found, and said where."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage import x25519

from safeguards.errors import BackupError
from safeguards.keys.recovery import generate_code, parse_code, split_groups

CODE = generate_code()
SIGNS = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"


def is_mistyped(code: str) -> bool:
    try:
        parse_code(code)
    except BackupError:
        return True
    return False


def test_a_code_is_an_identity_of_age_in_ten_groups() -> None:
    """The line is what any program of the format takes."""
    assert str(x25519.Identity.from_str(CODE)) == CODE
    groups = split_groups(CODE)
    assert [len(group) for group in groups] == [6] * 9 + [4]
    assert "AGE-SECRET-KEY-1" + "".join(groups) == CODE


def test_no_two_codes_are_alike() -> None:
    """256 bits: each group but those of the end has 30 of them, so none stays the same."""
    codes = [generate_code() for _ in range(500)]
    assert len(set(codes)) == 500
    for place in range(8):
        assert len({split_groups(code)[place] for code in codes}) > 400


def test_how_it_is_written_does_not_matter() -> None:
    """As a line or in groups, small letters, blanks, and what looks like another sign."""
    groups = split_groups(CODE)
    spelled = [CODE.lower(), f" {CODE}\n", " ".join(groups), "-".join(groups).lower()]
    spelled += [CODE.replace("KEY-1", "KEY-I"), CODE.replace("KEY-1", "key-l")]
    for swap in (("L", "1"), ("L", "I"), ("8", "B"), ("0", "O")):
        spelled.append("\n".join(groups).replace(*swap))
    assert {str(parse_code(each)) for each in spelled} == {CODE}


def test_every_wrong_sign_is_found_and_its_group_named() -> None:
    """All 58 places, an eighth of the 31 other signs in each."""
    signs = "".join(split_groups(CODE))
    for place in range(58):
        for sign in SIGNS[place % 8 :: 8].replace(signs[place], ""):
            with pytest.raises(BackupError, match=f"Group {place // 6 + 1} of the recovery code"):
                parse_code(signs[:place] + sign + signs[place + 1 :])


@given(st.data())
@settings(max_examples=25)
def test_what_changed_places_is_found(data: st.DataObject) -> None:
    """Two signs anywhere, and two groups."""
    groups = split_groups(generate_code())
    one, other = data.draw(st.lists(st.integers(0, 9), min_size=2, max_size=2, unique=True))
    swapped = groups.copy()
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert is_mistyped("-".join(swapped))
    signs = list("".join(groups))
    first, second = data.draw(st.lists(st.integers(0, 57), min_size=2, max_size=2, unique=True))
    signs[first], signs[second] = signs[second], signs[first]
    if signs != list("".join(groups)):
        assert is_mistyped("".join(signs))


@pytest.mark.parametrize("kept", [0, 1, 6, 54, 57])
def test_a_code_that_breaks_off_is_told(kept: int) -> None:
    signs = "".join(split_groups(CODE))
    assert is_mistyped(signs[:kept])
    assert is_mistyped(CODE[: 16 + kept])


@pytest.mark.parametrize("more", ["0", "00000", "-U", "\u00e9", "\ud800"])
def test_what_is_no_code_is_told(more: str) -> None:
    """The message names no group then, and never repeats what was typed."""
    assert is_mistyped(more + CODE)
    with pytest.raises(BackupError, match=r"^The recovery code is mistyped") as caught:
        parse_code(CODE + more)
    assert split_groups(CODE)[1] not in str(caught.value)
