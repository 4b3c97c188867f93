"""Pages: the applicant rates by token; the window asks; organs and supervisors handle and count."""
