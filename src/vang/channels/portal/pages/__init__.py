"""From what is known about a unit's notices to the bytes of its pages."""
