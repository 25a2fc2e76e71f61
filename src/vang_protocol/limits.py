"""Sizes and spans both sides enforce. Bytes are counted before anything is parsed."""

from datetime import timedelta

PLAN_BYTES = 1024 * 1024
JOURNAL_BATCH_BYTES = 512 * 1024
JOURNAL_LINE_BYTES = 4 * 1024
LINK_MESSAGE_BYTES = 8 * 1024
API_BODY_BYTES = 16 * 1024
AUDIO_BYTES = 256 * 1024 * 1024

PLAN_ITEMS = 3000
PLAN_HOURS = 24
ITEM_CLUSTERS = 500
TITLE_CHARS = 300
ID_CHARS = 80
DETAIL_CHARS = 300
NAME_CHARS = 120
STATE_ITEMS = 20

DAY_MS = 24 * 3600 * 1000
VOLUME_FLOOR_DB = -60
ISSUED_AHEAD = timedelta(minutes=10)
PLAN_COVERS = timedelta(days=7)
