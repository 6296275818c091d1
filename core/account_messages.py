"""Sentences of the kernel's own findings, and the words that its errors put into sentences."""

from __future__ import annotations

from core.findings import register
from core.web.shape import SENTENCES

register(
    {
        "login-malformed": "“{login}” can't be a login. Use 1 to 80 characters without spaces.",
        "login-taken": "The login {login} is in use. Choose another one.",
        "label-long": "The label is too long. Use at most {most} characters.",
        "password-length": "The password is too short or too long. Use {least} to {most} characters.",
        "language-unknown": "This language is not offered. Languages: {known}.",
        "role-unknown": "There is no role {given}. Roles: {known}.",
        "scope-unknown": "There is no kind of scope {given}. Kinds: {known}.",
        **SENTENCES,
    }
)
