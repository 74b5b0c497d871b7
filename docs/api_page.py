"""Describes the public API: every name a room's façade exports, with its signature.

Signatures are read from the source, so the page is the same under every Python.
"""

import ast
import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType

PUBLIC = (
    "dedup",
    "cleansing",
    "validators",
    "mapping",
    "governance",
    "connectors.sources",
    "connectors.targets",
    "guiyi",
    "pipelines.finding",
)
"""The façades; the rest of `pipelines` is used through the command line."""

HEAD = """# The public API

What stands here is what other programs may rely on: the names these packages export, with their \
signatures. Everything else may change without notice, the modules inside a package included. A \
change here is a line in [CHANGELOG.md](../CHANGELOG.md). All packages carry type hints \
(`py.typed`). This page is written by `make docs`; a test fails while it is out of date.

```python
import polars as pl
import cleansing
from dedup import resolve
from guiyi import Kind

names = ["杭州西湖软件有限公司", "西湖软件（杭州）有限公司", "宁波港物流有限公司"]
raw = pl.DataFrame({"name": names, "phone": ["0571-8888 6666", "057188886666", "0574-2222 1111"]})
kinds = {"name": Kind.COMPANY_NAME, "phone": Kind.PHONE}
clean = cleansing.clean_table(raw, kinds)  # name, name.raw, name.reason, name.key, …
found = resolve(clean, kinds)
print(found.clusters, found.pairs)
```
"""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def api_page() -> str:
    """Write the page."""
    parts = [HEAD]
    for name in PUBLIC:
        module = importlib.import_module(name)
        parts.append(f"## `{name}`\n\n{_first_sentence(module)}\n")
        stubs = "\n\n".join(_stub(name, member) for member in sorted(module.__all__))
        parts.append(f"```python\n{stubs}\n```\n")
    return "\n".join(parts)


def _first_sentence(module: ModuleType) -> str:
    text = inspect.getdoc(module) or ""
    return " ".join(text.split("\n\n", 1)[0].split())


def _stub(package: str, name: str) -> str:
    """The declaration of one exported name, without its body."""
    return "\n".join(line for node in _declarations(package, name) for line in _lines(node))


def _lines(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.ClassDef):
        yield from _class(node)
    elif isinstance(node, Function):
        yield from _function(node, "")
    else:
        yield ast.unparse(node)


def _declarations(package: str, name: str) -> list[ast.stmt]:
    """Follow the imports of a name to where it is declared; an overloaded one is so repeatedly."""
    tree = ast.parse(inspect.getsource(importlib.import_module(package)))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and name in {alias.name for alias in node.names}:
            return _declarations(str(node.module), name)
    found = [node for node in tree.body if name == _declared(node)]
    if not found:
        raise LookupError(f"{package}.{name}")
    return found


def _declared(node: ast.stmt) -> str:
    if isinstance(node, ast.ClassDef | Function):
        return node.name
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target)
    return ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else ""


def _class(node: ast.ClassDef) -> Iterator[str]:
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    yield f"class {node.name}({bases}):" if bases else f"class {node.name}:"
    yield from _sentence(node, "    ")
    for item in node.body:
        if isinstance(item, ast.AnnAssign | ast.Assign) and not _private(item):
            yield f"    {ast.unparse(item)}"
        elif isinstance(item, Function) and (item.name == "__init__" or item.name[0] != "_"):
            yield from _function(item, "    ")


def _function(node: Function, indent: str) -> Iterator[str]:
    for decorator in node.decorator_list:
        yield f"{indent}@{ast.unparse(decorator)}"
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    arguments = list(_arguments(node.args))
    line = f"{indent}def {node.name}({', '.join(arguments)}){result}: ..."
    if len(line) > 100:
        lines = "".join(f"{indent}    {argument},\n" for argument in arguments)
        line = f"{indent}def {node.name}(\n{lines}{indent}){result}: ..."
    yield line
    yield from _sentence(node, indent + "    ")


def _arguments(given: ast.arguments) -> Iterator[str]:
    plain = [*given.posonlyargs, *given.args]
    required: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults))
    for argument, default in zip(plain, [*required, *given.defaults], strict=True):
        yield _argument(argument, default)
    if given.vararg or given.kwonlyargs:
        yield "*" + (ast.unparse(given.vararg) if given.vararg else "")
    for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield _argument(argument, default)
    if given.kwarg:
        yield "**" + ast.unparse(given.kwarg)


def _argument(argument: ast.arg, default: ast.expr | None) -> str:
    return ast.unparse(argument) + (f" = {ast.unparse(default)}" if default else "")


def _sentence(node: ast.ClassDef | Function, indent: str) -> Iterator[str]:
    text = ast.get_docstring(node)
    if text:
        sentence = " ".join(text.split("\n\n", 1)[0].split())
        yield f"{indent}# {sentence}"


def _private(node: ast.AnnAssign | ast.Assign) -> bool:
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    return isinstance(target, ast.Name) and target.id.startswith("_")
