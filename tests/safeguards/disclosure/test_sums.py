"""Which sums of sessions are told, by hand and against whoever knows one child."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from safeguards.disclosure.settings import Settings
from safeguards.disclosure.sums import (
    OTHER,
    Premium,
    PremiumFigures,
    Sessions,
    SumFigures,
    add_premium,
    add_terms,
    choose_premium,
    choose_sums,
)

DEFAULT = Settings()
E = "Suspended"


def sessions(
    reasons: Mapping[str, list[int]], possible: int = 120, lost: Mapping[int, int] | None = None
) -> Sessions:
    """By reason, what each child missed, one place a child; lost: what was not possible."""
    count = max(len(each) for each in reasons.values())
    names = [f"child {number}" for number in range(count)]
    missed = {name: sum(each[at] for each in reasons.values()) for at, name in enumerate(names)}
    return Sessions(
        open=dict.fromkeys(names, possible),
        possible={name: possible - (lost or {}).get(at, 0) for at, name in enumerate(names)},
        missed=missed,
        reasons={label: dict(zip(names, each, strict=True)) for label, each in reasons.items()},
    )


def choose(given: Sessions) -> SumFigures:
    return choose_sums(given, DEFAULT, never=frozenset({E}))


def test_enough_children_must_have_missed_something() -> None:
    """Six of eight have, which is enough; five are not, and seven children in all are no help."""
    assert choose(sessions({"Ill": [9, 9, 8, 8, 7, 7, 0, 0]})).missed == 48
    assert choose(sessions({"Ill": [9, 9, 8, 8, 7, 0, 0, 0]})).missed is None


def test_the_second_largest_must_not_guess_the_largest() -> None:
    """Who missed 20 takes 140 - 20 - 4 for the other's: 100 is 16 off; of 110, 24."""
    # 100, 20 and five of four: besides one each, 15 are left to hide 100, of which 20 are needed
    assert choose(sessions({"Ill": [100, 20, 4, 4, 4, 4, 4]})).missed is None
    assert choose(sessions({"Ill": [100, 20, 6, 6, 6, 6, 6]})).missed == 150


def test_a_sum_is_no_smaller_than_the_group() -> None:
    """A smaller one would say that some missed nothing, so that not all were suspended."""
    assert choose(sessions({"Ill": [3, 3, 3, 3, 3, 3, 0, 0, 0]})).missed == 18
    assert choose(sessions({"Ill": [2, 2, 2, 3, 3, 3, *[0] * 10]})).missed is None


def test_reasons_are_told_where_each_could_be_a_sum_and_the_others_too() -> None:
    """Illness is; the dentist is five children's, and goes with what is never told alone."""
    ill, dentist = [9, 9, 8, 8, 7, 7, 5, 5], [4, 4, 4, 4, 4, 0, 0, 0]
    suspended = [0, 0, 0, 0, 5, 5, 5, 5]
    told = choose(sessions({"Ill": ill, "Dentist": dentist, E: suspended}))
    assert told == SumFigures(98, 960, (("Ill", 58), (OTHER, 40)))


def test_there_are_always_other_reasons() -> None:
    """Were there none, nobody would have been suspended: the smallest reason stands for them."""
    ill, late = [9, 9, 8, 8, 7, 7, 5, 5], [4, 4, 4, 4, 4, 4, 4, 4]
    told = choose(sessions({"Ill": ill, "Late": late}))
    assert told == SumFigures(90, 960, (("Ill", 58), (OTHER, 32)))
    assert choose(sessions({"Ill": ill})) == SumFigures(58, 960)
    many = choose(sessions({E: ill, "Late": late}))
    assert many == SumFigures(90, 960, (("Late", 32), (OTHER, 58)))


def test_the_base_is_told_where_what_it_lacks_is_nobodys() -> None:
    """Everybody can work out the open sessions; ten fewer possible are one child's ten."""
    ill = {"Ill": [9, 9, 8, 8, 7, 7, 5, 5]}
    assert choose(sessions(ill)).possible == 960
    assert choose(sessions(ill, lost={3: 10})) == SumFigures(58, None)
    assert choose(sessions(ill, lost=dict.fromkeys(range(8), 10))).possible == 880


def test_who_was_hardly_there_is_hidden_too() -> None:
    """Where all but one attended nothing, the sum tells what that one missed."""
    absent = {"Ill": [120, 120, 120, 120, 120, 120, 120, 60]}
    assert choose(sessions(absent)).missed is None


def test_a_group_without_sessions_has_no_sum() -> None:
    """Nor has one without children."""
    assert choose(Sessions({}, {}, {}, {})) == SumFigures(None)
    assert choose(sessions({"Ill": [0] * 8})) == SumFigures(None)


def test_a_year_is_what_was_printed() -> None:
    """A reason is told where each term told it; a term without a sum is not in it."""
    autumn = SumFigures(90, 960, (("Ill", 58), ("Late", 12), (OTHER, 20)))
    spring = SumFigures(70, 900, (("Ill", 50), (OTHER, 20)))
    assert add_terms([autumn, spring]) == SumFigures(160, 1860, (("Ill", 108), (OTHER, 52)))
    assert add_terms([autumn, SumFigures(None)]) == autumn
    assert add_terms([autumn, SumFigures(30)]) == SumFigures(120)
    assert add_terms([autumn, SumFigures(30, 900, ((OTHER, 30),))]) == SumFigures(120, 1860)
    assert add_terms([SumFigures(None)]) == add_terms([]) == SumFigures(None)


shares = st.lists(st.integers(0, 40), min_size=8, max_size=8)


@given(shares, shares, shares)
def test_parts_add_up_and_nobody_is_estimated(
    ill: list[int], late: list[int], e: list[int]
) -> None:
    """Of each sum and part, nobody who knows one child comes within a fifth of another's."""
    asked = sessions({"Ill": ill, "Late": late, E: e})
    told = choose(asked)
    if told.missed is None:
        assert told == SumFigures(None)
        return
    assert told.missed == sum(asked.missed.values())
    assert not told.reasons or sum(count for _, count in told.reasons) == told.missed
    assert E not in dict(told.reasons)
    named = [asked.reasons[label] for label in dict(told.reasons) if label != OTHER]
    others = {
        child: count - sum(each[child] for each in named) for child, count in asked.missed.items()
    }
    for part in (asked.missed, *named, others):
        total = sum(part.values())
        for child, own in part.items():
            nearest = max((each for name, each in part.items() if name != child), default=0)
            assert own == 0 or (total - nearest - own) * 5 > own


def pounds(planned: list[int], spent: list[int] | None, before: int = 0) -> PremiumFigures:
    """What is told of these, a place a child; before: what each had earlier in the year."""
    names = [f"child {number}" for number in range(len(planned))]
    return choose_premium(
        Premium(
            planned=dict(zip(names, planned, strict=True)),
            spent=None if spent is None else dict(zip(names, spent, strict=True)),
            planned_year={name: each + before for name, each in zip(names, planned, strict=True)},
        ),
        DEFAULT,
    )


def test_pounds_are_told_where_six_have_some_and_none_stands_out() -> None:
    """As sessions are: of five nothing, and of one who has nearly all."""
    assert pounds([300] * 6, [100] * 6) == PremiumFigures(1800, 600)
    assert pounds([300] * 5 + [0], [100] * 5 + [0]) == PremiumFigures(None)
    assert pounds([2000, 300, 90, 90, 90, 90], [0] * 6) == PremiumFigures(None)


def test_what_is_left_of_the_plans_could_be_told_as_well() -> None:
    """Spent is not, where two have not spent all, or somebody has spent more than was planned."""
    assert pounds([300] * 7, [300] * 7) == PremiumFigures(2100, 2100)
    assert pounds([300] * 7, [300] * 5 + [100] * 2) == PremiumFigures(2100, None)
    assert pounds([300] * 7, [310] + [100] * 6) == PremiumFigures(2100, None)
    assert pounds([300] * 7, [100] * 5 + [0] * 2) == PremiumFigures(2100, None)


def test_what_is_not_recorded_to_be_spent_is_no_zero() -> None:
    """It is left out, as where it may not be told; what was planned is told all the same."""
    assert pounds([300] * 7, None) == PremiumFigures(2100, None)
    assert pounds([300] * 5 + [0] * 2, None) == PremiumFigures(None, None)


def test_all_of_the_years_money_would_be_everybodys_own() -> None:
    """The grant's amount is known: 7 who have it all but 100 each have 500 left besides two."""
    most = DEFAULT.most_premium
    assert pounds([300] * 7, [0] * 7, before=most - 300 - 110).planned == 2100
    assert pounds([300] * 7, [0] * 7, before=most - 300 - 100).planned is None


def test_terms_of_pounds_add_up_as_printed() -> None:
    """Where one of them did not say what was spent, nor does the year."""
    told, silent, half = PremiumFigures(900, 400), PremiumFigures(None), PremiumFigures(600)
    assert add_premium([told, silent, told]) == PremiumFigures(1800, 800)
    assert add_premium([told, half]) == PremiumFigures(1500, None)
    assert add_premium([silent]) == PremiumFigures(None)
