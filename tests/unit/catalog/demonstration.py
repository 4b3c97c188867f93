"""The packages of the demonstration, what their figures are to be, and answers to their forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import yiwang
from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.domain.yaml_text import read_yaml

ITEMS = Path(yiwang.__file__).parent / "site" / "demonstration" / "items"
PACKAGES = {
    path.stem: Definition.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    for path in sorted(ITEMS.glob("*.yaml"))
}
every_package = pytest.mark.parametrize("item", PACKAGES.values(), ids=PACKAGES.keys())
OWN = {code: item for code, item in PACKAGES.items() if item.handling.is_own}
FULL = {
    "food-business-licence",
    "public-place-hygiene",
    "entertainment-licence",
    "ride-hailing-vehicle",
    "ride-hailing-driver",
    "planning-permit",
    "construction-permit",
    "elder-card",
    "longevity-allowance",
    "disability-card",
    "work-injury-determination",
    "real-estate-transfer",
}
ELSEWHERE = set(PACKAGES) - set(OWN)
every_own = pytest.mark.parametrize("item", OWN.values(), ids=OWN.keys())

# What the law says of each item and how well that is known, copied from the list of items the
# demonstration was drawn up from: statutory limit, its start, promise, delivery, extension.
FIGURES: dict[str, tuple[str, str, str, str, str]] = {
    "food-business-licence": ("10wd M", "ACCEPTED", "5wd E", "10wd D", "5wd M"),
    "public-place-hygiene": ("20wd D", "ACCEPTED", "0wd E", "10wd D", "10wd D"),
    "medical-device-licence": ("20wd K", "ACCEPTED", "10wd E", "10wd K", "10wd D"),
    "entertainment-licence": ("20wd D", "ACCEPTED", "10wd E", "10wd D", "10wd D"),
    "planning-permit": ("20wd D", "ACCEPTED", "7wd E", "10wd D", "10wd D"),
    "construction-permit": ("7d K", "RECEIVED", "1wd E", "1wd E", ""),
    "elder-card": ("", "", "1wd S", "", ""),
    "real-estate-transfer": ("30wd K", "ACCEPTED", "1wd S", "", ""),
    "individual-business-registration": ("3wd K", "ACCEPTED", "0wd E", "", "3wd K"),
    "company-registration": ("3wd K", "ACCEPTED", "1wd S", "", "3wd K"),
    "drug-retail-licence": ("20wd M", "ACCEPTED", "7wd E", "10wd D", ""),
    "device-business-filing": ("", "", "0wd E", "", ""),
    "fire-safety-check": ("10wd K", "ACCEPTED", "5wd E", "10wd D", ""),
    "performance-approval": ("3d K", "ACCEPTED", "1wd E", "10wd D", ""),
    "ride-hailing-vehicle": ("20wd D", "ACCEPTED", "5wd E", "10wd D", "10wd D"),
    "ride-hailing-driver": ("20wd D", "ACCEPTED", "5wd E", "10wd D", "10wd D"),
    "vehicle-use-change": ("1d K", "ACCEPTED", "0wd E", "", ""),
    "road-freight-licence": ("20d K", "ACCEPTED", "3wd E", "10wd D", ""),
    "investment-project-filing": ("", "", "0wd E", "", ""),
    "fire-acceptance": ("15wd M", "ACCEPTED", "7wd E", "10wd D", ""),
    "road-excavation": ("20wd D", "ACCEPTED", "5wd E", "10wd D", "10wd D"),
    "greenery-approval": ("20wd D", "ACCEPTED", "3wd S", "10wd D", "10wd D"),
    "joint-acceptance": ("", "", "7wd S", "", ""),
    "environmental-approval": ("30d K", "RECEIVED", "10wd E", "10wd D", ""),
    "water-abstraction": ("45wd K", "ACCEPTED", "15wd E", "10wd D", ""),
    "talent-recognition": ("", "", "10wd E", "", ""),
    "medical-institution-registration": ("45d K", "ACCEPTED", "10wd E", "10wd D", ""),
    "private-kindergarten": ("3mon K", "ACCEPTED", "20wd E", "10wd D", ""),
    # The list estimates 20 working days, which may exceed the 30 days of the law: 20 days here.
    "teacher-qualification": ("30d K", "ACCEPTANCE_PERIOD_ENDED", "20d E", "10wd D", ""),
    "private-nonprofit-registration": ("60d K", "ALL_DOCUMENTS_RECEIVED", "15wd E", "10wd D", ""),
    "labour-dispatch-licence": ("20wd S", "ACCEPTED", "5wd E", "5wd S", "10wd S"),
    "longevity-allowance": ("", "", "5wd E", "", ""),
    "disability-card": ("", "", "10wd E", "", ""),
    "minimum-living-allowance": ("30wd M", "ACCEPTED", "20wd E", "", ""),
    "legal-aid": ("7d K", "RECEIVED", "3wd E", "", ""),
    "work-injury-determination": ("60d K", "ACCEPTED", "30d E", "", ""),
    "unemployment-benefit": ("10wd K", "RECEIVED", "3wd E", "", ""),
    "residence-permit": ("15d K", "ACCEPTED", "5wd E", "", ""),
    "birth-certificate": ("", "", "0wd E", "", ""),
    "birth-registration": ("", "", "0wd E", "", ""),
    "death-registration": ("", "", "0wd E", "", ""),
    "marriage-registration": ("0wd M", "ACCEPTED", "0wd E", "", ""),
    "housing-fund-withdrawal": ("3d K", "ACCEPTED", "0wd E", "", ""),
    "water-supply": ("", "", "4wd E", "", ""),
    "bravery-award": ("", "", "30wd E", "", ""),
}
# ★: what the city may hold already, so that it is asked for only where it is not found.
STARRED: dict[str, set[str]] = {
    "food-business-licence": {"business_licence"},
    "public-place-hygiene": {"business_licence"},
    "medical-device-licence": {"business_licence"},
    "entertainment-licence": {"business_licence"},
    "planning-permit": {"land_approval"},
    "construction-permit": {"land_approval", "planning_permit"},
    "elder-card": {"resident_id"},
    "real-estate-transfer": {
        "resident_id",
        "realestate_certificate",
        "online_contract",
        "tax_clearance",
    },
    "individual-business-registration": {"resident_id"},
    "company-registration": {"resident_id"},
    "drug-retail-licence": {"business_licence", "pharmacist_certificate"},
    "device-business-filing": {"business_licence"},
    "fire-safety-check": {"business_licence"},
    "performance-approval": set(),
    "ride-hailing-vehicle": {
        "vehicle_licence",
        "vehicle_insurance",
        "resident_id",
        "business_licence",
    },
    "ride-hailing-driver": {"resident_id", "driving_licence", "background_check"},
    "vehicle-use-change": set(),
    "road-freight-licence": {"business_licence", "driving_licence", "vehicle_licence"},
    "investment-project-filing": set(),
    "fire-acceptance": set(),
    "road-excavation": {"planning_permit"},
    "greenery-approval": {"planning_permit"},
    "joint-acceptance": set(),
    "environmental-approval": set(),
    "water-abstraction": set(),
    "talent-recognition": {"resident_id", "education_certificate", "social_insurance"},
    "medical-institution-registration": {"setting_approval"},
    "private-kindergarten": {"business_licence"},
    "teacher-qualification": {
        "education_certificate",
        "mandarin_certificate",
        "teacher_exam",
        "no_crime_record",
    },
    "private-nonprofit-registration": set(),
    "labour-dispatch-licence": {"business_licence"},
    "longevity-allowance": {"resident_id", "household_register", "social_card"},
    "disability-card": {"resident_id", "household_register"},
    "minimum-living-allowance": {"resident_id", "household_register"},
    "legal-aid": {"resident_id"},
    "work-injury-determination": set(),
    "unemployment-benefit": {"resident_id"},
    "residence-permit": {"resident_id"},
    "birth-certificate": {"resident_id"},
    "birth-registration": {"birth_certificate", "household_register", "marriage_certificate"},
    "death-registration": {"death_certificate"},
    "marriage-registration": {"resident_id"},
    "housing-fund-withdrawal": {"resident_id", "online_contract", "realestate_certificate"},
    "water-supply": {"business_licence", "resident_id", "realestate_certificate"},
    "bravery-award": {"resident_id"},
}
ANSWERS = {
    "uscc": "91990102MA0XM00158",
    "date": "2026-11-20",
    "phone": "19900000001",
    "paper_number": "590102195903120317",
    "project_code": "2605-990100-04-01-000123",
    "unit_code": "990102001001GB00012F00030004",
}


def answer(name: str, schema: dict[str, Any]) -> Any:
    """A valid answer to one field."""
    if "const" in schema:
        return schema["const"]
    if "oneOf" in schema:
        return schema["oneOf"][0]["const"]
    match schema["type"]:
        case "array":
            return [answer(name, schema["items"])]
        case "boolean":
            return True
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
    if "enum" in schema:
        return schema["enum"][0]
    known = ANSWERS.get(name) or ANSWERS.get(schema.get("format", ""))
    return known or "椰" * max(schema.get("minLength", 1), 18 if "number" in name else 1)


def filled(item: Definition) -> dict[str, Any]:
    properties = item.form.schema_["properties"]
    return {name: answer(name, schema) for name, schema in properties.items()}
