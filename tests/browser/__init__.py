"""Tests in a real browser, without a window and without a network."""
