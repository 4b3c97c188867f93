"""Pages of certificates: one's own, and the public check of any paper of the platform."""
