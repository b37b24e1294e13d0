"""Exit codes and options that several commands of `lac` have."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

TO_FIX, CANNOT_READ = 1, 2

#: An option that is a day; its value is the midnight that begins it.
DayOption = partial(Option, formats=["%Y-%m-%d"])

HomeOption = Annotated[Path, Option("--home", help="The school's home folder.")]
Who = Annotated[
    str | None,
    Option("--as", metavar="NAME", help="Who you are, in a real home; the lead if unset."),
]
PassphraseFd = Annotated[
    int | None,
    Option(
        "--passphrase-fd",
        min=0,
        help="Read passphrases from this file descriptor, a line each; 0 is standard input.",
    ),
]
AsAt = Annotated[
    datetime | None,
    DayOption("--as-at", help="Show this day; today if unset, in a demo the data's end."),
]
Port = Annotated[
    int | None, Option("--port", help="Port on this computer: 8501, or a free one, if unset.")
]
NoBrowser = Annotated[bool, Option("--no-browser", help="Do not open a browser.")]
Handle = Annotated[str, Argument(metavar="HANDLE", help='Such as "copper lantern".')]
Authority = Annotated[
    str, Option(metavar="NAME", help="Which local authority sent the returns in DIR.")
]
AsJson = Annotated[bool, Option("--json", help="Say it as JSON, for a program to read.")]
