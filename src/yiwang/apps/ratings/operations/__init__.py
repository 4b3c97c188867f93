"""What is done with ratings: invited, shown, given by the applicant, and bad ones handled."""
