"""The work state, folded from the entries of a transcript."""
