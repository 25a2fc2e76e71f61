"""``vang run --once FILE``: the whole job without a browser, proved by the captured sound."""
