"""What the server tells Streamlit."""

import os
import subprocess
import sys
from pathlib import Path

from streamlit import config

from dashboard.server import server


def test_our_settings_outweigh_the_environment_and_other_files(tmp_path: Path) -> None:
    """A file in the folder where the command runs, or a variable, opens nothing."""
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text(
        "[server]\nenableStaticServing = true\n[browser]\ngatherUsageStats = true\n",
        encoding="utf-8",
    )
    (tmp_path / ".streamlit" / "secrets.toml").write_text(
        '[auth]\ncookie_secret = "known"\n', encoding="utf-8"
    )
    code = (
        "from streamlit import config\n"
        "from dashboard.server import server\n"
        "from dashboard.server.site import build_own_site\n"
        "server._build_app(build_own_site(8501))\n"
        "for name, value in server.load_streamlit_options().items():\n"
        "    assert config.get_option(name) == value, name\n"
        "from streamlit.runtime.secrets import secrets_singleton\n"
        "assert not secrets_singleton.load_if_toml_exists()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(server.__file__).parents[2]),
            "STREAMLIT_SERVER_ENABLE_AGENT_API": "true",
            "STREAMLIT_SERVER_ALLOWED_HOSTS": '["*"]',
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_settings_of_the_plan_are_all_there() -> None:
    """One by one, as the security plan lists them; and Streamlit knows each that we set."""
    settings = server.load_streamlit_options()
    assert settings.keys() <= config.get_config_options().keys()
    assert {
        "server.address": "127.0.0.1",
        "server.allowedHosts": ["127.0.0.1", "localhost"],
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "server.scriptHealthCheckEnabled": False,
        "server.maxUploadSize": 50,
        "server.fileWatcherType": "none",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "viewer",
        "browser.gatherUsageStats": False,
        "secrets.files": [],
    }.items() <= settings.items()
