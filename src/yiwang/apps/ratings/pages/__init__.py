"""The page on which an applicant rates, by the token of their own case."""
