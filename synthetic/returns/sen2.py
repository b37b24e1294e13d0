"""The SEN2 return of a made-up school's children, in place of the steps of a plan that it tells."""

from collections.abc import Mapping

from synthetic.returns.tables import (
    Rows,
    format_moment,
    group_by_child,
    load_columns,
    read_rows,
    write_rows,
)

_ROLL, _STEPS = "roll.csv", "ehcp.csv"
_LINKS = ("NativeId", "sourceid")
COLUMNS = load_columns("sen2")
_PERSON, _REQUESTS, _ASSESSMENT, _PLAN, _ACTIVE = COLUMNS
_OUTCOMES = {"agreed to assess": "Y", "refused to assess": "N"}


def write_sen_return(files: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The files with a return among them; it has no authority's name.

    Told of each child are the first request and what came of it, that no plan was issued, the
    newest review meeting and that a plan ceased.  These steps leave ehcp.csv; all others stay,
    and so do those with a kind of need.
    """
    roll = {row["upn"]: row for row in read_rows(files[_ROLL])}
    steps = read_rows(files[_STEPS])
    tables: dict[str, Rows] = {name: [] for name in COLUMNS}
    told: Rows = []
    by_child = group_by_child(step for step in steps if step["upn"] in roll)
    for number, (upn, own) in enumerate(by_child.items(), start=1):
        found = _choose_steps(own)
        told += found.values()
        tables[_PERSON].append(_build_person(number, roll[upn]))
        tables[_REQUESTS].append(_build_request(number, found))
        issued = [step["date"] for step in own if step["event"] == "plan issued"]
        if "refused to issue" in found or issued:
            tables[_ASSESSMENT].append(_build_assessment(number, found, issued))
        if issued:
            tables[_PLAN].append(
                _link("namedplan", number)
                | {"assessmenttableid": f"a{number}", "startdate": format_moment(issued[0])}
                | {"ceasedate": format_moment(found.get("ceased", {}).get("date", ""))}
            )
        if "review meeting" in found:
            tables[_ACTIVE].append(
                _link("activeplans", number)
                | {"requeststableid": f"r{number}"}
                | {"reviewmeeting": format_moment(found["review meeting"]["date"])}
            )
    rest = [step for step in steps if step not in told]
    written = {name: write_rows(COLUMNS[name], rows) for name, rows in tables.items() if rows}
    return {**files, _STEPS: write_rows(list(steps[0]), rest), **written}, ""


def _choose_steps(own: Rows) -> dict[str, dict[str, str]]:
    """The steps of a child that a return tells, by what they are."""
    plain = [step for step in own if not step["primary_need"]]
    found: dict[str, dict[str, str]] = {}
    for step in sorted(plain, key=lambda each: each["date"], reverse=True):
        if step["event"] == "review meeting":
            found.setdefault("review meeting", step)
        elif step["event"] in ("requested", "refused to issue", *_OUTCOMES):
            found[step["event"]] = step
        elif step["event"] == "ceased" and any(s["event"] == "plan issued" for s in own):
            found["ceased"] = step
    if set(_OUTCOMES) <= set(found):  # of two decisions the return has room for one
        del found["refused to assess"]
    return found


def _build_person(number: int, stay: Mapping[str, str]) -> dict[str, str]:
    names = {name: stay[name] for name in ("surname", "forename", "sex", "postcode", "upn")}
    born = {"personbirthdate": format_moment(stay["date_of_birth"]), "ethnicity": "NOBT"}
    return _link("person", number) | names | born | {"sen2tableid": "h1"}


def _build_request(number: int, found: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    row = _link("requests", number) | {"persontableid": f"p{number}", "rya": "false"}
    if "requested" in found:
        row["receiveddate"] = format_moment(found["requested"]["date"])
    for event, letter in _OUTCOMES.items():
        if event in found:
            row |= {
                "requestoutcome": letter,
                "requestoutcomedate": format_moment(found[event]["date"]),
            }
    return {"requestoutcome": "H"} | row


def _build_assessment(
    number: int, found: Mapping[str, Mapping[str, str]], issued: list[str]
) -> dict[str, str]:
    row = _link("assessment", number) | {"requeststableid": f"r{number}", "week20": "false"}
    if refused := found.get("refused to issue"):
        told = {"assessmentoutcome": "N", "assessmentoutcomedate": format_moment(refused["date"])}
    else:
        told = {"assessmentoutcome": "Y", "assessmentoutcomedate": format_moment(issued[0])}
    return row | told


def _link(table: str, number: int) -> dict[str, str]:
    own = {f"{table}tableid": f"{table[0]}{number}", f"{table}orderseqcolumn": f"{number}"}
    return own | dict(zip(_LINKS, ("LA1", "s1"), strict=True))
