"""What a page of the default day waits for: the first answer of every mart and check.

    python tests/benchmarks/first_answers.py

Each round opens the store anew and asks every one of them once, as a table of the day and
as the view itself, which is planned then.  Both are measured side by side, so their ratio
holds on a busy machine too.  Nothing is asserted.
"""

import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from queries.views import views
from tests.support.schools.homes import UNTIL, demo_home, open_store

_ROUNDS = 7
_BAR_MS = 150
_NAMES = [view.name for view in views.load_views().values() if view.layer in ("marts", "checks")]


def time_answers(home: Path, relation: str) -> dict[str, float]:
    """Milliseconds to each first answer of a store that was just opened."""
    times = {}
    with closing(open_store(home)) as store:
        for name in _NAMES:
            before = time.perf_counter()
            store.read(f"from {relation.format(name)}", as_at=UNTIL)
            times[name] = 1000 * (time.perf_counter() - before)
    return times


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="lac-bench-") as temporary:
        home = demo_home(Path(temporary) / "home", years=3)
        views_rounds, tables_rounds = [], []
        for _ in range(_ROUNDS):
            views_rounds.append(time_answers(home, "lac.main.{}"))
            tables_rounds.append(time_answers(home, "{}"))
    views_ms, tables_ms = (
        {name: statistics.median(each[name] for each in rounds) for name in _NAMES}
        for rounds in (views_rounds, tables_rounds)
    )
    lines = ["| first answer of | the view, ms | the day's table, ms | ratio |"]
    lines.append("| --- | ---: | ---: | ---: |")
    for name in sorted(_NAMES, key=views_ms.__getitem__, reverse=True):
        planned, filled = views_ms[name], tables_ms[name]
        lines.append(f"| {name} | {planned:.1f} | {filled:.1f} | {filled / planned:.0%} |")
    planned, filled = sum(views_ms.values()), sum(tables_ms.values())
    lines.append(
        f"| all, bar {_BAR_MS} ms | {planned:.0f} | {filled:.0f} | {filled / planned:.0%} |"
    )
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
