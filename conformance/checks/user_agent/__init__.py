"""The User-Agent (docs: reference#user-agent)."""
