"""A CRM behind a REST API that guiyi.yaml describes: no-code platforms, systems of one's own.

Owns what such descriptions may say and what is made of them: which requests read, find, create,
update and delete rows, and where in an answer rows and errors stand. Knows no product.

    target = open_rest(RestTargetSpec(kind="rest", url=…, read=…, create=…), folder)
"""

from typing import TYPE_CHECKING

from connectors.targets.rest.spec import RestTargetSpec
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from connectors.targets.rest.opening import open_rest
else:
    __getattr__ = lazily(__name__, {"open_rest": "connectors.targets.rest.opening"})

__all__ = ["RestTargetSpec", "open_rest"]
