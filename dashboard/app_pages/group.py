"""Group figures: the looked-after children as one group, for the Headteacher."""

from dashboard.sheets import take
from dashboard.sheets.group import build_group_sheet
from dashboard.ui import components, tab


def render() -> None:
    """Draw the page."""
    session = tab.enter("group")
    sheet = build_group_sheet(session.copy_in_role(session.choose_role("group", "view")))
    components.render_title("group", sheet.title)
    take.render_sheet(session, "group", sheet, "group-figures")
