"""Hears what changes. Filled in by indexing."""
