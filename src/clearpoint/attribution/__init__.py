"""What the tokens of the context window are spent on."""
