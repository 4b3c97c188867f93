"""Rules of enquiries: pure."""
