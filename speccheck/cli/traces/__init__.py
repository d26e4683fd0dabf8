"""The commands of `speccheck trace`, one module each; loaded when they are used."""

COMMANDS: dict[str, tuple[str, str]] = {
    "show": ("speccheck.cli.traces.show", "Show a trace, in any format."),
    "convert": ("speccheck.cli.traces.convert", "Write a trace in another format."),
    "replay": ("speccheck.cli.traces.replay", "Take the steps of a trace on a spec as it is now."),
}
