"""Let data in: read a school's exports as text, and check them against the contract.

Every problem is reported to the person who brings the files. Nothing is guessed or repaired, and
no message holds a personal value.
"""

import os

# openpyxl would otherwise use lxml, which comes with python-docx, instead of defusedxml
os.environ["OPENPYXL_LXML"] = "False"
