"""The parts of reading measurements: names, numbers, times, and the kinds of values."""
