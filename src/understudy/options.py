"""Every option as data: what `--help`, the settings and the variables are made of.

PYTEST_DONT_REWRITE. Loaded by each pytest run, so it holds no dataclass and imports nothing.
Help style: what it does in one clause, then the default.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

#: What `--llm-mock` without a name means.
PLAIN_MOCK: Final = "plain"

#: The folder below rootdir that holds what a run leaves behind.
STATE_FOLDER: Final = ".understudy"
DEFAULT_STORE: Final = f"{STATE_FOLDER}/telemetry.db"


class Option(NamedTuple):
    """One option: `--llm-<name>`, `llm_<name>` in pytest's settings, `UNDERSTUDY_<NAME>`.

    `kind` says how its value is read (see `settings`): a `switch` is on or off and has a
    `--no-llm-<name>`, an `age` is `off` or like `60d`, a `mock` is a switch or a name, `names` are
    several, `reports` are several given one by one. Without `is_flag` it is no option of the
    command line. Its value is a field of `Settings` of the same name.

    What it sets off, where its value is not the default: `begins_run`, a session begins with
    the run and not with the first test that needs it; `implies_telemetry`. `is_path`: it stands
    below rootdir. Without `for_reruns` it is not handed to the fresh runs of a test.
    """

    name: str
    kind: str
    help: str
    metavar: str | None = None
    default: Any = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    is_flag: bool = True
    begins_run: bool = False
    implies_telemetry: bool = False
    is_path: bool = False
    for_reruns: bool = True

    @property
    def words(self) -> str:
        """The name as it stands in a flag."""
        return self.name.replace("_", "-")

    @property
    def flag(self) -> str:
        """The option on the command line."""
        return f"--llm-{self.words}"

    @property
    def setting(self) -> str:
        """The key in pytest's own configuration."""
        return f"llm_{self.name}"

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables, the first one wins."""
        return (f"UNDERSTUDY_{self.name.upper()}", *self.aliases)


OPTIONS: Final = (
    Option(
        "telemetry",
        "switch",
        "Record each LLM call of the tests, print a summary, write the store. Local only: "
        "nothing is sent anywhere.",
        default=False,
        aliases=("TELEMETRY_DB_ENABLED",),
        begins_run=True,
        for_reruns=False,
    ),
    Option(
        "store",
        "text",
        "Where telemetry is stored: a path below rootdir or a postgresql:// URL. "
        f"Default: {DEFAULT_STORE}.",
        metavar="PATH_OR_URL",
        default=DEFAULT_STORE,
        for_reruns=False,
    ),
    Option(
        "run_id",
        "text",
        "Id of this run, one that the store does not hold yet: letters, digits, '.', '_' and '-', "
        "at most 64. Default: made up.",
        metavar="NAME",
        for_reruns=False,
    ),
    Option(
        "store_content",
        "switch",
        "Store prompts and answers too, not only their figures. Default: off.",
        default=False,
        is_flag=False,
    ),
    Option(
        "retention",
        "age",
        "At the end of a run, delete what is older from the store, for 2 seconds at most; its sums "
        "stay. Default: off.",
        metavar="60d",
        for_reruns=False,
    ),
    Option(
        "budget",
        "usd",
        "Fail the run when its live calls cost more than this. Implies --llm-telemetry.",
        metavar="USD",
        implies_telemetry=True,
        for_reruns=False,
    ),
    Option(
        "mock",
        "mock",
        "Mock every provider call of every test, with a scenario or a plain answer.",
        metavar="SCENARIO",
        begins_run=True,
    ),
    Option(
        "profile",
        "text",
        "Delay profile of mocked calls: instant, realistic_l2, realistic_l3, slow, recorded, or "
        "one of your own. Default: instant.",
        metavar="NAME",
        begins_run=True,
    ),
    Option(
        "clock",
        "choice",
        "On the virtual clock mocked delays, back-off and time-outs pass in simulated time "
        "and cost none. Default: real.",
        default="real",
        choices=("real", "virtual"),
        begins_run=True,
    ),
    Option(
        "faults",
        "names",
        "Inject faults into mocked calls, one after the other.",
        metavar="NAME[,NAME]",
        default=(),
        begins_run=True,
    ),
    Option(
        "seed",
        "whole",
        "Seed of all that is random in mocked calls. Default: 0.",
        metavar="NUMBER",
        default=0,
    ),
    Option(
        "golden_dir",
        "text",
        "Folder of your scenarios, below rootdir. Default: golden.",
        metavar="PATH",
        default="golden",
        is_flag=False,
        is_path=True,
    ),
    Option(
        "mock_hosts",
        "names",
        "Loopback addresses whose calls are mocked too, like localhost:8000.",
        default=(),
        is_flag=False,
    ),
    Option(
        "block_network",
        "switch",
        "Fail each test whose call is answered by neither a mock nor a cassette.",
        default=False,
        begins_run=True,
    ),
    Option(
        "allow_live",
        "switch",
        "Let tests that use a mock or a cassette reach the network all the same.",
        default=False,
    ),
    Option(
        "allowed_hosts",
        "names",
        "Hosts that tests may reach while the network is blocked, like *.internal.",
        default=(),
        is_flag=False,
    ),
    Option(
        "record_mode",
        "choice",
        "Cassettes: what is recorded, in vcrpy's words. Default: none.",
        choices=("none", "once", "new_episodes", "all"),
        begins_run=True,
    ),
    Option(
        "replay_speed",
        "number",
        "Cassettes: 0 replays at once, 1 with the recorded timing, 2 twice as fast. Default: 0.",
        metavar="X",
        default=0.0,
    ),
    Option(
        "vcr_marker",
        "switch",
        "Serve tests that are marked with vcr too. Default: off.",
        default=False,
        is_flag=False,
        begins_run=True,
    ),
    Option(
        "gate",
        "switch",
        "Compare tokens, cost, latency and SMAPE with the baseline; fail the run on a "
        "regression. Implies --llm-telemetry.",
        default=False,
        implies_telemetry=True,
        for_reruns=False,
    ),
    Option(
        "baseline",
        "text",
        "Folder of the baseline, below rootdir. Default: llm-baseline.",
        metavar="PATH",
        default="llm-baseline",
        is_path=True,
        for_reruns=False,
    ),
    Option(
        "update_baseline",
        "switch",
        "Accept the figures of the selected tests as the baseline; needs --llm-reason. Implies "
        "--llm-telemetry.",
        default=False,
        implies_telemetry=True,
        for_reruns=False,
    ),
    Option("reason", "text", "Why the baseline changes.", metavar="TEXT", for_reruns=False),
    Option(
        "gate_reruns",
        "whole",
        "Fresh runs of a live test that looks worse, before it fails. Default: 4 where "
        "--llm-budget says what they may cost, else 0.",
        metavar="NUMBER",
        for_reruns=False,
    ),
    Option(
        "gate_strict",
        "switch",
        "Fail the run also where a comparison is inconclusive. Default: off.",
        default=False,
        is_flag=False,
        for_reruns=False,
    ),
    Option(
        "lifecycle",
        "choice",
        "Lifecycle events: on keeps them (with telemetry in the store, too), off makes none, "
        "debug prints each on stderr and neither stores nor sends it. Default: on.",
        default="on",
        choices=("on", "off", "debug"),
        begins_run=True,
    ),
    Option(
        "sink",
        "reports",
        "Send each event somewhere else too: log, jsonl:FILE, http:URL, otlp[:URL], or one that a "
        "plugin registered; may repeat. Implies --llm-telemetry.",
        metavar="TYPE[:DEST]",
        default=(),
        implies_telemetry=True,
        for_reruns=False,
    ),
    Option(
        "report",
        "reports",
        "Write a report: term, json, markdown, markdown-append, prometheus, each with a "
        "destination; may repeat. Implies --llm-telemetry.",
        metavar="TYPE[:DEST]",
        default=(),
        implies_telemetry=True,
        for_reruns=False,
    ),
)
