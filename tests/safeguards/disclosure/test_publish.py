"""The figures of a term's report, and what the next one makes of them."""

import json
from dataclasses import replace
from datetime import date

import pytest

from safeguards.disclosure.certificate import (
    Duty,
    Rate,
    Release,
    Term,
    restore_certificate,
    restore_release,
    serialise_certificate,
    serialise_release,
    sum_duties,
    sum_premium,
    sum_year,
)
from safeguards.disclosure.families import Attribute, load_attributes
from safeguards.disclosure.publish import Group, list_rows, publish_term
from safeguards.disclosure.settings import Settings
from safeguards.disclosure.sums import OTHER, Premium, PremiumFigures, Sessions, SumFigures
from safeguards.errors import DisclosureError
from tests.support.reports.comings import GROUPS
from tests.support.reports.terms import build_attributes, build_group

ONE, OTHER_GROUP = GROUPS
AUTUMN, SPRING = Term("2026/27", "autumn"), Term("2026/27", "spring")
DECEMBER, MARCH = date(2026, 12, 11), date(2027, 3, 19)
PLAN = build_attributes(["plan"])


def missed(count: int) -> Sessions:
    names = [f"child {number}" for number in range(count)]
    return Sessions(
        open=dict.fromkeys(names, 120),
        possible=dict.fromkeys(names, 120),
        missed=dict.fromkeys(names, 6),
        reasons={"Ill": dict.fromkeys(names, 4), "Late": dict.fromkeys(names, 2)},
    )


def group(count: int, having: int, name: str = ONE) -> Group:
    children = {f"child {number}": {"plan": number < having} for number in range(count)}
    return build_group(name, children, missed(count))


def publish(
    asked: Group,
    *earlier: Release,
    term: Term = AUTUMN,
    day: date = DECEMBER,
    attributes: tuple[Attribute, ...] = PLAN,
    duties: tuple[Duty, ...] = (),
) -> Release:
    return publish_term(term, day, [asked], earlier, attributes=attributes, duties=duties)


def test_a_report_of_twelve() -> None:
    """Its size, a statement, its sums, its duties; who they are is remembered, and not said."""
    meetings = Duty("PEP", ONE, due=12, done=11, done_late=2)
    release = publish(group(12, 4), duties=(meetings,))
    told = release.certificate
    assert told.sizes == {ONE: 12}
    assert [each.words for each in told.statements] == ["fewer than half of 12"]
    assert told.sums == {ONE: SumFigures(72, 1440, (("Ill", 48), (OTHER, 24)))}
    assert told.duties == (meetings,)
    assert release.members[ONE] == frozenset(group(12, 4).children)


def test_a_small_group_has_duties_and_its_sums() -> None:
    """Of eight no statement, of five no number of children and no sum."""
    eight = publish(group(8, 4)).certificate
    assert (eight.sizes[ONE], eight.statements, eight.sums[ONE].missed) == (8, (), 48)
    five = publish(group(5, 4), duties=(Duty("PEP", ONE, 5, 3),)).certificate
    assert (five.sizes[ONE], five.statements, five.sums[ONE].missed) == (None, (), None)
    assert five.duties[0].done == 3


def test_nothing_new_says_the_earlier_one_with_its_day() -> None:
    """Whatever is true by then; and the one after says it again, as the same."""
    first = publish(group(12, 4))
    for having in (0, 4, 8, 12):
        second = publish(group(12, having), first, term=SPRING, day=MARCH)
        assert second.certificate.statements == first.certificate.statements
        assert second.certificate.statements[0].day == DECEMBER
    third = publish(
        group(12, 4), first, second, term=Term("2026/27", "summer"), day=date(2027, 7, 9)
    )
    assert third.certificate.statements == first.certificate.statements
    assert len(list_rows([first, second, third])) == 1


def test_a_term_is_reported_on_once() -> None:
    """For each group; the other group's report, and the next term, are made."""
    first = publish(group(12, 4))
    with pytest.raises(DisclosureError, match=r"autumn term of 2026/27\. Issue that one again"):
        publish(group(11, 4), first, day=date(2026, 12, 18))
    publish(group(12, 4, OTHER_GROUP), first)
    publish(group(12, 4), first, term=SPRING, day=MARCH)


def test_a_child_who_used_a_right_is_not_there_in_the_next_term() -> None:
    """One fewer is a report like any other; what was printed stands."""
    first = publish(group(12, 4))
    fewer = group(12, 4)
    gone = "child 0"
    left = {name: each for name, each in fewer.children.items() if name != gone}
    second = publish(
        replace(fewer, children=left, sessions=missed(11)), first, term=SPRING, day=MARCH
    )
    assert second.certificate.statements == first.certificate.statements
    printed = [first.certificate, second.certificate]
    assert sum_year("2026/27", ONE, printed).missed == 72 + 66
    assert sum_year("2025/26", ONE, printed) == SumFigures(None)


def test_what_a_duty_tells_no_statement_says() -> None:
    """Nor in later reports: a health assessment that was done is a child who is up to date."""
    health = (replace(PLAN[0], duty="health"),)
    duty = Duty("health", ONE, due=4, done=3)
    assert publish(group(12, 4), attributes=health, duties=(duty,)).certificate.statements == ()
    first = publish(group(12, 4), attributes=health)
    assert len(first.certificate.statements) == 1
    told = publish(group(12, 4), duties=(duty,))
    later = publish(group(12, 4), told, term=SPRING, day=MARCH, attributes=health)
    assert later.certificate.statements == ()


def test_what_is_not_recorded_is_not_spoken_of() -> None:
    """Of eleven attributes that a school could hold, those it does."""
    twelve = group(12, 4)
    empty = publish_term(AUTUMN, DECEMBER, [twelve], [], attributes=PLAN, recorded=[])
    assert empty.certificate.statements == ()


def test_a_category_nobody_knows_stops_the_report() -> None:
    """Counted as lacking it, the statement could be false."""
    odd = group(12, 4)
    children = {**odd.children, "child 0": {"plan": "perhaps"}}
    with pytest.raises(DisclosureError, match="plan has no category 'perhaps'"):
        publish(replace(odd, children=children))


def test_the_attributes_of_the_report_are_those_of_the_list() -> None:
    """With records as report_child gives them."""
    records = {
        f"child {number}": {
            "home": "foster home",
            "moved": "not moved",
            "worker": "a new one",
            "review": "heard",
            **dict.fromkeys(("reading", "writing", "maths"), "kept pace"),
            "attainment": "behind the class",
            "help": "has help",
            "immunised": "up to date",
            "health": "up to date",
            "dental": "not recorded",
            "sdq": "a first score",
            "ehcp": "no plan",
            "suspended": "not suspended",
            "timetable": "full-time",
        }
        for number in range(12)
    }
    release = publish_term(AUTUMN, DECEMBER, [Group(ONE, records, missed(12))], [])
    said = {each.attribute: each.words for each in release.certificate.statements}
    rest = ("moved", "attainment", "dental", "sdq", "ehcp", "suspended", "timetable")
    assert {key for key, words in said.items() if words == "fewer than half of 12"} == set(rest)
    assert {*said.values()} == {"fewer than half of 12", "half or more of 12"}
    assert list(said) == [each.key for each in load_attributes()]


def test_pupil_premium_plus_is_told_in_sums() -> None:
    """Beside the sessions, for a group that it was counted of; of a year, those printed."""
    twelve = group(12, 4)
    shares = dict.fromkeys(twelve.children, 300)
    premium = Premium(shares, dict.fromkeys(shares, 200), shares)
    told = publish(replace(twelve, premium=premium)).certificate
    assert told.premium == {ONE: PremiumFigures(3600, 2400)}
    assert publish(twelve).certificate.premium == {}
    assert sum_premium("2026/27", ONE, [told, replace(told, term=SPRING)]).planned == 7200
    assert sum_premium("2025/26", ONE, [told]) == PremiumFigures(None)


def test_what_was_never_recorded_is_missing() -> None:
    """Pupil premium plus only where the school keeps it."""
    twelve = group(12, 4)
    shares = dict.fromkeys(twelve.children, 0)
    kept = replace(twelve, premium=Premium(shares, shares, shares))
    for asked, missing in ((twelve, ("plan",)), (kept, ("plan", "premium"))):
        told = publish_term(AUTUMN, DECEMBER, [asked], [], attributes=PLAN, recorded=[])
        assert told.certificate.missing == missing


def test_settings_make_it_stricter() -> None:
    """A school that wants 15 children before a statement."""
    strict = Settings(fewest_for_statements=15, fewest_for_sums=13)
    told = publish_term(
        AUTUMN, DECEMBER, [group(12, 4)], [], attributes=PLAN, settings=strict
    ).certificate
    assert (told.statements, told.sizes[ONE], told.sums[ONE].missed) == ((), None, None)


def test_a_release_goes_into_a_file_and_comes_back() -> None:
    """And its certificate, in which no child is."""
    first = replace(
        made := publish(group(24, 7), duties=(Duty("PEP", ONE, 24, 20, 1),)),
        certificate=replace(
            made.certificate,
            rates=(Rate("whole school", "2026/27", 0.054),),
            missing=("sdq",),
            premium={ONE: PremiumFigures(3600, None)},
        ),
    )
    second = publish(group(24, 7), first, term=SPRING, day=MARCH)
    for release in (first, second):
        record = json.loads(json.dumps(serialise_release(release)))
        assert restore_release(record) == release
        text = json.dumps(serialise_certificate(release.certificate))
        assert restore_certificate(json.loads(text)) == release.certificate
        assert "child" not in text


def test_duties_of_a_year_are_those_printed() -> None:
    """Ten and twelve meetings, one late in each term; last year's are in another sum."""
    printed = [
        publish(group(12, 4), term=term, day=day, duties=(duty,)).certificate
        for term, day, duty in (
            (Term("2025/26", "summer"), date(2026, 7, 10), Duty("PEP", ONE, 9, 9)),
            (AUTUMN, DECEMBER, Duty("PEP", ONE, 10, 9, 1)),
            (SPRING, MARCH, Duty("PEP", ONE, 12, 12, 1)),
        )
    ]
    assert sum_duties("2026/27", printed) == (Duty("PEP", ONE, 22, 21, 2),)
    assert sum_duties("2024/25", printed) == ()


def test_more_done_than_due_is_a_fault() -> None:
    """Whoever counted wrong hears of it."""
    with pytest.raises(ValueError, match="PEP"):
        Duty("PEP", ONE, due=3, done=4)
