"""What is printed, signed by hand and scanned: eight kinds of paper, each with its step."""

from pathlib import Path

from contests.papers import messages


def install() -> None:
    """Names the templates and the sentences; twice does no harm."""
    from core import paper  # loads Typst: not for every command of the terminal

    paper.register("contests/papers", Path(__file__).parent / "templates")
    messages.install()
