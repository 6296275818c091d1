"""What erases one person here: the photo, and every file and draft of an import that names the person."""

from __future__ import annotations

from uuid import UUID

from contests.entering.tables import ImportedPerson, PeopleImport, PersonPhoto
from contests.identity.sealing import person_hash


class PhotoShredder:
    name = "contests.photos"

    async def shred(self, person: str) -> None:
        await PersonPhoto.delete().where(PersonPhoto.id == UUID(person))


class ImportShredder:
    name = "contests.imports"

    async def shred(self, person: str) -> None:
        rows = await ImportedPerson.select(ImportedPerson.people_import).where(
            ImportedPerson.person_hash == person_hash(UUID(person))
        )
        if rows:
            await PeopleImport.update(
                {
                    PeopleImport.wrapped_key: None,
                    PeopleImport.sealed_file: None,
                    PeopleImport.sealed_draft: None,
                    PeopleImport.sealed_outcome: None,
                }
            ).where(PeopleImport.id.is_in([row["people_import"] for row in rows]))
