"""Bring in files: drop them, see what is to mend and what would change, load, undo."""

from dashboard.bring_in.desk import Desk
from dashboard.bring_in.page import render
from dashboard.ui import tab

render(Desk.from_session(tab.enter("bring_in")))
