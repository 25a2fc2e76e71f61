"""Help beside the work, and the whole manual to read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from vang.help.chapters import chapters_here, find_chapter, find_section
from vang.help.screens import section_key
from vang.people.access import signed_in


@require_safe
@signed_in
def contents(request: HttpRequest) -> HttpResponse:
    """All chapters with their sections."""
    return render(request, "help/contents.html", {"chapters": chapters_here()})


@require_safe
@signed_in
def chapter(request: HttpRequest, name: str) -> HttpResponse:
    """One chapter, and the ways to those before and after it."""
    found = find_chapter(name)
    if found is None:
        raise Http404
    every = chapters_here()
    number = every.index(found)
    context = {
        "chapter": found,
        "before": every[number - 1] if number else None,
        "after": every[number + 1] if number + 1 < len(every) else None,
    }
    return render(request, "help/chapter.html", context)


@require_safe
@signed_in
def screen(request: HttpRequest) -> HttpResponse:
    """The section about the screen ``of``: in the drawer, or as its place in the manual."""
    key = section_key(request.GET.get("of", ""))
    if key is None:
        return redirect("help:contents")
    section = find_section(key)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "help/drawer.html", {"section": section})
    return redirect(f"{reverse('help:chapter', args=[section.chapter])}#{section.key}")
