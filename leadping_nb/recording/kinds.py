"""What each field of the models holds, as far as people are concerned: one row a fact, the first that fits.

A text that no row names counts as free text, so that a field nobody thought of is replaced.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

__all__ = ["Kind", "kind_of"]


class Kind(StrEnum):
    """What a text is to a person."""

    PERSON = "name of a person"
    LABEL = "name of a thing"
    EMAIL = "e-mail address"
    PHONE = "telephone number"
    STREET = "street address"
    TOWN = "town"
    STATE = "state"
    CODE = "code"
    ID = "id"
    URL = "web address"
    IP = "network address"
    AGENT = "browser"
    BIRTH = "date of birth"
    COORDINATE = "coordinate"
    ZONE = "time zone"
    TIME = "time"
    CURSOR = "cursor"
    TEXT = "free text"
    WORD = "word of the API"


# Patterns over ``Model.field``. Objects that are only id and name go by the field that holds them: ``user.name``.
_FACTS: tuple[tuple[str, Kind], ...] = (
    # Words of the API that look like something else.
    (r"(?i).*\.\w*time_?zone(_?id)?", Kind.ZONE),
    (r".*\.((mobile)?(Country|Network)Code|mobileCountryCode|mobileNetworkCode)", Kind.WORD),
    (r"(ExactMatchFilter|OrderByOption|RangeFilter)\.field|RequestDataOptions\.searchFields", Kind.WORD),
    (r"\w*(Disposition|LeadStatus)\w*\.(name|displayName|\w*(Outcome|Type|outcome))", Kind.WORD),
    (r"UsageCounterLine\.(key|label|unit)|AnalyticsTrendPoint\w*\.label|AutomationTrigger\.displayName", Kind.WORD),
    (r"TenDlcApplicationDraft\.missingFields", Kind.WORD),
    # Who and where.
    (r".*\.(\w+E|e)mail(Snapshot)?", Kind.EMAIL),
    (r".*\.(\w*[pP]hone(Number|s|Numbers)?|callerId|e164|displayNumber|nationalFormat)", Kind.PHONE),
    (r".*\.(localRoutingNumber|operatingCompanyNumber)", Kind.PHONE),
    (r"(Phone\w*|\w*OutgoingNumber\w*)\.number", Kind.PHONE),
    (r".*\.\w*[iI]pAddress", Kind.IP),
    (r".*\.\w*[uU]serAgent", Kind.AGENT),
    (r".*\.(first|last|middle|full|lead|user|contact|billing|author|actor|member|caller)Name", Kind.PERSON),
    (r".*\.(actor|user|member|lead)?[dD]isplayName(Snapshot)?|.*\.\w+ByName|.*\.userDisplayNameSnapshot", Kind.PERSON),
    (r".*\.(createdBy|modifiedBy|updatedBy|user|assignedTo)", Kind.PERSON),
    (r"(\w*[uU]ser\w*|\w*[lL]ead|\w*[cC]ontact|\w*[mM]ember\w*|actor|assignedTo)\.name", Kind.PERSON),
    (r".*\.(line[12]|address[12]?|street\w*)", Kind.STREET),
    (r".*\.(city|canonicalCity|location|serviceArea)", Kind.TOWN),
    (r".*\.(state|canonicalState|region|province|allowedStates|licensedStates)", Kind.STATE),
    (r"(?i).*\.([^.]*zip[^.]*|[^.]*postal[^.]*|post_?code|plz|[^.]*last_?4[^.]*|ssn[^.]*)", Kind.CODE),
    (r".*\.(ein|billingTaxId|spid|alternativeSpid)", Kind.CODE),
    (r"(?i).*\.([^.]*(birth|bday|(?<!a)dob|dob(?!e))[^.]*|yob|born[^.]*)", Kind.BIRTH),
    (r"(?i).*\.(geb([_-]?(am|da|ja|ta|ur|or)[^.]*)?|[^.]*(naissance|nacimiento|nascimento|nascita)[^.]*)", Kind.BIRTH),
    (r"(?i).*\.(([^.]*[_ -])?(lat|lng|lon|long)|[^.]*(latitude|longitude)|coord(s|inates?)?)", Kind.COORDINATE),
    (r".*\.\w*(Lat|Lng|Lon|Long)", Kind.COORDINATE),
    # What points elsewhere.
    (r".*\.(\w*[uU]rl|\w*Href|\w*[wW]ebsite|landingPage|referrer|\w*[dD]omain(Name)?|issuer|route)", Kind.URL),
    (r".*\.([cC]ontinuationToken|continuation)", Kind.CURSOR),
    (r".*\.(id|\w+Ids?|[aA]piKeyPreview|preview|sha256|slug|\w*[kK]ey|[tT]oken)", Kind.ID),
    # Names that people give to things.
    (r".*\.(name|\w+Name(Snapshot)?|business|organization|businessNameSnapshot|\w*[cC]arrier|utm\w+)", Kind.LABEL),
    (r"CustomerLeadSourceBreakdown\.source|LeadInquiry\.service|LeadCompany\.\w+", Kind.LABEL),
    # The API's own vocabulary, which analyses go by.
    (r".*\.(\w*[sS]tatus(Display|Tone)?|direction|\w*[tT]ype(Display)?|\w*[cC]ategory|\w*[cC]hannel)", Kind.WORD),
    (
        r".*\.(\w*[cC]urrency|country(Code)?|color|tone|language|environment|area|severity|priority|visibility)",
        Kind.WORD,
    ),
    (
        r".*\.(\w*Code|\w+Version|stage|scope|mode|\w+Mode|method|operator|unit|brand|role|roles|capabilities)",
        Kind.WORD,
    ),
    (r".*\.(product|allowedProducts|licensedProducts|vertical|industry|origin|ownership|managementLevel)", Kind.WORD),
    (r".*\.(complianceAction|outboundSource|source|outcome|permissions|provider|healthLabel|Area|Type)", Kind.WORD),
    (r".*\.(archiveFilter|portedDate|quietHours\w+)", Kind.WORD),
)
_COMPILED = tuple((re.compile(pattern), kind) for pattern, kind in _FACTS)


@cache
def kind_of(where: str) -> Kind:
    """Say what a text field holds.

    Parameters
    ----------
    where
        The model and the field, or the parameter, as ``LeadContact.firstName``.

    Examples
    --------
    >>> kind_of("LeadContact.firstName").value, kind_of("LeadMetadata.whatever").value
    ('name of a person', 'free text')
    """
    return next((kind for pattern, kind in _COMPILED if pattern.fullmatch(where)), Kind.TEXT)
