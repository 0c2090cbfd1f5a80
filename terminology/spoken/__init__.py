"""The steps from spoken Danish to its written form; `terminology.written` puts them in order."""
