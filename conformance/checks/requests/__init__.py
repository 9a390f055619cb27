"""What a request must bring (docs: reference#api-reference)."""
