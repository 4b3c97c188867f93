"""What may be done with an enquiry."""
