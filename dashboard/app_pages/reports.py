"""Reports: what governors are given, in four steps."""

from dashboard.report.page import page
from dashboard.ui import tab

session = tab.enter("reports")
page.render_report_page(session)
