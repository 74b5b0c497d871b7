"""How other tools were set up, read from their files."""

import json
from pathlib import Path

import yaml

from dedup.model import SplinkSettings, read_splink
from guiyi.errors import SourceError
from pipelines.language.messages import in_language, say
from pipelines.outputs import whole_file


def import_splink(settings: Path, out: Path) -> SplinkSettings:
    """Write the entity that settings of Splink describe. Raises SourceError if they are no JSON."""
    try:
        document = json.loads(settings.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SourceError(
            "not JSON",
            place=str(settings),
            hint="save the settings with linker.misc.save_model_to_json(path)",
        ) from error
    found = read_splink(document)
    left_out = "".join(f"# {in_language(line)}\n" for line in found.left_out)
    head = say("import.head", file=settings.name, link=found.link_type)
    entity = yaml.safe_dump(found.entity(), sort_keys=False, allow_unicode=True)
    with whole_file(out) as fresh:
        fresh.write_text(f"# {head}\n{left_out}{entity}", encoding="utf-8")
    return found
