"""Ratings by applicants: one per case, with the applicant's own token, and in no other way."""
