"""Files that nobody should have to read, made when they are needed."""
