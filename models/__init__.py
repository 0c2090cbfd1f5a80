"""Speech-model files: which exist, where they lie, whether they are what they claim to be."""
