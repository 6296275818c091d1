"""Sentences of the kernel's findings about accounts, and about the shape of what was sent."""

from __future__ import annotations

from collections.abc import Mapping

FINDINGS: Mapping[str, str] = {
    "login-malformed": "“{login}” can't be a login. Use 1 to 80 characters without spaces.",
    "login-taken": "The login {login} is in use. Choose another one.",
    "label-long": "The label is too long. Use at most {most} characters.",
    "password-length": "The password is too short or too long. Use {least} to {most} characters.",
    "language-unknown": "This language is not offered. Languages: {known}.",
    "account-role-unknown": "There is no role {given}. Roles: {known}.",
    "account-scope-unknown": "There is no kind of scope {given}. Kinds: {known}.",
    "shape-missing": "{field} is missing. Add it.",
    "shape-unknown": "There is no {field} here. Leave it out, or check its spelling.",
    "shape-type": "This is {given}; {expected} is needed.",
    "shape-choice": "{given} is none of the values allowed here. The description at /schema lists them.",
    "shape-bound": "This is outside what is allowed: {bound}.",
    "shape-wrong": "This has the wrong form: {message}.",
}
