"""The wire APIs of Bedrock."""
