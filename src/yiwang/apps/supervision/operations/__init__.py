"""What may be done with rules, cards and appeals."""
