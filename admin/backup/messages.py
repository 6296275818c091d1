"""What the control room, /healthz and the commands say of copies."""

from __future__ import annotations

from core.findings import register

SENTENCES = {
    "copy-made": "The last copy is from {at}, in {folder}.",
    "copy-folder-missing": "{folder} is not there. Plug the USB stick in again; the last copy is from "
    "{at}.",
    "copy-folder-strange": "{folder} is not the stick that was there before. Plug the right one in, or "
    "start again with --copy-to; the last copy is from {at}.",
    "copy-no-space": "{folder} is full: {megabytes} MB are needed. Plug in a larger stick or delete what "
    "else is on it; the last copy is from {at}.",
    "copy-disk-full": "The disk of {folder} is nearly full: for a copy {megabytes} MB have to be free. "
    "Delete what else is on it, or name another disk with --copy-to; the last copy is from {at}.",
    "copy-differs": "What was written to {folder} reads back differently: the stick is damaged. Take "
    "another; the last copy is from {at}.",
    "copy-late": "A copy to {folder} does not come to its end. Is the stick broken? The last copy is "
    "from {at}.",
    "copy-failed": "No copy could be made in {folder}: {reason}. The last copy is from {at}.",
    "copy-same-disk": "{folder} is on the same disk as the data: such copies help against a mistake, "
    "not against a broken or stolen machine. Name a USB stick.",
    "copy-database-damaged": "The database fails its own check ({reason}). Go on with the newest copy.",
    "copy-tool-missing": "PostgreSQL's {tool} is not installed here. Run on its server: {command}",
}


def install() -> None:
    register(SENTENCES)
