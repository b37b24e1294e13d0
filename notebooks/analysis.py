"""The way from Python to a school's marts: one page of methods, told in docs/analysis.md.

The same in plain Python, a notebook of marimo or Jupyter, and an editor.  What it answers is
what the role of whoever asks may see, and each opening is a line of the access log.
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

#: What the school's privacy notice lets its data be used for; the log says which it was.
PURPOSES = ("support", "progress", "services", "safeguarding")

#: Of each list, the columns that say what a rule is called, its figure, the unit and the words.
_RULES = {
    "threshold": {"rule": "name", "figure": "value", "unit": "unit", "words": "meaning"},
    "look": {"rule": "rule", "figure": "threshold", "unit": "window_unit", "words": "reason"},
    "deadline": {"rule": "rule", "figure": "amount", "unit": "unit", "words": "name"},
}


class Lac:
    """A school's marts on one day, for one person; made by `open_home`."""

    def __init__(self, session: access.Session) -> None:
        self._session = session

    def __repr__(self) -> str:
        return f"{self.school}, {words.format_short_day(self.day)}, as {self.role}"

    @property
    def school(self) -> str:
        """What the school is called."""
        return self._session.school_name

    @property
    def home_of(self) -> str:
        """Return whose folder it is: "school", "trust" or "authority"."""
        return self._session.home_of

    @property
    def day(self) -> date:
        """The day that every answer is of."""
        return self._session.as_at

    @property
    def register_day(self) -> date:
        """The last full day of the register by then: attendance goes up to it."""
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
        """The rows of one select on tables and checks; `$name` takes its value from `name=...`.

        Denied for what the role may not see.  StoreError for anything but one select, and for
        what takes too long or too much memory.
        """
        return self._session.read(query, values)

    def mart(self, name: str, **values: object) -> pl.DataFrame:
        """All rows of a table or check, or those with these values: `mart("duty", status="done")`.

        ValueError for a name that there is not.
        """
        if name not in read.list_definitions():
            raise ValueError(f"There is no table or check called {name}. `marts()` lists them all.")
        rows = self.sql(format_sql("from {name}", name=name))
        return rows.filter(**values) if values else rows

    def marts(self) -> pl.DataFrame:
        """Each table and check that the role may see: what it is, kind of data, columns."""
        return self._marts

    @cached_property
    def _marts(self) -> pl.DataFrame:
        found = [each for each in read.list_marts() if self._session.has_category(each.category)]
        return pl.DataFrame(
            {
                "name": each.name,
                "what": each.summary,
                "data": each.category,
                "columns": self.sql(format_sql("from {name} limit 0", name=each.name)).columns,
            }
            for each in found
        ).sort("name")

    def rules(self, name: str | None = None) -> pl.DataFrame:
        """The rules that marts go by: thresholds, reasons for a look and deadlines, a row each.

        name: one list whole, with the source of each rule and whether that was checked.
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
    """The marts of the school's folder: by default of the one that `lac notebook` was given.

    role: in a made-up school, as whom; the safeguarding lead if unset.  day: today if unset, or
    the demo's own.  who: whose passphrase is asked for in a real home; the lead's if unset.
    purpose: one of PURPOSES.  Denied for a role that may not ask by SQL, and the errors of
    `safeguards.access.access.open`.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"The purpose must be one of {', '.join(PURPOSES)}.")
    told = os.environ if folder is None else {}
    chosen = folder or told.get("LAC_HOME")
    if chosen is None:
        raise ValueError('Say which folder to open, such as open_home("school").')
    asked = day or told.get("LAC_AS_AT")
    session = access.open_notebook(
        Path(chosen),
        role=role or told.get("LAC_ROLE"),
        as_at=date.fromisoformat(asked) if isinstance(asked, str) else asked,
        who=who,
        why=purpose,
    )
    if "marimo" in sys.modules:
        from notebooks import catalogue  # noqa: PLC0415 - for the editor of marimo, and with it

        catalogue.register(Lac)
    return Lac(session)
