"""Pages about accounts and people: signing in, second factor, disclosures, administration."""
