"""How long a governor report takes, and how much memory: one run prints a table.

    python tests/benchmarks/report.py

A school with 24 children looked after makes three final reports, and then the one that is
measured: each in a process of its own, as `lac report` does.  Nothing is asserted.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.schools.homes import demo_home, keys_at
from tests.support.schools.report_home import answered, session

_CHILDREN = 58  # of whom 24 are looked after on the last day
_DAYS = (date(2025, 12, 12), date(2026, 3, 20), date(2026, 7, 10), date(2026, 11, 20))
_SECONDS, _MEGABYTES = 20, 500
_COMMAND = """
import resource
import sys
from cli.main import app
try:
    app(sys.argv[1:], standalone_mode=False)
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


def main() -> None:
    """Measure, and print."""
    say(f"{'report':34} {'seconds':>8} {'bar':>5} {'MB':>6} {'bar':>5}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = demo_home(Path(temporary) / "home", children=_CHILDREN, years=3)
        environ = keys_at(folder)
        os.environ["LAC_KEYS"] = environ["LAC_KEYS"]
        for earlier, day in enumerate(_DAYS):
            held = session(folder, as_at=day)
            answered(held)
            began = time.perf_counter()
            done = subprocess.run(
                [
                    *(sys.executable, "-c", _COMMAND, "report", "--home", str(folder)),
                    *("--out", temporary, "--as-at", day.isoformat(), "--final"),
                ],
                check=True,
                capture_output=True,
                text=True,
                env=environ,
            )
            seconds = time.perf_counter() - began
            megabytes = int(done.stderr.split()[-1])
            what = f"{day.isoformat()}, after {earlier} earlier"
            say(f"{what:34} {seconds:8.1f} {_SECONDS:5} {megabytes:6} {_MEGABYTES:5}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
