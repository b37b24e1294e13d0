"""Access from Python to a school's marts: a few methods, which docs/analysis.md explains.

They are the same in plain Python, a notebook of marimo or Jupyter, and an editor.  Answers have
only what the role of the person who asks may see, and each opening is a line of the access log.
"""

import os
import sys
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from dashboard.text import words
from queries import read, reference
from queries.statement import format_sql
from safeguards.access import access

#: The purposes that the school's privacy notice allows.  The log keeps the one that was given.
PURPOSES = ("support", "progress", "services", "safeguarding")

#: The columns of each list that have a rule's name, its figure, the unit and the words.
_RULES = {
    "threshold": {"rule": "name", "figure": "value", "unit": "unit", "words": "meaning"},
    "look": {"rule": "rule", "figure": "threshold", "unit": "window_unit", "words": "reason"},
    "deadline": {"rule": "rule", "figure": "amount", "unit": "unit", "words": "name"},
}


class Lac:
    """A school's marts on one day, for one person.  `open_home` makes it."""

    def __init__(self, session: access.Session) -> None:
        self._session = session

    def __repr__(self) -> str:
        return f"{self.school}, {words.format_short_day(self.day)}, as {self.role}"

    @property
    def school(self) -> str:
        """The name of the school."""
        return self._session.school_name

    @property
    def home_of(self) -> str:
        """The kind of folder: "school", "trust" or "authority"."""
        return self._session.home_of

    @property
    def day(self) -> date:
        """The day that every answer is for."""
        return self._session.as_at

    @property
    def register_day(self) -> date:
        """The last full day of the register by that day.  Attendance goes up to it."""
        return self._session.register_day

    @property
    def role(self) -> str:
        """The role in which it was opened."""
        return self._session.role

    @property
    def is_demo(self) -> bool:
        """Whether every child in it is made up."""
        return self._session.is_demo

    def sql(self, query: str, **values: object) -> pl.DataFrame:
        """Run one select on tables and checks.  `$name` takes its value from `name=...`.

        Denied for data that the role may not see.  StoreError for anything but one select, and for
        a query that takes too long or too much memory.
        """
        return self._session.read(query, values)

    def mart(self, name: str, **values: object) -> pl.DataFrame:
        """Return a table or check, or its rows with some values: `mart("duty", status="done")`.

        ValueError for an unknown name.
        """
        if name not in read.list_definitions():
            raise ValueError(f"There is no table or check called {name}. `marts()` lists them all.")
        rows = self.sql(format_sql("from {name}", name=name))
        return rows.filter(**values) if values else rows

    def marts(self) -> pl.DataFrame:
        """List the tables and checks that the role may see, with summary, kind of data, columns."""
        return self._marts

    @cached_property
    def _marts(self) -> pl.DataFrame:
        marts = [mart for mart in read.list_marts() if self._session.has_category(mart.category)]
        return pl.DataFrame(
            {
                "name": mart.name,
                "what": mart.summary,
                "data": mart.category,
                "columns": self.sql(format_sql("from {name} limit 0", name=mart.name)).columns,
            }
            for mart in marts
        ).sort("name")

    def rules(self, name: str | None = None) -> pl.DataFrame:
        """Return the rules of the marts: thresholds, reasons for a look and deadlines, a row each.

        name: return all columns of this list, with the source of a rule and whether it was checked.
        ValueError if there is no such list.
        """
        if name is not None and name not in reference.list_reference_names():
            raise ValueError(f"There is no list of rules called {name}.")
        if name is not None:
            return reference.read(name)
        return pl.concat(
            reference.read(kind).select(
                list=pl.lit(kind), **columns, source="source", is_verified="is_verified"
            )
            for kind, columns in _RULES.items()
        )


def open_home(
    folder: str | Path | None = None,
    *,
    role: str | None = None,
    day: date | str | None = None,
    who: str | None = None,
    purpose: str = "services",
) -> Lac:
    """Open the marts of a school's folder, by default the folder that `lac notebook` was given.

    role: the role in a made-up school, by default the safeguarding lead.  day: by default today,
    or the demo's own day.  who: the person whose passphrase is asked for in a real home, by
    default the lead.  purpose: one of PURPOSES, or else ValueError.  Denied for a role that may not
    ask by SQL, and the errors of `safeguards.access.access.open`.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"The purpose must be one of {', '.join(PURPOSES)}.")
    settings = os.environ if folder is None else {}
    chosen = folder or settings.get("LAC_HOME")
    if chosen is None:
        raise ValueError('Say which folder to open, such as open_home("school").')
    asked = day or settings.get("LAC_AS_AT")
    session = access.open_notebook(
        Path(chosen),
        role=role or settings.get("LAC_ROLE"),
        as_at=date.fromisoformat(asked) if isinstance(asked, str) else asked,
        who=who,
        why=purpose,
    )
    if "marimo" in sys.modules:
        from notebooks import catalogue  # noqa: PLC0415 - only marimo's editor needs it

        catalogue.register(Lac)
    return Lac(session)
