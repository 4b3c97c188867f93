"""Archives: each ended case as one numbered package, kept, checked and handed over."""
