"""Recorded sessions, replayed with other decisions."""
