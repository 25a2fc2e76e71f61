"""Pages of plans, series and scores."""
