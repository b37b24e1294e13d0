"""The census of children in need of a made-up school, in place of the rows that it tells."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from synthetic.returns.tables import Rows, add_all, find_last_day, read_rows, write_rows

FILE = "cin.xml"
_CARE, _STEPS, _ROLL = "care_episodes.csv", "protection.csv", "roll.csv"
_NEED, _PLAN = "in need", "on a protection plan"
#: The steps that such a census has a day for.
_TOLD = frozenset(
    [
        *("referral", "assessment completed", "section 47 begun", "initial conference"),
        *("plan begun", "review conference", "plan ended", "case closed"),
    ]
)
#: Of which a census tells the newest category, without the day.
_CHANGED = "category changed"
_APRIL = 4


@dataclass(frozen=True)
class Case:
    """A child's time in need or on plans without a break, and the steps of it."""

    rows: Rows
    steps: Rows

    @property
    def start(self) -> str:
        """The day of the referral."""
        return self.rows[0]["start"]

    @property
    def end(self) -> str:
        """The day on which it was closed; "" while it goes on."""
        return self.rows[-1]["end"]

    def list_steps(self, event: str) -> Rows:
        """The steps of a kind, first to last."""
        return [step for step in self.steps if step["event"] == event]


def write_census(files: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The files with the census of one authority among them, and the authority's name.

    It is the one with most children in need.  What it tells of them leaves care_episodes.csv
    and protection.csv.  Whoever has a period or a step that it cannot tell stays there.
    """
    roll = {row["upn"]: row for row in read_rows(files[_ROLL])}
    care, steps = read_rows(files[_CARE]), read_rows(files[_STEPS])
    needs = [row for row in care if row["status"] in (_NEED, _PLAN)]
    authority = Counter(row["authority"] for row in needs).most_common(1)[0][0]
    cases = {
        upn: found
        for upn in dict.fromkeys(row["upn"] for row in needs)
        if upn in roll
        if (found := _build_cases(upn, needs, steps, authority))
    }
    last = find_last_day(files)
    root = _build_root(last.year if last.month > _APRIL else last.year - 1)
    children = SubElement(root, "Children")
    for number, (upn, found) in enumerate(cases.items(), start=2001):
        _add_child(SubElement(children, "Child"), f"X{number}", roll[upn], found)
    indent(root)
    kept = {
        _CARE: [row for row in care if not (row["upn"] in cases and row in needs)],
        _STEPS: [row for row in steps if not (row["upn"] in cases and row["event"] in _TOLD)],
    }
    own = {
        name: write_rows(files[name].splitlines()[0].split(","), rows)
        for name, rows in kept.items()
    }
    text = tostring(root, encoding="unicode", xml_declaration=False)
    return {**files, **own, FILE: text}, authority


def _build_cases(upn: str, needs: Rows, steps: Rows, authority: str) -> list[Case]:
    """A child's cases, first to last; none where the census cannot tell all of them."""
    rows = sorted((row for row in needs if row["upn"] == upn), key=lambda row: row["start"])
    if any(row["start"] == "unknown" or row["authority"] != authority for row in rows):
        return []
    if any(step["upn"] == upn and step["event"] == _CHANGED for step in steps):
        return []
    runs: list[Rows] = []
    for row in rows:
        if runs and runs[-1][-1]["end"] == row["start"]:
            runs[-1].append(row)
        else:
            runs.append([row])
    own = [step for step in steps if step["upn"] == upn and step["event"] in _TOLD]
    cases = [Case(run, [step for step in own if _is_within(step["date"], run)]) for run in runs]
    is_whole = sum(len(case.steps) for case in cases) == len(own)
    return cases if is_whole and all(map(_is_told, cases)) else []


def _is_within(day: str, run: Rows) -> bool:
    return run[0]["start"] <= day and (not run[-1]["end"] or day <= run[-1]["end"])


def _is_told(case: Case) -> bool:
    """Whether what a census says of a case gives its periods and steps again."""
    plans = [row for row in case.rows if row["status"] == _PLAN]
    days = {
        "referral": [case.start],
        "case closed": [case.end] if case.end else [],
        "plan begun": [row["start"] for row in plans],
        "plan ended": [row["end"] for row in plans if row["end"]],
    }
    found = {event: [step["date"] for step in case.list_steps(event)] for event in days}
    in_plans = all(
        any(_is_within(step["date"], [plan]) for plan in plans)
        for step in case.list_steps("review conference")
    )
    enquiries = len(case.list_steps("section 47 begun"))
    return (
        case.rows[0]["status"] == _NEED
        and days == found
        and in_plans
        and all(step["referred_by"] for step in case.list_steps("referral"))
        and len(case.list_steps("initial conference")) == enquiries
    )


def _build_root(year: int) -> Element:
    root = Element("Message")
    header = SubElement(root, "Header")
    details = SubElement(header, "CollectionDetails")
    add_all(details, Collection="CIN", Year=f"{year}", ReferenceDate=f"{year}-03-31")
    source = SubElement(header, "Source")
    add_all(source, SourceLevel="L", LEA="001", SoftwareCode="MADEUP", SerialNo="001")
    add_all(source, DateTime=f"{year}-04-20T10:00:00")
    return root


def _add_child(child: Element, number: str, stay: Mapping[str, str], cases: Iterable[Case]) -> None:
    own = SubElement(child, "ChildIdentifiers")
    add_all(own, LAchildID=number, UPN=stay["upn"], PersonBirthDate=stay["date_of_birth"])
    add_all(own, Sex=stay["sex"])
    add_all(SubElement(child, "ChildCharacteristics"), Ethnicity="NOBT")
    for case in cases:
        _add_case(SubElement(child, "CINdetails"), case)


def _add_case(details: Element, case: Case) -> None:
    (referral,) = case.list_steps("referral")
    closed = next(iter(case.list_steps("case closed")), {})
    add_all(details, CINreferralDate=case.start, ReferralSource=referral["referred_by"])
    add_all(details, PrimaryNeedCode="N1", CINclosureDate=case.end)
    add_all(details, ReasonForClosure=closed.get("reason", ""))
    for step in case.list_steps("assessment completed"):
        assessment = SubElement(details, "Assessments")
        add_all(assessment, AssessmentActualStartDate=case.start)
        add_all(assessment, AssessmentAuthorisationDate=step["date"])
    enquiries = case.list_steps("section 47 begun")
    conferences = case.list_steps("initial conference")
    for step, conference in zip(enquiries, conferences, strict=True):
        enquiry = SubElement(details, "Section47")
        add_all(enquiry, S47ActualStartDate=step["date"], DateOfInitialCPC=conference["date"])
        add_all(enquiry, ICPCnotRequired="false")
    add_all(details, ReferralNFA="false")
    plans = [row for row in case.rows if row["status"] == _PLAN]
    begun = case.list_steps("plan begun")
    for before, (plan, step) in enumerate(zip(plans, begun, strict=True)):
        _add_plan(SubElement(details, "ChildProtectionPlans"), plan, step, before, case)


def _add_plan(
    element: Element, plan: Mapping[str, str], begun: Mapping[str, str], before: int, case: Case
) -> None:
    add_all(element, CPPstartDate=plan["start"], CPPendDate=plan["end"])
    add_all(element, InitialCategoryOfAbuse=begun["abuse"], LatestCategoryOfAbuse=begun["abuse"])
    add_all(element, NumberOfPreviousCPP=f"{before}")
    reviews = SubElement(element, "Reviews")
    for step in case.list_steps("review conference"):
        if _is_within(step["date"], [dict(plan)]):
            add_all(reviews, CPPreviewDate=step["date"])
