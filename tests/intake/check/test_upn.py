"""UPNs: known numbers, every form that is refused, and one-character slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.check.upn import CHECK_LETTERS, compute_check_letter, find_upn_fault, is_made_up

rests = st.from_regex(rf"[0-9]{{11}}[0-9{CHECK_LETTERS}]", fullmatch=True)


@pytest.mark.parametrize("number", ["A950000178301", "H243278544154", "R674123101121"])
def test_known_right_numbers_are_right(number: str) -> None:
    assert find_upn_fault(number) is None


@pytest.mark.parametrize(("number", "letter"), [("R247962919251", "Q"), ("X428558133462", "W")])
def test_known_wrong_numbers_are_wrong(number: str, letter: str) -> None:
    assert find_upn_fault(number) == "UPN check letter"
    assert compute_check_letter(number[1:]) == letter


def test_the_letter_is_the_sum_of_position_times_value_modulo_23() -> None:
    # 2 * 1 + 13 * 2 = 28, and 28 - 23 = 5, which is F (A is 0)
    assert compute_check_letter("100000000002") == "F"


def test_a_last_letter_counts_as_its_place_in_the_table() -> None:
    # 13 * 22 = 286 = 12 * 23 + 10, which is L
    assert compute_check_letter("00000000000Z") == "L"
    assert find_upn_fault("L00000000000Z") is None


@pytest.mark.parametrize(
    "number",
    [
        "",
        "A",
        "a950000178301",  # never upper-cased
        "A95000017830",
        "A9500001783010",
        "A95000017830O",  # never 0 for an O
        "AO50000178301",
        "O950000178301",
        "I950000178301",
        "S950000178301",
        "1950000178301",
        "A950000178301\n",
        " A950000178301",
        "A950000 178301",
        "A95000017830\N{ARABIC-INDIC DIGIT ONE}",
        "A95000017830\N{FULLWIDTH DIGIT ONE}",
        "\N{GREEK CAPITAL LETTER ALPHA}950000178301",
    ],
)
def test_another_form_is_refused(number: str) -> None:
    assert find_upn_fault(number) == "UPN form"


@pytest.mark.parametrize("rest", ["", "95000017830", "95000017830I", "A50000178301"])
def test_no_letter_for_what_is_no_rest_of_a_upn(rest: str) -> None:
    with pytest.raises(ValueError, match="eleven digits"):
        compute_check_letter(rest)


@given(rests)
def test_exactly_one_letter_is_right(rest: str) -> None:
    assert [each for each in CHECK_LETTERS if find_upn_fault(each + rest) is None] == [
        compute_check_letter(rest)
    ]


@given(rests, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(rest: str, place: int, step: int) -> None:
    if rest[place].isdigit():
        wrong = rest[:place] + str((int(rest[place]) + step) % 10) + rest[place + 1 :]
        assert find_upn_fault(compute_check_letter(rest) + wrong) == "UPN check letter"


@given(st.text(max_size=14))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    assert find_upn_fault(text) in ("UPN form", "UPN check letter", None)


@pytest.mark.parametrize(
    ("authority", "made_up"),
    [("000", False), ("001", True), ("099", True), ("100", False), ("201", False)],
)
def test_only_authorities_below_100_are_made_up(authority: str, made_up: bool) -> None:
    rest = f"{authority}999926001"
    assert is_made_up(compute_check_letter(rest) + rest) is made_up
