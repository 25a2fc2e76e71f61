"""``vang-node`` on a device whose clocks are wrong: its quartz runs fast or slow, its system clock
is off as NTP over a mobile network leaves it. What it captures is stamped with the true time.

Run by sync.py: ``--ppm 30 --off-ms 22 [--deaf] run --home … --sink wav:…``; ``--deaf``: it listens
to no server's time and goes by its system clock.
"""

import argparse
import sys

from vang_node import readings


def main() -> int:
    words = argparse.ArgumentParser()
    words.add_argument("--ppm", type=float, required=True)
    words.add_argument("--off-ms", type=float, required=True)
    words.add_argument("--deaf", action="store_true")
    given, rest = words.parse_known_args()
    true_mono, true_wall = readings.mono_us, readings.wall_us
    zero = true_mono()
    readings.mono_us = lambda: zero + round((true_mono() - zero) * (1 + given.ppm / 1e6))
    readings.wall_us = lambda: true_wall() + round(given.off_ms * 1000)
    # From here on every module takes the skewed clocks.
    from vang_node import clock
    from vang_node.cli import main as node
    from vang_node.sinks.wav import WavSink

    WavSink.__init__.__kwdefaults__["civil_us"] = true_wall  # type: ignore[index]
    if given.deaf:
        clock.TrustedClock.observe_exchange = lambda _self, _exchange: None  # type: ignore[method-assign]
    sys.argv = ["vang-node", *rest]
    return node() or 0
