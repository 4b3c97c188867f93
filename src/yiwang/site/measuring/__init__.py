"""Measures: bulk data, statements and CPU per request, the bench, faults. Never in production."""
