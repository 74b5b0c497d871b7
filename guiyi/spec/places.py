"""Where in a spec file something was said."""

from dataclasses import dataclass
from pathlib import Path

from guiyi.errors import SpecError
from guiyi.messages import at_place
from guiyi.spec.yaml_file import line_of, parse_yaml


@dataclass(frozen=True)
class SpecPlace:
    """A place in guiyi.yaml or a suite, to say what is wrong there.

    SpecPlace(project.file, "mapping.account").at("where").mistake("not a condition")
    """

    file: Path
    """The YAML file."""
    path: str
    """The steps to it, joined with dots: `sources.sheet.tables.0`."""

    def at(self, *steps: str) -> "SpecPlace":
        """Name a place inside this one."""
        return SpecPlace(self.file, ".".join((self.path, *steps)))

    def mistake(self, what: str, hint: str | None = None) -> SpecError:
        """Build the error that names the file, the line and the path."""
        return SpecError(at_place(self.path, what), place=self._line, hint=hint)

    @property
    def _line(self) -> str:
        try:
            _, lines = parse_yaml(self.file)
        except SpecError:  # a project need not have come from a file
            return str(self.file)
        return f"{self.file}:{line_of(tuple(self.path.split('.')), lines)}"
