"""The wire APIs of Google."""
