"""``vang-node setup``: a loudspeaker that is not enrolled yet is set up from a telephone."""
