"""Loops over rows that numba compiles; see `subsidy.engine.batch.compiled`. Imported only where they pay."""
