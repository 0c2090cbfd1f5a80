"""From signed entries to the formats that care records read."""
