"""Reports: what governors are given, in four steps."""

from dashboard.report.page import page
from dashboard.ui import tab


def render() -> None:
    """Draw the page."""
    page.render_report_page(tab.enter("reports"))
