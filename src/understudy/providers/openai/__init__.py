"""The wire APIs of OpenAI."""
