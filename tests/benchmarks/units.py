"""The unit of the benchmarks: what this machine takes for twenty million additions.

Seconds depend on the machine and on what else it does; so each figure stands beside u, which
is measured just before it.
"""

import os
import resource
import signal
import subprocess
import sys
import time

#: As lines of a module, where names are looked up in a dictionary, and not of a function.
_LINES = "s = 0\nfor i in range(20_000_000): s += i\n"


def measure_unit() -> float:
    """Seconds of the processor."""
    code = compile(_LINES, "unit", "exec")
    began = time.process_time()
    exec(code, {})
    return time.process_time() - began


def begin_table(title: str) -> None:
    """The head of a table of `say_row`."""
    head = (
        "| what | seconds | u | in u | bar in u | note |\n| --- | ---: | ---: | ---: | ---: | --- |"
    )
    say(f"\n### {title}\n\n{head}")


def say_row(
    what: str, seconds: float, bar: float | None = None, note: str = "", unit: float = 0
) -> None:
    """A line of a table, beside a unit, that of this moment by default."""
    unit = unit or measure_unit()
    bound = f"{bar:g}" if bar else ""
    say(f"| {what} | {seconds:.3f} | {unit:.2f} | {seconds / unit:.3f} | {bound} | {note} |")


def run_lac(*arguments: object, until: str = "", **environ: str) -> resource.struct_rusage:
    """What a command took, with all that it starts and awaits.

    until: begins the line at which it is interrupted, as by Ctrl-C.
    """
    command = [sys.executable, "-m", "cli.main", *map(str, arguments)]
    with subprocess.Popen(
        command, env={**os.environ, **environ}, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            if until and line.startswith(until):
                process.send_signal(signal.SIGINT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    # 1 where some rows are to fix, 130 where it was interrupted
    assert process.returncode in (0, 1, 130 if until else 0), (command, process.returncode)
    return used


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
