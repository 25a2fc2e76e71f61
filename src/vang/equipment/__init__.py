"""What a commune's station is made of: ways of transmission, places, devices as assets."""
