"""The budget's levels, and how large the context window is."""
