"""A cache of answers, for all who ask the same."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

_T = TypeVar("_T")


class Answers:
    """The latest answers by their questions, for all threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, question: Hashable, ask: Callable[[], _T]) -> _T:
        """Return the answer that is kept, or else that of `ask`, and keep it; no error is kept."""
        with self._lock:
            if question in self._known:
                self._known.move_to_end(question)
                known: _T = self._known[question]
                return known
        answer = ask()
        with self._lock:
            self._known[question] = answer
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return answer
