"""The manifest that makes a page an app with icons of its own."""

from __future__ import annotations

from typing import Any

from core.web.assets import asset

SIZES = (192, 512)


def app_manifest(
    page: str, *, name: str, short_name: str, prefix: str, scope: str, ground: str, theme: str
) -> dict[str, Any]:
    """prefix: of the app's assets, whose folder "icons" holds icon- and maskable-SIZE.png. ground,
    theme: colours as CSS writes them."""
    return {
        "id": page,
        "start_url": page,
        "scope": scope,
        "name": name,
        "short_name": short_name,
        "lang": "zh-Hans",
        "display": "standalone",
        "orientation": "any",
        "background_color": ground,
        "theme_color": theme,
        "icons": [
            {
                "src": asset(f"{prefix}/icons/{kind}-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for kind, purpose in (("icon", "any"), ("maskable", "maskable"))
            for size in SIZES
        ],
    }
