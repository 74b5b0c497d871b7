"""The project spec: everything guiyi.yaml may say, one file a concern.

project = load_project(Path("guiyi.yaml"))
project.entities["company"].kinds["phone"]
"""

from guiyi.spec.console import ConsoleSpec, OidcSpec
from guiyi.spec.entities import (
    EntitySpec,
    FieldSpec,
    Imputation,
    ImputationMethod,
    MatchSpec,
)
from guiyi.spec.known_names import UnknownName, check_known
from guiyi.spec.load_windows import closed_until
from guiyi.spec.loads import BackupSpec, GateSpec, LoadSpec, ScheduleSpec, TargetSpec
from guiyi.spec.mappings import CrmEntitySpec, CrmFieldSpec
from guiyi.spec.places import SpecPlace
from guiyi.spec.privacy import PrivacySpec, RoleSpec
from guiyi.spec.project import Project
from guiyi.spec.reading import json_schema, load_project, mistakes_in, read_entity
from guiyi.spec.retention import RetentionSpec
from guiyi.spec.secrets import check_secrets, expand_secrets, secret_names
from guiyi.spec.sources import FileSourceSpec, RefSpec, SourceSpec, TableSpec, Window
from guiyi.spec.survivorship import SurvivorshipRule, SurvivorshipStrategy
from guiyi.spec.yaml_file import parse_yaml

__all__ = [
    "BackupSpec",
    "ConsoleSpec",
    "CrmEntitySpec",
    "CrmFieldSpec",
    "EntitySpec",
    "FieldSpec",
    "FileSourceSpec",
    "GateSpec",
    "Imputation",
    "ImputationMethod",
    "LoadSpec",
    "MatchSpec",
    "OidcSpec",
    "PrivacySpec",
    "Project",
    "RefSpec",
    "RetentionSpec",
    "RoleSpec",
    "ScheduleSpec",
    "SourceSpec",
    "SpecPlace",
    "SurvivorshipRule",
    "SurvivorshipStrategy",
    "TableSpec",
    "TargetSpec",
    "UnknownName",
    "Window",
    "check_known",
    "check_secrets",
    "closed_until",
    "expand_secrets",
    "json_schema",
    "load_project",
    "mistakes_in",
    "parse_yaml",
    "read_entity",
    "secret_names",
]
