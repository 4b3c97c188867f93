"""Applications and their whole legal course, from the draft to the delivered result."""
