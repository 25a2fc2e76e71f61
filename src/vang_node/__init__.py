"""The agent on a loudspeaker node: fetch, verify, arm, play by the clock, write the journal."""

from datetime import UTC, datetime

__version__ = "0.1.0"
SOFTWARE = f"vang-node {__version__}"

#: No true clock can show less; moved forward with every release.
BUILT = datetime(2026, 11, 1, tzinfo=UTC)

#: Sound is 48 kHz, mono, 16 bit everywhere in the node.
RATE = 48_000
