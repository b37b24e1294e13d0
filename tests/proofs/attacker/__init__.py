"""An attacker who reads finished reports and concludes all that can be concluded.

It stands apart from the gate on purpose: it imports nothing of ours, reads only the files
that a school sends, and solves with SCIP, which the gate does not use.
"""
