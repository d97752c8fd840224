"""Texts taken apart: passages, sentences, names. Pure."""
