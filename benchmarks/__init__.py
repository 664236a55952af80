"""Side by side with what a user would pick instead. Run: make bench."""
