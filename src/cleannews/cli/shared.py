"""Options that several commands share, and how they become `CleanOptions`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from cleannews.document import CleanResult
from cleannews.options import CHOICES, CleanOptions, find_options, read_options

if TYPE_CHECKING:
    from cleannews.boilerplate.sites import SiteProfile, SiteProfiles

Command = TypeVar("Command", bound=Callable[..., Any])

_LISTS = ("select", "ignore", "rules")


def _names(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Split comma lists; `--select a,b --select c` is a, b and c."""
    names = [name.strip() for value in values for name in value.split(",")]
    if not all(names):
        raise click.BadParameter("a name is empty")
    return tuple(names)


def _list(flag: str, what: str) -> Callable[[Command], Command]:
    return click.option(
        f"--{flag}",
        multiple=True,
        callback=_names,
        metavar="NAME,…",
        envvar=f"CLEANNEWS_{flag.upper()}",
        help=f"{what} May be repeated.",
    )


def _choice(name: str, what: str) -> Callable[[Command], Command]:
    return click.option(
        f"--{name}",
        type=click.Choice(CHOICES[name]),
        envvar=f"CLEANNEWS_{name.upper()}",
        help=what,
    )


_RULE_OPTIONS = (
    _list("select", "Only rules whose id or category begins with this."),
    _list("ignore", "Leave these rules or categories out; wins over --select."),
    click.option(
        "--rules",
        multiple=True,
        type=click.Path(dir_okay=False),
        envvar="CLEANNEWS_RULES",
        metavar="FILE",
        help="A rule file of your own. May be repeated.",
    ),
    click.option(
        "--config",
        type=click.Path(dir_okay=False),
        envvar="CLEANNEWS_CONFIG",
        metavar="FILE",
        help="Options file, instead of cleannews.toml or pyproject.toml here or above.",
    ),
    click.option("--no-config", is_flag=True, help="Use no options file."),
)

_CLEAN_OPTIONS = (
    _choice("headline", "Title line: lift it into the metadata and remove it, or keep it."),
    _choice("byline", "Bylines and agency sign-offs: the same."),
    _choice("dates", "Date lines: the same."),
    _choice("captions", "Captions and photo credits: the same."),
    _choice("standfirst", "Paragraph between title and story of an HTML page: the same."),
    _choice("comments", "Readers' comments: the same."),
    _choice("subheads", "Headings inside the story of an HTML page: keep them (default), or not."),
    _choice("tables", "Tables of an HTML page: the same."),
    _choice("source", "What the input is (default: auto, the input itself tells)."),
    click.option("--fast", is_flag=True, help="Judge HTML pages at a glance."),
    _choice("strictness", "How sure to be before something goes (default: balanced)."),
)

_SITE_OPTIONS = (
    click.option(
        "--site",
        type=click.Path(),
        envvar="CLEANNEWS_SITE",
        metavar="FILE",
        help="Site profiles that 'cleannews learn' wrote; the one for the host of --url counts.",
    ),
    click.option("--host", metavar="HOST", help="Host of all the texts, to choose their profile."),
)

_INPUT_OPTIONS = (
    click.option("--url", metavar="URL", help="Address of the text; evidence, never fetched."),
    click.option("--id", "name", metavar="ID", help="Your name for the text."),
)


def _all_of(*groups: tuple[Callable[[Any], Any], ...]) -> Callable[[Command], Command]:
    options = [option for group in groups for option in group]

    def add(command: Command) -> Command:
        # Decorators stack from the inside out; reversed, --help shows them in order.
        return reduce(lambda made, option: option(made), reversed(options), command)

    return add


rule_options = _all_of(_RULE_OPTIONS)
"""--select, --ignore, --rules, --config, --no-config."""

cleaning_options = _all_of(_INPUT_OPTIONS, _RULE_OPTIONS, _CLEAN_OPTIONS)
"""Everything that a cleaning depends on."""

tuning_options = _all_of(_RULE_OPTIONS[:3], _CLEAN_OPTIONS)
"""How to clean, without the file that says so: `run` has a job file of its own."""

site_options = _all_of(_SITE_OPTIONS)
"""--site, --host."""

quiet_option = click.option("-q", "--quiet", is_flag=True, help="Errors only on stderr.")

color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colours; by default on a terminal, unless NO_COLOR is set.",
)


def options_from(
    context: click.Context, given: Mapping[str, Any], job: Mapping[str, Any] | None = None
) -> CleanOptions:
    """Return the options in force: flags, then CLEANNEWS_* variables, then one options file.

    Args:
        context: The command's context; click has put flags before variables already.
        given: The command's parameters; those that are no cleaning options are passed over.
        job: Options of a job file, which come before those of the options file.

    Raises:
        OptionError: An options file is broken.
        RuleError: A rule file is broken, or a name stands for no rule.
    """
    from cleannews.boilerplate.rulebook import load_rulebook

    values = _configured(context, given) | dict(job or {})
    for name in (*_LISTS, *CHOICES, "fast"):
        if given.get(name):
            values[name] = given[name]
    options = CleanOptions.from_mapping(values)
    load_rulebook(options)  # so that a broken rule file is told before any input is read
    return options


def site_from(given: Mapping[str, Any]) -> SiteProfile | SiteProfiles | None:
    """Return what --site and --host name: a profile, profiles to choose from by URL, or nothing.

    Raises:
        click.UsageError: There is no profile of the host, or no file to look for it in.
        InputError: The file cannot be read.
        SiteError: It is not a file of profiles.
    """
    path, host = given.get("site"), given.get("host")
    if not path:
        if host and not given.get("learn"):
            raise click.UsageError("--host chooses a profile from --site; name that file, too")
        return None
    from cleannews.boilerplate.sites import SiteProfiles

    store = SiteProfiles.load(path)
    if host:
        if (chosen := store.get(host)) is None and not given.get("learn"):
            known = ", ".join([p.host or "" for p in store.profiles][:5]) or "none at all"
            raise click.UsageError(f"{path} has no profile of {host}; it has {known}")
        return chosen
    if len(store.profiles) == 1 and not given.get("url"):
        return store.profiles[0]  # there is nothing to choose
    return store


def _configured(context: click.Context, given: Mapping[str, Any]) -> dict[str, Any]:
    config = given.get("config")
    if given.get("no_config"):
        if config and context.get_parameter_source("config") is ParameterSource.COMMANDLINE:
            raise click.UsageError("--config and --no-config exclude each other")
        return {}
    path = Path(config) if config else find_options(Path.cwd())
    return read_options(path) if path else {}


def is_empty(result: CleanResult) -> bool:
    """Tell whether there was nothing to clean in the first place."""
    return any(warning.code == "empty_input" for warning in result.warnings)
