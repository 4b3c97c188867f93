"""Plumbing every app uses. It knows Django and the kernel, and no app."""
