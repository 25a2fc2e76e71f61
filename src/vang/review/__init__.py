"""The way of a text from draft to release, as one table that guard, buttons and help share."""
