"""The JSON API for other systems: bulletins, schedule, as-run log, loudspeakers.

Its OpenAPI document lies at /api/v1/openapi.json. Every answer that is a no has the form
``{"error": code, "detail": sentence}``.
"""

from vang.connections.api.interface import api

__all__ = ["api"]
