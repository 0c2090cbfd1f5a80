"""The application core: capture, transcription, drafting, signing, exporting; and its command line."""
