"""Pages: the list of checks for staff, the open decisions for everybody."""
