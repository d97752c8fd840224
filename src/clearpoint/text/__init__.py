"""Sentences, identifiers, languages, phrases: text alone, no files."""
