"""A recalculation as one page for people who look rather than read: `data` holds what it shows, `page` writes it."""
