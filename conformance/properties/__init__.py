"""Property tests: requests that schemathesis and Hypothesis generate from the contract.

Six modules have checks: `valid_requests`, `invalid_requests`, `unauthorized`, `mistakes`, `privacy_states` and `sequences`.
What they expect is in `oracle` and the modules `expected_*`; `sender` sends the requests and compares the responses.
"""
