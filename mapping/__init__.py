"""Golden records → CRM entities: fields renamed, codes translated, relations re-pointed.

Owns what a CRM row is made of: the `mapping` and `codes` of guiyi.yaml. Pure functions over tables;
only `read_codes` touches a file. Knows nothing of the system the rows go to.

    codes = read_codes(project)
    mapped = map_entities(golden, ledger_crosswalk, project, codes)
    mapped.entities["account"]      # external_id and the CRM fields, all text
"""

from mapping.codes import CodeList, read_codes
from mapping.entities import Mapped, check_mapping, map_entities, parts_of_names

__all__ = [
    "CodeList",
    "Mapped",
    "check_mapping",
    "map_entities",
    "parts_of_names",
    "read_codes",
]
