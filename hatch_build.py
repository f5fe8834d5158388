"""A wheel carries the menus, short codes and prompts that stand in the checkout's root: installed,
the service has something to serve. An editable installation reads the checkout itself."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CONTENT = ("menus", "short_codes.yaml", "ivr_prompts")


class ContentHook(BuildHookInterface):  # type: ignore[type-arg]
    """Found by hatchling through its base."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is `standard` or `editable`."""
        if version == "standard":
            build_data["force_include"].update(
                {name: f"gateway/content/{name}" for name in CONTENT}
            )
