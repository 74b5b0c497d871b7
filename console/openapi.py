"""The API's description, made from the route table."""

import re
from typing import Any

from console import routes
from console.rights import Right


def described() -> dict[str, Any]:
    """The API by OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes.ROUTES:
        if route.api:
            path = route.path if route.path != "/" else "/home"
            paths.setdefault(path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Guiyi 归一", "version": "1"},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM},
        },
        "security": [{"token": []}],
    }


_PROBLEM = {
    "type": "object",
    "properties": {
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
    },
    "required": ["status", "title"],
}
_FAILED = {
    "description": "what cannot be had, and why (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def _operation(route: routes.Route) -> dict[str, Any]:
    text = (route.act.__doc__ or "").strip()
    needs = route.needs.value if isinstance(route.needs, Right) else str(route.needs)
    name = re.sub(r"[^a-z]+", "_", f"{route.method.lower()}{route.path}".lower()).strip("_")
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": text.splitlines()[0],
        "description": f"{text}\n\nNeeds: {needs}.",
        "parameters": [
            {"name": part, "in": "path", "required": True, "schema": {"type": "string"}}
            for part in re.findall(r"{(\w+)}", route.path)
        ],
        "responses": {
            "200": {
                "description": "done",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "default": _FAILED,
        },
    }
    fields = {name: {"type": "string"} for name in route.fields}
    if route.method == "GET":
        operation["parameters"] += [
            {"name": name, "in": "query", "schema": schema} for name, schema in fields.items()
        ]
    else:
        operation["parameters"].append(
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}
        )
        if fields:
            schema = {"type": "object", "properties": fields}
            operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return operation
