# Start it with:  lac notebook does_it_help --home HOME
import marimo

__generated_with = "0.25.0"
app = marimo.App(width="compact", app_title="Does what we do help?", css_file="style.css")


@app.cell
def parameters():
    import os as _os

    # Change these, and everything below follows.
    home = _os.environ.get("LAC_HOME")
    role = _os.environ.get("LAC_ROLE", "dsl")
    as_at = _os.environ.get("LAC_AS_AT")
    # school days on either side, and how many of them each side needs
    days = 30
    fewest = 20
    return as_at, days, fewest, home, role


@app.cell
def question():
    import marimo as mo

    mo.md("""
    # Does what we do help?

    **Question:** did a child miss less school after help began than before it?

    It sets help in place, part-time timetables and logged actions beside the child's own line:
    sessions missed in the school days before, and in as many after.
    For safeguarding leads and analysts. It runs in a minute, from top to bottom.
    No name is shown: a child is two plain words.
    """)
    return (mo,)


@app.cell
def door(as_at, home, mo, role):
    from dashboard.text import words
    from safeguards.access import access

    mo.stop(home is None, mo.md("Say which home to read: `lac notebook NAME --home HOME`."))
    held = access.open_notebook(home, role, as_at)
    kind = "Demo data: no real children." if held.is_demo else "Real data: keep it on this screen."
    shown = f" Shown as at {words.format_short_day(held.as_at)}." if as_at else ""
    mo.md(f"{kind} Register up to {words.format_short_day(held.register_day)}.{shown}")
    return held, words


@app.cell
def before_and_after(days, held):
    sql = """
    with done as (
        select
            helps.pupil_id,
            'help: ' || lower(helps.kind) as what,
            helps.intervention_date as began_on
        from pupil_intervention as helps
        union
        select
            times.pupil_id,
            times.kind as what,
            times.provision_date as began_on
        from pupil_provision as times
        union
        select
            actions.pupil_id,
            'action: ' || actions.kind as what,
            min(actions.action_date) as began_on
        from pupil_action as actions
        where actions.corrected_by is null
        group by actions.pupil_id, actions.kind
    ),
    lines as (
        select
            pupil_id,
            session_date,
            count(*) filter (where is_possible) as possible,
            count(*) filter (where is_absent) as missed
        from pupil_session
        group by pupil_id, session_date
        having count(*) filter (where is_possible) > 0
    ),
    placed as (
        select
            done.pupil_id,
            done.what,
            done.began_on,
            lines.possible,
            lines.missed,
            lines.session_date >= done.began_on as is_after,
            row_number() over (
                partition by
                    done.pupil_id,
                    done.what,
                    done.began_on,
                    lines.session_date >= done.began_on
                order by abs(lines.session_date - done.began_on)
            ) as place
        from done
        inner join lines on done.pupil_id = lines.pupil_id
    )
    select
        members.handle,
        placed.what,
        placed.began_on,
        count(*) filter (where not placed.is_after) as days_before,
        count(*) filter (where placed.is_after) as days_after,
        sum(placed.missed) filter (where not placed.is_after) as missed_before,
        sum(placed.possible) filter (where not placed.is_after) as possible_before,
        sum(placed.missed) filter (where placed.is_after) as missed_after,
        sum(placed.possible) filter (where placed.is_after) as possible_after
    from placed
    inner join cohort_member as members on placed.pupil_id = members.pupil_id
    where placed.place <= $days
    group by
        members.year_group,
        members.handle,
        placed.what,
        placed.began_on
    order by
        members.year_group,
        members.handle,
        placed.began_on,
        placed.what
    """
    found = held.read(sql, {"days": days})
    return found, sql


@app.cell
def by_child(fewest, found, mo, sql, words):
    readable = [
        row
        for row in found.to_dicts()
        if row["days_before"] >= fewest and row["days_after"] >= fewest
    ]
    _rows = [
        f"| {row['handle']} | {row['what']}, {words.format_short_day(row['began_on'])} "
        f"| {words.format_part(int(row['missed_before']), int(row['possible_before']))} "
        f"| {words.format_part(int(row['missed_after']), int(row['possible_after']))} |"
        for row in readable
    ]
    _table = ["| Child | What, and since when | Before | After |", "| :-- | :-- | :-- | :-- |"]
    _table += _rows
    _left = found.height - len(readable)
    mo.vstack(
        [
            mo.md(
                f"## 1. Beside the child's own line: {len(readable)} can be read so\n\n"
                + ("\n".join(_table) if _rows else "Nothing has days enough on either side.")
                + f"\n\nLeft out, with too few days on one side: {_left}."
            ),
            mo.accordion({"The query": mo.md(f"```sql{sql}```")}),
        ]
    )
    return (readable,)


@app.cell
def for_groups(mo, readable):
    # a group is spoken of from ten children on, and never by a number
    _smallest = 10
    first = {row["handle"]: row for row in reversed(readable)}
    fewer = sum(
        row["missed_after"] * row["possible_before"] < row["missed_before"] * row["possible_after"]
        for row in first.values()
    )
    if len(first) < _smallest:
        statement = "Too few children can be read so to speak of them as a group."
    elif fewer * 2 > len(first):
        statement = "Most children missed less school after help first began than before it."
    else:
        statement = "It is not so that most children missed less school after help first began."
    mo.md(f"## 2. For the group, a statement only\n\n{statement}")
    return fewer, first, statement


@app.cell
def limits(mo):
    mo.md("""
    ## What this cannot tell you

    - What caused a change. Help often begins when things are worst, and they mend by themselves.
    - What would have been without it. Nobody had no help by chance.
    - Whether a child is happier or learns more. Ask the child, and look at Learning.
    - Anything where several things began together: each is set beside the same days.

    ## Try it

    Start it with `--edit` and set `days` to 15 in the first cell.
    Does the same child still stand out?
    """)
    return


if __name__ == "__main__":
    app.run()
