"""A letter to a school that is behind with its register, of which no word is about a child."""

from dashboard.report.content.model import Paragraph, Sheet
from dashboard.text import words
from queries import read
from safeguards.access import access


def write_letter(session: access.Session, school: read.Row) -> tuple[str, ...]:
    """Its paragraphs.  school: a row of school_load that is behind."""
    days, until = school["days_behind"], words.format_short_day(school["data_until"])
    told = "We have no marks of your register yet."
    if days is not None:
        are = f"{words.format_count(days, 'school day')} {words.pluralise(days, 'is')}"
        told = f"Your register has reached us up to {until}; {are} missing since then."
    today, whose = words.format_short_day(session.as_at), "the children whom we look after"
    return (
        f"Dear colleagues at {school['school_name']},",
        f"{told} Can you send it up to today, {today}, in the way that we agreed?",
        f"We need it to see each day that {words.say(whose, session.home_of)} are in school.",
        "If something stands in the way, tell us what it is, and we will help.",
        session.school_name,
    )


def build_letter(session: access.Session, school: read.Row) -> Sheet:
    """The same as a paper."""
    return Sheet(
        title="The register",
        school=session.school_name,
        as_at=session.as_at,
        taken_by=words.ROLES[session.role] if session.is_demo else session.actor,
        about=(),
        note="",
        blocks=tuple(map(Paragraph, write_letter(session, school))),
        is_personal=False,
    )
