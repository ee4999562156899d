"""A process that has everything loaded and forks a child for each export, to be killed or not."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from killing import answer, killed_in, problems

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)


def prepare(folder: str) -> dict[str, object]:
    from django.core.management import call_command

    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.import_book import import_book
    from goodstanding.inbound.reading import read

    call_command("migrate", verbosity=0, interactive=False)
    return {"created": dict(import_book(actor=SYSTEM, now=NOW, reading=read(Path(folder))).created)}


def ask(form: str) -> dict[str, object]:
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.start_export import start_export

    return {"export": start_export(actor=SYSTEM, now=NOW, form=form)}


def again(export: int) -> dict[str, object]:
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.start_export import restart_export

    restart_export(actor=SYSTEM, now=NOW, export=export)
    return {}


def write(export: int, step: str = "", delay: float = 0.0) -> dict[str, object]:
    """Run the job in a child, killed `delay` seconds after it begins the step."""
    from goodstanding.jobs import exports

    def work(progress: Any) -> None:
        held = exports.progress.held

        class Told:
            """Says every step to the test as well."""

            Tell = exports.progress.Tell

            @staticmethod
            def held(path: Path) -> Any:
                from contextlib import contextmanager

                @contextmanager
                def both() -> Any:
                    with held(path) as tell:

                        def told(*how: Any) -> None:
                            tell(*how)
                            progress(*how)

                        yield told

                return both()

        exports.progress = Told
        exports.run_export.func(export, 0)

    return killed_in(step, delay, work)


def found(export: int) -> dict[str, object]:
    """The export's state, whether its file is whole, and what else lies in the folder."""
    from goodstanding.kernel.errors import NotFound
    from goodstanding.outbound.progress import folder
    from goodstanding.outbound.queries import export_by_id, file_of

    facts = export_by_id(export)
    try:
        with zipfile.ZipFile(file_of(facts)) as packed:
            whole = packed.testzip() is None and len(packed.namelist()) == len(facts.counts)
    except NotFound:
        whole = None
    return {"state": facts.state, "whole": whole, "files": sorted(path.name for path in folder().glob("*"))}


def sweep() -> dict[str, object]:
    from goodstanding.access.types import NIGHTLY
    from goodstanding.actions.remove_exports import remove_exports

    return {"removed": remove_exports(actor=NIGHTLY, now=NOW)}


def main() -> None:
    import django

    django.setup()
    import goodstanding.inbound.reading
    import goodstanding.jobs.exports  # noqa: F401  loaded before the forks

    answer(prepare, ask, again, write, found, sweep, problems)


if __name__ == "__main__":
    main()
