"""Nodes and towns for tests."""

from hypothesis import settings

# A shared machine stalls now and then; a property is not about speed.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
