"""Open a Leadping credential: what it is, what it may do, who says so, is it still good, and your data.

    import leadping_nb as lp

Every name below is loaded when it is first used, so that the import costs nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from leadping_nb import charts as charts, workshop as workshop
    from leadping_nb.api import (
        Api as Api,
        connect as connect,
    )
    from leadping_nb.challenge import (
        Challenge as Challenge,
        parse_www_authenticate as parse_www_authenticate,
    )
    from leadping_nb.contracts import (
        Contract as Contract,
        Operation as Operation,
        contract as contract,
    )
    from leadping_nb.credential import (
        Credential as Credential,
        KeyType as KeyType,
    )
    from leadping_nb.discovery import (
        Discovery as Discovery,
        Step as Step,
        discover as discover,
        discovery_steps as discovery_steps,
    )
    from leadping_nb.drift import (
        Change as Change,
        DriftReport as DriftReport,
        check_drift as check_drift,
        compare_contracts as compare_contracts,
    )
    from leadping_nb.errors import (
        ApiError as ApiError,
        CredentialError as CredentialError,
        ForbiddenError as ForbiddenError,
        IncompleteFrameWarning as IncompleteFrameWarning,
        InvalidLeadError as InvalidLeadError,
        InvalidRequestError as InvalidRequestError,
        LeadMaybeSentError as LeadMaybeSentError,
        LeadpingError as LeadpingError,
        LeadsUnsentWarning as LeadsUnsentWarning,
        NotAllowedError as NotAllowedError,
        NotFoundError as NotFoundError,
        PagingError as PagingError,
        Problem as Problem,
        RateLimitedError as RateLimitedError,
        ResponseError as ResponseError,
        ServerError as ServerError,
        TransportError as TransportError,
        UnauthorizedError as UnauthorizedError,
        UndocumentedCallWarning as UndocumentedCallWarning,
    )
    from leadping_nb.evidence import (
        Observation as Observation,
        Statement as Statement,
    )
    from leadping_nb.explanations import (
        Explanation as Explanation,
        explain as explain,
    )
    from leadping_nb.export import (
        Export as Export,
        to_dask as to_dask,
    )
    from leadping_nb.findings import (
        Finding as Finding,
    )
    from leadping_nb.forecast import (
        Forecast as Forecast,
    )
    from leadping_nb.frames import (
        to_frame as to_frame,
    )
    from leadping_nb.guard import (
        OutputGuard as OutputGuard,
        guard_outputs as guard_outputs,
    )
    from leadping_nb.guard.self_test import (
        GuardTest as GuardTest,
        guard_self_test as guard_self_test,
    )
    from leadping_nb.intake import (
        LeadChange as LeadChange,
        LeadCheck as LeadCheck,
        LeadIssue as LeadIssue,
        check_lead as check_lead,
    )
    from leadping_nb.intake.leads import (
        LeadsCheck as LeadsCheck,
        check_leads as check_leads,
    )
    from leadping_nb.keyring import (
        Keyring as Keyring,
    )
    from leadping_nb.leaks import (
        Leak as Leak,
        LeakReport as LeakReport,
        leak_check as leak_check,
        leaks_in_notebook as leaks_in_notebook,
    )
    from leadping_nb.metadata import (
        Document as Document,
    )
    from leadping_nb.models import (
        Field as Field,
        Model as Model,
    )
    from leadping_nb.pages import (
        Page as Page,
    )
    from leadping_nb.policy import (
        Decision as Decision,
        Permissions as Permissions,
        permissions as permissions,
    )
    from leadping_nb.probe import (
        Probe as Probe,
        ProbePlan as ProbePlan,
    )
    from leadping_nb.recording.folder import (
        Recording as Recording,
    )
    from leadping_nb.recording.pseudonymising import (
        pseudonymise as pseudonymise,
    )
    from leadping_nb.recording.report import (
        PseudonymisationReport as PseudonymisationReport,
    )
    from leadping_nb.sandbox import (
        Sandbox as Sandbox,
    )
    from leadping_nb.sandbox.forgeries import (
        ForgeryBench as ForgeryBench,
        forgery_bench as forgery_bench,
    )
    from leadping_nb.sandbox.lessons import (
        FaultLab as FaultLab,
        fault_lab as fault_lab,
    )
    from leadping_nb.sdk import (
        KiotaHeader as KiotaHeader,
        kiota_header as kiota_header,
        official_sdk as official_sdk,
        sdk_frame as sdk_frame,
    )
    from leadping_nb.secret import (
        Secret as Secret,
    )
    from leadping_nb.sending import (
        LeadPreview as LeadPreview,
        LeadSent as LeadSent,
        LeadsPreview as LeadsPreview,
    )
    from leadping_nb.session.rate import (
        RateLimit as RateLimit,
    )
    from leadping_nb.snippets import (
        Snippet as Snippet,
    )
    from leadping_nb.tokens import (
        Check as Check,
        TokenInspection as TokenInspection,
        inspect_token as inspect_token,
    )
    from leadping_nb.widgets.credential_card import (
        CredentialCard as CredentialCard,
        ask as ask,
    )
    from leadping_nb.widgets.data.card import (
        DataCard as DataCard,
    )
    from leadping_nb.widgets.discovery_card import (
        DiscoveryCard as DiscoveryCard,
    )
    from leadping_nb.widgets.lead_card import (
        LeadCard as LeadCard,
    )
    from leadping_nb.widgets.permissions_card import (
        PermissionsCard as PermissionsCard,
    )
    from leadping_nb.widgets.token_card import (
        TokenCard as TokenCard,
    )
    from leadping_nb.widgets.tour import (
        Explorer as Explorer,
        explorer as explorer,
    )

_HOMES = {
    "api": ("Api", "connect"),
    "challenge": ("Challenge", "parse_www_authenticate"),
    "contracts": ("Contract", "Operation", "contract"),
    "credential": ("Credential", "KeyType"),
    "discovery": ("Discovery", "Step", "discover", "discovery_steps"),
    "drift": ("Change", "DriftReport", "check_drift", "compare_contracts"),
    "errors": (
        "ApiError",
        "CredentialError",
        "ForbiddenError",
        "IncompleteFrameWarning",
        "InvalidLeadError",
        "InvalidRequestError",
        "LeadMaybeSentError",
        "LeadpingError",
        "LeadsUnsentWarning",
        "NotAllowedError",
        "NotFoundError",
        "PagingError",
        "Problem",
        "RateLimitedError",
        "ResponseError",
        "ServerError",
        "TransportError",
        "UnauthorizedError",
        "UndocumentedCallWarning",
    ),
    "evidence": ("Observation", "Statement"),
    "export": ("Export", "to_dask"),
    "forecast": ("Forecast",),
    "frames": ("to_frame",),
    "findings": ("Finding",),
    "intake": ("LeadChange", "LeadCheck", "LeadIssue", "check_lead"),
    "intake.leads": ("LeadsCheck", "check_leads"),
    "guard": ("OutputGuard", "guard_outputs"),
    "guard.self_test": ("GuardTest", "guard_self_test"),
    "keyring": ("Keyring",),
    "leaks": ("Leak", "LeakReport", "leak_check", "leaks_in_notebook"),
    "metadata": ("Document",),
    "explanations": ("Explanation", "explain"),
    "models": ("Field", "Model"),
    "pages": ("Page",),
    "policy": ("Decision", "Permissions", "permissions"),
    "probe": ("Probe", "ProbePlan"),
    "recording.folder": ("Recording",),
    "recording.pseudonymising": ("pseudonymise",),
    "recording.report": ("PseudonymisationReport",),
    "sandbox": ("Sandbox",),
    "sandbox.forgeries": ("ForgeryBench", "forgery_bench"),
    "sandbox.lessons": ("FaultLab", "fault_lab"),
    "sdk": ("KiotaHeader", "kiota_header", "official_sdk", "sdk_frame"),
    "secret": ("Secret",),
    "sending": ("LeadPreview", "LeadSent", "LeadsPreview"),
    "session.rate": ("RateLimit",),
    "snippets": ("Snippet",),
    "tokens": ("Check", "TokenInspection", "inspect_token"),
    "widgets.credential_card": ("CredentialCard", "ask"),
    "widgets.data.card": ("DataCard",),
    "widgets.discovery_card": ("DiscoveryCard",),
    "widgets.lead_card": ("LeadCard",),
    "widgets.permissions_card": ("PermissionsCard",),
    "widgets.token_card": ("TokenCard",),
    "widgets.tour": ("Explorer", "explorer"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

_MODULES = ("charts", "workshop")

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> object:
    """Load a public name from its module at its first use."""
    from importlib import import_module

    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    home = _HOME_OF.get(name)
    if home is None:
        from difflib import get_close_matches

        # Said here, because a notebook's tracebacks do not ask as Python's own do.
        near = [] if name.startswith("_") else get_close_matches(name, (*__all__, *_MODULES), n=1)
        meant = f". Did you mean: {near[0]!r}?" if near else ""
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{meant}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, *_MODULES, *(name for name in globals() if name.startswith("__"))})
