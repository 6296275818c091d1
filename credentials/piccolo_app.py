"""The tables of certificates and records for Piccolo's migrations."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

from credentials import tables
from credentials.comparing import tables as comparing
from credentials.consents import tables as consents
from credentials.employers import tables as employers
from credentials.evidence import tables as evidence
from credentials.files import tables as files
from credentials.holder import tables as holder
from credentials.lifecycle import tables as lifecycle
from credentials.matching import tables as matching
from credentials.occupations import tables as occupations
from credentials.partners import tables as partners
from credentials.records import tables as records
from credentials.records.person import tables as person
from credentials.stacks import tables as stacks
from credentials.trusting import tables as trusting

APP_CONFIG = AppConfig(
    app_name="credentials",
    migrations_folder_path=str(Path(__file__).parent / "piccolo_migrations"),
    table_classes=[
        *tables.TABLES,
        *records.TABLES,
        *partners.TABLES,
        *occupations.TABLES,
        *trusting.TABLES,
        *comparing.TABLES,
        *evidence.TABLES,
        *files.TABLES,
        *lifecycle.TABLES,
        *consents.TABLES,
        *holder.TABLES,
        *stacks.TABLES,
        *employers.TABLES,
        *matching.TABLES,
        *person.TABLES,
    ],
    migration_dependencies=["core.piccolo_app"],
)
