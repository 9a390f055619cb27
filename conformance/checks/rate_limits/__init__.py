"""Rate limits (docs: reference#rate-limiting)."""
