"""The learned stage: a linear model over words and letters that doubts wordings.

It knows no rules; it was fitted to the vocabulary's own wordings and to sentences written for it
(`data/training/`). A wording found where the whole clause speaks against its concept is dropped. It
proposes nothing: two in three of its proposals were right, which is too few. tools/learn.py makes it anew.
"""
