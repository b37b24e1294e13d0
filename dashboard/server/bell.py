"""Has an open tab drawn anew when what it shows is no longer so, without a click.

One look a second for all tabs together, beside the requests.  A tab that looked by itself was
a run of Streamlit's every two seconds, and a hundred of them kept a processor busy.  Nothing
hangs on the bell alone: each tab still looks by itself now and then (`frame.sign_in`).
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from weakref import WeakKeyDictionary

from streamlit import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx

#: Seconds between two looks.
_PAUSE_S = 1.0


class Bell:
    """What each open tab of this server is watched for, until the tab is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: WeakKeyDictionary[AppSession, Callable[[], bool]] = WeakKeyDictionary()
        self._rung: WeakKeyDictionary[AppSession, bool] = WeakKeyDictionary()

    def watch(self, is_as_drawn: Callable[[], bool]) -> None:
        """Draw this tab anew, once, when `is_as_drawn` says no; in place of what was asked before.

        It is asked in another thread, which has no tab: it must not touch Streamlit.
        """
        if (tab := _find_tab()) is not None:
            with self._lock:
                self._watched[tab] = is_as_drawn

    def is_rung(self) -> bool:
        """Whether this run of the tab is the bell's, and no click; asked once in each run."""
        tab = _find_tab()
        with self._lock:
            return tab is not None and self._rung.pop(tab, False)

    async def run(self) -> None:
        """Look for as long as the server runs; on the loop that Streamlit's sessions live on."""
        while True:
            await asyncio.sleep(_PAUSE_S)
            for tab in await asyncio.to_thread(self._list_changed):
                try:
                    self._ring(tab)
                except Exception:  # it is not the end of the others' bell
                    logging.getLogger(__name__).exception("a tab could not be drawn anew")

    def _ring(self, tab: AppSession) -> None:
        # a click that is being answered is not cut short, and a tab whose browser is away is
        # nobody's: the next look finds them
        is_there = runtime.get_instance().is_active_session(tab.id)
        if is_there and tab._scriptrunner is None:  # noqa: SLF001 - said nowhere else
            with self._lock:
                self._watched.pop(tab, None)
                self._rung[tab] = True
            tab.request_rerun(tab._client_state)  # noqa: SLF001

    def _list_changed(self) -> list[AppSession]:
        with self._lock:
            watched = list(self._watched.items())
        return [tab for tab, is_as_drawn in watched if not _ask(is_as_drawn)]


def _ask(is_as_drawn: Callable[[], bool]) -> bool:
    try:
        return is_as_drawn()
    except Exception:  # one tab's fault is not the end of the others' bell, and its page tells it
        logging.getLogger(__name__).exception("a tab could not be looked at")
        return False


def _find_tab() -> AppSession | None:
    """The tab whose run this is; None where no server runs it."""
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return None
    return runtime.get_instance().get_app_session(context.session_id)


#: That of this process.
BELL = Bell()
