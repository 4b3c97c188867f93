"""What every operation of the API shares: problems, bounds, authentication, parsing, declaring."""
