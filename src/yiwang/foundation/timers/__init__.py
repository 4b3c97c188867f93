"""One table of things that fall due, swept by due time."""
