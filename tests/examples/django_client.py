"""Django's test client, in a process of its own: from each line of the input one request, and one line of the answer.

A line is a JSON list: who asks, with which roles, the path, and the fields of a form.
"""

import json
import sys

import django
from django.test import Client

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402  # there are models once Django is set up

for line in sys.stdin:
    name, roles, path, fields = json.loads(line)
    user, _ = User.objects.get_or_create(username=name)
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    answer = client.post(path, fields)
    sys.stdout.write(f"{json.dumps([answer.status_code, answer.json()])}\n")
