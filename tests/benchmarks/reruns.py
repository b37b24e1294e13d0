"""What a click on each page costs the server: a rerun of the whole page, in process.

    python tests/benchmarks/reruns.py

Nothing is asserted; the bar is Today's.  CPU time is printed beside the clock, since it holds
on a busy machine too.  Streamlit's harness compiles the scripts anew each time and reads the
page back, which a server does not.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.ui import lists
from safeguards.access import access
from tests.support.schools.homes import demo_home, keys_at
from tests.support.web.site import switch_page

_ROUNDS = 15
_BAR_MS = 30
_PAGES = ("today", "children", "child", "attendance", "wellbeing", "plans", "data_check", "help")


def time_reruns(app: AppTest) -> tuple[float, float]:
    """Median milliseconds of a rerun, by the clock and of the processor, once it is warm."""
    times = []
    for _ in range(_ROUNDS + 2):
        wall, cpu = time.perf_counter(), time.process_time()
        app.run()
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    assert not app.exception
    return tuple(1000 * statistics.median(part) for part in zip(*times[2:], strict=True))


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="lac-bench-") as temporary:
        home = demo_home(Path(temporary) / "home", years=3)
        os.environ |= {**keys_at(home), "LAC_HOME": str(home), "LAC_ROLE": "teacher"}
        session = access.open(home, actor="bench", role="teacher", purpose="bench")
        child = session.read("select pupil_id from cohort_member")["pupil_id"][0]
        app = AppTest.from_file(str(Path(dashboard.__file__).with_name("app.py")))
        app.default_timeout = 60
        app.run()
        lines = [
            f"| page | ms | of the processor (Today's bar: {_BAR_MS}) |",
            "| --- | ---: | ---: |",
        ]
        for page in _PAGES:
            if page == "child":
                app.query_params[lists.ADDRESS] = session.get_address(child)
            switch_page(app, page)
            wall, cpu = time_reruns(app)
            lines.append(f"| {page} | {wall:.0f} | {cpu:.0f} |")
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
