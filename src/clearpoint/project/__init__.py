"""The project on disk: git, files and their tiers."""
