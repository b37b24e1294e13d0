"""The sentences of a report: computed from what may be told, and right for every number.

A finding is a sentence without its stop, which heads a part of the report.
"""

from collections.abc import Iterator, Sequence

from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY, Facts, format_term
from dashboard.report.content.figures import FIRST_PEP, OTHERS
from dashboard.text import words
from safeguards.disclosure.figures import MISSED, PLANNED, SUSPENDED, Duty, Sum

#: The line of the whole school among the rates.
SCHOOL = "whole school"
_COULD_IDENTIFY = "because the figure could identify a child"
#: Under the title of Part One and of the clerk's page, and under that of Part Two.
NOTE = "We count what the school did and give totals only, so that no child can be identified."
CONFIDENTIAL = (
    "For governors only: a small number here may identify a child, so do not copy or minute it."
)


def describe_number(number: int | None, fewest: int) -> str:
    """12 children; fewer than so many children; no child."""
    if number is None:
        return f"fewer than {fewest} children"
    return words.format_count(number, "child") if number else "no child"


def find_size(facts: Facts) -> str:
    """How many children there are, as a finding."""
    fewest, said = facts.told.settings.fewest, []
    for group in (LOOKED_AFTER, PREVIOUSLY):
        number = facts.told.roll[group].children
        verb = "is" if number == 0 else "are"
        said.append(f"{describe_number(number, fewest)} {verb} {group}")
    return words.capitalise(words.format_list(said))


def describe_roll(facts: Facts) -> Iterator[str]:
    """Who came and left in the school year, by group, and how many there were before."""
    fewest = facts.told.settings.fewest
    for group in (LOOKED_AFTER, PREVIOUSLY):
        roll = facts.told.roll[group]
        came = describe_number(roll.arrived, fewest)
        left = f"fewer than {fewest}" if roll.left is None else roll.left or "none"
        yield f"{words.capitalise(group)}: {came} came and {left} left."
    before = facts.last.roll.get(LOOKED_AFTER) if facts.last else None
    if facts.last and before and before.children:
        last = format_term(facts.last).lower()
        yield f"In the {last} report {before.children} were looked after."


#: The same whatever the figures are: else it would say that somebody was suspended.
SEE_PART_TWO = (
    "Part Two gives the local authority's grades for the plans. It says whether the Virtual School "
    "and social workers were told in time of each suspension, if any."
)


def find_peps(facts: Facts) -> str:
    """What became of the PEP meetings, as a finding; one that is still to come is no failing."""
    duty = facts.duties.kinds["PEP"]
    if not facts.told.is_counted:
        said = "All" if duty.is_kept else "Not all"
        return f"{said} PEP meetings due so far were held in time"
    if not duty.due:
        return f"No PEP meeting was due {facts.period}"
    if duty.unrecorded == duty.due:
        return "No PEP meeting is recorded yet"
    rest = [
        f"{number} {words.pluralise(number, verb)} {state}"
        for number, verb, state in (
            (duty.late, "was", "held late"),
            (duty.not_done, "was", "not held"),
            (duty.unrecorded, "is", "not recorded"),
            (duty.to_come, "is", "still to come"),
        )
        if number
    ]
    held = f"{duty.in_time} of {duty.due}" if rest else f"All {duty.due}"
    return words.format_list([f"{held} PEP meetings were held in time", *rest])


def describe_duty_words(facts: Facts) -> Iterator[str]:
    """What became of each duty of the school's, where there are too few children for figures."""
    yield describe_first_peps(facts)
    yield (
        "Every day of absence has a reason, or there is still time to record it."
        if facts.duties.kinds["reason"].is_kept
        else "Some days of absence have no reason recorded in time: see Part Two."
    )
    yield from describe_support_words(facts)


def describe_first_peps(facts: Facts) -> str:
    """What became of the first PEP meetings, always in words: as many are due as children came."""
    return (
        "All first PEP meetings due so far were held in time."
        if facts.duties.kinds[FIRST_PEP].is_kept
        else "Not all first PEP meetings were held in time: see Part Two."
    )


def describe_support_words(facts: Facts) -> Iterator[str]:
    """Whether each review of support was in its time; it hides how many have support."""
    if facts.has_support:
        kinds = facts.duties.kinds
        yield (
            "No support or part-time timetable is overdue for review."
            if kinds["support"].is_kept and kinds["timetable"].is_kept
            else "Some support or a timetable is overdue for review: see Part Two."
        )


def describe_reasons(facts: Facts) -> str:
    """The days of absence without a reason, in figures."""
    return _describe_open(
        [facts.duties.kinds["reason"]],
        "day of absence",
        "past the time for its reason",
        "still in time",
        facts.period,
    )


def describe_support(facts: Facts) -> Iterator[str]:
    """The reviews of support, in figures: as many as there are children who have it."""
    if facts.has_support:
        yield _describe_open(
            [facts.duties.kinds["support"], facts.duties.kinds["timetable"]],
            "review of support or of a part-time timetable",
            "past its day",
            "still to come",
            facts.period,
        )


def _describe_open(duties: Sequence[Duty], noun: str, state: str, coming: str, period: str) -> str:
    number = sum(each.not_done + each.open_before for each in duties)
    before = sum(each.open_before for each in duties)
    to_come = sum(each.to_come for each in duties)
    said = f"No {noun} is {state}"
    if number == 1:
        said = f"1 {noun} is {state}"
    elif number:
        first, _, rest = noun.partition(" ")
        said = f"{number} {words.pluralise(number, first)} {rest} are {state}".replace(
            "its", "their"
        )
    if before:
        said += f", {before} from before {period}"
    ahead = f"; {to_come} {words.pluralise(to_come, 'is')} {coming}" if to_come else ""
    return f"{said}{ahead}."


def describe_quality(facts: Facts) -> str:
    """The authority's word for the plans of the meetings held; empty where there are none.

    In a term each child has one plan, so it counts children.
    """
    quality = dict(facts.duties.quality)
    without = quality.pop("", 0)
    if not quality:
        return ""
    parts = [
        f"{word.lower()} for {number}"
        for word, number in sorted(quality.items(), key=lambda each: (-each[1], each[0]))
    ]
    if without:
        parts.append(f"none yet for {without}")
    return f"The local authority's grades for the plans: {words.format_list(parts)}."


def describe_last_peps(facts: Facts) -> str:
    """The PEP meetings of the report before; empty where it had none in figures."""
    last = facts.last_duties.kinds.get("PEP") if facts.last_duties else None
    if last is None or not last.due:
        return ""
    return f"It was {last.in_time} of {last.due} {facts.last_period}."


def find_missed(facts: Facts) -> str:
    """What share of their sessions they missed, as a finding; empty where it may not be said."""
    told, rates = facts.get_sum(MISSED), facts.told.rates
    if told.value is None or not told.base:
        return ""
    if rates is None:
        return f"{words.format_part(told.value, told.base)} were missed {_period(told, facts)}"
    share = words.format_percent(told.value / told.base)
    said = f"{share} of sessions were missed {_period(told, facts)}"
    school = [each.share for each in rates if each.line == SCHOOL]
    if not school:
        return said
    return f"{said}, {words.format_percent(school[0])} across the school"


def describe_missed(facts: Facts) -> Iterator[str]:
    """What the children looked after missed, now, in the year so far and in the report before."""
    if not facts.told.is_counted:
        yield f"Sessions are not given for fewer than {facts.told.settings.fewest} children."
        return
    told, last = facts.get_sum(MISSED), facts.get_last_sum(MISSED)
    if told.value is None:
        yield f"We have left out sessions missed {_COULD_IDENTIFY}."
    else:
        missed, period = _format_missed(told, facts), _period(told, facts)
        yield f"Children looked after missed {missed} {period}."
        if last.value is not None:
            yield f"It was {_format_missed(last, facts)} {facts.last_period}."
    year = facts.told.year[MISSED]
    if not facts.is_annual and year.value is not None and year.base != told.base:
        yield f"It is {_format_missed(year, facts)} this school year so far."
    yield from _describe_held_back(told if facts.is_annual else year)
    if facts.told.missing:
        yield f"The register of {_format_terms(facts.told.missing)} is not in our records."


def describe_suspended(facts: Facts) -> Iterator[str]:
    """The sessions lost to suspension and what is not in them, or that they are left out."""
    told = facts.get_sum(SUSPENDED)
    if told.value is None:
        yield f"We have left out sessions lost to suspension {_COULD_IDENTIFY}."
        return
    lost, period = words.format_count(told.value, "session"), _period(told, facts)
    yield f"They lost {lost} to suspension {period}."
    yield from _describe_held_back(told if facts.is_annual else Sum(None))


def describe_nation(facts: Facts) -> Iterator[str]:
    """What England's children looked after missed; nothing where it is not published."""
    for each in facts.told.rates or ():
        if each.line != SCHOOL:
            yield (
                "In England's primary schools, children looked after for 12 months missed "
                f"{words.format_percent(each.share)} of sessions in {each.year}."
            )


def find_premium(facts: Facts) -> str:
    """What was planned and spent of pupil premium plus, as a finding; empty where untold."""
    told = facts.get_sum(PLANNED)
    if told.value is None:
        return ""
    said = f"£{told.value:,} of pupil premium plus was planned {_period(told, facts)}"
    spent = facts.told.spent if facts.is_annual else None
    if spent is None or spent.value is None:
        return said
    return f"{said}, and £{spent.value:,} was spent by {words.format_short_day(spent.by)}"


def describe_premium(facts: Facts) -> Iterator[str]:
    """What is left out of pupil premium plus, and what there was in the report before."""
    if not facts.told.is_counted:
        yield f"Amounts are not given for fewer than {facts.told.settings.fewest} children."
        return
    told, last = facts.get_sum(PLANNED), facts.get_last_sum(PLANNED)
    if told.value is None:
        yield (
            "We have left out what was planned and spent because the figure could identify a "
            "child, or little is recorded."
        )
        return
    if last.value is not None:
        yield f"£{last.value:,} was planned {facts.last_period}."
    if facts.is_annual and facts.told.spent and facts.told.spent.value is None:
        yield f"We have left out what was spent {_COULD_IDENTIFY}."
    yield from _describe_held_back(told if facts.is_annual else Sum(None))


def describe_method(facts: Facts) -> str:
    """How the figures were made, for who doubts one."""
    settings = facts.told.settings
    return (
        f"Groups of fewer than {settings.fewest} children have no figures. "
        "A session is half a day, and is counted if the school was open, wherever the child was. "
        "The Attendance page leaves out those that a child could not attend, so it may have fewer. "
        "A child counts on the days when they were looked after. "
        "A total is given once, and only if nobody could guess a single share of it to within "
        f"{settings.percent}%. Later corrections are in later reports. "
        "A duty counts in the term of its deadline."
    )


def find_others(facts: Facts) -> str:
    """What became of the duties that others hold, as a finding."""
    held = [facts.duties.kinds[kind] for kind in OTHERS]
    due, in_time = sum(each.due for each in held), sum(each.in_time for each in held)
    to_come = sum(each.to_come for each in held)
    if not due:
        return f"No check, score or plan was due from others {facts.period}"
    later = f", and {to_come} {words.pluralise(to_come, 'is')} still to come" if to_come else ""
    return f"Others did {in_time} of {due} checks, scores and plans in time{later}"


def _period(told: Sum, facts: Facts) -> str:
    """Of when a sum is; one that is not of its term alone says since which day."""
    return f"since {words.format_short_day(told.since)}" if told.since else facts.period


def _format_missed(told: Sum, facts: Facts) -> str:
    """181 of 3,208 sessions (5.6%); without the share while it is too early for one."""
    has_share = facts.told.rates is not None
    return words.format_part(told.value or 0, told.base, with_percent=has_share)


def _describe_held_back(told: Sum) -> Iterator[str]:
    if told.value is not None and told.held_back:
        yield (
            f"It does not include all of {_format_terms(told.held_back)}, because the rest could "
            "identify a child."
        )


def _format_terms(names: Sequence[str]) -> str:
    return f"the {words.format_list(names)} {words.pluralise(len(names), 'term')}"
