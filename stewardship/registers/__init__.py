"""Registers: requests about data, what was shared, and with whom the school shares."""

from safeguards.disclosure.releases import ToldRows
from stewardship.registers.requests import Register
from stewardship.registers.shares import Shares

#: Those in which children stand by their codes.
OF_CHILDREN = (Register, Shares, ToldRows)
