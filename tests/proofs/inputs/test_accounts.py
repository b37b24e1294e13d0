"""What becomes of each row is one account: check, page, load and load_file say it, and it adds up.

A folder is drawn with what becomes of each row by hand; the rows are counted by a plain reader.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from random import Random

import openpyxl
import pytest

from intake.check.account import Account, describe_accounts
from intake.map.keep import save_mapping
from intake.publish.load import Load
from intake.publish.preview import preview_load
from intake.read import csv_source, files
from safeguards.home.home import create_demo
from safeguards.keys.keys import Keys
from tests.support.commands import lac
from tests.support.registers.read import map_tables
from tests.support.schools.good_exports import GOOD, upn
from tests.support.schools.homes import NOW, keys_at
from tests.support.sizes import Count, rng, size

#: Of a file: how many rows are in it, taken, not shown here, left out, refused.
Numbers = tuple[int, int, int, int, int]
Rows = list[tuple[str, ...]]

_UPNS = [upn(number) for number in range(1, 13)]
_STRANGERS = [upn(number) for number in range(90, 93)]
_IN_CARE = 4
_MONDAY = date(2026, 6, 1)
_FRIDAY = 4
_DAYS = [
    day
    for day in (_MONDAY + timedelta(number) for number in range(140))
    if day.weekday() <= _FRIDAY
]
_HALVES = ("AM", "PM")
_CODES = "/BCEILMNOU"
_MARKS, _OTHER_MARKS, _REVIEWS = "attendance.csv", "register class 5B.csv", "reviews.csv"
_EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
_TAKEN, _NOT_SHOWN, _LEFT_OUT, _REFUSED = "taken", "not shown", "left out", "refused"
_COUNTED = "rows_read, rows_taken, rows_not_shown, rows_left_out, rows_refused"


@dataclass
class Drawn:
    """A folder of files, and the numbers of each that were worked out as it was drawn."""

    texts: dict[str, str]
    numbers: dict[str, Numbers] = field(default_factory=dict)
    books: dict[str, bytes] = field(default_factory=dict)
    is_blocked: bool = False

    def put(self, name: str, header: str, lines: Rows, fates: Counter[str]) -> None:
        """Add a file of these lines; fates: what becomes of how many of them."""
        self.texts[name] = write(header, lines)
        kinds = (_TAKEN, _NOT_SHOWN, _LEFT_OUT, _REFUSED)
        taken, not_shown, left_out, refused = (fates[kind] for kind in kinds)
        self.numbers[name] = (count_rows(self.texts[name]), taken, not_shown, left_out, refused)

    def split_register(self) -> None:
        """Put the rows of half of the children into a second file with a name of its own."""
        header, *lines = csv.reader(io.StringIO(self.texts[_MARKS]))
        others = {*_UPNS[2:7], *(child[:-1] for child in _UPNS[2:7])}
        for name, is_other in ((_MARKS, False), (_OTHER_MARKS, True)):
            rows = [tuple(row) for row in lines if (bool(row) and row[0] in others) == is_other]
            self.texts[name] = write(",".join(header), rows)

    def write(self, folder: Path) -> Path:
        """Write them to a folder."""
        folder.mkdir()
        for name, text in self.texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        for name, content in self.books.items():
            (folder / name).write_bytes(content)
        return folder


def write(header: str, lines: Sequence[tuple[str, ...]]) -> str:
    """Write lines as CSV; one of no cells is a blank line."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header.split(","), *lines])
    return out.getvalue()


def count_rows(text: str) -> int:
    """Count the rows below the header that are not blank."""
    return sum(any(cell.strip() for cell in row) for row in csv.reader(io.StringIO(text))) - 1


def build_school(in_care: int = _IN_CARE) -> dict[str, str]:
    """The files of twelve children, of whom the first are in care."""
    roll = [
        (number, "Sparrow", f"Robin {chr(65 + place)}", f"2017-{1 + place:02d}-03", "F", "4")
        for place, number in enumerate(_UPNS)
    ]
    stays = [(*row, "2025-09-01", "") for row in roll]
    care = [(number, "looked after", "2024-05-01", "", "Ashmere") for number in _UPNS[:in_care]]
    days = [(f"{day}", "school day") for day in _DAYS]
    return {
        "school.csv": GOOD["school.csv"],
        "calendar.csv": write("date,kind", days),
        "roll.csv": write(
            "upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date", stays
        ),
        "care_episodes.csv": write("upn,status,start,end,authority", care),
    }


def account_for_school(drawn: Drawn, on_roll: int = _IN_CARE) -> None:
    """Work out the numbers of the school's own files; on_roll: how many children are shown."""
    for name, text in build_school().items():
        number, is_of_children = count_rows(text), name == "roll.csv"
        shown = on_roll if is_of_children else number
        if name in drawn.texts:
            drawn.numbers[name] = (number, shown, number - shown, 0, 0)


def draw_rows(draw: Random, weeks: int, most_faulty: float) -> tuple[Rows, Counter[str]]:
    """Draw the rows of a register, and what becomes of them."""
    lines, fates = Rows(), Counter[str]()
    for day, child, half in product(_DAYS[: 5 * weeks], _UPNS, _HALVES):
        code, is_shown = draw.choice(_CODES), child in _UPNS[:_IN_CARE]
        row: tuple[str, ...] = (
            child,
            f"{day}",
            half,
            code.replace("/", "\\") if half == "PM" else code,
        )
        fate, chance = _TAKEN if is_shown else _NOT_SHOWN, draw.random()
        if chance < most_faulty / 2:
            spoilt = draw.choice([
                (child, f"{day}", half, "9"), (child, "2026-02-30", half, "N"),
                (child, f"{day}", "evening", "/"), (draw.choice(_STRANGERS), f"{day}", half, "N"),
                (child[:-1], f"{day}", half, "N"), (*row, "x"), row[:2],
            ])  # fmt: skip
            row, fate = spoilt, _LEFT_OUT
        elif chance < most_faulty:
            lines.append(row)
            fates[_LEFT_OUT] += 1  # the second of two rows that say the same
        elif chance < most_faulty + 0.03:
            row, fate = (child, f"{day}", half, ""), _LEFT_OUT
        lines.append(row)
        fates[fate] += 1
    for _ in range(draw.randrange(3)):
        lines.insert(draw.randrange(len(lines)), ("upn", "date", "session", "code"))
        fates[_LEFT_OUT] += 1
        lines.insert(draw.randrange(len(lines)), ())
    return lines, fates


def draw_own(draw: Random, weeks: int = 3) -> Drawn:
    """Draw a register of rows, and reviews; the care file may have a fault."""
    drawn = Drawn(build_school())
    account_for_school(drawn)
    is_wrong = draw.random() < 0.2
    lines, fates = draw_rows(draw, weeks, 0.2 if is_wrong else 0.02)
    if is_wrong:
        fates = Counter({_REFUSED: sum(fates.values())})
    drawn.put(_MARKS, "upn,date,session,code", lines, fates)
    if draw.random() < 0.5:
        drawn.split_register()
    reviews, fates = Rows(), Counter[str]()
    for place, child in enumerate([*_UPNS, *_UPNS]):
        fate = _TAKEN if child in _UPNS[:_IN_CARE] else _NOT_SHOWN
        reviews.append((child, f"{_DAYS[place]}", "held"))
        fates[fate] += 1
    if draw.random() < 0.5:
        reviews.append((draw.choice(_UPNS), "soon", "held"))
        fates[_LEFT_OUT] += 1
    drawn.put(_REVIEWS, "upn,date,outcome", reviews, fates)
    levels: Rows = [(child, f"{_MONDAY}", "maths", "at") for child in _UPNS]
    switched_off = Counter({_LEFT_OUT: len(levels)})
    drawn.put("attainment.csv", "upn,date,subject,level", levels, switched_off)
    if draw.random() < 0.2:
        drawn.is_blocked = True
        drawn.texts["care_episodes.csv"] += f"{_UPNS[5]},in care,2024-05-01,,Ashmere\n"
        number = count_rows(drawn.texts["care_episodes.csv"])
        drawn.numbers["care_episodes.csv"] = (number, 0, 0, 0, number)
        for name, (number, *_) in drawn.numbers.items():
            drawn.numbers[name] = (number, 0, 0, 0, number)
    return drawn


def draw_book(draw: Random) -> Drawn:
    """Draw a workbook with a column for each session: marks are counted."""
    drawn = Drawn(build_school())
    account_for_school(drawn)
    book, fates = openpyxl.Workbook(), Counter[str]()
    sheet = book.active
    assert sheet is not None
    days = [(day, half) for day in _DAYS[:15] for half in _HALVES]
    headings = [f"{day:%a} {day.day} {day:%b %Y} {half}" for day, half in days]
    sheet.append(["Register of the school"])
    sheet.append(["UPN", "Name", *headings])
    for child in _UPNS:
        row = [child, "A child"]
        for _ in days:
            code, fate = draw.choice(_CODES), _TAKEN if child in _UPNS[:_IN_CARE] else _NOT_SHOWN
            if draw.random() < 0.02:
                code, fate = "Q9", _LEFT_OUT
            elif draw.random() < 0.05:
                code, fate = draw.choice(["", "-"]), ""
            row.append(code)
            fates[fate] += 1
        sheet.append(row)
    if draw.random() < 0.5:
        sheet.append(["", "Whom nobody knows", "/", "I"])
        fates[_LEFT_OUT] += 2
    sheet.append(["", "Total", *["11"] * len(days)])
    content = io.BytesIO()
    book.save(content)
    drawn.books["register.xlsx"] = content.getvalue()
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    known = {*_CODES, "Q9"}
    number = sum(cell in known for row in rows for cell in row[2:])
    drawn.numbers[_MARKS] = (number, fates[_TAKEN], fates[_NOT_SHOWN], fates[_LEFT_OUT], 0)
    return drawn


def draw_return(draw: Random, *, is_first: bool) -> Drawn:
    """Draw an SSDA903 of children who are in care, who are not, and who are not on the roll.

    A child with a fault stays shown if an earlier load told of care.
    """
    drawn = Drawn(build_school())
    drawn.texts.pop("care_episodes.csv")
    in_care, others = range(8), range(8, 12)
    wrong = set(draw.sample(in_care, draw.randrange(4)))
    known = set() if is_first else set(range(_IN_CARE))
    account_for_school(drawn, len({*in_care} - wrong | known))
    upns = dict(enumerate([*_UPNS, *_STRANGERS]))
    tables: dict[str, tuple[str, Rows, Counter[str]]] = {
        "Header": ("CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB", [], Counter()),
        "Episodes": (_EPISODES, [], Counter()),
        "Reviews": ("CHILD,DOB,REVIEW,REVIEW_CODE", [], Counter()),
    }

    def add(table: str, child: int, *cells: str, is_faulty: bool = False) -> None:
        _, lines, fates = tables[table]
        lines.append((f"X{child}", *cells))
        if child not in range(12) or child in wrong or is_faulty:
            fates[_LEFT_OUT] += 1
        else:
            fates[_TAKEN if child in in_care else _NOT_SHOWN] += 1

    for child, number in upns.items():
        born = f"03/{1 + child:02d}/2017" if child in range(12) else "03/01/2016"
        add("Header", child, "F", born, "WBRI", number, "", "")
        if child not in others:
            legal = "C1" if child not in wrong or draw.random() < 0.5 else "ZZ"
            left = ("", "") if child in wrong and legal == "C1" else ("01/05/2025", "X1")
            ended = ("01/04/2024", "X1") if left == ("", "") else left
            first = ("01/05/2024", "S", legal, "N1", "U6", "PR1", *ended)
            second = ("01/05/2025", "L", "C2", "N1", "U6", "PR1", "", "")
            add("Episodes", child, *first, "", "", "", "")
            add("Episodes", child, *second, "", "", "", "")
        for month in range(1, draw.randrange(2, 4)):
            add("Reviews", child, born, f"0{month}/06/2026", "PN1")
    for name, (header, lines, fates) in tables.items():
        draw.shuffle(lines)
        drawn.put(f"{name}.csv", header, lines, fates)
    for name in tables:
        drawn.numbers[f"ssda903 {name}"] = drawn.numbers.pop(f"{name}.csv")
    return drawn


_STREAMED = 3


def draw_folder(draw: Random, kind: int, *, is_first: bool) -> Drawn:
    """Draw a folder of one of four kinds."""
    if kind == 1:
        return draw_book(draw)
    if kind == 2:
        return draw_return(draw, is_first=is_first)
    return draw_own(draw, weeks=20 if kind == _STREAMED else 3)


def list_accounts(accounts: list[Account] | tuple[Account, ...]) -> dict[str, Numbers]:
    """The numbers of each account."""
    return {
        account.file: (
            account.number, account.taken, account.not_shown, account.left_out, account.refused
        )
        for account in accounts
    }  # fmt: skip


def read_check(arguments: tuple[object, ...]) -> dict[str, Numbers]:
    """What `lac check` says."""
    found = json.loads(lac("check", *arguments, "--json").stdout)["files"]
    return {
        said["file"]: (
            said["number"], said["taken"], said["not_shown"],
            said["faulty"] + said["blank"] + sum(rule["number"] for rule in said["rules"]),
            said["refused"],
        )
        for said in found
    }  # fmt: skip


def read_load_file(home: Path) -> dict[str, Numbers]:
    """What the newest rows of load_file say, of files that were read themselves."""
    query = f"""
        select file_name, {_COUNTED} from load_file
        where load_id = (select max(load_id) from load_file) and rows_read > 0
    """
    rows = json.loads(lac("sql", query, "--home", home, "--json").stdout)
    return {row.pop("file_name"): tuple(row.values()) for row in rows}


def tell_all(drawn: Drawn, root: Path, *, is_first: bool) -> Iterator[tuple[str, object]]:
    """What each says of the files, by who says it."""
    folder, home, environ = root / "exports", root / "home", keys_at(root / "home")
    drawn.write(folder)
    loading = Load(home, NOW, environ=environ)
    if is_first:
        Keys.create(create_demo(home), environ)
    else:
        loading.load_exports({name: text.encode() for name, text in build_school().items()})
    if drawn.books:
        for mapping in map_tables(drawn.books)[0]:
            save_mapping(home, mapping)
    arguments = (folder, "--home", home, "--authority", "Ashmere")
    yield "check", read_check(arguments)
    if is_first:
        yield "check before there is a folder", read_check((folder, "--authority", "Ashmere"))
    shown = preview_load(loading, folder, authority="Ashmere")
    yield "page", list_accounts(shown.accounts)
    said = lac("load", *arguments).stdout
    words = (*describe_accounts(shown.accounts), *shown.lacks, shown.why_not)
    yield "words of load", [line for line in words if line not in said]
    if not drawn.is_blocked:
        yield "load_file", read_load_file(home)


def test_check_page_load_and_load_file_say_what_becomes_of_each_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    """To the row; a count that takes every row without a fault for taken is another."""
    draw, broken, old_ways, number = rng("office.accounts"), [], 0, size("office.accounts")
    for case in range(number):
        kind = case % (_STREAMED + 1)
        is_first, root = kind != 1 and draw.random() < 0.5, tmp_path / f"{case}"
        drawn = draw_folder(draw, kind, is_first=is_first)
        root.mkdir()
        monkeypatch.setenv("LAC_KEYS", keys_at(root / "home")["LAC_KEYS"])
        monkeypatch.setattr(files, "LARGE_BYTES", 1 if kind == _STREAMED else 1 << 60)
        monkeypatch.setattr(csv_source, "PART_LETTERS", 5000)
        for who, said in tell_all(drawn, root, is_first=is_first):
            expected = [] if who == "words of load" else drawn.numbers
            if said != expected:
                broken.append((case, who, said, expected))
        assert all(each[0] == sum(each[1:]) for each in drawn.numbers.values())
        old_ways += any(each[0] - each[3] - each[4] != each[1] for each in drawn.numbers.values())
    count("accounts", number, len(broken), old_ways)
    assert broken == []
    assert old_ways > number // 2
