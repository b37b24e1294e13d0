"""Commands of `lac`, run in this process as a person gives them, or in one of their own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from cli.main import app


def lac(*arguments: object, answer: str | None = None) -> Result:
    """Run a command in this process; an exception that nobody told the user is a failure."""
    result = CliRunner().invoke(app, [str(each) for each in arguments], input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit), result
    return result


def start_lac(*arguments: object, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    command: list[Any] = [sys.executable, "-m", "cli.main", *map(str, arguments)]
    own = {**os.environ, **environ}
    return subprocess.run(command, env=own, capture_output=True, text=True, check=False)


def passphrase_fd(folder: Path, *lines: str) -> tuple[str, str]:
    """The option that reads passphrases from a descriptor with these lines."""
    path = folder / "passphrases"
    path.write_text("".join(f"{line}\n" for line in lines))
    return "--passphrase-fd", str(os.open(path, os.O_RDONLY))
