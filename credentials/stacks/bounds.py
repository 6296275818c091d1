"""How much one stack may hold, and how long anything of it is kept."""

from __future__ import annotations

from datetime import timedelta

MB = 1024 * 1024
FILES = 300
FILE_BYTES = 20 * MB
STACK_BYTES = 300 * MB
FORM_BYTES = 96 * MB
"""Of one form with several files; with JavaScript each file is sent by itself."""
UNPACKED = 150 * MB
"""Of one archive."""
PAGES = 200
"""Of one PDF."""
STACK_PAGES = 2_000
PIXELS = 64_000_000
"""A picture of the largest telephone cameras."""
TEXT_BYTES = 16 * 1024
OPEN_STACKS = 3
"""Of one link: begun, and not asked to be checked yet."""
SECONDS_A_PAGE = 20.0
MEMORY = 1536 * MB
"""Of the process that looks at pictures."""
KEEP_FILES = timedelta(hours=24)
KEEP_RESULTS = timedelta(days=14)
LONGEST_DAYS = 180
MOST_USES = 100
"""Of a link."""
