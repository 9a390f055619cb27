"""Rate limits of the reference server: how requests are counted, and the options of `serve`. docs: reference#rate-limiting."""
