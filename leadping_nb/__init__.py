"""Open a Leadping credential: what it is, what it may do, who says so, is it still good, and your data.

    import leadping_nb as lp

Every name below is loaded when it is first used, so that the import costs nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from leadping_nb.api import (
        Api as Api,
    )
    from leadping_nb.api import (
        connect as connect,
    )
    from leadping_nb.challenge import (
        Challenge as Challenge,
    )
    from leadping_nb.challenge import (
        parse_www_authenticate as parse_www_authenticate,
    )
    from leadping_nb.contracts import (
        Contract as Contract,
    )
    from leadping_nb.contracts import (
        Operation as Operation,
    )
    from leadping_nb.contracts import (
        contract as contract,
    )
    from leadping_nb.credential import (
        Credential as Credential,
    )
    from leadping_nb.credential import (
        KeyType as KeyType,
    )
    from leadping_nb.discovery import (
        Discovery as Discovery,
    )
    from leadping_nb.discovery import (
        Step as Step,
    )
    from leadping_nb.discovery import (
        discover as discover,
    )
    from leadping_nb.discovery import (
        discovery_steps as discovery_steps,
    )
    from leadping_nb.errors import (
        ApiError as ApiError,
    )
    from leadping_nb.errors import (
        CredentialError as CredentialError,
    )
    from leadping_nb.errors import (
        ForbiddenError as ForbiddenError,
    )
    from leadping_nb.errors import (
        IncompleteFrameWarning as IncompleteFrameWarning,
    )
    from leadping_nb.errors import (
        InvalidRequestError as InvalidRequestError,
    )
    from leadping_nb.errors import (
        LeadpingError as LeadpingError,
    )
    from leadping_nb.errors import (
        NotAllowedError as NotAllowedError,
    )
    from leadping_nb.errors import (
        NotFoundError as NotFoundError,
    )
    from leadping_nb.errors import (
        PagingError as PagingError,
    )
    from leadping_nb.errors import (
        Problem as Problem,
    )
    from leadping_nb.errors import (
        RateLimitedError as RateLimitedError,
    )
    from leadping_nb.errors import (
        ResponseError as ResponseError,
    )
    from leadping_nb.errors import (
        ServerError as ServerError,
    )
    from leadping_nb.errors import (
        TransportError as TransportError,
    )
    from leadping_nb.errors import (
        UnauthorizedError as UnauthorizedError,
    )
    from leadping_nb.errors import (
        UndocumentedCallWarning as UndocumentedCallWarning,
    )
    from leadping_nb.frames import (
        to_frame as to_frame,
    )
    from leadping_nb.metadata import (
        Document as Document,
    )
    from leadping_nb.metadata import (
        Finding as Finding,
    )
    from leadping_nb.models import (
        Field as Field,
    )
    from leadping_nb.models import (
        Model as Model,
    )
    from leadping_nb.pages import (
        Page as Page,
    )
    from leadping_nb.policy import (
        Decision as Decision,
    )
    from leadping_nb.policy import (
        Permissions as Permissions,
    )
    from leadping_nb.policy import (
        permissions as permissions,
    )
    from leadping_nb.sandbox import (
        Sandbox as Sandbox,
    )
    from leadping_nb.secret import (
        Secret as Secret,
    )
    from leadping_nb.tokens import (
        Check as Check,
    )
    from leadping_nb.tokens import (
        TokenInspection as TokenInspection,
    )
    from leadping_nb.tokens import (
        inspect_token as inspect_token,
    )

_HOMES = {
    "api": ("Api", "connect"),
    "challenge": ("Challenge", "parse_www_authenticate"),
    "contracts": ("Contract", "Operation", "contract"),
    "credential": ("Credential", "KeyType"),
    "discovery": ("Discovery", "Step", "discover", "discovery_steps"),
    "errors": (
        "ApiError",
        "CredentialError",
        "ForbiddenError",
        "IncompleteFrameWarning",
        "InvalidRequestError",
        "LeadpingError",
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
    "frames": ("to_frame",),
    "metadata": ("Document", "Finding"),
    "models": ("Field", "Model"),
    "pages": ("Page",),
    "policy": ("Decision", "Permissions", "permissions"),
    "sandbox": ("Sandbox",),
    "secret": ("Secret",),
    "tokens": ("Check", "TokenInspection", "inspect_token"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> object:
    """Load a public name from its module at its first use."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
