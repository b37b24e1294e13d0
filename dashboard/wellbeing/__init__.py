"""The parts of the page Wellbeing."""
