"""The papers of a new home: drafts that say what the program does, for the school to check.

A draft is no advice.  It says what the program does.  The school must add what it does itself.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files
from string import Template

from safeguards.access import roles
from safeguards.files import write_private
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from stewardship.registers import recipients
from stewardship.retention import schedule

FOLDER = "drafts"

_DRAFTS = ("impact_assessment.md", "record_of_processing.md", "notice_sentence.md")


def write(home: Home, keys: Keys, *, school: str, exports: Mapping[str, str], on: date) -> None:
    """Put the drafts, the retention schedule and an empty list of recipients into a new home.

    exports: what a row stands for, by export file.  OSError if a file cannot be written.
    """
    templates = files("stewardship.papers")
    keys.heads.write(home.folder / schedule.FILE, schedule.build_template().encode("utf-8"))
    keys.heads.write(home.folder / recipients.FILE, recipients.get_template().encode("utf-8"))
    folder = home.folder / FOLDER
    folder.mkdir(mode=0o700)
    values = {
        "school": school,
        "on": on.isoformat(),
        "exports": _format_list(f"`{name}`: {grain}" for name, grain in exports.items()),
        "categories": _format_list(f"{text} (`{name}`)" for name, text in roles.CATEGORIES.items()),
        "roles": _describe_roles(),
        "retention": _format_list(rule.sentence for rule in schedule.load_schedule(home, keys)[0]),
    }
    for name in _DRAFTS:
        text = Template(templates.joinpath(name).read_text("utf-8")).substitute(values)
        write_private(folder / name, text.encode("utf-8"))


def _describe_roles() -> str:
    """Return a line for each role with the kinds of data that it sees, from the program's table."""
    lines = []
    for role in roles.ROLES:
        seen = [name for name in roles.CATEGORIES if name in roles.list_categories(role)]
        lines.append(f"`{role}`: {', '.join(seen) if seen else 'no data about children'}")
    return _format_list(lines)


def _format_list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
