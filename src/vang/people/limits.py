"""Counted attempts, in the database: every process at the door sees the same count.

A cache as Django's, without pickle: whoever can write into the database must not be able to
have code run by the pages.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction

from vang.base import clock
from vang.people.models import Limit

_FOR_EVER = timedelta(days=365)


class LimitCache(BaseCache):
    """Values that JSON can hold, in the table of limits."""

    def __init__(self, _location: str, params: Mapping[str, Any]) -> None:
        super().__init__(dict(params))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        kept = _in_force(self.make_and_validate_key(key, version)).first()
        return default if kept is None else json.loads(kept.value)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        values = {"value": json.dumps(value), "expires": self._until(timeout)}
        name = self.make_and_validate_key(key, version)
        Limit.objects.update_or_create(cache_key=name, defaults=values)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Of two who add the same, one succeeds."""
        name = self.make_and_validate_key(key, version)
        try:
            with transaction.atomic():
                Limit.objects.filter(cache_key=name, expires__lte=clock.now()).delete()
                Limit.objects.create(
                    cache_key=name, value=json.dumps(value), expires=self._until(timeout)
                )
        except IntegrityError:
            return False
        return True

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version)
        return bool(_in_force(name).update(expires=self._until(timeout)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version)
        return bool(Limit.objects.filter(cache_key=name).delete()[0])

    def clear(self) -> None:
        Limit.objects.all().delete()

    def _until(self, timeout: Any) -> datetime:
        seconds = self.get_backend_timeout(timeout)
        if seconds is None:
            return clock.now() + _FOR_EVER
        lasts = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return clock.now() + timedelta(seconds=float(lasts or 0))


def _in_force(name: str) -> Any:
    return Limit.objects.filter(cache_key=name, expires__gt=clock.now())


def forget_limits(*, now: datetime) -> int:
    """Remove what no longer counts. Returns how many."""
    return Limit.objects.filter(expires__lte=now).delete()[0]
