"""`lac categories`: which kinds of data a school keeps here."""

from typing import Annotated

import typer
from typer import Option

from cli.commands import Commands
from cli.context import Caller
from intake.contract import get_category
from intake.switches import AT_FIRST, load_switched_off, save_switches

app = Commands()

Files = Annotated[list[str] | None, Option(metavar="FILE", help="Keep it, such as offending.csv.")]
OffFiles = Annotated[list[str] | None, Option(metavar="FILE", help="Do without it.")]


@app.add("categories")
def run_categories(caller: Caller, on: Files = None, off: OffFiles = None) -> None:
    """List the kinds of data that a school may keep or not, and switch them on or off.

    What is off is not asked for, not taken in and not shown. What is there already stays,
    hidden, until the retention schedule takes it out. In a real home the safeguarding lead
    says so. Exit code 0: done; 2: not.
    """
    if on or off:
        if not caller.home.is_demo:
            caller.require_lead("categories")
        now = load_switched_off(caller.home, caller.keys)
        save_switches(caller.home, caller.keys, (now - set(on or ())) | set(off or ()))
        caller.bring_up_to_date()
    now_off = load_switched_off(caller.home, caller.keys)
    for name in AT_FIRST:
        kept = "off" if name in now_off else "on"
        typer.echo(f"{kept:<4}{name}: {get_category(name).name}")
