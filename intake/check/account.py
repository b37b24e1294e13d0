"""What becomes of each row of the files, worked out once.

A reader counts what is in a table, and what it leaves out by which rule.  The check knows the
faults, and who loads knows which children are shown.  An account of a file puts the three together:
taken + not shown here + left out + refused is all that was in it.  `lac check`, `lac load`, the
pages and the table `load_file` read their numbers here.
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
    """What a load knows beyond the check.

    Attributes:
        shown: The UPNs of the children who are shown here.
        left: By file of ours, rows of such children that a rule of the home leaves out.
    """

    shown: Collection[str]
    left: Mapping[str, LeftOut] = field(default_factory=dict)


@dataclass(frozen=True)
class Account:
    """What was in a file and what becomes of it, in rows; of a register by days, in marks.

    Attributes:
        name: What people call the file.
        file: The file of ours that it is, or what kind of national table.
        number: How much was in it.
        taken: How much is loaded.
        not_shown: How much is about children who are not shown here.
        faulty: How much has a fault.
        blank: How many rows of a register have no mark.
        rules: What else is left out, by rule.
        refused: How much is refused with the file.
        is_of_marks: Whether these are marks.
        by_code: The marks of a register that have no fault.
        children: How many children a register names.
        days: Of how many days.
        told: See `intake.tables.Source`.
        is_read: Whether its rows could be read.
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
        """How much a fault or a rule leaves out."""
        return self.faulty + self.blank + sum(each.number for each in self.rules)

    @property
    def unit(self) -> str:
        """What is counted."""
        return "mark" if self.is_of_marks else "row"

    @property
    def is_plain(self) -> bool:
        """Whether every row of it is taken, or refused, and nothing else is to be said."""
        is_whole = self.number in (self.taken, self.refused)
        return is_whole and not (self.by_code or self.rules or self.told)

    def refuse(self) -> "Account":
        """Return the same file with nothing of it taken."""
        return replace(self, taken=0, not_shown=0, faulty=0, blank=0, rules=(), refused=self.number)

    def describe(self) -> Iterator[str]:
        """Say it in words, and what else a person should know of the file."""
        what = format_count(self.number, self.unit)
        if self.children:
            of = f" of {self.children:,} {'child' if self.children == 1 else 'children'}"
            what += of + (f" on {format_count(self.days, 'day')}" if self.days else "")
        parts = {
            "refused": self.refused,
            "taken": self.taken,
            "about children who are not shown here": self.not_shown,
            "with a fault": self.faulty,
            "blank": self.blank,
            "left out": sum(each.number for each in self.rules),
        }
        said = [f"{number:,} {of}" for of, number in parts.items() if number]
        nothing = "0 taken" if self.is_read else "none could be read"
        yield f"{self.name}: {what}: {', '.join(said) or nothing}."
        for each in self.rules:
            where = f" ({each.where})" if each.where else ""
            lines = format_count(each.lines, "row") if each.lines else ""
            shown = lines or format_count(each.number, self.unit)
            yield f"{self.name}: {shown} left out: {each.rule}{where}."
        if self.by_code:
            marks = sorted(self.by_code.items())
            codes = ", ".join(f"{code} {number:,}" for code, number in marks)
            yield f"{self.name}: by code (/ is present, of either half): {codes}."
        yield from (f"{self.name}: {each}." for each in self.told)


def describe_accounts(accounts: Sequence[Account]) -> list[str]:
    """Say what becomes of files; those of which nothing else is to be said share a sentence."""
    lines = [line for each in accounts if not each.is_plain for line in each.describe()]
    taken, refused, unread = list[str](), list[str](), list[str]()
    for account in filter(lambda each: each.is_plain, accounts):
        if not (account.number or account.is_read):
            unread.append(account.name)
        else:
            names = refused if account.refused else taken
            names.append(f"{account.name} ({account.number:,})")
    kinds = {
        "Every row was taken": taken,
        "Every row was refused": refused,
        "No row could be read": unread,
    }
    return lines + [
        f"{what} in these files: {', '.join(names)}." for what, names in kinds.items() if names
    ]


def build_accounts(checked: "CheckResult", scope: Scope) -> tuple[Account, ...]:
    """Work out what becomes of each row of the files that were checked.

    Args:
        checked: The files.
        scope: Who is shown here.

    Returns:
        An account for each file of the school's own, then for each national table.

    Raises:
        IntakeError: If one does not add up, which is a mistake of the program.
    """
    frames = {**checked.frames, **checked.accepted_frames}
    own = dict.fromkeys(each.file for each in checked.counted if each.file)
    accounts = [_account_file(checked, name, frames.get(name), scope) for name in own]
    accounts += [
        _account_table(checked, each, scope)
        for each in checked.counted
        if not each.file and each.number
    ]
    for each in accounts:
        if each.number != each.taken + each.not_shown + each.left_out + each.refused:
            raise IntakeError(
                f"{each.name} has {format_count(each.number, each.unit)}, and not all of them are "
                "accounted for. This is a fault in the program. Nothing was loaded. Please report "
                "it."
            )
    return tuple(accounts)


def refuse_all(checked: "CheckResult") -> tuple[Account, ...]:
    """Account for files of which nothing is taken."""
    return tuple(each.refuse() for each in build_accounts(checked, Scope(())))


def _account_file(
    checked: "CheckResult", name: str, rows: pl.DataFrame | None, scope: Scope
) -> Account:
    """Account for a file of the school's own; rows: those that are right."""
    tables = [each for each in checked.counted if each.file == name]
    shown = tables[0].table if len(tables) == 1 else f"{tables[0].table} and {len(tables) - 1} more"
    whole = Account(
        shown,
        name,
        sum(each.number for each in tables),
        rules=tuple(rule for each in tables for rule in each.left),
        is_of_marks=any(each.is_of_marks for each in tables),
        told=tuple(told for each in tables for told in each.told),
    )
    if name not in checked.digests:
        rest = LeftOut("such data are not kept here", whole.number - whole.left_out)
        return replace(whole, rules=(*whole.rules, rest))
    if rows is None:
        return replace(whole, is_read=False).refuse()
    own, blank = rows.filter(pl.col("row") < FIRST_RETURN_ROW), 0
    if name == ATTENDANCE.name:
        register = sum_rows(own)
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
    elif "upn" in own.columns:
        counts = own.group_by("upn").agg(number=pl.len())
    else:
        counts = pl.DataFrame({"upn": [None], "number": [own.height]})
    if name in checked.refused_files:
        return whole.refuse()
    return _split(replace(whole, faulty=checked.faulty.get(name, 0), blank=blank), counts, scope)


def _account_table(checked: "CheckResult", counted: Counted, scope: Scope) -> Account:
    """Account for a table whose rows make rows of several files of ours."""
    whole = Account(counted.table, counted.kind, counted.number, told=tuple(counted.told))
    if counted.gives and checked.refused_files.issuperset(counted.gives):
        return whole.refuse()
    sender = counted.kind.partition(" ")[0]
    wrong = [upn for of, upn in checked.wrong_children if of == sender]
    lines = counted.lines.with_columns(
        rule=pl.when(pl.col("upn").is_in(wrong), pl.col("rule") == "")
        .then(pl.lit(OTHER_FAULT))
        .otherwise("rule")
    )
    # of the lines that go on, those of which a row of ours has a fault
    told = checked.faulty_lines.filter(found_in=counted.table)
    faulty = dict(told.select("upn", "number").iter_rows())
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
    """Divide the right rows by whether their child is shown; a row of nobody is taken."""
    is_shown = pl.col("upn").is_null() | pl.col("upn").is_in(list(scope.shown))
    taken, not_shown = (
        int(counts.filter(which)["number"].sum()) for which in (is_shown, ~is_shown)
    )
    left = scope.left.get(whole.file)
    if left is not None and left.number:
        whole = replace(whole, rules=(*whole.rules, left))
        taken -= left.number
    return replace(whole, taken=taken, not_shown=not_shown)
