"""A smaller start for every session: measured, proposed, applied, and measured again."""
