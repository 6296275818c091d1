"""Work that is done again and again: one that fails keeps no other from being done."""

from __future__ import annotations

import pytest

from core import regular


async def test_every_work_is_done_although_one_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(regular, "_works", {})
    done = []

    async def fails() -> None:
        raise RuntimeError("broken")

    async def works() -> None:
        done.append("done")

    regular.register("first", fails)
    regular.register("second", works)
    await regular.do_all()

    assert done == ["done"]
    assert "first failed" in caplog.text
