"""Errors across Temporal: ours travel in the details of a failure, and Temporal's become ours."""

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager

from temporalio.client import RPCTimeoutOrCancelledError, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from proeftuin import OutcomeUnknown, ProeftuinError, StoreError, StoreUnavailable, UnknownPilot, wire

NO_WORKER = "Temporal did not answer in time; is a worker running on this task queue?"


def told(error: ProeftuinError) -> ApplicationError:
    """Return a failure that carries an error of ours."""
    words = str(error).encode("utf-8", "backslashreplace").decode("utf-8")  # Temporal's are UTF-8, without surrogates
    return ApplicationError(words, wire.plain_error(error), type=error.code, non_retryable=True)


def read(failure: BaseException | None) -> ProeftuinError:
    """Return the error that a failure carries; one of the worker's own as a `StoreError`, with its words."""
    if isinstance(failure, ApplicationError) and failure.details and isinstance(failure.details[0], dict):
        return wire.read_error(failure.details[0])
    return StoreError(f"a worker could not do it: {failure}")


@contextmanager
def ours(pilot_id: str, *, writes: bool) -> Iterator[None]:
    """Raise what Temporal says as an error of ours.

    Args:
        pilot_id: which pilot the call is about.
        writes: whether something may have been written when no answer came.
    """
    try:
        yield
    except WorkflowUpdateFailedError as failed:
        raise read(failed.cause) from failed
    except WorkflowQueryFailedError as failed:
        raise StoreError(f"a worker could not answer: {failed}") from failed
    except (RPCTimeoutOrCancelledError, TimeoutError) as late:
        raise _silent(NO_WORKER, writes=writes) from late
    except CancelledError as closed:
        raise _silent("this engine was closed before Temporal answered.", writes=writes) from closed
    except RPCError as failed:
        raise _rpc(failed, pilot_id, writes=writes) from failed


def _rpc(failed: RPCError, pilot_id: str, *, writes: bool) -> ProeftuinError:
    if failed.status is RPCStatusCode.NOT_FOUND:
        return UnknownPilot(pilot_id)
    if failed.status in {RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}:
        return _silent(NO_WORKER, writes=writes)
    if failed.status is RPCStatusCode.UNAVAILABLE:
        kind = OutcomeUnknown if writes else StoreUnavailable
        return kind(f"Temporal cannot be reached: {failed.message}")
    return StoreError(f"Temporal says: {failed.message}")


def _silent(why: str, *, writes: bool) -> StoreError:
    if writes:
        return OutcomeUnknown(f"{why} It may still be done: try again with the same key")
    return StoreUnavailable(why)
