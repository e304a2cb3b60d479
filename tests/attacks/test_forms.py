"""What is too long is refused, and stands in its box still. What else no form may choke on: the proof of P14."""

from django.utils import timezone

from earlyhelp.cases.models import TeamMember


def test_a_reason_longer_than_a_membership_keeps_is_refused_and_not_lost(client, led_case, worker, practitioner):
    now = timezone.now()
    member = TeamMember.objects.create(case=led_case, user=practitioner, role="member", from_at=now)
    client.force_login(worker)

    answer = client.post(f"/cases/{led_case.reference}/team/{member.pk}/leave/", {"reason": "x" * 121})

    assert answer.status_code == 422
    assert "x" * 121 in answer.content.decode()
    assert led_case.team.current().filter(pk=member.pk).exists()
