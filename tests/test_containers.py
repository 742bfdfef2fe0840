"""The containers, as compose.yaml and the Dockerfile describe them: what is written there outlives them."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config import programs

ROOT = Path(settings.BASE_DIR)
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
VAR = Path("/srv/milepost/var")
WRITTEN = {
    "takeouts": settings.TAKEOUT_DIR,
    "images": settings.IMAGE_DIR,
    "marks of deleted accounts": Path(settings.DELETED_ACCOUNTS).parent,
}


@pytest.mark.parametrize("service", ["web", "worker"])
@pytest.mark.parametrize("what", WRITTEN)
def test_what_is_written_to_files_lies_in_a_volume(what, service):
    folder = Path(WRITTEN[what]).relative_to(settings.VAR_DIR)

    assert SERVICES[service]["read_only"]
    mounted = [volume.split(":")[1] for volume in SERVICES[service]["volumes"]]
    assert str(VAR / folder) in mounted
    assert f"var/{folder}" in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_containers_may_do_little(service):
    assert SERVICES[service]["cap_drop"] == ["ALL"]
    assert SERVICES[service]["security_opt"] == ["no-new-privileges:true"]
    assert "USER " in (ROOT / "Dockerfile").read_text()


def test_services_want_their_passwords_and_have_none_by_default(tmp_path):
    text = (ROOT / "compose.yaml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text
    assert "--requirepass" in str(SERVICES["redis"]["command"])

    site = programs.Site("127.0.0.1", 8000, tmp_path, False, False, {})
    programs.valkey(site, programs.Broker(1, "a-word-of-its-own"), {})
    assert 'requirepass "a-word-of-its-own"' in (tmp_path / "valkey" / "valkey.conf").read_text()
