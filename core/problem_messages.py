"""Titles of problems by status, and what to do about those that the web framework raises."""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[int, str] = {
    400: "Not readable",
    401: "Not logged in",
    403: "Not allowed",
    404: "Not found",
    405: "Not possible here",
    406: "No answer in this form",
    409: "Not possible now",
    410: "Erased",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Unknown kind of content",
    422: "Please correct",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Not available now",
}
DETAILS: Mapping[int, str] = {
    400: "The request can't be read. Compare it with the description at /schema.",
    404: "There is nothing at this address. Check it, or start from the home page.",
    405: "This address takes no {method}. The description at /schema says what it takes.",
    406: "This address has no answer in a form that you accept.",
    413: "This is larger than {limit}.",
    415: "This kind of content is not understood here. The description at /schema says what is.",
    429: "Too many requests. Try again in {seconds} seconds.",
    500: "Something went wrong on our side; nothing was half-saved. Try again, and tell the "
    "operator the reference {reference} if it happens again.",
    503: "The server is busy or being updated. Try again in a moment.",
}
