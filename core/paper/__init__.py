"""Paper: PDF files by Typst, offline, with fonts that hold every character or an error that names it.

    paper.register("contests/papers", Path(...))
    made = await paper.pdf("contests/papers/check_in.typ", {"rows": rows}, language="zh-Hans", at=now)

A template reads its data as JSON; nothing is ever put into its source:

    #import "/core/page.typ": a4, data
    #show: a4.with(title: data.title)
"""

from core.paper import messages
from core.paper.fonts import CharacterMissing, NoChineseFont, lacking
from core.paper.making import Crowded, PaperMistake, pdf, pictures, register

__all__ = [
    "CharacterMissing",
    "Crowded",
    "NoChineseFont",
    "PaperMistake",
    "lacking",
    "messages",
    "pdf",
    "pictures",
    "register",
]
