"""Each provider in a folder: how its wire APIs are read, and how their answers are written."""
