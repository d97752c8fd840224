"""Tests that drive the real client, offline, against a stub of the Messages API."""
