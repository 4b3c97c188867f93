"""Public pages of the catalogue: the list of items, the guide of one, its paper and its PDF."""
