"""APP "what changes": writes the next migration of an app from its tables.

Read the file before committing it: only additions run on both engines (SQLite can't change a
column's type or make it NOT NULL), composite unique indexes are raw SQL by hand.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from piccolo.apps.migrations.commands import new

from core import db, migrations
from core.settings import load, use


async def main(app: str, description: str) -> int:
    config = {c.app_name: c for c in migrations.app_configs()}[app]
    folder = Path(config.resolved_migrations_folder_path)
    number = 1 + sum(1 for path in folder.glob("*.py") if path.name != "__init__.py")
    try:
        made = await new._create_new_migration(config, auto=True, description=description)
    except new.NoChanges:
        print("The tables are as the migrations leave them.")
        return 1
    words = "_".join("".join(c if c.isalnum() else " " for c in description.lower()).split())
    path = folder / f"{app}_{number:04}_{words[:40]}.py"
    text = Path(made.migration_path).read_text("utf-8")
    path.write_text(text.replace(made.migration_id, f"{number:04}"), "utf-8")
    Path(made.migration_path).unlink()
    print(path)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as data:
        settings = load({"JIANGXIN_DATA": data})
        use(settings)
        db.bind(db.engine_for(settings))
        sys.exit(asyncio.run(main(*sys.argv[1:])))
