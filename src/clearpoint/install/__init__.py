"""Registering Clearpoint in the client's settings, and taking it out again."""
