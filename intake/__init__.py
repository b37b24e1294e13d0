"""The door in: a school's exports are read as text and checked against the contract.

Everything is told to the person at the door, nothing is guessed or repaired, and no
message holds a personal value.
"""

import os

# openpyxl would read workbooks by lxml, which python-docx brings, and past defusedxml
os.environ["OPENPYXL_LXML"] = "False"
