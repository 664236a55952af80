"""Files: reading tables of claims as agencies export them, and writing decisions so that no run leaves half a file."""
