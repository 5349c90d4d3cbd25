"""Estimates: what answers of a sample say about those who were not asked, and how far to trust it."""
