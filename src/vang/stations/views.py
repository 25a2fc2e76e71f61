"""Clusters and their devices: list with live state, one cluster, its enrolment code."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.qr import qr_picture
from vang.base.refusals import Refusal
from vang.base.undo import offer
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of
from vang.stations.access import KEEPERS, kept_cluster, readable_cluster
from vang.stations.after_maintenance import check_of, confirm_device
from vang.stations.codes import LASTS, setup_link
from vang.stations.enrolment import IssuedCode, issue_enrolment_code, retire_node_on
from vang.stations.foreseeing import foresight
from vang.stations.forms import ChangeForm, ClusterForm, known
from vang.stations.models import Cluster, EnrolmentCode, Node
from vang.stations.positions import written_position
from vang.stations.rows import row, rows
from vang.stations.services import change_cluster, create_cluster
from vang.stations.suspending import suspend, trust_again
from vang.stations.virtual import may_be_virtual, try_virtual_node
from vang.trust.folder import root_bytes


@require_safe
@signed_in
def cluster_list(request: HttpRequest) -> HttpResponse:
    """Every cluster of the commune; the table renews itself."""
    moment, unit = now(), current_unit(request)
    context = {
        "unit": unit,
        "rows": rows(unit, now=moment),
        "moment": moment,
        "may_keep": may(person_of(request), KEEPERS, unit, local_date(moment)),
    }
    return render(request, "stations/list.html", context)


@require_safe
@signed_in
def live(request: HttpRequest) -> HttpResponse:
    """The table alone, asked for every five seconds."""
    moment = now()
    context = {"rows": rows(current_unit(request), now=moment), "moment": moment}
    return render(request, "stations/parts/table.html", context)


@require_safe
@signed_in
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One cluster: its device, what that is busy with, the devices before it."""
    moment, person = now(), person_of(request)
    cluster = readable_cluster(pk, person, local_date(moment))
    shown = row(cluster, now=moment)
    context = {
        "row": shown,
        "position": written_position(cluster.latitude, cluster.longitude),
        "check": check_of(shown, moment),
        "unrooted": shown.node is not None and not shown.node.rooted and bool(root_bytes()),
        "former": Node.objects.filter(cluster=cluster, retired_at__isnull=False).order_by(
            "-retired_at"
        )[:20],
        "may_keep": may(person, KEEPERS, cluster.unit, local_date(moment)),
    }
    return render(request, "stations/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Open a cluster."""
    moment, unit, person = now(), current_unit(request), person_of(request)
    require(person, KEEPERS, unit, local_date(moment))
    form = ClusterForm(request.POST or None, unit=unit, on=local_date(moment))
    if request.method == "POST" and form.is_valid():
        try:
            made = create_cluster(unit=unit, **form.cleaned_data, by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The cluster has been added. Now enrol its device."))
            return redirect("stations:detail", made.pk)
    return render(request, "stations/form.html", {"form": form, "unit": unit, "cluster": None})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a cluster."""
    moment, person = now(), person_of(request)
    cluster = kept_cluster(pk, person, local_date(moment))
    form = ChangeForm(
        request.POST or None, initial=known(cluster), unit=cluster.unit, on=local_date(moment)
    )
    served = cluster.active
    context = {"form": form, "unit": cluster.unit, "cluster": cluster}
    if request.method == "POST" and form.is_valid():

        def wanted(one: Cluster) -> Cluster:
            return change_cluster(one, **form.cleaned_data, by=person, now=moment)

        try:
            differences = foresight().differences(cluster, wanted, moment)
            if differences and "confirm" not in request.POST:
                context["differences"] = differences
                return render(request, "stations/form.html", context)
            wanted(cluster)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            if served and not cluster.active:
                words = _("Out of service: %(name)s.") % {"name": cluster.name}
                facts = {"cluster": cluster.pk}
                offer(request, "stations.out-of-service", words, by=person, now=moment, **facts)
            else:
                messages.success(request, _("The cluster has been changed."))
            return redirect("stations:detail", cluster.pk)
    return render(request, "stations/form.html", context)


@require_POST
@signed_in
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """After maintenance: what will differ tomorrow was looked at."""
    moment, person = now(), person_of(request)
    cluster = kept_cluster(pk, person, local_date(moment))
    try:
        confirm_device(cluster, node=request.POST.get("node", ""), by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The device is confirmed."))
    return redirect("stations:detail", cluster.pk)


@never_cache
@require_POST
@signed_in
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """A new enrolment code, shown in this answer and never again."""
    moment, person = now(), person_of(request)
    cluster = kept_cluster(pk, person, local_date(moment))
    try:
        issued = issue_enrolment_code(cluster, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("stations:detail", cluster.pk)
    return show_code(request, cluster, issued)


def show_code(
    request: HttpRequest, cluster: Cluster, issued: IssuedCode, *, back: str = ""
) -> HttpResponse:
    """The code in words and as a picture for a telephone; ``back`` leads where it was asked for."""
    server = request.build_absolute_uri("/").rstrip("/")
    setup = setup_link(server, issued.code)
    context = {
        "cluster": cluster,
        "back": back or reverse("stations:detail", args=[cluster.pk]),
        "arrival": _arrival(cluster, issued.row),
        "code": issued.code,
        "expires": issued.row.expires_at,
        "server": server,
        "setup": setup,
        "picture": qr_picture(setup, _("Enrolment code")),
        "may_be_virtual": may_be_virtual(cluster),
    }
    return render(request, "stations/code.html", context)


@never_cache
@require_safe
@signed_in
def arrival(request: HttpRequest, pk: int, code_pk: int) -> HttpResponse:
    """Whether the device for which a code was made has enrolled, asked for every few seconds."""
    moment = now()
    cluster = kept_cluster(pk, person_of(request), local_date(moment))
    code = EnrolmentCode.objects.filter(cluster=cluster, pk=code_pk).first()
    if code is None:
        raise Http404
    return render(request, "stations/parts/arrival.html", _arrival(cluster, code))


def _arrival(cluster: Cluster, code: EnrolmentCode) -> dict[str, object]:
    moment, step = now(), "waiting"
    if code.used_at is not None:
        step = "online" if row(cluster, now=moment).look == "online" else "enrolled"
    elif code.expires_at <= moment:
        step = "expired"
    asks = step == "waiting" or (step == "enrolled" and moment < code.expires_at + LASTS)
    return {"cluster": cluster, "row": code, "step": step, "asks": asks}


@require_POST
@signed_in
def virtual(request: HttpRequest, pk: int) -> HttpResponse:
    """A virtual device on this computer takes the place, to try things out."""
    moment, person = now(), person_of(request)
    cluster = kept_cluster(pk, person, local_date(moment))

    def act() -> None:
        try_virtual_node(cluster, by=person, now=moment, replacing=True)

    said = _("The virtual loudspeaker is starting; it appears in seconds.")
    return done(request, act, said, "stations:detail", cluster.pk)


@require_POST
@signed_in
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the cluster's device out of service for good."""
    moment, person = now(), person_of(request)
    cluster = kept_cluster(pk, person, local_date(moment))
    try:
        retire_node_on(cluster, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The device has been taken out of service."))
    return redirect("stations:detail", cluster.pk)


@require_POST
@signed_in
def suspend_device(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing of the device counts until somebody trusts it again."""
    moment, person = now(), person_of(request)
    cluster = kept_cluster(pk, person, local_date(moment))
    try:
        suspend(cluster, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The device is suspended."))
    return redirect("stations:detail", cluster.pk)


@require_POST
@signed_in
def trust_device_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody looked: it is one device, and the right one."""
    moment, person = now(), person_of(request)
    cluster = kept_cluster(pk, person, local_date(moment))
    try:
        trust_again(cluster, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The device is trusted again."))
    return redirect("stations:detail", cluster.pk)
