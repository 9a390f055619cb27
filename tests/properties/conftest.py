"""Properties work in the worlds that the tests of `conformance.world` open."""

from tests.world.conftest import open_world, world

__all__ = ["open_world", "world"]
