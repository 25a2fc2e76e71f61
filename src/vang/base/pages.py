"""Pages of long lists that cost the same however long the list is."""

from functools import cached_property

from django.core.paginator import Paginator

MOST = 1_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts, and leads to, no more than the first :data:`MOST` rows: whoever seeks further
    narrows the list. ``is_cut``: there are more."""

    @cached_property
    def _counted(self) -> int:
        return int(self.object_list[: MOST + 1].count())  # type: ignore[attr-defined]

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST)

    @property
    def is_cut(self) -> bool:
        return self._counted > MOST
