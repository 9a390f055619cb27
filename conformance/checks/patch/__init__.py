"""PATCH (docs: reference#api-reference)."""
