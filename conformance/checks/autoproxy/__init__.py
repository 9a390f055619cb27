"""Autoproxy settings (docs: models#autoproxy-settings-model)."""
