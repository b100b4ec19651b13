"""What people do. Each view keeps what it writes and what happens to the pilot, or neither."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from hr.models import Department, Vacancy
from hr.pilots import actor, engine, inside


@require_POST
@login_required
def begin(request: HttpRequest) -> JsonResponse:
    """Take a department in, and begin its pilot."""
    department = Department(name=request.POST.get("name"), hours=request.POST.get("hours"))
    department.full_clean()
    with transaction.atomic():
        department.save()
        data = {"title": f"Jobs at {department.name}", "organisation": department.name}
        inside().start("existing-contract", actor=actor(request.user), data=data, ref=department.name)
    return JsonResponse({"department": department.name}, status=201)


@require_POST
@login_required
def offer(request: HttpRequest, name: str) -> JsonResponse:
    """Offer work: a vacancy that the pilot notes in its inventory, of hours that the department then has no more."""
    department = get_object_or_404(Department, name=name)
    vacancy = Vacancy(department=department, title=request.POST.get("title"), hours=request.POST.get("hours"))
    vacancy.full_clean()
    (pilot,) = engine().find(ref=name).items
    with transaction.atomic():
        vacancy.save()
        noted = {"type": "inventory", "date": localdate(), "reference": f"vacancy-{vacancy.pk}"}
        inside().fire(pilot.id, "add_evidence", actor=actor(request.user), data=noted)
        Department.objects.filter(pk=department.pk).update(hours=F("hours") - vacancy.hours)
    return JsonResponse({"vacancy": vacancy.pk}, status=201)
