"""Settings in a guild (docs: models#system-guild-settings-model)."""
