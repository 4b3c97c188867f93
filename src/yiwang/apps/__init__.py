"""The rooms of the house, one context each; `public` and `events` are their only doors."""
