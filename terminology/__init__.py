"""The shared care terminology; knows text, not audio."""
