"""An official plan as lines → a draft: what it says of itself, its objectives and tasks, each with
the passage it came from. Every paragraph is in exactly one row. Pure.
"""
