"""The shapes of everything that is kept: typed dictionaries, the same in memory and on disk.

The fast lane handles them as the plain JSON that they are and never imports this package; type
checkers and the full lane do. There, pydantic validates whatever is not known to be Clearpoint's.
Times are UTC, ISO 8601, to the second. Sizes are tokens unless a name says otherwise.
"""
