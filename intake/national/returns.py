"""A reader of national files whose rows become rows of ours, as a .toml file here declares.

It gives text, which the contract checks.  Only the rules of the declaration are checked here, and
nothing is made up that a file does not say.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from xml.etree.ElementTree import Element

import polars as pl

from intake.national.given import GivenRows, add_rows, merge_rows
from intake.national.layout import Choice, Gift, Layout, State, TableLayout, load_layout
from intake.problems import IntakeError, Problem, build_return_problem, list_first
from intake.tables import (
    FAULT,
    LINES,
    Body,
    Counted,
    ExportFile,
    Files,
    Given,
    RowsSource,
    Source,
    SourceRow,
    Table,
    build_row_problems,
)
from queries.contract import ALL_EXPORTS, CARE_EPISODES, OTHER_NUMBERS, ROLL, Export
from queries.contract.model.dates import parse_date
from queries.contract.model.spelling import spell_upn

Rows = list[SourceRow]
Tables = Mapping[str, pl.DataFrame]
RowFault = tuple[int, str, str]

_EXPORTS = {export.name: export for export in ALL_EXPORTS}
_NO_AUTHORITY = (
    "These files do not say which local authority sent them.",
    "Name the local authority with --authority, or on the Bring in files page.",
)
_WHOLE_NUMBER = re.compile(r"[0-9]{1,3}")
_FIRST_PLACES, _FIRST_ROWS = 5, 10
_NOT_ON_ROLL = "they match no child on the roll"


@dataclass(frozen=True, eq=False)
class NationalTable:
    """A table of a layout, and the row that names its columns."""

    kind: str
    source: Source
    header: SourceRow


@dataclass(frozen=True, eq=False)
class NationalFile:
    """A file or sheet with its tables."""

    name: str
    tables: Sequence[NationalTable] = ()


@dataclass(frozen=True)
class Children:
    """The children of the roll.

    upns: the present UPN by every present and former UPN.  numbers: the present UPN by the number
    of the authority that sent the files.  births: dates of birth by UPN.
    """

    upns: Mapping[str, str] = field(repr=False)
    numbers: Mapping[str, str] = field(default_factory=dict, repr=False)
    births: Mapping[str, date] = field(default_factory=dict, repr=False)

    def find(self, row: Mapping[str, str], table: TableLayout) -> str | None:
        """Return the UPN of the child of a row, or None if the child is not on the roll."""
        matches = (self.upns.get(spell_upn(row[name])) for name in table.upns)
        upn = next((upn for upn in matches if upn), None)
        return upn or (self.numbers.get(row[table.number]) if table.number else None)

    def is_born_otherwise(self, upn: str, text: str) -> bool:
        """Say whether a date of birth differs from the roll's: the row is of another child."""
        day, born = parse_date(text), self.births.get(upn)
        return day is not None and born is not None and day[0] != born


@dataclass(frozen=True, eq=False)
class _Matched:
    """The tables by kind, with all rows of a kind together, and `upn` if the child is on the roll.

    known, of: the number of children on the roll, and of all.  unlike: the file and line of each
    child whose date of birth is not the roll's, so that nothing about the child is taken.
    """

    tables: Tables = field(repr=False)
    known: int
    of: int
    unlike: Sequence[tuple[str, int]]


#: The child of each row with a fault, by file and line; None if the child is not known.
Wrong = Mapping[tuple[str, int], str | None]


@dataclass(frozen=True, eq=False)
class Return:
    """A reader of the national file with this name; see `intake.tables.Adapter`.

    The functions do what its declaration cannot say.  read_root: returns the tables of an XML
    file, each with its columns first, or None if the file is of another kind.  list_periods: gives
    rows that are made of several rows, from the tables without rows with a fault; `used` are the
    tables that it needs.  find_row_faults: yields the row, column and fault of what is wrong
    between cells, from the kind of table, its rows in one file, and those with a faulty cell.
    """

    name: str
    read_root: Callable[[Element], Mapping[str, Rows] | None] = lambda _: None
    list_periods: Callable[[Tables], Sequence[GivenRows]] = lambda _: ()
    used: Collection[str] = ()
    find_row_faults: Callable[[str, pl.DataFrame, Collection[int]], Iterable[RowFault]] = (
        lambda *_: ()
    )

    @cached_property
    def layout(self) -> Layout:
        """Return the declaration of its tables and of what they give."""
        return load_layout(self.name)

    @property
    def from_authority(self) -> bool:
        """Say whether a local authority sends it; see `Adapter`."""
        return self.layout.from_authority

    @property
    def may_give_roll(self) -> bool:
        """Say whether it may give the roll; see `Adapter`."""
        return any(gift.file == ROLL.name for gift in self.layout.gives)

    @cached_property
    def _used(self) -> frozenset[str]:
        """Return the tables of which something is made."""
        return frozenset({*self.used, *(gift.table for gift in self.layout.gives)})

    @cached_property
    def _known_by(self) -> Sequence[tuple[frozenset[str], str]]:
        """Return the columns that identify each table, in small letters, the longest list first."""
        names = (
            (frozenset(column.casefold() for column in table.known_by), kind)
            for kind, table in self.layout.tables.items()
        )
        return sorted(names, key=lambda pair: -len(pair[0]))

    def recognise(self, table: Table) -> NationalFile | None:
        """Return the file with its tables, known by their columns or by its root, or None."""
        if table.root is not None:
            read = self.read_root(table.root)
            return (
                None if read is None else NationalFile(table.name, list(_name_tables(table, read)))
            )
        for source, row, names in table.heads:
            for known_by, kind in self._known_by:
                if known_by <= names:
                    return NationalFile(table.name, [NationalTable(kind, source, row)])
        return None

    def read(self, tables: Sequence[NationalFile], so_far: Files, authority: str) -> Given:
        """Return the files with the rows that the tables give about children on the roll.

        Raises IntakeError if numbers of two tables could mean different children.
        """
        layout, authority = self.layout, authority.strip()
        all_tables = [table for file in tables for table in file.tables]
        self._refuse_two(all_tables)
        bodies = [(table, self._read_body(table)) for table in all_tables]
        merged = self._merge(bodies)
        files = dict(so_far)
        if self.may_give_roll and ROLL.name not in files:
            files |= self._give_roll(bodies, merged)
        children = _list_children(files, authority)
        matched = self._match(merged, children)
        # a fault in a table that no page uses is not reported
        used = [pair for pair in bodies if pair[0].kind in self._used]
        linked = {kind: rows for kind, rows in matched.tables.items() if kind in self._used}
        faults = [*self._list_broken(used, children, linked), *self._list_wrong(linked)]
        wrong = {(problem.found_in, problem.row): upn for problem, upn in faults}
        right = {
            kind: rows.filter(_name_rules(rows, wrong) == "")
            for kind, rows in matched.tables.items()
        }
        given = [
            _give(gift, right[gift.table], is_upn=bool(layout.tables[gift.table].upns))
            for gift in layout.gives
            if gift.file != ROLL.name and gift.table in right
        ]
        given += self.list_periods(right)
        is_nobodys = layout.needs_authority and not authority
        if is_nobodys:
            given = [replace(part, rows=part.rows.clear()) for part in given]
        name, digest = _name_all(all_tables), _join_digests(all_tables)
        for export in _list_exports([layout.faults_in, *(part.file for part in given)]):
            file = files.get(export.name)
            own_rows = file.rows if file is not None and file.is_read else None
            parts = [part for part in given if part.file == export.name]
            rows = merge_rows(export, parts, authority, own_rows)
            problems = [(problem, upn) for problem, upn in faults if problem.file == export.name]
            if rows.rows.height or problems or (export.may_be_empty and layout.from_authority):
                files[export.name] = add_rows(file, export, rows, problems, digest, name, self.name)
        if is_nobodys:
            care = files[layout.faults_in]
            lacking = Problem(care.export.name, 0, "", "missing value", *_NO_AUTHORITY, name)
            files[layout.faults_in] = replace(care, problems=(*care.problems, lacking))
        return Given(
            {name: file for name, file in files.items() if file is not so_far.get(name)},
            [*self._write_notes(matched, all_tables, files, authority)],
            counted=[
                self._count(table, body, matched, wrong, is_nobodys=is_nobodys)
                for table, body in bodies
            ],
        )

    def _count(
        self, table: NationalTable, body: Body, matched: _Matched, wrong: Wrong, *, is_nobodys: bool
    ) -> Counted:
        """Count the rows of a table by child and by the rule that leaves them out."""
        name, source = table.source.name, table.source
        rows = matched.tables.get(table.kind)
        if rows is None:
            rows = body.rows.with_columns(upn=pl.lit(None, pl.String))
        rows = rows.filter(file=name)
        rules = _name_rules(rows, wrong, matched.unlike)
        if table.kind not in matched.tables:
            rules = rules.replace(_NOT_ON_ROLL, "they are about no child")
        if table.kind not in self._used or is_nobodys:
            why = (
                "no page uses them"
                if table.kind not in self._used
                else "it is not known which authority sent them"
            )
            rules = rules.replace("", why)
        counts = rows.with_columns(rules).group_by("upn", "rule", maintain_order=True)
        lines = counts.agg(number=pl.len())
        broken = dict.fromkeys(wrong.values(), 0)
        for line in body.faults["row"]:
            if (name, line) in wrong:
                broken[wrong[name, line]] += 1
        unknown = body.faults.height - sum(broken.values())
        rest = [(upn, FAULT, number) for upn, number in broken.items()]
        rest.append((None, "unreadable, and no child on the roll", unknown))
        rest.append((None, "they repeat the column names", body.repeated))
        lines = pl.concat([lines.cast(LINES), pl.DataFrame(rest, schema=LINES, orient="row")])
        gives = [gift.file for gift in self.layout.gives if gift.table == table.kind]
        gives += [CARE_EPISODES.name] * (table.kind in self.used)
        return Counted(
            name, body.number, told=source.told, lines=lines.filter(pl.col("number") > 0),
            kind=f"{self.name} {table.kind}", gives=gives,
        )  # fmt: skip

    def _refuse_two(self, tables: Sequence[NationalTable]) -> None:
        """Refuse two tables of a kind if they may give two rolls, or if rows are linked by number.

        Such a number may mean one child in one table and another child in the other.
        """
        is_one = self.may_give_roll or any(table.parent for table in self.layout.tables.values())
        for kind in self.layout.tables:
            names = [table.source.name for table in tables if table.kind == kind]
            if len(names) > 1 and is_one:
                both = " and ".join(names[:2])
                raise IntakeError(
                    f"{both} are both for {self.layout.title}. Load one after the other."
                )

    def _read_body(self, part: NationalTable) -> Body:
        """Read a table with the layout's columns, which are "" if it lacks them."""
        table = self.layout.tables[part.kind]
        ours = {name.casefold(): name for name in table.columns} | dict(table.once_called)
        places: dict[str, int] = {}
        for place, cell in enumerate(part.header[1]):
            if name := ours.get((cell or "").strip().casefold()):
                places.setdefault(name, place)
        key = places.get((*table.upns, *table.parent[1:2], "")[0], 0)
        body = part.source.read_body(part.header, list(places.items()), key)
        rows = body.rows.with_columns(
            pl.lit("").alias(name) for name in table.columns if name not in places
        )
        rows = rows.with_columns(pl.col(pl.String).str.strip_chars())
        if self.layout.in_capitals:
            coded = [name for name, rule in table.cells.items() if _is_code(rule)]
            rows = rows.with_columns(
                pl.col(name).str.to_uppercase().str.strip_suffix(".0") for name in coded
            )
        named = rows.select("row", *table.columns, file=pl.lit(part.source.name))
        return Body(named, body.faults, body.repeated)

    def _merge(self, bodies: Sequence[tuple[NationalTable, Body]]) -> dict[str, pl.DataFrame]:
        """Join the rows of each kind of table, and add the columns that it borrows from another."""
        merged = {
            kind: pl.concat(of_kind)
            for kind in self.layout.tables
            if (of_kind := [body.rows for table, body in bodies if table.kind == kind])
        }
        for kind, rows in merged.items():
            if self.layout.tables[kind].borrows:
                other, key, column = self.layout.tables[kind].borrows
                lent = merged.get(other, pl.DataFrame(schema={key: pl.String, column: pl.String}))
                pairs = lent.select(key, column).unique(key, keep="none")
                lending = rows.join(pairs, on=key, how="left", maintain_order="left")
                merged[kind] = lending.with_columns(pl.col(column).fill_null(""))
        return merged

    def _give_roll(
        self, bodies: Sequence[tuple[NationalTable, Body]], merged: Tables
    ) -> dict[str, ExportFile]:
        """Make the roll of all children in the tables, if the layout gives a roll."""
        gives = [
            gift for gift in self.layout.gives if gift.file == ROLL.name and gift.table in merged
        ]
        if not gives:
            return {}
        kinds = {gift.table for gift in gives}
        tables = [table for table, _ in bodies]
        given = [
            _give(
                gift,
                merged[gift.table].with_columns(upn=pl.col(gift.columns["upn"]).str.to_uppercase()),
                is_upn=True,
            )
            for gift in gives
        ]
        broken = [
            fault
            for table, body in bodies
            if table.kind in kinds
            for fault in build_row_problems(ROLL, table.source, body.faults, len(table.header[1]))
        ]
        name = next(table.source.name for table in tables if table.kind in kinds)
        rows, faults = merge_rows(ROLL, given, "", None), [(problem, None) for problem in broken]
        digest = _join_digests(tables)
        return {ROLL.name: add_rows(None, ROLL, rows, faults, digest, name, self.name)}

    def _match(self, merged: Tables, children: Children) -> _Matched:
        """Add to each row the UPN of its child, if the child is on the roll."""
        layout = self.layout
        linked: dict[str, pl.DataFrame] = {}
        unlike: list[tuple[str, int]] = []
        for kind, rows in merged.items():
            table = layout.tables[kind]
            if table.upns:
                upns = [children.find(row, table) for row in rows.iter_rows(named=True)]
                for place, row in enumerate(rows.iter_rows(named=True)):
                    upn = upns[place]
                    if upn and table.born and children.is_born_otherwise(upn, row[table.born]):
                        unlike.append((row["file"], row["row"]))
                        upns[place] = None
                linked[kind] = rows.with_columns(upn=pl.Series(upns, dtype=pl.String))
        of_children = [*linked.values()]
        known = {upn for rows in of_children for upn in rows["upn"].drop_nulls()}
        of = len(known) + sum(rows["upn"].null_count() for rows in of_children)
        if self.layout.child:
            of = len({text for rows in merged.values() for text in rows[self.layout.child] if text})
        for kind, rows in merged.items():
            if parent := self.layout.tables[kind].parent:
                linked[kind] = _join_parent(rows, parent, linked)
        return _Matched(linked, len(known), of, unlike)

    def _list_broken(
        self, bodies: Sequence[tuple[NationalTable, Body]], children: Children, linked: Tables
    ) -> Iterator[tuple[Problem, str | None]]:
        """Yield the problems of unreadable rows, such as one cut by a comma, with their child.

        A row of a child who is known not to be on the roll is left out.
        """
        for part, body in bodies:
            table, known = self.layout.tables[part.kind], dict[str, str | None]()
            if table.upns:
                keys = [spell_upn(key.strip()) for key in body.faults["key"]]
                known = {key: children.upns.get(key) for key in keys}
            elif table.parent and (rows := linked.get(table.parent[0])) is not None:
                keys = [key.strip() for key in body.faults["key"]]
                known = dict(rows.select(table.parent[2], "upn").iter_rows())
            else:
                keys = [*body.faults["key"]]
            export, width = self._choose_export(part.kind), len(part.header[1])
            problems = build_row_problems(export, part.source, body.faults, width)
            for key, problem in zip(keys, problems, strict=True):
                if key not in known or known[key] is not None:
                    yield problem, known.get(key)

    def _list_wrong(self, linked: Tables) -> Iterator[tuple[Problem, str]]:
        """Yield the problems of cells and rows of children on the roll, with the child."""
        for kind, rows in linked.items():
            export = self._choose_export(kind)
            on_roll = rows.filter(pl.col("upn").is_not_null())
            for (file,), part in on_roll.group_by("file", maintain_order=True):
                faults = list(_judge_cells(self.layout.tables[kind], part))
                wrong = {row for row, *_ in faults}
                faults += [(*fault, "") for fault in self.find_row_faults(kind, part, wrong)]
                upns = dict(part.select("row", "upn").iter_rows())
                for row, column, fault, allowed in faults:
                    problem = build_return_problem(export, f"{file}", row, column, fault, allowed)
                    yield problem, upns[row]

    def _choose_export(self, kind: str) -> Export:
        """Return our file for a table's faults: the named one, else one that the table gives to."""
        files = [gift.file for gift in self.layout.gives if gift.table == kind]
        return next(_list_exports([self.layout.faults_in, *files, CARE_EPISODES.name]))

    def _write_notes(
        self, matched: _Matched, tables: Sequence[NationalTable], files: Files, authority: str
    ) -> Iterator[str]:
        """Yield the notes on how the tables were read, for a person."""
        layout, name = self.layout, _name_all(tables)
        if layout.advice:
            yield f"{name}: {layout.advice}"
        roll = files.get(ROLL.name)
        if roll is None or not roll.is_read:
            how = "is not among the files" if roll is None else "cannot be read"
            yield f"{name}: {layout.title}; the roll {how}, which is needed to find its children."
            return
        yield f"{name}: {layout.title}; {matched.known} of {matched.of} children are on the roll."
        if matched.unlike:
            places = [f"{file}, row {row}" for file, row in matched.unlike[:_FIRST_PLACES]]
            yield (
                f"{name}: the date of birth of {len(matched.unlike)} is not the same as on the "
                "roll, so nothing about them was read. Check whose UPN it is "
                f"({'; '.join(places)})."
            )
        has_numbers = any(table.number for table in layout.tables.values())
        if has_numbers and matched.of > matched.known + len(matched.unlike) and not authority:
            yield (
                f"{name}: children without a UPN can be found by the authority's number only "
                "if you name the authority: --authority, or on the Bring in files page."
            )
        if layout.unused and (unused := sorted({table.kind for table in tables} - self._used)):
            yield f"{name}: ignored, since no page uses it: {', '.join(unused)}. {layout.unused}"
        care = files.get(CARE_EPISODES.name)
        for state in layout.states:
            if state.table in matched.tables:
                yield from _count_state(state, matched.tables[state.table], care)


def _name_rules(
    rows: pl.DataFrame, wrong: Wrong, unlike: Collection[tuple[str, int]] = ()
) -> pl.Series:
    """Name the rule that leaves each row out, or "" if none does.  unlike: see `_Matched`."""
    rules, of_others = [], set(unlike)
    for file, row, upn in rows.select("file", "row", "upn").iter_rows():
        if (file, row) in wrong:
            rules.append(FAULT)
        elif (file, row) in of_others:
            rules.append("the date of birth is not the same as on the roll")
        else:
            rules.append(_NOT_ON_ROLL if upn is None else "")
    return pl.Series("rule", rules, dtype=pl.String)


def get_text(element: Element, path: str) -> str:
    """Return the text at a path, or "" if there is none."""
    return (element.findtext(path) or "").strip()


def _name_tables(table: Table, read: Mapping[str, Rows]) -> Iterator[NationalTable]:
    """Yield the tables of an XML file, with the file's name and the kind as their name."""
    for kind, rows in read.items():
        source = RowsSource(f"{table.name}: {kind}", table.digest, rows)
        yield NationalTable(kind, source, rows[0])


def _list_children(files: Files, authority: str) -> Children:
    """Return the children of the roll by UPN, and by the numbers of this authority."""
    roll, others = files.get(ROLL.name), files.get(OTHER_NUMBERS.name)
    if roll is None or not roll.is_read:
        return Children({})
    pairs = roll.rows.select("upn", "date_of_birth").iter_rows()
    born = {spell_upn(upn.strip()): parse_date(text.strip()) for upn, text in pairs}
    upns = {upn: upn for upn in born if upn}
    numbers: dict[str, str] = {}
    if others is not None and others.is_read:
        columns = ("upn", "former_upn", "authority", "authority_child_id")
        for texts in others.rows.select(columns).iter_rows():
            upn, former, sender, number = (text.strip() for text in texts)
            upn, former = spell_upn(upn), spell_upn(former)
            if upn in born and former and former not in born:
                upns[former] = upn
            if upn in born and number and sender == authority:
                numbers[number] = upn
    births = {upn: day[0] for upn, day in born.items() if day}
    return Children(upns, numbers, births)


def _join_parent(rows: pl.DataFrame, parent: Sequence[str], linked: Tables) -> pl.DataFrame:
    """Add to each row the child of the row that it belongs to.

    A row that leads to two children gets none, even if one of them is not on the roll.
    """
    kind, here, there = parent
    if kind not in linked:
        return rows.with_columns(upn=pl.lit(None, pl.String))
    pairs = linked[kind].select(pl.col(there).alias(here), "upn").unique()
    sure = pairs.filter(pl.len().over(here) == 1, pl.col(here) != "").drop_nulls()
    return rows.join(sure, on=here, how="left", maintain_order="left")


def _give(gift: Gift, rows: pl.DataFrame, *, is_upn: bool) -> GivenRows:
    """Make the rows that one table gives."""
    place = " ".join([gift.table, *gift.columns.values(), *gift.values.values()])
    # a number that links to another table is not a UPN, so it is no heading for `upn`
    called = {ours: theirs for ours, theirs in gift.columns.items() if ours != "upn" or is_upn}
    chosen = rows.filter(*_build_conditions(gift), *(_is_date(column) for column in gift.dated))
    taken = {
        ours: pl.col(theirs).replace(dict(gift.codes.get(ours, {})))
        for ours, theirs in gift.columns.items()
        if ours != "upn"
    }
    fixed = {ours: pl.lit(value) for ours, value in gift.values.items()}
    where = {"line": pl.col("row"), "place": pl.lit(place)}
    given = chosen.select("upn", "file", **taken | fixed | where)
    return GivenRows(gift.file, given, {place: called})


def _build_conditions(chosen: Choice) -> list[pl.Expr]:
    """Build the conditions of a choice of rows."""
    blank = [pl.col(theirs) == "" for theirs in chosen.without]
    return blank + [
        pl.col(theirs).str.to_lowercase().is_in([text.casefold() for text in allowed])
        if allowed
        else pl.col(theirs) != ""
        for theirs, allowed in chosen.when.items()
    ]


def _is_date(column: str) -> pl.Expr:
    return pl.col(column).map_elements(
        lambda text: parse_date(text) is not None, return_dtype=pl.Boolean
    )


def _judge_cells(table: TableLayout, rows: pl.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    """Yield the row, column and fault of each wrong cell, and the values that are allowed."""
    for column, rule in table.cells.items():
        for row, text in rows.select("row", column).iter_rows():
            if fault := _judge(text, rule):
                form = rule.removesuffix("?")
                allowed = f"0 to {form}" if form.isdecimal() else ", ".join(form.split())
                yield row, column, fault, allowed


def _judge(text: str, rule: str) -> str | None:
    """Return the fault of a cell, or None if its text is allowed."""
    form = rule.removesuffix("?")
    if not text:
        return None if rule.endswith("?") else "missing value"
    if form == "date":
        day = parse_date(text)
        return None if day and day[1] != "year first" else "not a date"
    if form.isdecimal():
        if not _WHOLE_NUMBER.fullmatch(text):
            return "not a whole number"
        return None if int(text) <= int(form) else "out of range"
    return None if form == "text" or text in form.split() else "not allowed"


def _is_code(rule: str) -> bool:
    """Say whether a rule is a list of codes."""
    form = rule.removesuffix("?")
    return form not in ("date", "text") and not form.isdecimal()


def _count_state(state: State, rows: pl.DataFrame, care: ExportFile | None) -> Iterator[str]:
    """Say how many rows have a state, without children with a known period of it."""
    known: list[str] = []
    if care is not None and care.is_read:
        of_state = care.rows.filter(pl.col("status").str.strip_chars() == state.status)
        known = of_state["upn"].str.to_uppercase().to_list()
    counted = rows.filter(
        pl.col("upn").is_not_null(), ~pl.col("upn").is_in(known), *_build_conditions(state)
    )
    if counted.height:
        shown = list_first(counted["row"].to_list(), _FIRST_ROWS)
        yield f"{counted['file'][0]}: {counted.height} {state.said} (rows {shown})."


def _list_exports(names: Iterable[str]) -> Iterator[Export]:
    """Yield our files of these names without repetition, but not the roll, which is made apart."""
    yield from (_EXPORTS[name] for name in dict.fromkeys(names) if name and name != ROLL.name)


def _name_file(name: str) -> str:
    """Return the name of the file of a table."""
    return name.partition(": ")[0]


def _name_all(tables: Sequence[NationalTable]) -> str:
    """Return the name of the file of these tables, or of the first "and others"."""
    distinct = list(dict.fromkeys(_name_file(table.source.name) for table in tables))
    return distinct[0] if len(distinct) == 1 else f"{distinct[0]} and others"


def _join_digests(tables: Sequence[NationalTable]) -> str:
    return sha256("".join(sorted({table.source.digest for table in tables})).encode()).hexdigest()
