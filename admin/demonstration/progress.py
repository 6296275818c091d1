"""Progress bars and the closing table, on the terminal's error stream so that `--json` stays clean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table


class Report:
    """What the spectator sees while the contests are played."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(
            TextColumn(
                "{task.description}",
                table_column=Column(width=38, no_wrap=True, overflow="ellipsis"),
            ),
            BarColumn(bar_width=20),
            MofNCompleteColumn(table_column=Column(no_wrap=True)),
            TimeElapsedColumn(table_column=Column(no_wrap=True)),
            console=self._console,
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        with self._progress:
            yield

    def step(self, what: str, total: int) -> Step:
        return Step(self._progress, self._progress.add_task(what, total=total))

    def say(self, text: str) -> None:
        self._console.print(text, soft_wrap=True)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        table = Table(title=title)
        for column in columns:
            table.add_column(column, justify="right" if column != columns[0] else "left")
        for row in rows:
            table.add_row(*row)
        self._console.print(table)


class Step:
    """One bar."""

    def __init__(self, progress: Progress, task: object) -> None:
        self._progress, self._task = progress, task

    def advance(self, by: int = 1) -> None:
        self._progress.advance(self._task, by)  # type: ignore[arg-type]
