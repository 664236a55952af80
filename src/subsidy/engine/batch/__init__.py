"""Claims by the million: the same rules, asked once for each cell and each distinct value, applied to whole columns."""
