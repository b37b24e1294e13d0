"""Reports: what governors are given, in four steps."""

from dashboard.report.page import page
from dashboard.text import words
from dashboard.ui import components, tab

session = tab.enter("reports")
components.render_title("reports", words.PAGES["reports"])
page.render_report_page(session)
