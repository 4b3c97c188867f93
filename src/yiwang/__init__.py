"""Yiwang 一网: one platform for the whole day of a government-service bureau."""
