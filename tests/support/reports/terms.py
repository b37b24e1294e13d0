"""Made-up schools through the new gate: the release of each report, one after another."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from safeguards.disclosure.certificate import Release, Term
from safeguards.disclosure.families import Attribute
from safeguards.disclosure.publish import Group, publish_term
from safeguards.disclosure.settings import Settings
from safeguards.disclosure.sums import Sessions
from tests.support.reports.comings import GROUPS, School

FIRST = date(2026, 12, 11)
NOTHING = Sessions({}, {}, {}, {})


def build_attributes(names: Sequence[str]) -> tuple[Attribute, ...]:
    """Attributes that nothing else bears on, each a family of its own."""
    return tuple(
        Attribute(
            family=name,
            key=name,
            groups=GROUPS,
            has=frozenset({"yes"}),
            lacks=frozenset({"no"}),
            many=f"have {name}",
        )
        for name in names
    )


def build_group(
    name: str, children: Mapping[str, Mapping[str, bool]], sessions: Sessions = NOTHING
) -> Group:
    """A group of children who have an attribute or have not."""
    records = {
        child: {key: "yes" if has else "no" for key, has in record.items()}
        for child, record in children.items()
    }
    return Group(name, records, sessions)


def publish_report(
    school: School, report: int, earlier: Sequence[Release], settings: Settings | None = None
) -> Release:
    """The release of one report, both groups in it."""
    groups = [
        build_group(
            name,
            {
                child: {key: each[child][report] for key, each in school.courses.items()}
                for child in school.list_members(report, name)
            },
        )
        for name in GROUPS
    ]
    return publish_term(
        Term(f"year {report}", "summer"),
        FIRST + timedelta(weeks=14 * report),
        groups,
        earlier,
        attributes=build_attributes(tuple(school.courses)),
        settings=settings,
    )


def publish_reports(school: School, settings: Settings | None = None) -> list[Release]:
    """The release of each report, one after another."""
    releases: list[Release] = []
    for report in range(len(next(iter(school.stays.values())))):
        releases.append(publish_report(school, report, releases, settings))
    return releases
