"""The draw, pure: from a seed to codes, so that anybody can repeat it once the seed is revealed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence


def draw(seed: bytes, module: str, entries: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Code -> entry. Codes are numbers of at least three digits, none in `taken`; the order of
    `entries` does not matter."""
    waiting = sorted(set(entries))
    free = _free_codes(len(waiting), frozenset(taken))
    codes = sorted(free, key=lambda code: _lot(seed, module, "code", code))[: len(waiting)]
    order = sorted(waiting, key=lambda entry: _lot(seed, module, "entry", entry))
    return dict(sorted(zip(codes, order, strict=True)))


def commitment(seed: bytes, contest: str, module: str) -> str:
    """What the log holds before the seed is revealed."""
    return hashlib.sha256(seed + f"|{contest}|{module}".encode()).hexdigest()


def physical_findings(
    codes: Mapping[str, str], entries: Sequence[str], taken: Iterable[str]
) -> list[tuple[str, str, dict[str, str]]]:
    """What is wrong with a draw made on paper (entry -> code): (pointer, code, params)."""
    used = set(taken)
    wrong = [(f"/{e}", "draw-entry-missing", {"entry": e}) for e in entries if e not in codes]
    for entry, code in codes.items():
        if entry not in entries:
            wrong.append((f"/{entry}", "draw-entry-unknown", {"entry": entry}))
        if code in used or not code.strip():
            wrong.append((f"/{entry}", "draw-code-twice", {"code": code}))
        used.add(code)
    return wrong


def _free_codes(needed: int, taken: frozenset[str]) -> list[str]:
    digits = 3
    while True:
        lowest, above = 10 ** (digits - 1) + 1, 10**digits
        free = [str(n) for n in range(lowest, above) if str(n) not in taken]
        if len(free) >= needed * 2 or digits > 6:
            return free
        digits += 1


def _lot(seed: bytes, *parts: str) -> bytes:
    return hmac.new(seed, "|".join(parts).encode(), hashlib.sha256).digest()
