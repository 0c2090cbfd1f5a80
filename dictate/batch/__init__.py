"""Batch transcription: a folder of recordings becomes drafts for review, on one machine or on a cluster."""
