"""A CRM that takes files: one CSV file or Excel workbook a CRM entity, for import tools.

target = FilesTarget(FilesTargetSpec(kind="files", folder="handover"), project_folder)
"""

from connectors.targets.files.spec import FilesTargetSpec
from connectors.targets.files.target import FilesTarget

__all__ = ["FilesTarget", "FilesTargetSpec"]
