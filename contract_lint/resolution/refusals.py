"""What boto3 raises, as an error that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from contract_lint.resolution.errors import Missing, ResolutionError

_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized")
_THROTTLED = ("ThrottlingException", "Throttling", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded")
_MISSING = ("ResourceNotFound", "ResourceNotFoundException")
_CREDENTIALS = (
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
)
_LOG_IN = "set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in (aws sso login)"


class Denied(ResolutionError):
    """The credentials do not allow the call."""


class Invalid(ResolutionError):
    """The service does not take the question: an older interface about what a newer one made."""


@contextmanager
def explained(action: str, execution: str) -> Iterator[None]:
    """Turn what boto3 raises in the block into ResolutionError; ``action`` is the permission that the call needs."""
    try:
        from botocore import exceptions  # type: ignore[import-untyped, unused-ignore]
    except ImportError:  # then the block says what is missing, or uses a client that is not boto3's
        yield
        return
    try:
        yield
    except exceptions.ClientError as error:
        raise _refused(error.response.get("Error", {}), action, execution) from error
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError, exceptions.CredentialRetrievalError) as error:
        raise ResolutionError(f"no AWS credentials: {error}", _LOG_IN) from error
    except (exceptions.SSOError, exceptions.TokenRetrievalError) as error:
        raise ResolutionError(f"the AWS credentials cannot be used: {error}", _LOG_IN) from error
    except exceptions.ProfileNotFound as error:
        raise ResolutionError(str(error), "aws configure list-profiles shows which there are") from error
    except exceptions.NoRegionError as error:
        raise ResolutionError("no AWS region is given", "give one, or set AWS_DEFAULT_REGION") from error
    except (exceptions.ConnectionError, exceptions.HTTPClientError, exceptions.InvalidRegionError) as error:
        raise ResolutionError(f"{action} cannot be reached: {error}", "check the region in the ARN, the network and the proxy") from error
    except exceptions.BotoCoreError as error:
        raise ResolutionError(f"{action} failed: {error}", f"the call was about {execution}") from error


def _refused(error: dict[str, str], action: str, execution: str) -> ResolutionError:
    """What an error of the service means; its own words are kept."""
    code, message = str(error.get("Code", "")), str(error.get("Message", "")).strip()
    told = f" ({code}: {message})" if message else f" ({code})"
    if code in _DENIED:
        return Denied(f"the AWS credentials do not allow {action}{told}", "ask for this permission, or use another profile")
    if code in _THROTTLED:
        return ResolutionError(f"AWS throttles {action}, after all retries{told}", "wait a minute and try again")
    if code in _CREDENTIALS:
        return ResolutionError(f"AWS does not accept the credentials{told}", _LOG_IN)
    if code in _MISSING or "not found" in message.lower() or "does not exist" in message.lower() or "could not find" in message.lower():
        about = execution if "PipelineExecution" in action or "PipelineDefinition" in action else "what the step made"
        return Missing(f"{action} does not find {about}{told}", "check name, account and region; it may have been deleted")
    kind = Invalid if code == "ValidationException" else ResolutionError
    return kind(f"{action} failed{told}", f"the call was about {execution}")
