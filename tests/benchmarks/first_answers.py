"""What a page of the default day waits for: the first answer of every mart and check.

    python tests/benchmarks/first_answers.py

Each round opens the store anew and asks every one of them once, of the default day, whose
tables the load has filled, and of the day before, whose tables are made then.  Both are
measured side by side, so their ratio holds on a busy machine too.  Nothing is asserted.
"""

import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from queries import read
from tests.support.schools.homes import UNTIL, demo_home, open_store

_ROUNDS = 7
_BAR_MS = 150
_NAMES = tuple(read.list_definitions())


def time_answers(home: Path, day: date) -> dict[str, float]:
    """Milliseconds to each first answer of a store that was just opened."""
    times = {}
    with closing(open_store(home)) as store:
        for name in _NAMES:
            before = time.perf_counter()
            store.read(f"from {name}", as_at=day)
            times[name] = 1000 * (time.perf_counter() - before)
    return times


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="lac-bench-") as temporary:
        home = demo_home(Path(temporary) / "home", years=3)
        other_rounds, default_rounds = [], []
        for _ in range(_ROUNDS):
            other_rounds.append(time_answers(home, UNTIL - timedelta(days=1)))
            default_rounds.append(time_answers(home, UNTIL))
    other_ms, default_ms = (
        {name: statistics.median(each[name] for each in rounds) for name in _NAMES}
        for rounds in (other_rounds, default_rounds)
    )
    lines = ["| first answer of | another day, ms | the default day, ms | ratio |"]
    lines.append("| --- | ---: | ---: | ---: |")
    for name in sorted(_NAMES, key=other_ms.__getitem__, reverse=True):
        made, filled = other_ms[name], default_ms[name]
        lines.append(f"| {name} | {made:.1f} | {filled:.1f} | {filled / made:.0%} |")
    made, filled = sum(other_ms.values()), sum(default_ms.values())
    lines.append(f"| all, bar {_BAR_MS} ms | {made:.0f} | {filled:.0f} | {filled / made:.0%} |")
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
