"""The parts of Safeguarding: where each child stands, what is due, notes, and times missing."""
