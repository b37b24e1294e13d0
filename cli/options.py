"""Exit codes and options that several commands of `lac` share."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

TO_FIX, CANNOT_READ = 1, 2

#: An option that is a day.  Its value is the midnight at which the day begins.
DayOption = partial(Option, formats=["%Y-%m-%d"])

HomeOption = Annotated[Path, Option("--home", help="The school's folder.")]
Who = Annotated[
    str | None,
    Option("--as", metavar="NAME", help="Your name, in a real school. If not given, the lead."),
]
PassphraseFd = Annotated[
    int | None,
    Option(
        "--passphrase-fd",
        min=0,
        help="Read passphrases from this file descriptor, one on each line. 0 is standard input.",
    ),
]
AsAt = Annotated[
    datetime | None,
    DayOption("--as-at", help="The date to show. If not given, today, or the end of a demo."),
]
Port = Annotated[
    int | None, Option("--port", help="Port on this computer. If not given, 8501 or a free one.")
]
NoBrowser = Annotated[bool, Option("--no-browser", help="Do not open a browser.")]
Handle = Annotated[str, Argument(metavar="HANDLE", help='A code name, such as "copper lantern".')]
Authority = Annotated[
    str, Option(metavar="NAME", help="The local authority that sent the returns in DIR.")
]
AsJson = Annotated[bool, Option("--json", help="Print the result as JSON, for a program.")]
School = Annotated[
    int | None,
    Option(metavar="URN", min=100_000, max=999_999, help="The school that sent these files."),
]
