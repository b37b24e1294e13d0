"""The questions of the governor report, asked by the disclosure gate alone.

A `Reader` is a session that was opened for a report; no other may read these views.
"""

import polars as pl

from queries.read import Reader, get_first_row, list_rows
from queries.rows import ReportDuty, ReportLine, ReportTerm


def fetch_report_pupils(reader: Reader) -> pl.DataFrame:
    """report_child, for the disclosure gate only."""
    return reader.read("from report_child order by pupil_id")


def fetch_report_absences(reader: Reader) -> pl.DataFrame:
    """report_absence, for the disclosure gate only."""
    return reader.read("from report_absence order by reason, pupil_id")


def fetch_report_duties(reader: Reader) -> dict[str, ReportDuty]:
    """report_duty by kind of duty; one that nobody is owed is absent."""
    rows = reader.read("from report_duty order by duty")
    return {row["duty"]: row for row in list_rows(ReportDuty, rows)}


def fetch_report_term(reader: Reader) -> ReportTerm | None:
    """report_term of the day; None before the first."""
    return get_first_row(ReportTerm, reader.read("from report_term order by school_key"))


def fetch_recorded_subjects(reader: Reader) -> frozenset[str]:
    """The subjects of report_recorded that anything was recorded about."""
    rows = reader.read("from report_recorded where is_recorded order by subject")
    return frozenset(rows["subject"].to_list())


def fetch_report_lines(reader: Reader) -> dict[str, ReportLine]:
    """report_line by line; one that is not recorded or not published is absent."""
    rows = reader.read("from report_line order by line")
    return {row["line"]: row for row in list_rows(ReportLine, rows)}
