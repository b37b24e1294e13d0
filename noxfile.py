"""The tasks of a developer: `.venv/bin/nox -s lint` runs one, `.venv/bin/nox -l` lists them.

All tasks run in the environment that README makes, and make none of their own.
"""

import sys
from pathlib import Path

import nox

nox.options.sessions = ["lint", "types", "tests"]
_COMPILE = ("uv", "pip", "compile", "--universal", "--python-version", "3.11")
_COMPILE += ("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links")
#: The lock files, with the sources of each.
_LOCKS = {
    "requirements.lock": ("--group", "build", "pyproject.toml"),
    "requirements-dev.lock": ("--group", "dev", "-c", "requirements.lock", "pyproject.toml"),
    "requirements-provider.lock": (
        *("--group", "pyproject.toml:provider"),
        *("-c", "requirements.lock", "-c", "requirements-dev.lock"),
    ),
}


def run(session: nox.Session, *command: str) -> None:
    """Run a program of the environment that nox itself runs in."""
    program = Path(sys.executable).with_name(command[0])
    session.run(str(program), *command[1:], external=True)


@nox.session(python=False)
def tests(session: nox.Session) -> None:
    """Run plain pytest, with the arguments after `--`."""
    run(session, "pytest", *session.posargs)


@nox.session(python=False)
def lint(session: nox.Session) -> None:
    """Check the form of Python, SQL and notebooks."""
    run(session, "ruff", "check")
    run(session, "ruff", "format", "--check")
    run(session, "sqlfluff", "lint", "queries")
    paths = Path("notebooks").glob("*.py")
    books = [str(path) for path in paths if "marimo.App" in path.read_text("utf-8")]
    run(session, "marimo", "check", "--strict", *books)


@nox.session(python=False)
def types(session: nox.Session) -> None:
    """Check the types of all modules, tests and notebooks."""
    run(session, "mypy")


@nox.session(python=False)
def docs(session: nox.Session) -> None:
    """Write the generated pages of docs/ again."""
    run(session, "python", "-m", "docs.generate")


@nox.session(python=False)
def whole(session: nox.Session) -> None:
    """Run every test and every count at full size, or those of the paths after `--`."""
    session.run("bash", ".ci/whole", *session.posargs, external=True)


@nox.session(python=False)
def lock(session: nox.Session) -> None:
    """Make the lock files again with uv.  `-- --upgrade` takes newer versions."""
    for name, sources in _LOCKS.items():
        target = (*sources, *session.posargs, "-o", name)
        session.run(*_COMPILE, *target, external=True)
