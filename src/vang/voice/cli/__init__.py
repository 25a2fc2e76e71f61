"""The words ``vang speech`` and ``vang voices``: speaking and voices without a browser."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Words = argparse._SubParsersAction[argparse.ArgumentParser]


def add_speech(words: "Words", data: Path) -> None:
    """``vang speech text|file``; ``data`` is the usual data folder."""
    speech = words.add_parser("speech", help="read a text as it will be spoken, or speak it")
    kinds = speech.add_subparsers(required=True, metavar="KIND")
    text = kinds.add_parser("text", help="print the speakable text, one line for each line")
    _add_source(text)
    text.set_defaults(do=_speech_text)
    file = kinds.add_parser("file", help="write the sound as Ogg Opus")
    _add_source(file)
    file.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.opus")
    file.add_argument("--voice", metavar="NAME", help="an installed voice; default the best")
    _add_data(file, data)
    file.set_defaults(do=_speech_file)


def add_voices(words: "Words", data: Path) -> None:
    """``vang voices list|install``; ``data`` is the usual data folder."""
    voices = words.add_parser("voices", help="list or install voices")
    kinds = voices.add_subparsers(required=True, metavar="KIND")
    show = kinds.add_parser("list", help="voices installed here and public ones")
    _add_data(show, data)
    show.set_defaults(do=_voices_list)
    take = kinds.add_parser("install", help="install a public voice by name, or a file")
    take.add_argument("what", metavar="NAME|FILE", help="name, .onnx, .zip or .tar.gz")
    take.add_argument("--from", dest="address", help="address of the voice collection")
    _add_data(take, data)
    take.set_defaults(do=_voices_install)


def _add_source(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="FILE|-", help="UTF-8 text; - is standard input")
    parser.add_argument(
        "--dictionary", type=Path, metavar="FILE.tsv", help="lines of WRITTEN, tab, SPOKEN"
    )


def _add_data(parser: argparse.ArgumentParser, data: Path) -> None:
    parser.add_argument("--data", type=Path, default=data, help="the data folder")


def _speech_text(arguments: argparse.Namespace) -> int:
    from vang.voice.cli.speech import print_speakable  # noqa: PLC0415

    return print_speakable(arguments.source, arguments.dictionary)


def _speech_file(arguments: argparse.Namespace) -> int:
    from vang.voice.cli.speech import write_sound  # noqa: PLC0415

    return write_sound(
        arguments.source,
        arguments.dictionary,
        output=arguments.output,
        voice=arguments.voice,
        data=arguments.data,
    )


def _voices_list(arguments: argparse.Namespace) -> int:
    from vang.voice.cli.voices import print_voices  # noqa: PLC0415

    return print_voices(arguments.data / "voices")


def _voices_install(arguments: argparse.Namespace) -> int:
    from vang.voice.cli.voices import install  # noqa: PLC0415

    return install(arguments.what, arguments.data / "voices", arguments.address)
