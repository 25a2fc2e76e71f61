"""The outbox: letters by e-mail, each sent once, tried again while the server is away."""
