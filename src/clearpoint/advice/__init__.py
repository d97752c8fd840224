"""When to clear, and in which words it is said."""
