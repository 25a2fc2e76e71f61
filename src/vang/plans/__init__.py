"""Plans: read from official documents, their tasks with who leads and when, followed to the end."""
