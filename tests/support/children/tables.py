"""The files of a made-up school as tables, with what checks and figures are asked of them.

Nothing of ours works out an answer here: dates, codes and holidays have their own source.
"""

from datetime import date
from pathlib import Path

import duckdb
import holidays

from queries.statement import format_sql
from synthetic.school.school import School

#: The national returns are of this day, and of the year before it.
CENSUS = date(2026, 3, 31)

_TABLES = Path(__file__).with_name("tables.sql").read_text(encoding="utf-8")


def open_tables(school: School) -> duckdb.DuckDBPyConnection:
    """A database in memory: a table for each file by its name, and those of tables.sql."""
    con = duckdb.connect()
    for name, frame in school.frames.items():
        con.register("frame", frame)
        con.execute(
            format_sql("create table {table} as from frame", table=name.removesuffix(".csv"))
        )
    years = range(school.until.year - 15, school.until.year + 2)
    free = sorted(holidays.country_holidays("GB", subdiv="ENG", years=years))
    con.execute("create table holiday as select unnest($days) as day", {"days": free})
    for name, day in (("today", school.until), ("census", CENSUS)):
        text = "create macro {macro}() as {day:literal}::date"
        con.execute(format_sql(text, macro=name, day=f"{day}"))
    con.execute(_TABLES)
    return con
