"""What is wrong, in one place: every view may raise, and the answer is a problem by RFC 9457."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language_from_request

from proeftuin import Conflict, PilotExists, Refused


class Problems:
    """A middleware; views raise after their transaction has been rolled back."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass a request on."""
        return self._answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Tell what is wrong; None leaves it to Django."""
        if isinstance(error, Refused):
            told = error.as_problem("nl" if get_language_from_request(request).startswith("nl") else "en")
        elif isinstance(error, ValidationError):
            told = {"title": "What was given cannot be used", "status": 422, "errors": error.message_dict}
        elif isinstance(error, Conflict | PilotExists | IntegrityError):
            told = {"title": "It does not go with what there is", "status": 409}
        else:
            return None
        return JsonResponse(told, status=told["status"], content_type="application/problem+json")
