"""Pure rules of the hall."""
