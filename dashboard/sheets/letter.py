"""A letter to a school that is behind with its register. It says nothing about any child."""

from dataclasses import replace

from dashboard.report.content.model import Paragraph, Sheet
from dashboard.sheets import filtered
from dashboard.text import words
from queries import read
from safeguards.access import access


def write_letter(session: access.Session, school: read.Row) -> tuple[str, ...]:
    """Return the paragraphs. `school` is a row of school_load that is behind."""
    days, until = school["days_behind"], words.format_short_day(school["data_until"])
    files = read.fetch_loaded_files(session).filter(
        school_key=school["school_key"], file_name="attendance.csv"
    )
    newest, send, text = read.get_first_row(files), "Can you send it", ""
    if newest and newest["is_refused"]:
        text = f"{_describe_refusal(newest)} "
        send = (
            "Can you export the register again, check that it has the marks of each child and "
            "day, and send it"
        )
    if days is not None:
        are = f"{words.format_count(days, 'school day')} {words.pluralise(days, 'is')}"
        text += f"Your register has reached us up to {until}; {are} missing since then."
    elif not text:
        text = "We have no marks of your register yet."
    today, children = words.format_short_day(session.as_at), "the children whom we look after"
    return (
        f"Dear colleagues at {school['school_name']},",
        f"{text.strip()} {send} up to today, {today}, in the way that we agreed?",
        f"We need it to see each day that {words.say(children, session.home_of)} are in school.",
        "If something stands in the way, tell us what it is, and we will help.",
        session.school_name,
    )


def _describe_refusal(file: read.Row) -> str:
    """Say why a file was refused, as far as the stored counts show."""
    day, rows = words.format_short_day(file["loaded_at"]), file["rows_read"]
    why = "no row in it could be read as marks. It may be an empty file or another list"
    if rows:
        problems = words.format_count(file["problem_count"], "problem")
        why = f"it has {problems} in {words.format_count(rows, 'row')}"
    return f"Your register file of {day} was refused: {why}."


def build_letter(session: access.Session, school: read.Row) -> Sheet:
    """Return the letter as a sheet."""
    blocks = map(Paragraph, write_letter(session, school))
    sheet = filtered.build_sheet(session, "The register", blocks, note="")
    return replace(sheet, about=(), is_personal=False)
