"""Schools: what each has sent and how its children stand, who has no place, and the caseloads.

Only a home of many schools has this page. Schools stand by name; nothing ranks them.
"""

from collections import Counter

import streamlit as st

from dashboard.text import words
from dashboard.ui import components, lists, tab
from queries import read
from safeguards.access import access, recall


def render() -> None:
    """Draw the page."""
    session = tab.enter("schools")
    sees_children = session.has_category("care")
    rows = _list_schools(session) if sees_children else _list_loads(session)
    title = words.format_count(len(rows), "school")
    behind = sum(row.kind == "late" for row in rows)
    components.render_title(
        "schools", f"{words.capitalise(title)}, {behind or 'none'} behind with the register"
    )
    told = ("Children", "PEP meetings held", "Sessions missed", "Overdue") if sees_children else ()
    lists.render_list(
        session,
        "schools",
        "found",
        ("School", "Register up to", "Files came in", *told),
        [lists.Group(rows, label="Schools")],
    )
    if sees_children:
        _render_without_place(session)
        _render_caseloads(session)


@recall.share
def _list_loads(session: access.Session) -> list[lists.Row]:
    """What each school has sent, and up to when: for who sees no child."""
    rows = read.fetch_school_loads(session).to_dicts()
    return [_build_school(row) for row in rows]


@recall.share
def _list_schools(session: access.Session) -> list[lists.Row]:
    """The same, and how the children stand; an adviser's are the schools of their own."""
    return [
        _build_school(
            row,
            f"{row['children']:,}",
            f"{row['meetings_held']:,} of {row['meetings_owed']:,}",
            f"{row['absent_sessions']:,} of {row['possible_sessions']:,}"
            if row["possible_sessions"]
            else "no marks",
            f"{row['overdue']:,}",
        )
        for row in read.fetch_schools(session).to_dicts()
        if row["children"] or session.role != "adviser"
    ]


def _build_school(row: read.Row, *cells: str) -> lists.Row:
    """A school's line; one whose register is behind says so in words."""
    up_to: lists.Part = words.format_table_day(row["data_until"])
    if row["is_behind"]:
        days = row["days_behind"]
        behind = f"{up_to}: {words.format_count(days or 0, 'school day')} behind"
        up_to = lists.format_status("overdue", "no marks yet" if days is None else behind)
    came = words.format_table_day(row["loaded_at"].date())
    return lists.Row(
        cells=(lists.style("what", row["school_name"]), up_to, came, *cells),
        kind="late" if row["is_behind"] else "",
    )


def _render_without_place(session: access.Session) -> None:
    """Who is in care and on no roll, by code name."""
    rows = read.fetch_without_place(session).to_dicts()
    st.header(f"No school place ({len(rows)})", anchor=False)
    if not rows:
        st.markdown("Every child in care is on a school's roll.")
        return
    heads = (lists.CHILD, "Days without", "Last place until", "In its place", "Where they live")
    lists.render_list(
        session, "without", "found", heads, [lists.Group(_list_without(session), label=heads[0])]
    )


@recall.share
def _list_without(session: access.Session) -> list[lists.Row]:
    return [
        lists.Row(
            child=(row["pupil_id"], row["handle"]),
            is_linked=row["last_place_ended_on"] is not None and session.has_category("plans"),
            cells=(
                f"{row['days_without']:,}",
                words.format_table_day(row["last_place_ended_on"])
                if row["last_place_ended_on"]
                else "never had one here",
                row["provision"] or words.NOT_RECORDED,
                row["home_kind"] or words.NOT_RECORDED,
            ),
        )
        for row in read.fetch_without_place(session).to_dicts()
    ]


def _render_caseloads(session: access.Session) -> None:
    """How many children each adviser has; who is in no caseload is said too."""
    whose = session.fetch_advisers()
    numbers = Counter(whose.values())
    st.header(f"Caseloads ({len(numbers)})", anchor=False)
    nobody = len(session.list_pupils() - whose.keys())
    lines = [f"{name}: {words.format_count(number, 'child')}" for name, number in numbers.items()]
    lines += [f"In no caseload: {words.format_count(nobody, 'child')}"] if nobody else []
    rows = [lists.Row(cells=(lists.style("what", line),)) for line in sorted(lines)]
    lists.render_list(
        session, "caseloads", "found", ("Adviser",), [lists.Group(rows, label="Caseloads")]
    )
    components.render_small_text(
        "A child's page opens from Today or Children: choose a school or an adviser there."
    )
