"""`make house`: the figures of the house; ends with 1 if one is not what it should be."""

from __future__ import annotations

import sys

from tests.house import measures

ASKED = {
    "circles of files": measures.circles,
    "late imports outside bot/": measures.late_imports,
    f"folders of more than {measures.MOST_FILES} files": measures.full_folders,
    f"files over {measures.LONGEST} lines without a word why": measures.long_files,
    "untyped data between modules": measures.open_data,
    "documents that are behind the code": measures.stale_documents,
    "class names outside the glossary and the terms": measures.unknown_names,
    "class names that stand twice": measures.twin_classes,
    "module names that stand twice in a layer": measures.twin_modules,
}


def main() -> int:
    """Print every figure, and each fault below its figure."""
    number, folder = measures.folders()[0]
    print(f"largest folder: {folder}, {number} files")
    faults = 0
    for said, measure in ASKED.items():
        found = measure()
        faults += len(found)
        print(f"{said}: {len(found)}")
        for line in found:
            print(f"  {line}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
