"""The staff's pages of supervision."""
