"""Who may read and write what (docs: reference#authentication)."""
