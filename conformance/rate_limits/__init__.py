"""Rate limits of the target: bursts, when they are sent, and what they show."""
