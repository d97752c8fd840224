"""The state folder: every file name, lock and checksum."""
