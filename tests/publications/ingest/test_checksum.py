import hashlib
from pathlib import Path

from publications.ingest.checksum import sha256


def test_checksum_is_that_of_all_bytes(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"knowledge" * 1_000_000)

    assert sha256(path) == hashlib.sha256(b"knowledge" * 1_000_000).hexdigest()
    assert sha256(str(path)) == sha256(path)
