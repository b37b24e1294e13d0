"""A preview of what a load would change, which writes nothing."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from intake.check.account import build_accounts
from intake.check.check import CheckResult
from intake.identify.scope import find_scope
from intake.publish import merge
from intake.publish.load import (
    Base,
    Load,
    LoadResult,
    build_refusal,
    build_unmerged_result,
    list_children,
    refuse_wrong_sender,
)
from intake.read.files import Folder
from queries.contract import ONLY_SCHOOL
from safeguards.access.loads import open_lookup
from safeguards.home.home import Home
from safeguards.keys.keys import Keys


@dataclass(frozen=True)
class Preview(LoadResult):
    """What is wrong with files, and what a load of them would do.

    children_new, children_left: how many come into view, and are on roll no more.
    earlier_until: the day up to which the data reach now.
    """

    checked: CheckResult = field(kw_only=True)
    children_new: int = 0
    children_left: int = 0
    earlier_until: date | None = None


def preview_load(
    load: Load, exports: Folder, *, authority: str = "", school: int = ONLY_SCHOOL
) -> Preview:
    """Return what `Load.load_exports` would do with these files; it raises the same errors."""
    checked, today = load.check(exports, school, authority), load.now.date()
    home = Home.open(load.folder)
    keys = open_lookup(home, Keys.load(home, load.environ), load.admitted)
    refuse_wrong_sender(keys, [school])
    base = Base.read(home, keys, {school: checked}, today)
    own = base.parts.get(school, {})
    if why_not := checked.describe_obstacle(has_earlier=bool(own)):
        return Preview(**vars(build_refusal(checked, why_not, today)), checked=checked)
    # the codes that are drawn here go with this vault, which nobody saves
    taken = base.enrol(school, checked, random.SystemRandom())
    coming = base.build_next({school: taken}, load.now)
    before, after = (_list_on_roll(rows) for rows in (base.rows, coming.file_rows))
    return Preview(
        **vars(base.list_results(coming, today)[school]),
        checked=taken.checked,
        children_new=len(list_children(coming.file_rows) - list_children(base.rows)),
        children_left=len(before - after),
        earlier_until=merge.get_data_until(own) if own else None,
    )


def preview_first_load(checked: CheckResult, today: date) -> Preview:
    """Return what a load of checked files into a new folder would do."""
    if why_not := checked.describe_obstacle(has_earlier=False):
        result = build_refusal(checked, why_not, today)
    else:
        accounts = build_accounts(checked, find_scope(checked))
        result = build_unmerged_result(checked, accounts, today)
    return Preview(**vars(result), checked=checked)


def _list_on_roll(rows: Mapping[str, pl.DataFrame]) -> set[str]:
    return set(rows["raw_pupil"].filter("is_on_newest_roll")["pupil_id"]) if rows else set()
