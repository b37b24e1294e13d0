"""A clock that a test moves."""

from typing import Any


class Clock:
    """Stands still at `now`, a time or a number of seconds, until a test sets another."""

    def __init__(self, now: Any) -> None:
        self.now = now

    def __call__(self) -> Any:
        return self.now
