"""Sentences of the kernel's own findings."""

from __future__ import annotations

from core.findings import register

register(
    {
        "login-malformed": "“{login}” can't be a login. Use 1 to 80 characters without spaces.",
        "login-taken": "The login {login} is in use. Choose another one.",
        "password-short": "The password is too short or too long. Use {least} to 200 characters.",
        "role-unknown": "There is no role {role}. Roles: {known}.",
        "scope-unknown": "There is no scope kind {kind}. Kinds: {known}.",
    }
)
