"""The studio: reading a bulletin into the microphone."""
