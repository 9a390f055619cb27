"""The settings of a system (docs: models#system-settings-model)."""
