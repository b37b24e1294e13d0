"""Registers: requests about data, shares, and the recipients of shares."""

from safeguards.disclosure.releases import ToldRows
from stewardship.registers.requests import Register
from stewardship.registers.shares import Shares

#: The registers that name children, by pupil_id.
OF_CHILDREN = (Register, Shares, ToldRows)
