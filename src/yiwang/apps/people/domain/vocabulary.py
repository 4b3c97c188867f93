"""The enumerations of people and places."""

from __future__ import annotations

from enum import StrEnum


class PartyKind(StrEnum):
    NATURAL_PERSON = "NATURAL_PERSON"
    ENTERPRISE = "ENTERPRISE"
    INSTITUTION = "INSTITUTION"
    SOCIAL_ORGANISATION = "SOCIAL_ORGANISATION"

    @property
    def label(self) -> str:
        return {
            "NATURAL_PERSON": "自然人",
            "ENTERPRISE": "企业",
            "INSTITUTION": "事业单位",
            "SOCIAL_ORGANISATION": "社会组织",
        }[self.value]


class AreaLevel(StrEnum):
    PROVINCE = "PROVINCE"
    CITY = "CITY"
    DISTRICT = "DISTRICT"
    TOWNSHIP = "TOWNSHIP"
    VILLAGE = "VILLAGE"

    @property
    def label(self) -> str:
        return {
            "PROVINCE": "省",
            "CITY": "市",
            "DISTRICT": "区县",
            "TOWNSHIP": "镇街",
            "VILLAGE": "村居",
        }[self.value]


class OrganKind(StrEnum):
    GOVERNMENT = "GOVERNMENT"
    DEPARTMENT = "DEPARTMENT"
    APPROVAL_BUREAU = "APPROVAL_BUREAU"
    SERVICE_CENTRE = "SERVICE_CENTRE"
    TOWNSHIP_OFFICE = "TOWNSHIP_OFFICE"
    PUBLIC_INSTITUTION = "PUBLIC_INSTITUTION"

    @property
    def label(self) -> str:
        return {
            "GOVERNMENT": "人民政府",
            "DEPARTMENT": "部门",
            "APPROVAL_BUREAU": "行政审批服务局",
            "SERVICE_CENTRE": "政务服务中心",
            "TOWNSHIP_OFFICE": "镇街",
            "PUBLIC_INSTITUTION": "事业单位",
        }[self.value]


class Separation(StrEnum):
    """Duties one person may not hold together (GB/T 22239-2019 8.1.4: three administrators)."""

    NONE = "NONE"
    SYSTEM = "SYSTEM"
    SECURITY = "SECURITY"
    AUDIT = "AUDIT"


def separated(one: Separation, other: Separation) -> bool:
    """True where the two duties exclude each other for one account."""
    return one is not other and Separation.NONE not in (one, other)
