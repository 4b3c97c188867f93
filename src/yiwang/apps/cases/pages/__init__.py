"""Pages of cases: the applicant's and the staff's; what both draw the clock with is in `strips`."""
