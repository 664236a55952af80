"""The law as data: editions, loading, time axes, names."""
