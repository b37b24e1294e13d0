"""pupil_sdq: scores, the band for who filled it in, and the change since."""

import pytest

from tests.conftest import Answer, Given
from tests.support.text_tables import by_case, number_cases


@pytest.mark.parametrize(
    ("informant", "bands"),
    [
        ("carer", {0: "lower", 13: "lower", 14: "middle", 16: "middle", 17: "upper", 40: "upper"}),
        ("teacher", {0: "lower", 11: "lower", 12: "middle", 15: "middle", 16: "upper"}),
        ("self", {0: "lower", 15: "lower", 16: "middle", 19: "middle", 20: "upper"}),
    ],
)
def test_bands_depend_on_who_filled_it_in(
    given: Given, answer: Answer, informant: str, bands: dict[int, str]
) -> None:
    """16 is the middle band from a carer and the upper from a teacher."""
    lines = [f"P{n} | 2026-10-05 | {informant} | {total}" for n, total in enumerate(bands, 1)]
    given(raw_sdq="\n".join(("pupil | sdq_date | informant | total", *lines)))
    found = answer("pupil_sdq", by="total", columns="band scheme")
    assert {total: row["band"] for total, row in found.items()} == bands
    assert {row["scheme"] for row in found.values()} == {"three bands"}


def test_the_band_says_where_it_lies(given: Given, answer: Answer) -> None:
    """From its lowest total to its highest."""
    given(
        raw_sdq="""
        pupil | sdq_date   | informant | total
        ------+------------+-----------+------
        P1    | 2026-10-05 | carer     | 16
        P1    | 2026-10-05 | teacher   | 16   """
    )
    found = answer("pupil_sdq", by="informant", columns="band_lowest band_highest")
    assert {who: tuple(row.values()) for who, row in found.items()} == {
        "carer": (14, 16),
        "teacher": (16, 40),
    }


def test_the_total_leaves_prosocial_out(given: Given, answer: Answer) -> None:
    """Difficulties are the sum of four scales; the fifth is a strength."""
    given(
        raw_sdq="""
        pupil | sdq_date   | total | emotional | conduct | hyperactivity | peer | prosocial | impact
        ------+------------+-------+-----------+---------+---------------+------+-----------+-------
        P1    | 2026-10-05 | 13    | 4         | 3       | 4             | 2    | 9         | 6
        """
    )
    row = answer("pupil_sdq", by="pupil")["P1"]
    scales = ("emotional", "conduct", "hyperactivity", "peer")
    assert row["total"] == sum(row[scale] for scale in scales) == 4 + 3 + 4 + 2
    assert (row["prosocial"], row["impact"], row["band"]) == (9, 6, "lower")


def test_change_only_against_the_same_informant(given: Given, answer: Answer) -> None:
    """A teacher's form between two of the carer's, and a refusal, change nothing."""
    given(
        raw_sdq="""
        pupil | sdq_date   | informant | total | reason
        ------+------------+-----------+-------+-------
        P1    | 2025-10-06 | carer     | 18    |
        P1    | 2026-01-05 | teacher   | 11    |
        P1    | 2026-03-02 | carer     |       | SDQ2
        P1    | 2026-10-05 | carer     | 15    |
        P2    | 2026-10-05 | carer     | 9     |       """
    )
    found = answer("pupil_sdq", columns="change previous_date reason band")
    assert {key: tuple(row.values()) for key, row in found.items()} == {
        ("P1", "2025-10-06", "carer"): (None, None, None, "upper"),
        ("P1", "2026-01-05", "teacher"): (None, None, None, "lower"),
        ("P1", "2026-03-02", "carer"): (None, "2025-10-06", "carer refused", None),
        ("P1", "2026-10-05", "carer"): (15 - 18, "2025-10-06", None, "middle"),
        ("P2", "2026-10-05", "carer"): (None, None, None, "lower"),
    }


def test_of_the_year_is_the_carers_in_care_of_twelve_months(given: Given, answer: Answer) -> None:
    """From the first day of care, to the same day a year later and with it."""
    cases = {
        "carer | 2025-11-20 | 14": True,
        "carer | 2025-11-19 | 14": False,
        "teacher | 2026-05-04 | 14": False,
        "carer | 2026-09-06 | 14": False,
        "carer | 2026-09-07 | 14": True,
        "carer | 2026-10-05 | 14": False,
    }
    # the last is not in care yet
    starts = [*["2025-01-06"] * 3, *["2026-09-07"] * 2, "2026-11-21"]
    given(
        raw_care_episode=number_cases("start_date", starts),
        raw_sdq=number_cases("informant | sdq_date | total", cases),
    )
    found = answer("pupil_sdq", by="pupil", columns="is_of_the_year")
    assert by_case(cases, found) == cases


def test_not_before_its_day(given: Given, answer: Answer) -> None:
    """A form of tomorrow is not there yet."""
    given(
        raw_sdq="""
        pupil | sdq_date   | total
        ------+------------+------
        P1    | 2026-11-20 | 18
        P2    | 2026-11-21 | 18   """
    )
    assert set(answer("pupil_sdq", by="pupil")) == {"P1"}
