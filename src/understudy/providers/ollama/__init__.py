"""The wire APIs of Ollama."""
