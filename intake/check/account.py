"""Account for each row of the files, in one place.

A source counts what is in its table, and what it leaves out by which rule.  The check knows the
faults, and the load knows which children are shown.  An account of a file joins these counts:
taken + not shown here + left out + refused is all that was in the file.  `lac check`, `lac load`,
the pages and the table `load_file` read their numbers here.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from intake.check.register import sum_rows
from intake.problems import IntakeError, format_count
from intake.tables import FAULT, FIRST_RETURN_ROW, OTHER_FAULT, Counted, LeftOut
from queries.contract import ATTENDANCE

if TYPE_CHECKING:
    from intake.check.check import CheckResult


@dataclass(frozen=True)
class Scope:
    """Hold what a load knows and the check does not.

    Attributes:
        shown: The UPNs of the children who are shown here.
        left: The rows of these children that a rule of the home leaves out, by name of our file.
    """

    shown: Collection[str]
    left: Mapping[str, LeftOut] = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """Count what was in a file and what becomes of it: in rows, or in marks of a register by days.

    Attributes:
        name: The name that people use for the file.
        file: The name of our file, or the kind of national table.
        number: The rows or marks in the file.
        taken: Those that are loaded.
        not_shown: Those about children who are not shown here.
        faulty: Those with a fault.
        blank: The rows of a register without a mark.
        rules: The rest that is left out, by rule.
        refused: Those that are refused because the whole file is.
        is_of_marks: Whether the account counts marks.
        by_code: The number of marks of a register without a fault, by code.
        children: The number of children in a register.
        days: The number of days in a register.
        told: See `intake.tables.Source`.
        is_read: Whether the rows of the file could be read.
    """

    name: str
    file: str
    number: int
    taken: int = 0
    not_shown: int = 0
    faulty: int = 0
    blank: int = 0
    rules: tuple[LeftOut, ...] = ()
    refused: int = 0
    is_of_marks: bool = False
    by_code: Mapping[str, int] = field(default_factory=dict)
    children: int = 0
    days: int = 0
    told: tuple[str, ...] = ()
    is_read: bool = True

    @property
    def left_out(self) -> int:
        """Return how many a fault, a rule or a missing mark leaves out."""
        return self.faulty + self.blank + sum(omission.number for omission in self.rules)

    @property
    def unit(self) -> str:
        """Return the noun of what is counted."""
        return "mark" if self.is_of_marks else "row"

    @property
    def is_plain(self) -> bool:
        """Say whether all rows are taken, or all refused, and there is nothing more to report."""
        is_whole = self.number in (self.taken, self.refused)
        return is_whole and not (self.by_code or self.rules or self.told)

    def refuse(self) -> "Account":
        """Return the account of the same file if nothing of it is taken."""
        return replace(self, taken=0, not_shown=0, faulty=0, blank=0, rules=(), refused=self.number)

    def describe(self) -> Iterator[str]:
        """Yield the account in words, and the notes about the file."""
        amount = format_count(self.number, self.unit)
        if self.children:
            children = f" of {self.children:,} {'child' if self.children == 1 else 'children'}"
            amount += children + (f" on {format_count(self.days, 'day')}" if self.days else "")
        parts = {
            "refused": self.refused,
            "taken": self.taken,
            "about children who are not shown here": self.not_shown,
            "with a fault": self.faulty,
            "blank": self.blank,
            "left out": sum(omission.number for omission in self.rules),
        }
        outcomes = [f"{number:,} {outcome}" for outcome, number in parts.items() if number]
        nothing = "0 taken" if self.is_read else "none could be read"
        yield f"{self.name}: {amount}: {', '.join(outcomes) or nothing}."
        for omission in self.rules:
            place = f" ({omission.where})" if omission.where else ""
            lines = format_count(omission.lines, "row") if omission.lines else ""
            count = lines or format_count(omission.number, self.unit)
            yield f"{self.name}: {count} left out: {omission.rule}{place}."
        if self.by_code:
            marks = sorted(self.by_code.items())
            codes = ", ".join(f"{code} {number:,}" for code, number in marks)
            yield f"{self.name}: by code (/ is present, of either half): {codes}."
        yield from (f"{self.name}: {note}." for note in self.told)


def describe_accounts(accounts: Sequence[Account]) -> list[str]:
    """Say what becomes of files, with one sentence for all those whose account is plain."""
    lines = [line for account in accounts if not account.is_plain for line in account.describe()]
    taken, refused, unread = list[str](), list[str](), list[str]()
    for account in filter(lambda account: account.is_plain, accounts):
        if not (account.number or account.is_read):
            unread.append(account.name)
        else:
            names = refused if account.refused else taken
            names.append(f"{account.name} ({account.number:,})")
    groups = {
        "Every row was taken": taken,
        "Every row was refused": refused,
        "No row could be read": unread,
    }
    return lines + [
        f"{text} in these files: {', '.join(names)}." for text, names in groups.items() if names
    ]


def build_accounts(checked: "CheckResult", scope: Scope) -> tuple[Account, ...]:
    """Work out what becomes of each row of the files that were checked.

    Args:
        checked: The result of the check.
        scope: The children who are shown here.

    Returns:
        An account for each of the school's own files, then for each national table.

    Raises:
        IntakeError: If an account does not add up, which is a mistake of the program.
    """
    frames = {**checked.frames, **checked.accepted_frames}
    names = dict.fromkeys(counted.file for counted in checked.counted if counted.file)
    accounts = [_account_file(checked, name, frames.get(name), scope) for name in names]
    accounts += [
        _account_table(checked, counted, scope)
        for counted in checked.counted
        if not counted.file and counted.number
    ]
    for account in accounts:
        if account.number != account.taken + account.not_shown + account.left_out + account.refused:
            raise IntakeError(
                f"{account.name} has {format_count(account.number, account.unit)}, and not all of "
                "them are accounted for. This is a fault in the program. Nothing was loaded. "
                "Please report it."
            )
    return tuple(accounts)


def refuse_all(checked: "CheckResult") -> tuple[Account, ...]:
    """Return the accounts of files of which nothing is taken."""
    return tuple(account.refuse() for account in build_accounts(checked, Scope(())))


def _account_file(
    checked: "CheckResult", name: str, rows: pl.DataFrame | None, scope: Scope
) -> Account:
    """Account for one of the school's own files, from its rows without a fault."""
    tables = [table for table in checked.counted if table.file == name]
    title = tables[0].table if len(tables) == 1 else f"{tables[0].table} and {len(tables) - 1} more"
    whole = Account(
        title,
        name,
        sum(table.number for table in tables),
        rules=tuple(omission for table in tables for omission in table.left),
        is_of_marks=any(table.is_of_marks for table in tables),
        told=tuple(note for table in tables for note in table.told),
    )
    if name not in checked.digests:
        rest = LeftOut("such data are not kept here", whole.number - whole.left_out)
        return replace(whole, rules=(*whole.rules, rest))
    if rows is None:
        return replace(whole, is_read=False).refuse()
    own_rows, blank = rows.filter(pl.col("row") < FIRST_RETURN_ROW), 0
    if name == ATTENDANCE.name:
        register = sum_rows(own_rows)
        marks = register.sessions.drop_nulls("code")
        codes = marks.group_by(pl.col("code").replace("\\", "/")).agg(pl.col("rows").sum())
        whole = replace(
            whole,
            by_code=dict(codes.iter_rows()),
            children=register.children.height,
            days=register.sessions["date"].n_unique(),
        )
        counts = register.children.select("upn", number="marked")
        blank = 0 if whole.is_of_marks else register.rows - int(counts["number"].sum())
    elif "upn" in own_rows.columns:
        counts = own_rows.group_by("upn").agg(number=pl.len())
    else:
        counts = pl.DataFrame({"upn": [None], "number": [own_rows.height]})
    if name in checked.refused_files:
        return whole.refuse()
    return _split(replace(whole, faulty=checked.faulty.get(name, 0), blank=blank), counts, scope)


def _account_table(checked: "CheckResult", counted: Counted, scope: Scope) -> Account:
    """Account for a national table, whose rows make rows of several of our files."""
    whole = Account(counted.table, counted.kind, counted.number, told=tuple(counted.told))
    if counted.gives and checked.refused_files.issuperset(counted.gives):
        return whole.refuse()
    sender = counted.kind.partition(" ")[0]
    wrong = [upn for kind, upn in checked.wrong_children if kind == sender]
    lines = counted.lines.with_columns(
        rule=pl.when(pl.col("upn").is_in(wrong), pl.col("rule") == "")
        .then(pl.lit(OTHER_FAULT))
        .otherwise("rule")
    )
    # the lines that no other rule leaves out, and from which a row of ours has a fault
    counts = checked.faulty_lines.filter(found_in=counted.table)
    faulty = dict(counts.select("upn", "number").iter_rows())
    rules, kept, bad = Counter[str](), list[tuple[str | None, int]](), 0
    for upn, rule, number in lines.iter_rows():
        more = min(faulty.get(upn, 0), number) if rule in ("", OTHER_FAULT) else 0
        bad += more
        if rule:
            rules[rule] += number - more
        else:
            kept.append((upn, number - more))
    whole = replace(
        whole,
        faulty=bad + rules.pop(FAULT, 0),
        rules=tuple(LeftOut(rule, number) for rule, number in rules.items() if number),
    )
    counts = pl.DataFrame(kept, schema={"upn": pl.String, "number": pl.Int64}, orient="row")
    return _split(whole, counts, scope)


def _split(whole: Account, counts: pl.DataFrame, scope: Scope) -> Account:
    """Divide the right rows by whether their child is shown. A row without a child is taken."""
    is_shown = pl.col("upn").is_null() | pl.col("upn").is_in(list(scope.shown))
    taken, not_shown = (
        int(counts.filter(condition)["number"].sum()) for condition in (is_shown, ~is_shown)
    )
    omission = scope.left.get(whole.file)
    if omission is not None and omission.number:
        whole = replace(whole, rules=(*whole.rules, omission))
        taken -= omission.number
    return replace(whole, taken=taken, not_shown=not_shown)
