"""The Python interface: sessions and budgets."""
