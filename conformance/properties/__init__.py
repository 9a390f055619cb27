"""Property tests: requests that schemathesis generates from the contract."""
