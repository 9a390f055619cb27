"""The values of keys, whatever the model (docs: reference#api-reference, models)."""
