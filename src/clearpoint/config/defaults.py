"""The default of every setting."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clearpoint.models.config import Config

DEFAULTS: Config = {
    "budget": {
        "window": 0,
        "tokens": 200_000,
        "large_window": 500_000,
        "thresholds": {"monitor": 60, "warning": 75, "critical": 85, "emergency": 95},
        "large_thresholds": {"monitor": 40, "warning": 50, "critical": 70, "emergency": 90},
        "allocation": {
            "system": {"claude_md": 8_000, "commands": 4_000, "skills": 3_000},
            "conversation": {"recent": 50_000, "cache": 20_000, "active_references": 10_000},
            "reference": {
                "project_structure": 15_000,
                "skills": 20_000,
                "tool_definitions": 15_000,
            },
            "reserve": {
                "state_snapshot": 10_000,
                "tags": 15_000,
                "error_recovery": 20_000,
                "free": 10_000,
            },
        },
    },
    "advice": {
        "language": "",
        "enforce": False,
        "level": True,
        "passed_over": True,
        "steps_done": True,
        "commit_made": True,
        "tests_green": True,
        "phase_transition": True,
        "spec_created": True,
        "model_switch": True,
        "topic_change": False,
        "message_count": True,
        "messages": 50,
        "between_tasks": True,
        "frees_percent": 60,
        "frees_tokens": 40_000,
        "cold_tokens": 50_000,
        "rearm_points": 10,
    },
    "reload": {
        "max_tokens": 2_000,
        "files": 12,
        "after_crash_hours": 24,
        "stale_hours": 24,
        "handover": "manual",
    },
    "tags": {"max_tokens": 2_000},
    "persistence": {
        "auto_load_history": True,
        "context_preservation": "full",
        "cache_enabled": True,
    },
    "work": {
        "phase_commands": {
            "/moai:1-plan": "planning",
            "/moai:2-run": "implementation",
            "/moai:3-sync": "documentation",
        }
    },
    "state": {"location": "user"},
    "statusline": {
        "colour": True,
        "bar_cells": 10,
        "preset": "default",
        "pieces": [],
        "colours": {
            "normal": "green",
            "monitor": "cyan",
            "warning": "yellow",
            "critical": "red",
            "emergency": "magenta",
        },
        "icons": {},
        "wait_seconds": 2,
    },
    "handoffs": {
        "subagents": True,
        "matrix": {
            "spec-builder": ["ddd-implementer", "backend-expert", "frontend-expert"],
            "ddd-implementer": ["quality-gate", "docs-manager"],
            "backend-expert": ["frontend-expert", "quality-gate", "docs-manager"],
            "frontend-expert": ["quality-gate", "docs-manager"],
            "quality-gate": ["docs-manager"],
        },
        "policies": {},
        "outside": "refuse",
        "unknown_agents": True,
        "min_tokens": 30_000,
        "max_tokens": 1_500,
    },
    "hygiene": {"note": False, "sessions": 10, "memory_lines": 500, "listing_tokens": 15_000},
    "retention": {"days": 90, "megabytes": 500},
    "remote": {"sync": False, "archive": True},
    "telemetry": {"metrics": False},
    "messages": {},
}
