"""Sentences of the kernel's findings about accounts, and about the shape of what was sent."""

from __future__ import annotations

from collections.abc import Mapping

FINDINGS: Mapping[str, str] = {
    "login-malformed": "“{login}” can't be a login. Use 1 to 80 characters without spaces.",
    "login-taken": "The login {login} is in use. Choose another one.",
    "label-long": "The label is too long. Use at most {most} characters.",
    "password-length": "The password is too short or too long. Use {least} to {most} characters.",
    "password-weak": "This password is easily guessed. Use several words, or letters mixed with digits.",
    "password-differs": "The two passwords differ. Type the same one twice.",
    "code-wrong": "This code does not fit. Check the phone's clock, wait for the next code and type that.",
    "set-up-host": "“{host}” is no host name. Write it as in a browser, such as contest.example.org.",
    "set-up-languages": "Choose at least one language.",
    "language-unknown": "This language is not offered. Languages: {known}.",
    "organisation-code": (
        "“{code}” can't be a code. Use 2 to 63 small letters, digits and hyphens, no hyphen first."
    ),
    "organisation-code-taken": "The code {code} belongs to another organisation. Choose another one.",
    "organisation-kind": "There is no kind {kind} of organisations. Choose one of: {known}.",
    "organisation-title": "There is no name. Write it in one language at least.",
    "organisation-text": "This is too long, or holds characters that can't be seen. Use at most {most}.",
    "organisation-telephone": (
        "This is no telephone number. Write it with digits, as +853 2800 0000."
    ),
    "account-role-unknown": "There is no role {given}. Roles: {known}.",
    "account-scope-unknown": "There is no kind of scope {given}. Kinds: {known}.",
    "undo-count-differs": "Type the number {count} to say that you mean all of them.",
    "shape-missing": "{field} is missing. Add it.",
    "shape-unknown": "There is no {field} here. Leave it out, or check its spelling.",
    "shape-type": "This is {given}; {expected} is needed.",
    "shape-choice": "{given} is none of the values allowed here. The description at /schema lists them.",
    "shape-bound": "This is outside what is allowed: {bound}.",
    "shape-wrong": "This has the wrong form: {message}.",
}
