"""Clearpoint's own settings: defaults, files, where each value comes from."""
