"""Masking secrets before anything is kept."""
