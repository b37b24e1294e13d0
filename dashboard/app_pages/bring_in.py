"""Bring in files: drop them, see what is to mend and what would change, load, undo."""

from dashboard.bring_in import page
from dashboard.bring_in.desk import Desk
from dashboard.ui import tab


def render() -> None:
    """Draw the page."""
    page.render(Desk.from_session(tab.enter("bring_in")))
