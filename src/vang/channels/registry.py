"""The channels of this installation, filled when the process starts."""

from vang.channels.channel import Channel

_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Called from the ``ready`` of a channel's AppConfig; registering again replaces."""
    _channels[channel.name] = channel


def unregister(name: str) -> None:
    """For tests that bring a channel of their own."""
    _channels.pop(name, None)


def channels() -> list[Channel]:
    """All of them, in the order in which people think of them."""
    return sorted(_channels.values(), key=lambda channel: (channel.order, channel.name))


def find_channel(name: str) -> Channel | None:
    """None for a channel that is no longer installed: its deliveries remain."""
    return _channels.get(name)
