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
        "organisation-code": "“{code}” can't be an organisation's code. Use 2 to 63 of a-z, 0-9 and -.",
        "organisation-code-taken": "The code {code} is in use. Choose another one.",
        "organisation-kind": "There is no kind {kind}. Kinds: {known}.",
        "organisation-title": "The organisation has no name. Give it in one language at least.",
    }
)
