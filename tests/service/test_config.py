"""Configuration: who overrules whom, where a value came from, and one clear line for a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.service.config import Config, describe, load_config
from gateway.service.errors import BAD_FILE, USAGE, Fault
from gateway.service.settings import SETTINGS, Secret

FILE = """
smpp_port: 3001
http_port: 3002
clock: manual
menus: my menus
limits: {queue_max: 7}
smpp_accounts:
  - {system_id: bench, password: secret1, addresses_allowed: ["7922"], peers_allowed: [10.0.0.0/8]}
smpp_clients:
  - {name: smsc1, host: smsc.example, system_id: us, password: secret2, bind: receiver, tls: true}
smpp_profiles:
  vendor: {session: umr, end_octet: 17}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gateway.yaml"
    path.write_text(FILE, "utf-8")
    return path


def _load(*, line: dict[str, str] | None = None, env: dict[str, str] | None = None) -> Config:
    return load_config(line or {}, env or {})


@pytest.mark.parametrize(
    ("line", "environment", "in_file", "port", "source"),
    [
        (None, None, False, 2775, "default"),
        (None, None, True, 3001, "file "),
        (None, "4001", True, 4001, "environment GATEWAY_SMPP_PORT"),
        ("5001", "4001", True, 5001, "command line --smpp-port"),
        ("5001", None, False, 5001, "command line --smpp-port"),
        (None, "", False, 2775, "default"),
    ],
)
def test_command_line_over_environment_over_file_over_default(
    file: Path, line: str | None, environment: str | None, in_file: bool, port: int, source: str
) -> None:
    options = {"smpp_port": line} if line else {}
    environ = {} if environment is None else {"GATEWAY_SMPP_PORT": environment}
    config = load_config(options, environ, file if in_file else None)
    assert config.smpp_port == port
    assert config.sources["smpp_port"].startswith(source)


def test_the_defaults_are_those_of_the_contract() -> None:
    config = _load()
    assert (config.smpp_port, config.sip_port, config.http_port) == (2775, 5060, 8105)
    assert (config.smpp_tls_port, config.rtp_ports) == (None, (20000, 21999))
    assert (config.host, config.clock, config.log) == ("127.0.0.1", "system", "info")
    assert (config.data, config.database) == (Path("var"), "sqlite:///var/gateway.db")
    assert (config.menus, config.prompts) == (Path("menus"), Path("ivr_prompts"))
    assert (config.short_codes, config.utc_offset) == (Path("short_codes.yaml"), 5 * 3600)
    assert config.smpp_accounts == ()
    assert not config.api_token


@pytest.mark.parametrize(
    ("here", "packaged"),
    [((), True), (("menus",), False), (("short_codes.yaml",), False)],
)
def test_menus_that_stand_nowhere_are_the_packages(
    here: tuple[str, ...], packaged: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "short_codes.yaml").touch()
    monkeypatch.setattr("gateway.service.config.PACKAGED", (tmp_path / "none", package))
    monkeypatch.chdir(tmp_path)
    for name in here:
        (tmp_path / name).touch()
    config = _load()
    assert (config.menus == package / "menus") == packaged
    assert (config.short_codes == package / "short_codes.yaml") == packaged
    assert config.sources["menus"] == ("package" if packaged else "default")


def test_an_editable_installation_serves_its_checkout_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = _load()
    for path in (config.menus, config.short_codes, config.prompts):
        assert path.is_absolute()
        assert path.exists()


def test_the_database_is_in_the_data_directory_unless_named() -> None:
    assert _load(line={"data": "/x"}).database == "sqlite:////x/gateway.db"
    url = "postgresql+psycopg://u:p@h/db"
    assert _load(line={"data": "/x"}, env={"GATEWAY_DATABASE": url}).database == url


def test_a_file_names_peers_and_its_paths_are_beside_it(file: Path) -> None:
    config = load_config({}, {"GATEWAY_CONFIG": str(file)})
    assert config.menus == file.parent / "my menus"
    assert config.limits.queue_max == 7
    account, client = config.smpp_accounts[0], config.smpp_clients[0]
    assert (account.system_id, account.password, account.kind) == (
        "bench", Secret("secret1"), "network",
    )  # fmt: skip
    assert account.addresses_allowed == ("7922",)
    assert (client.port, client.bind, client.tls) == (2775, "receiver", True)
    assert config.smpp_profiles == {"vendor": {"session": "umr", "end_octet": 17}}


def test_the_demo_adds_its_account_once(file: Path) -> None:
    demo = _load(line={"demo": "true"}).smpp_accounts
    assert [(each.system_id, each.password.reveal()) for each in demo] == [("harness", "harness1")]
    assert demo[0].addresses_allowed == ()
    file.write_text("demo: true\nsmpp_accounts: [{system_id: harness, password: mine}]\n")
    own = load_config({}, {}, file).smpp_accounts
    assert [each.password.reveal() for each in own] == ["mine"]


def test_every_setting_is_described_with_its_source_and_no_secret(file: Path) -> None:
    environ = {
        "GATEWAY_API_TOKEN": "top-secret",
        "GATEWAY_DATABASE": "postgresql://user:hidden@host/db",
    }
    rows = describe(load_config({"demo": "true"}, environ, file))
    assert {setting.name for setting in SETTINGS} <= {name for name, _, _ in rows}
    shown = {name: (value, source) for name, value, source in rows}
    assert shown["api_token"] == ("***", "environment GATEWAY_API_TOKEN")
    assert shown["database"][0] == "postgresql://user:***@host/db"
    assert shown["utc_offset"] == ("+05:00", "default")
    text = repr(rows)
    for secret in ("top-secret", "hidden", "secret1", "secret2", "harness1"):
        assert secret not in text


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda each: each.name)
def test_what_is_shown_is_read_back_as_the_same_value(setting: object, file: Path) -> None:
    config = load_config({}, {}, file)
    for name, value, _ in describe(config):
        row = next((each for each in SETTINGS if each is setting and each.name == name), None)
        if row is not None and value:
            holder = config.limits if name.startswith("limits.") else config
            assert row.read(value) == getattr(holder, name.rpartition(".")[2])


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("smpp_port", "70000", "must be a whole number from 0 to 65535, not '70000'"),
        ("smpp_port", "١٢", "must be a whole number"),
        ("clock", "sundial", "must be one of: system, manual"),
        ("rtp_ports", "20001-20010", "must go up from an even port"),
        ("rtp_ports", "20000", "must be two ports with a hyphen"),
        ("utc_offset", "5", r"as \+05:00"),
        ("database", "mysql://x", "must begin with sqlite:/// or postgresql://"),
        ("demo", "maybe", "must be true or false"),
        ("drain_seconds_max", "-1", "must be a number from 0 to 600"),
        ("menus", " ", "must not be empty"),
        ("limits.queue_max", "0", "GATEWAY_LIMITS_QUEUE_MAX: must be a whole number from 1"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_its_source(name: str, text: str, words: str) -> None:
    variable = "GATEWAY_" + name.replace(".", "_").upper()
    with pytest.raises(Fault, match=words) as found:
        _load(env={variable: text})
    assert str(found.value).startswith(f"{variable}: ")
    assert "\n" not in str(found.value)
    assert found.value.exit_status == USAGE


def test_a_wrong_token_is_not_repeated() -> None:
    with pytest.raises(Fault, match="RFC 6750") as found:
        _load(env={"GATEWAY_API_TOKEN": "my secret"})
    assert "my secret" not in str(found.value)


def test_mistakes_of_a_file_come_all_at_once_with_carets(file: Path) -> None:
    file.write_text(
        "smtp_port: 1\nclock: manuel\nlimits: {queue_mx: 1}\n"
        "smpp_accounts: [{system_id: toolongsystemid16, password: x}]\n"
        "smpp_clients: [{name: a, host: b, system_id: c, password: d, bind: both}]\n"
    )
    with pytest.raises(Fault) as found:
        load_config({}, {}, file)
    text = str(found.value)
    for words in (
        "gateway.yaml:1:1: M101 unknown key 'smtp_port'",
        "gateway.yaml:2:8:",
        "must be one of: system, manual",
        "did you mean 'queue_max'?",
        "gateway.yaml:4:",
        "gateway.yaml:5:",
        "^^^^^^",
    ):
        assert words in text
    assert found.value.exit_status == BAD_FILE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "smpp_accounts:\n  - {system_id: a, password: x}\n  - {system_id: a, password: y}",
            r"gateway.yaml:3:17: M102 the system_id 'a' stands twice \(first on line 2\)",
        ),
        (
            "sip_peers: [{name: a, networks: ['::/0']}]\nsip_accounts: [{user: a, password: x}]",
            r"gateway.yaml:2:23: M102 the user 'a' stands twice \(first on line 1\)",
        ),
        ("smpp_tls_key: key.pem", "give both or neither"),
        ("- 1", "a mapping"),
        ("a: [", "M100"),
    ],
)
def test_other_mistakes_of_a_file(file: Path, text: str, words: str) -> None:
    file.write_text(text)
    with pytest.raises(Fault, match=words):
        load_config({}, {}, file)


@pytest.mark.parametrize(
    "value", ["waytoolongsecret", '"way too longsecret"', "'longsecret, it is"]
)
def test_no_mistake_of_a_file_shows_a_secret(file: Path, value: str) -> None:
    file.write_text(f"smpp_accounts:\n  - {{system_id: a, kind: x, password: {value}}}\n")
    with pytest.raises(Fault) as found:
        load_config({}, {}, file)
    assert "longsecret" not in str(found.value)
    assert "*" * len("longsecret") in str(found.value)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="cannot be read"):
        load_config({}, {}, tmp_path / "none.yaml")


def test_an_empty_file_says_nothing(file: Path) -> None:
    file.write_text("")
    assert load_config({}, {}, file).smpp_port == 2775
