"""In CI a skipped test is a failure, and its reason is shown."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
REASON = "apt-get install chromium"


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_a_skipped_test_fails_the_run_in_ci_alone(tmp_path: Path, ci: str, code: int) -> None:
    (tmp_path / "test_skipping.py").write_text(
        f"import pytest\n\ndef test_nothing():\n    pytest.skip({REASON!r})\n"
    )

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.fixtures.skips", "-c", "/dev/null", tmp_path],
        cwd=ROOT,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == code
    assert ("skipped, which CI counts as failures" in done.stdout) == bool(ci)
    assert REASON in done.stdout or not ci
