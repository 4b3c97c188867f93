"""Limits and thresholds as dated data: declared by their apps, ruled by two people, read by all."""
