"""libav filter chains over streams of samples."""

from collections.abc import Iterable, Iterator

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph

from vang.voice.sound import RATE, Chunk, in_pieces

Filter = tuple[str, str]
"""Name and arguments, as ``ffmpeg -af name=arguments`` takes them."""

_MONO_FLOAT: Filter = ("aformat", "sample_fmts=flt:channel_layouts=mono")


def filtered(chunks: Iterable[Chunk], chain: list[Filter], rate: int = RATE) -> Iterator[Chunk]:
    """The samples after ``chain``; a resampler in the chain changes their rate."""
    for frame in filtered_frames(chunks, [*chain, _MONO_FLOAT], rate):
        yield samples_of(frame)


def resampled(chunks: Iterable[Chunk], rate: int) -> Iterator[Chunk]:
    """The samples brought from ``rate`` to ``RATE``."""
    return filtered(chunks, [("aresample", str(RATE))], rate)


def filtered_frames(
    chunks: Iterable[Chunk], chain: list[Filter], rate: int = RATE
) -> Iterator[AudioFrame]:
    """Like ``filtered``, but whole frames with the metadata that measuring filters attach."""
    graph = _graph(chain, rate)
    for chunk in chunks:
        for piece in in_pieces(chunk):
            graph.push(audio_frame(piece, rate))
            yield from _drained(graph)
    graph.push(None)
    yield from _drained(graph)


def samples_of(frame: AudioFrame) -> Chunk:
    """The samples of a mono float frame."""
    return np.asarray(frame.to_ndarray(), dtype=np.float32).reshape(-1)


def audio_frame(samples: Chunk, rate: int = RATE) -> AudioFrame:
    frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
    frame.sample_rate = rate
    return frame


def _graph(chain: list[Filter], rate: int) -> Graph:
    graph = Graph()
    last = graph.add_abuffer(format="flt", sample_rate=rate, layout="mono")
    for name, arguments in chain:
        following = graph.add(name, arguments)
        last.link_to(following)
        last = following
    last.link_to(graph.add("abuffersink"))
    graph.configure()
    return graph


def _drained(graph: Graph) -> Iterator[AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        if isinstance(frame, AudioFrame):
            yield frame
