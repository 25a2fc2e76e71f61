"""Recording in the browser: what a person reads, sentence by sentence, and the whole of it."""
