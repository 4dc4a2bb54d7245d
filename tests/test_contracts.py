import json
import subprocess
import sys

import pytest

from leadping_nb.contracts import REVISIONS, contract
from leadping_nb.credential import KeyType
from leadping_nb.errors import LeadpingError
from leadping_nb.models import models
from leadping_nb.resources import find_resource, resources

SEED, NEWEST = REVISIONS


@pytest.mark.parametrize(("revision", "count"), [(SEED, 121), (NEWEST, 150)])
def test_each_revision_has_all_its_operations_once(revision, count):
    operations = contract(revision).operations
    assert len(operations) == len({operation.id for operation in operations}) == count


def test_the_seed_is_the_default_revision():
    assert contract().revision == "2026-07-05"


def test_an_unknown_revision_is_refused_with_the_known_ones():
    with pytest.raises(LeadpingError, match="2026-07-05 and 2026-10-26"):
        contract("2026-01-01")


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_model_that_an_operation_names_is_known(revision):
    known = contract(revision)
    named = {
        name
        for operation in known.operations
        for name in (operation.request_model, operation.response_model, operation.item_model)
        if name
    }
    assert {name for name in named if name not in known.models} == set()


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_field_can_be_read(revision):
    known = models(revision)
    kinds = {"string", "integer", "number", "boolean", "object", "array", "map", "any"}
    for name in known.specs:
        for field in known[name].fields.values():
            assert field.type in kinds
            assert (field.model is not None) == (field.type == "object")
            assert (field.items is not None) == (field.type == "array")
            assert field.model is None or field.model in known


def test_a_field_carries_type_format_nullability_and_values():
    fields = models(SEED)["LeadTableRow"].fields
    assert (fields["createdAt"].type, fields["createdAt"].format, fields["createdAt"].nullable) == (
        "string",
        "date-time",
        False,
    )
    assert fields["archiveReason"].enum == tuple(range(10))
    assert fields["tags"].items.model == "TagSummary"
    assert fields["firstName"].nullable is True
    assert fields["sourceId"].nullable is None


def test_money_of_the_ledger_is_decimal_and_attribution_is_not():
    assert models(SEED)["UsageLedgerTableRow"].fields["customerChargeAmount"].format == "decimal"
    assert models(SEED)["TransactionTableRow"].fields["amount"].format == "decimal"
    assert models(SEED)["LeadTableRow"].fields["price"].format == "double"


def test_columns_spell_nested_objects_with_dots():
    columns = models(SEED).columns("LeadResponse")
    assert columns["contact.phone.number"].type == "string"
    assert columns["metadata.sourceMetadata"].type == "map"
    assert "contact" not in columns


@pytest.mark.parametrize(
    ("method", "url", "path"),
    [
        ("GET", "/leads/intake", "/leads/intake"),
        ("get", "https://api.leadping.ai/leads/42?x=1", "/leads/{id}"),
        ("Get", "/leads/42/", "/leads/{id}"),
        ("POST", "/leads#frag", "/leads"),
        ("GET", "/phone-numbers/7/warmup", "/phone-numbers/{phoneNumberId}/warmup"),
        ("GET", "/phone-numbers/+15550100/status", "/phone-numbers/{phoneNumber}/status"),
        ("GET", "/events/calls/9", "/events/calls/{callEventId}"),
        ("GET", "/events/9/detail", "/events/{eventId}/detail"),
        ("POST", "/events/sms/all/my", "/events/sms/all/my"),
    ],
)
def test_a_call_is_matched_with_literals_before_templates(method, url, path):
    assert contract().match(method, url).path == path


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", "/nothing"),
        ("PATCH", "/leads/42"),
        ("GET", "/leads//"),
        ("GET", "/leads/.."),
        ("GET", "/leads/../users/me"),
        ("GET", ""),
        ("GET", "/"),
        ("GET", "/Leads/42"),
    ],
)
def test_what_the_contract_does_not_have_matches_nothing(method, url):
    assert contract().match(method, url) is None


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_operation_matches_its_own_path(revision):
    for operation in contract(revision).operations:
        filled = operation.path
        for name in operation.path_parameters:
            filled = filled.replace(f"{{{name}}}", "value-1")
        assert contract(revision).match(operation.method, filled) is operation


def test_nearest_names_the_other_method_of_the_same_path_first():
    assert contract().nearest("PATCH", "/leads/42")[0].endswith("/leads/{id}")


def test_an_unknown_operation_names_the_nearest():
    with pytest.raises(LeadpingError, match="POST /leads/all/my"):
        contract().operation("POST /leads/all/mine")


def test_get_leads_intake_is_a_write_whatever_its_method():
    operation = contract().operation("GET /leads/intake")
    assert operation.effect == "write"
    assert operation.note


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_list_has_exactly_one_short_name(revision):
    known = contract(revision)
    named = [resource.operation.id for resource in resources(known).values()]
    assert sorted(named) == sorted(operation.id for operation in known.operations if operation.is_list)


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_call_for_one_row_takes_one_id(revision):
    for resource in resources(contract(revision)).values():
        if resource.one is not None:
            assert resource.one.method == "GET"
            assert len(resource.one.path_parameters) == 1


def test_an_unknown_resource_names_the_nearest():
    with pytest.raises(LeadpingError, match="Did you mean conversations"):
        find_resource(contract(), "conversation")


def test_the_key_types_follow_the_revision():
    assert KeyType.BUSINESS_API_KEY in contract(SEED).key_types
    assert KeyType.ORGANIZATION_API_KEY in contract(NEWEST).key_types
    assert KeyType.BUSINESS_API_KEY not in contract(NEWEST).key_types


def test_no_data_file_is_read_before_a_contract_is_asked_for():
    code = (
        "import sys; seen = []\n"
        "sys.addaudithook(lambda event, args: seen.append(str(args[0])) if event == 'open' else None)\n"
        "import leadping_nb as lp; lp.contract\n"
        "import json; print(json.dumps([name for name in seen if name.endswith('.json')]))"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(output) == []


def test_operations_say_what_must_go_with_them():
    newest = contract("2026-10-26")
    download = newest.match("GET", "/reports/exports/42/download")
    assert [entry.name for entry in download.query if entry.required] == ["token"]
    upload, archive = newest.match("POST", "/sms/files"), newest.match("POST", "/leads/42/archive")
    assert (upload.request_type, upload.requires_body) == ("multipart/form-data", True)
    assert (archive.request_type, archive.requires_body) == ("application/json", False)
    assert (newest.match("GET", "/tags").request_type, newest.match("GET", "/tags").requires_body) == (None, False)


def test_the_status_of_a_success_is_the_one_that_is_named_or_else_200():
    seed = contract()
    assert seed.match("POST", "/leads/intake").success == 201
    unnamed = [operation for operation in seed.operations if not any(status < 400 for status in operation.statuses)]
    assert len(unnamed) == 5
    assert {operation.success for operation in unnamed} == {200}


def test_models_say_which_fields_must_be_there_or_that_no_source_says():
    known = contract().models
    assert known["IdNamePair"].required == {"id", "name"}
    assert known["LeadIntakeRequest"].required == frozenset()
    assert known["BusinessRequest"].required is None
