"""A site's own wordings over the shipped vocabulary: reviewable text files with who, when and why."""
