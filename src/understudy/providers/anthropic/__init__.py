"""The wire APIs of Anthropic."""
