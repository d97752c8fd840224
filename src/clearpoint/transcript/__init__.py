"""From the bytes of a transcript to its entries."""
