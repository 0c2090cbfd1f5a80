"""The parts of reading drugs: their names, how much and how, and whether they were given."""
