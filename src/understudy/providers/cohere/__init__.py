"""The wire APIs of Cohere."""
