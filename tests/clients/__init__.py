"""Published clients, and generated ones, driven against the reference server. The session `clients` runs them."""
